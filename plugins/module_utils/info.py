# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The subsets of M(cns.image_agent.cns_image_info): which command each asks, and what is made of the answer."""

from __future__ import annotations

from typing import Any, Iterable

from ansible_collections.cns.image_agent.plugins.module_utils import plan, secret, show
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES

_OF_THE_AGENT = {
    "status": ("show cns image status", show.image_status),
    "connections": ("show cns image connections", show.image_connections),
    "inventory": ("show cns image inventory", show.image_inventory),
}
_OF_THE_DEVICE = {
    "version": ("show version", show.version),
    "http_client": ("show ip http client all", show.http_client),
    "event": ("show cns event connections", show.event_connections),
}
SUBSETS = ("status", "connections", "inventory", "config", "version", "filesystems", "boot", "http_client", "event")
DEFAULT = ("status", "config", "version")


async def gather(device: Any, subsets: list[str]) -> Any:
    """Return ``{"supported": bool, subset: parsed}`` from a ``device.Device``; null for what it does not know.

    Raises DeviceAway, and Refused where the configuration cannot be read.
    """
    gathered: dict[str, Any] = {}
    for subset in subsets:
        if subset == "config":
            readings = plan.read(await device.running_config("^cns"), AGENT_NAMES)
            gathered["config"] = plan.plain({name: reading.config for name, reading in readings.items()})
        elif subset == "boot":
            gathered["boot"] = await _first_known(device, ("show boot", "show bootvar"), show.boot)
        elif subset == "filesystems":
            gathered["filesystems"] = await _filesystems(device)
        else:
            command, parse = _OF_THE_AGENT.get(subset) or _OF_THE_DEVICE[subset]
            gathered[subset] = await _first_known(device, (command,), parse)
    gathered["supported"] = await _supported(device, gathered)
    return secret.mask(gathered)


async def _first_known(device: Any, commands: Iterable[str], parse: Any) -> Any:
    for command in commands:
        text = await device.show(command)
        if not show.unsupported(text):
            return parse(text)
    return None


async def _supported(device: Any, gathered: Any) -> bool:
    asked = [subset for subset in _OF_THE_AGENT if subset in gathered]
    if asked:
        return any(gathered[subset] is not None for subset in asked)
    return not show.unsupported(await device.show("show cns image status"))


async def _filesystems(device: Any) -> Any:
    """The file systems, and the files of those on flash."""
    found = await _first_known(device, ("show file systems",), show.filesystems)
    for filesystem in found or []:
        filesystem["files"] = None
        if filesystem["type"] in ("disk", "flash"):
            directory = await _first_known(device, ("dir " + filesystem["prefix"],), show.directory)
            filesystem["files"] = directory and directory["files"]
    return found
