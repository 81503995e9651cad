# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cut a fleet into waves. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Optional

# What a person writes; what else Python takes for a number (1_0, 1e1, other digits) is none.
_LIMIT = re.compile(r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,9})?) ?(?P<percent>%)?")


def plan_waves(
    hosts: Sequence[str], sizes: Sequence[Any], apart: Optional[Mapping[str, str]] = None, canary: Sequence[str] = ()
) -> list[list[str]]:
    """Return the waves, lists of host names, in which ``hosts`` are taken in their order, those in ``canary`` first.

    ``sizes``: numbers or percentages (``"10%"``) of all hosts; the last one repeats. ``apart``: ``{host: group}``; two
    hosts of a group are never in one wave. Raises ValueError for a size that is none.
    """
    sizes = [_size(size, len(hosts)) for size in sizes] or [len(hosts)]
    waves: list[list[str]] = []
    known = set(hosts)
    waiting = list(dict.fromkeys([*(host for host in canary if host in known), *hosts]))
    while waiting:
        wave, waiting = _take(waiting, sizes[min(len(waves), len(sizes) - 1)], apart or {})
        waves.append(wave)
    return waves


def limit(value: Any, of: int) -> int:
    """How many of ``of`` a number or a percentage stands for; percentages are rounded down, and 0 is 0."""
    found = _LIMIT.fullmatch(str(value).strip())
    if not found:
        raise ValueError("%r is neither a number nor a percentage" % value)
    number = float(found["number"])
    return int(number * of / 100 if found["percent"] else number)


def _size(value: Any, of: int) -> int:
    try:
        return max(1, limit(value, of))
    except ValueError:
        raise ValueError("the size of a wave is %r, which is neither a number nor a percentage" % (value,)) from None


def groups_apart(named: Mapping[str, Any], variables: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """``{host: its group}`` for devices that must not share a wave.

    ``named``: what each host has as C(cns_apart): the name of a variable whose value is the group, the same for all, or the
    group itself. ``variables``: those of each host. Raises ValueError for a name that no host has.
    """
    given = {host: str(value) for host, value in named.items() if value not in (None, "")}
    if len(set(given.values())) != 1:
        return given
    name = next(iter(given.values()))
    groups = {host: str(have[name]) for host, have in variables.items() if have.get(name) not in (None, "")}
    if groups:
        return groups
    if len(given) == len(named):
        raise ValueError(
            "cns_apart is %s, but no device has a variable of that name. Give it the name of a variable of the devices, "
            "such as their site, or set cns_apart to the site itself for the devices of each site" % name
        )
    return given


def _take(waiting: list[str], size: int, apart: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """A wave, and who waits for a later one."""
    wave: list[str] = []
    later: list[str] = []
    groups: set[str] = set()
    for place, host in enumerate(waiting):
        if len(wave) == size:
            return wave, later + waiting[place:]
        group = apart.get(host)
        (later if group in groups else wave).append(host)
        if group is not None:
            groups.add(group)
    return wave, later
