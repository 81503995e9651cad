# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What matters to an operator about a device, in a few numbers, and what an upgrade made of it.

A snapshot is ``{"version", "image", "boot_list", "config_register", "interfaces_up", "interfaces_total", "routes",
"neighbors"}``; None is what the device did not tell.
"""

from __future__ import annotations

import re
from typing import Any, Awaitable, Callable, Dict, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import info, long_lines, show, words
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import version_of

Snapshot = Dict[str, Any]

EXPECTED, FINE, WORSE = "expected", "ok", "worse"
NUMBERS = ("interfaces_up", "interfaces_total", "routes", "neighbors")
# As CDP may be, and routing: a switch that does not route tells its gateway instead.
_OFF = re.compile(r"not (?:enabled|running|configured)|\bdefault gateway is\b", re.IGNORECASE)
_MEANT_TO_CHANGE = ("version", "image", "boot_list")


async def take(device: Device, tell: Callable[[str], None] = lambda sentence: None) -> Snapshot:
    """Return the snapshot of a device, in five commands, six where it has no C(show boot), or less what the session has said.

    ``tell(sentence)`` hears of what the device refuses to show. Raises DeviceAway, and Refused where that is its version.
    """
    version = await version_of(device, recall=True)
    boot = await _unless_refused(info.boot(device), tell) or {}
    interfaces = await _unless_refused(device.ask("show ip interface brief", show.interfaces_up), tell) or {}
    return {
        "version": version["version"],
        "image": version["image_file"],
        "boot_list": boot.get("images"),
        "config_register": boot.get("config_register") or version["config_register"],
        "interfaces_up": interfaces.get("up"),
        "interfaces_total": interfaces.get("total"),
        "routes": await _unless_refused(device.ask("show ip route summary", show.route_count), tell),
        "neighbors": await _unless_refused(device.ask("show cdp neighbors", show.cdp_neighbors), tell),
    }


def compare(before: Snapshot, after: Snapshot, tolerances: Optional[dict[str, Any]] = None) -> list[dict[str, Any]]:
    """Return what differs between two snapshots: a list of ``{"what", "before", "after", "verdict"}``.

    Version, image and boot list are meant to change (V(expected)). Of the numbers fewer is V(worse), and so is a
    number that the device does not tell any more; more is V(ok), and so is a configuration register that is not shown
    any more, for some Catalyst switches have none from IOS XE 16.12.4 on. ``tolerances``: how many fewer are still V(ok),
    ``{"routes": 10}`` or ``{"routes": "5%"}``. Raises InputError for tolerances that mean nothing.
    """
    fewer = allowed(before, tolerances or {})
    return [
        dict(what=name, before=before.get(name), after=after.get(name), verdict=_verdict(name, before, after, fewer))
        for name in _MEANT_TO_CHANGE + ("config_register",) + NUMBERS
        if before.get(name) != after.get(name)
    ]


def allowed(before: Snapshot, tolerances: dict[str, Any]) -> dict[str, int]:
    """How many fewer of what are fine. Raises InputError for tolerances that mean nothing."""
    return {name: _allowed(name, given, before.get(name)) for name, given in tolerances.items()}


async def _unless_refused(asking: Awaitable[Any], tell: Callable[[str], None]) -> Any:
    """What the device says; None, which is never a number, where it refuses."""
    try:
        return await asking
    except Refused as refused:
        if not _OFF.search(long_lines.beginnings(refused.details["device_said"])):
            tell(refused.message)
        return None


def _verdict(name: str, before: Snapshot, after: Snapshot, fewer: dict[str, int]) -> str:
    old, new = before.get(name), after.get(name)
    if old is None or (new is None and name == "config_register"):
        return FINE
    if not new and name not in NUMBERS:
        return WORSE
    if name in _MEANT_TO_CHANGE:
        return EXPECTED
    if name in NUMBERS and new is not None and new >= old - fewer.get(name, 0):
        return FINE
    return WORSE


def _allowed(name: str, given: Any, before: Optional[int]) -> int:
    """How many fewer a tolerance allows."""
    if name not in NUMBERS:
        raise InputError("there is no tolerance for %r; there is one for %s" % (name, ", ".join(NUMBERS)))
    text = str(given).strip()
    number = words.number(text[:-1].strip() if text.endswith("%") else text)
    if isinstance(given, bool) or number is None:
        raise InputError("the tolerance of %s is %r: give how many fewer are fine, as in 2 or 5%%" % (name, given))
    return (before or 0) * number // 100 if text.endswith("%") else number
