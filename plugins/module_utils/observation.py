# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One poll of a device: what it runs and what its image agent says, in the form that C(outcome) judges."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import outcome, show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features.image import RETRY, Image

_OF_VERSION = ("version", "xe_version", "image_file", "uptime_seconds", "restarted_at", "reload_reason")


async def version_of(device: Device, recall: bool = False) -> dict[str, Any]:
    """Return the parsed C(show version), which names a version. Raises DeviceAway, and Refused if the device does not say.

    ``recall``: what it has said in this session will do.
    """
    ask = device.recall if recall else device.ask
    version = await ask("show version", show.version, lambda parsed: parsed["version"])
    if version is None:
        raise Refused("The device does not know 'show version'.", device_said="")
    return version


async def observe(device: Device, clock: Callable[[], float], connections: bool = True, recall: bool = False) -> dict[str, Any]:
    """Return the observation of a device; C(status) is None where the release lacks the agent.

    ``clock()`` gives seconds. ``recall``: it has just said its version in this session. Raises DeviceAway where the device
    does not answer, and Refused where it answers, but does not tell its version or the status of its agent.
    """
    asked_at = clock()
    version = await version_of(device, recall)
    seen = {key: version[key] for key in _OF_VERSION}
    seen["status"] = await status_of(device)
    seen["connections"] = None
    if seen["status"] and connections:
        seen["connections"] = await _connections(device)
    seen["asked_at"] = asked_at
    return seen


async def status_of(device: Device, recall: bool = False) -> Optional[dict[str, Any]]:
    """What the image agent says of itself; None if the release lacks it. ``recall``: see C(version_of).

    Raises DeviceAway, and Refused if the device does not tell whether it is being upgraded.
    """
    ask = device.recall if recall else device.ask
    return await ask("show cns image status", show.image_status, outcome.tells_last_upgrade)


async def _connections(device: Device) -> Optional[dict[str, Any]]:
    """Nothing is decided by the connections: a device that does not tell them is observed all the same."""
    try:
        return await device.ask("show cns image connections", show.image_connections)
    except Refused:
        return None


async def retry_of(device: Device) -> int:
    """The seconds after which the agent tries again by itself, the default if the device does not tell. Raises DeviceAway."""
    try:
        return Image().parse(await device.running_config("^cns image")).config["retry"]
    except Refused:
        return RETRY
