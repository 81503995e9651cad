# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much work something is, without a clock: the lines of the collection that run, and the names that are compared."""

from __future__ import annotations

import sys

PLUGINS = "image_agent/plugins/"


class Name(str):
    """The name of a host, which counts how often it is compared, also in a list that is searched."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Name.compared += 1
        return str.__eq__(self, other)


def work_of(act):
    """How many lines and comparisons ``act()`` takes."""
    lines = 0

    def trace(frame, event, _argument):
        nonlocal lines
        lines += event == "line"
        return trace if PLUGINS in frame.f_code.co_filename else None

    before, tracing = Name.compared, sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(tracing)
    return lines + Name.compared - before
