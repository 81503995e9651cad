# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The statistics of the image agent, and how to clear them."""

from __future__ import annotations

from typing import Any, Iterable

from ansible_collections.cns.image_agent.plugins.module_utils import show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError

PARSERS = {"connections": show.image_connections, "status": show.image_status}


async def clear(device: Device, names: Iterable[str], pretend: bool = False) -> dict[str, Any]:
    """Clear the named statistics of a ``device.Device`` where they are not at zero; return the result of a task.

    ``pretend``: send nothing. Raises Refused and DeviceAway, and CnsError where the release lacks the agent.
    """
    before, commands = {}, []
    for name in names:
        before[name] = await _statistics(device, name)
        if _counted(before[name]):
            commands.append("clear cns image " + name)
    for name in [] if pretend else [name for name in names if _counted(before[name])]:
        await device.execute("clear cns image " + name, confirm=True)
        if await _statistics(device, name) == before[name]:
            raise CnsError("The device took 'clear cns image %s', but shows the same statistics as before." % name)
    return dict(changed=bool(commands), commands=commands, before=before)


async def _statistics(device: Device, name: str) -> dict[str, Any]:
    found = await device.ask("show cns image " + name, PARSERS[name])
    if found is None:
        raise CnsError("This release has no CNS image agent: it does not know 'show cns image %s'." % name)
    return found


def _counted(statistics: dict[str, Any]) -> bool:
    """Whether any number in the statistics is not zero."""
    return any(
        _counted(value) if isinstance(value, dict) else value if isinstance(value, int) else False
        for value in statistics.values()
    )
