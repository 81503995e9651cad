# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cut a fleet into waves. Pure."""

from __future__ import annotations

import math


def plan_waves(hosts, sizes, apart=None):
    """Return the waves, lists of host names, in which ``hosts`` are taken in their order.

    ``sizes``: numbers or percentages (``"10%"``) of all hosts; the last one repeats. ``apart``: ``{host: group}``; two
    hosts of a group are never in one wave. Raises ValueError for a size that is none.
    """
    sizes = [_size(size, len(hosts)) for size in sizes] or [len(hosts)]
    waves, waiting = [], list(hosts)
    while waiting:
        wave = _take(waiting, sizes[min(len(waves), len(sizes) - 1)], apart or {})
        waves.append(wave)
        waiting = [host for host in waiting if host not in set(wave)]
    return waves


def limit(value, of):
    """How many of ``of`` a number or a percentage stands for; percentages are rounded down, and 0 is 0."""
    text = str(value).strip()
    try:
        number = float(text[:-1]) * of / 100 if text.endswith("%") else float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ValueError("%r is neither a number nor a percentage" % value)
    return int(number)


def _size(value, of):
    try:
        return max(1, limit(value, of))
    except ValueError:
        raise ValueError("the size of a wave is %r, which is neither a number nor a percentage" % (value,)) from None


def _take(waiting, size, apart):
    wave, groups = [], set()
    for host in waiting:
        group = apart.get(host)
        if len(wave) < size and (group is None or group not in groups):
            wave.append(host)
            groups.add(group)
    return wave
