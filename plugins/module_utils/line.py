# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line of configuration, and what the device asks after it."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """A line that the device takes as it is, or after questions."""

    text: str
    questions: tuple[tuple[str, str], ...] = ()  # pairs of a pattern and its answer, in the order in which they may be asked
    done: str = ""  # without which the answer is a refusal; what a dialogue prints begins with % in any case


def as_line(line: str | Line) -> Line:
    """A line that may be given as text alone."""
    return line if isinstance(line, Line) else Line(line)
