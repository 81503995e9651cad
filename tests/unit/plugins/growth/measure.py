# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the time of a call grows faster than the length of the text that it is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_NOTICED = 0.001  # seconds; what takes less for the longest text is not worth a question
_RATIO = 8  # for a text four times as long: 4 if time grows with the length, 16 if with its square


def grows(call: Callable[[Any], object], text: Callable[[int], Any], longest: int) -> str:
    """What was measured if ``call(text(n))``, for n up to ``longest``, takes more than its share of time; empty if it does not.

    It begins with a short text, so that one on which a call would take for ever is found out before.
    """
    size = 16
    while size < longest and seconds(call, text(size)) < _NOTICED:
        size = size * 5 // 4 if size < 64 else size * 2
    if seconds(call, text(size)) < _NOTICED:
        return ""
    # The shortest of many: a short call may be held up by what else runs for as long as it takes.
    short, long = (min(seconds(call, text(some)) for _time in range(times)) for some, times in ((size // 4, 40), (size, 5)))
    return f"{short * 1000:.2f} ms for {size // 4} times, {long * 1000:.2f} ms for {size} times" if long > short * _RATIO else ""


def seconds(call: Callable[[Any], object], text: Any) -> float:
    """Of this thread alone: what else runs on the machine does not count."""
    began = time.thread_time()
    call(text)
    return time.thread_time() - began
