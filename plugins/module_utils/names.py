# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of devices in lists for people: in which order, and how many of them. Pure."""

from __future__ import annotations

import re
from typing import Any, Iterable, Sequence

_NUMBER = re.compile("([0-9]+)")
_MOST = 8


def natural(name: str) -> tuple[list[Any], str]:
    """A key to sort names by: C(r2) is before C(r10), and C(R2) beside C(r2)."""
    parts: list[Any] = list(_NUMBER.split(name.casefold()))
    for place in range(1, len(parts), 2):  # every second part is a number, which may be too long for one
        digits = parts[place].lstrip("0")
        parts[place] = (len(digits), digits)
    return parts, name


def in_order(names: Iterable[str]) -> list[str]:
    """The names as people count."""
    return sorted(names, key=natural)


def listed(names: Sequence[str]) -> str:
    """``R1, R2``; of many only the first, and how many more."""
    more = len(names) - _MOST
    return ", ".join(in_order(names)[:_MOST]) + (" and %d more" % more if more > 0 else "")
