# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask a device for what C(preflight) judges, in as few commands as that takes."""

from __future__ import annotations

import collections
import re

from ansible_collections.cns.image_agent.plugins.module_utils import advice, info, outcome, plan, show
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES
from ansible_collections.cns.image_agent.plugins.module_utils.observation import version_of
from ansible_collections.cns.image_agent.plugins.module_utils.preflight.checks import folder_of, placed
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate

# Lines that come and go without anybody having configured anything.
_VOLATILE = re.compile(
    r"\s*(?:!.*|end|(?:Building|Current|Uncompressed) configuration\b.*|Using [0-9]+ out of .*|ntp clock-period .*|)$"
)
_CHAIN = re.compile(r"crypto (?:pki|ca) certificate chain ")
_HOST = re.compile(r"[\w.-]+|\[[\da-f:.]+\]", re.IGNORECASE | re.ASCII)
_PING_RATE = re.compile(r"Success rate is ([0-9]{1,3}) percent")
_HTTP_SOURCE = re.compile(r"ip http client source-interface (\S+)")


async def gather(device, wanted, ping=True):
    """Return the facts of a ``device.Device`` as ``{name: value}``; None is what the device did not tell.

    A device on its target is asked for its version and its image ID alone. Raises DeviceAway, and Refused where it does not
    show its version or its configuration.
    """
    facts = dict.fromkeys(
        ("version", "supported", "status", "image_id", "config", "unsaved", "boot", "folders", "trust", "clock", "ping")
    )
    version = await version_of(device)
    if outcome.on_target(version, wanted.target):
        facts.update(await identity(device, version))
        return facts
    # "." is all of it but the blank lines, with a clear error if it is refused.
    lines = await device.running_config(".")
    facts.update(await _identity(device, version, lines))
    facts["trust"] = certificate.trust(lines)
    facts["unsaved"] = _unsaved(lines, await device.show("show startup-config"))
    facts.update(await info.gather(device, ("status", "boot")))
    facts["folders"] = await _folders(device, facts)
    server = wanted.server or facts["config"]["image"]["server"]
    if server and facts["supported"]:
        facts["clock"] = show.clock(await device.show("show clock")) if server.lower().startswith("https:") else None
        facts["ping"] = await _ping(device, advice.host_of(server), lines) if ping else None
    return facts


async def identity(device, version):
    """Return the facts that tell a device from others, as C(gather) does: version, config and image_id, in one command."""
    return await _identity(device, version, await device.running_config("^cns id|^hostname"))


async def _identity(device, version, lines):
    config = {name: reading.config for name, reading in plan.read(lines, AGENT_NAMES).items()}
    return {"version": version, "config": config, "image_id": await _image_id(device, version, config, lines)}


def _unsaved(lines, startup):
    """How many lines differ between the configuration that runs and the one that a reload brings back."""
    if show.unsupported(startup):
        return None
    running, saved = _essence(show.lines_of("\n".join(lines))), _essence(show.lines_of(startup))
    if running == saved:
        return 0
    ours, theirs = collections.Counter(running), collections.Counter(saved)
    return sum(((ours - theirs) + (theirs - ours)).values()) or 1


def _essence(lines):
    """What is configured: the startup configuration names the file of a certificate where the running one shows it."""
    kept, in_chain = [], False
    for line in (line.rstrip() for line in lines):
        if not line.startswith(" "):
            in_chain = bool(_CHAIN.match(line))
        if not _VOLATILE.match(line) and not (in_chain and line.startswith(" ")):
            kept.append(line)
    return kept


async def _folders(device, facts):
    """``{folder: its parsed directory}`` of every folder that holds the running image or one of the boot list."""
    images = [facts["version"]["image_file"]] + list((facts["boot"] or {}).get("images") or [])
    folders = list(dict.fromkeys(filter(None, map(folder_of, map(placed, images))))) or [""]
    listings = {folder: show.directory(await device.show(("dir " + folder).strip())) for folder in folders}
    return {folder: listing if listing["total"] is not None else None for folder, listing in listings.items()}


async def _image_id(device, version, config, lines):
    """By what ID the image agent is known; the device is asked where the configuration does not tell."""
    entry = next((entry for entry in config["id"]["ids"] if entry["agent"] == "image"), None)
    if entry is None:
        named = [line.split()[1] for line in lines if re.match(r"hostname \S", line)]
        return named[0] if named else version["hostname"]
    if entry["type"] == "string":
        return entry["value"]
    return ((await info.gather(device, ("inventory",)))["inventory"] or {}).get("image_id")


async def _ping(device, host, lines):
    """Ping from where the HTTP client of the device calls."""
    if not _HOST.fullmatch(host or ""):
        return None
    command = "ping " + host.strip("[]")
    source = next(filter(None, map(_HTTP_SOURCE.match, lines)), None)
    text = await device.show("%s source %s" % (command, source[1])) if source else await device.show(command)
    if source and show.unsupported(text):
        text = await device.show(command)
    rate = _PING_RATE.search(text)
    return {"host": host, "percent": int(rate[1]) if rate else None}
