# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One poll of a device: what it runs and what its image agent says, in the form that C(outcome) judges."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features.image import RETRY, Image

_OF_VERSION = ("version", "xe_version", "image_file", "uptime_seconds", "restarted_at", "reload_reason")


async def version_of(device: Device) -> dict[str, Any]:
    """Return the parsed C(show version), which names a version. Raises DeviceAway, and Refused if the device does not say."""
    version = await device.ask("show version", show.version, lambda parsed: parsed["version"])
    if version is None:
        raise Refused("The device does not know 'show version'.", device_said="")
    return version


async def observe(device: Device, clock: Callable[[], float], connections: bool = True) -> dict[str, Any]:
    """Return the observation of a device; C(status) is None where the release lacks the agent.

    ``clock()`` gives seconds. Raises DeviceAway where the device does not answer, and Refused where it answers, but does not
    tell its version or the status of its agent.
    """
    asked_at = clock()
    version = await version_of(device)
    seen = {key: version[key] for key in _OF_VERSION}
    seen["status"] = await device.ask("show cns image status", show.image_status)
    seen["connections"] = None
    if seen["status"] and connections:
        seen["connections"] = await _connections(device)
    seen["asked_at"] = asked_at
    return seen


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
