# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask a device for what C(preflight) judges, in as few commands as that takes."""

from __future__ import annotations

import collections
import re
from typing import Any, Awaitable, Iterable, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import advice, info, long_lines, outcome, plan, show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES
from ansible_collections.cns.image_agent.plugins.module_utils.observation import status_of, version_of
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import stack
from ansible_collections.cns.image_agent.plugins.module_utils.preflight.checks import Facts, Wanted, folder_of, placed
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate

# Lines that come and go without anybody having configured anything.
_VOLATILE = re.compile(
    r"\s*(?:!.*|end|(?:Building|Current|Uncompressed) configuration\b.*|Using [0-9]+ out of .*|ntp clock-period .*|)$"
)
_IGNORES_STARTUP = re.compile(r"system ignore startupconfig\b")  # of Catalyst switches, which have no register for it
_CHAIN = re.compile(r"crypto (?:pki|ca) certificate chain ")
_HOST = re.compile(r"[\w.-]+|\[[\da-f:.]+\]", re.IGNORECASE | re.ASCII)
_PING_RATE = re.compile(r"Success rate is ([0-9]{1,3}) percent")
# An interface, and nothing else that a device may say: the word goes back to it.
_HTTP_SOURCE = re.compile(r"ip http client source-interface ([A-Za-z][A-Za-z-]*[0-9]+(?:[/.:][0-9]+)*)\s*")


async def gather(device: Device, wanted: Wanted, ping: bool = True) -> Facts:
    """Return the facts of a device as ``{name: value}``; None is what the device did not tell.

    What an observation in the same session has said, the version and the status of the agent, is not asked again.
    ``refused`` is ``{name: what it said instead}``. A device on its target is asked for its version and its image ID alone.
    Raises DeviceAway, and Refused where it does not show its version or its configuration.
    """
    facts: Facts = dict.fromkeys(
        ("version", "supported", "status", "image_id", "config", "unsaved", "boot", "switches", "flashes", "folders")
        + ("ignores_startup", "trust", "clock", "ping")
    )
    facts["refused"] = {}
    version = await version_of(device, recall=True)
    if outcome.on_target(version, wanted.target):
        facts.update(await identity(device, version))
        return facts
    # "." is all of it but the blank lines, with a clear error if it is refused.
    lines = await device.running_config(".")
    facts.update(await _identity(device, version, lines))
    facts["ignores_startup"] = any(map(_IGNORES_STARTUP.match, lines))
    facts["trust"] = certificate.trust(lines)
    facts["unsaved"] = _unsaved(lines, await _or_none(facts, "unsaved", device.startup_config()))
    facts["status"] = await _or_none(facts, "status", status_of(device, recall=True))
    facts["supported"] = None if "status" in facts["refused"] else facts["status"] is not None
    facts["boot"] = stack.of_answering(await _or_none(facts, "boot", info.boot(device)), version)
    if version["members"] or stack.is_stack(facts):  # two Catalyst 9500 that are one print no table of switches
        facts["switches"] = await _or_none(facts, "switches", device.ask("show switch", show.switches))
    if wanted.image_size and stack.is_stack(facts):
        filesystems = await _or_none(facts, "flashes", device.ask("show file systems", show.filesystems))
        facts["flashes"] = stack.flashes(filesystems)
    facts["folders"] = await _folders(device, facts)
    server = wanted.server or facts["config"]["image"]["server"]
    if server and facts["supported"]:
        facts["clock"] = await _or_none(facts, "clock", _clock(device)) if server.lower().startswith("https:") else None
        facts["ping"] = await _ping(device, advice.host_of(server), lines) if ping else None
    return facts


async def _or_none(facts: Facts, name: str, asking: Awaitable[Any]) -> Any:
    """What the device says; None where it refuses, and its words beside."""
    try:
        return await asking
    except Refused as refused:
        facts["refused"][name] = refused.message
        return None


async def _clock(device: Device) -> Optional[dict[str, Any]]:
    return await device.ask("show clock", show.clock, lambda parsed: parsed["time"])


async def identity(device: Device, version: dict[str, Any]) -> Facts:
    """Return the facts that tell a device from others, as C(gather) does: version, config and image_id, in one command."""
    return await _identity(device, version, await device.running_config("^cns id|^hostname"))


async def _identity(device: Device, version: dict[str, Any], lines: list[str]) -> Facts:
    config = {name: reading.config for name, reading in plan.read(lines, AGENT_NAMES).items()}
    return {"version": version, "config": config, "image_id": await _image_id(device, version, config, lines)}


def _unsaved(lines: list[str], startup: Optional[list[str]]) -> Optional[int]:
    """How many lines differ between the configuration that runs and the one that a reload brings back."""
    if startup is None:
        return None
    running, saved = (_essence(show.lines_of("\n".join(one))) + long_lines.long(one) for one in (lines, startup))
    if running == saved:
        return 0
    ours, theirs = collections.Counter(running), collections.Counter(saved)
    return sum(((ours - theirs) + (theirs - ours)).values()) or 1


def _essence(lines: Iterable[str]) -> list[str]:
    """What is configured: the startup configuration names the file of a certificate where the running one shows it."""
    kept, in_chain = [], False
    for line in (line.rstrip() for line in lines):
        if not line.startswith(" "):
            in_chain = bool(_CHAIN.match(line))
        if not _VOLATILE.match(line) and not (in_chain and line.startswith(" ")):
            kept.append(line)
    return kept


async def _folders(device: Device, facts: Facts) -> dict[str, Any]:
    """``{folder: its parsed directory}`` of every folder that holds the running image or one of the boot list."""
    images = [facts["version"]["image_file"]] + list((facts["boot"] or {}).get("images") or [])
    folders = list(dict.fromkeys(filter(None, map(folder_of, map(placed, images))))) or [""]
    return {folder: await _or_none(facts, "folders", info.directory(device, folder)) for folder in folders}


async def _image_id(device: Device, version: dict[str, Any], config: dict[str, Any], lines: list[str]) -> Optional[str]:
    """By what ID the image agent is known; the device is asked where the configuration does not tell."""
    entry = next((entry for entry in config["id"]["ids"] if entry["agent"] == "image"), None)
    if entry is None:
        named = [line.split()[1] for line in long_lines.short(lines) if re.match(r"hostname \S", line)]
        return named[0] if named else version["hostname"]
    if entry["type"] == "string":
        return entry["value"]
    try:
        return (await device.ask("show cns image inventory", show.image_inventory) or {}).get("image_id")
    except Refused:
        return None


async def _ping(device: Device, host: Optional[str], lines: list[str]) -> Optional[dict[str, Any]]:
    """Ping from where the HTTP client of the device calls."""
    if not host or not _HOST.fullmatch(host):
        return None
    command = "ping " + host.strip("[]")
    source = next(filter(None, map(_HTTP_SOURCE.fullmatch, long_lines.short(lines))), None)
    try:
        text = await device.show("%s source %s" % (command, source[1])) if source else await device.show(command)
        if source and show.unsupported(text):
            text = await device.show(command)
    except DeviceAway as away:  # a slow one, or one that looks a name up: advice decides nothing
        return {"host": host, "percent": None, "away": away.message}
    rate = _PING_RATE.search(long_lines.beginnings(text))
    return {"host": host, "percent": int(rate[1]) if rate else None}
