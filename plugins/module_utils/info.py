# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The subsets of M(cns.image_agent.cns_image_info): which command each asks, and what is made of the answer."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterable, Optional, Tuple

from ansible_collections.cns.image_agent.plugins.module_utils import outcome, plan, show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES
from ansible_collections.cns.image_agent.plugins.module_utils.observation import version_of

_Question = Tuple[str, Callable[[str], Any], Callable[[Any], Any]]  # the command, its parser, the proof of its answer
_OF_THE_AGENT: dict[str, _Question] = {
    "status": ("show cns image status", show.image_status, outcome.tells_last_upgrade),
    "connections": ("show cns image connections", show.image_connections, show.is_told),
    # Not proven by a mere bracket, which begins the report.
    "inventory": ("show cns image inventory", show.image_inventory, lambda parsed: show.is_told(dict(parsed, raw=None))),
}
_OF_THE_DEVICE: dict[str, _Question] = {
    # Little is known of how releases print these two, so a line that is not understood proves them as well. Without an event
    # gateway there is nothing to print.
    "http_client": ("show ip http client all", show.http_client, lambda parsed: _mentions("http", parsed)),
    "event": (
        "show cns event connections",
        show.event_connections,
        lambda parsed: not parsed["unparsed"] or _mentions("event", parsed),
    ),
}
_PREFIX = re.compile(r"[A-Za-z][\w-]*:", re.ASCII)  # goes back to the device, so it is a name and nothing else
SUBSETS = ("status", "connections", "inventory", "config", "version", "filesystems", "boot", "http_client", "event")
DEFAULT = ("status", "config", "version")


async def gather(device: Device, subsets: Iterable[str]) -> dict[str, Any]:
    """Return ``{"supported": bool, subset: parsed}`` from a ``device.Device``; null for what its release does not know.

    Raises DeviceAway, and Refused where the device does not tell what it does know.
    """
    gathered: dict[str, Any] = {}
    for subset in subsets:
        gathered.update(await _config(device) if subset == "config" else {subset: await ask(device, subset)})
    gathered["supported"] = await _supported(device, gathered)
    return gathered


async def ask(device: Device, subset: str) -> Any:
    """What a device says about one subset. Raises DeviceAway and Refused."""
    if subset == "config":
        return (await _config(device))["config"]
    if subset == "version":
        return await version_of(device)
    if subset == "boot":
        return await boot(device)
    if subset == "filesystems":
        return await _filesystems(device)
    return await device.ask(*(_OF_THE_AGENT.get(subset) or _OF_THE_DEVICE[subset]))


async def _config(device: Device) -> dict[str, Any]:
    """The configuration of the agents, and the lines of it that are not understood, where there are any."""
    readings = plan.read(await device.running_config("^cns"), AGENT_NAMES)
    unparsed = plan.unparsed(readings)
    config = plan.options({name: reading.config for name, reading in readings.items()})
    return dict(config=config, unparsed=unparsed) if unparsed else dict(config=config)


async def boot(device: Device) -> Optional[dict[str, Any]]:
    """The boot list, for which there are three commands, unless this session has said it. Raises DeviceAway and Refused."""
    refused = []
    for command in ("show boot", "show bootvar", "show boot system"):
        try:
            found = await device.recall(command, show.boot)
        except Refused as one:  # as of show boot alone, where more words belong to it
            refused.append(one)
            continue
        if found:
            return found
    if refused:
        raise refused[0]
    return None


async def directory(device: Device, folder: str = "") -> Optional[dict[str, Any]]:
    """The files of a folder, all of them, since the totals come last. Raises DeviceAway and Refused."""
    return await device.ask(("dir " + folder).strip(), show.directory, lambda parsed: parsed["total"])


async def _supported(device: Device, gathered: dict[str, Any]) -> bool:
    asked = [subset for subset in _OF_THE_AGENT if subset in gathered]
    if asked:
        return any(gathered[subset] is not None for subset in asked)
    return await device.ask("show cns image status", show.image_status) is not None


async def _filesystems(device: Device) -> Optional[list[dict[str, Any]]]:
    """The file systems, and the files of those on flash; null for the files of one that cannot be listed."""
    found = await device.ask("show file systems", show.filesystems)
    for filesystem in found or []:
        filesystem["files"] = None
        if filesystem["type"] in ("disk", "flash") and _PREFIX.fullmatch(filesystem["prefix"]):
            filesystem["files"] = await _files(device, filesystem["prefix"])
    return found


async def _files(device: Device, prefix: str) -> Optional[list[dict[str, Any]]]:
    try:
        return (await directory(device, prefix) or {}).get("files")
    except Refused:
        return None


def _mentions(word: str, parsed: dict[str, Any]) -> bool:
    told = show.is_told({key: value for key, value in parsed.items() if key != "settings"})
    return told or any(word in line.lower() for line in [*parsed["unparsed"], *parsed.get("settings", ())])
