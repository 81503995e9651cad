# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look at a device: what it runs and what its image agent says, in the form that C(outcome) judges."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import show
from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused

_OF_VERSION = ("version", "xe_version", "image_file", "uptime_seconds", "restarted_at", "reload_reason")


async def version_of(device: Any) -> Any:
    """Return the parsed C(show version) of a ``device.Device``. Raises DeviceAway, and Refused if it refuses to say."""
    text = await device.show("show version")
    if show.unsupported(text):
        raise Refused("The device refused 'show version'.", device_said=text)
    return show.version(text)


async def observe(device: Any, clock: Any, connections: bool = True) -> Any:
    """Return the observation of a ``device.Device``; C(status) is None where the release lacks the agent.

    ``clock()`` gives seconds. Raises DeviceAway where the device does not answer, and Refused where
    it answers but not to C(show version).
    """
    asked_at = clock()
    version = await version_of(device)
    seen = {key: version[key] for key in _OF_VERSION}
    status = await device.show("show cns image status")
    supported = not show.unsupported(status)
    seen["status"] = show.image_status(status) if supported else None
    seen["connections"] = None
    if supported and connections:
        seen["connections"] = show.image_connections(await device.show("show cns image connections"))
    seen["asked_at"] = asked_at
    return seen
