# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines that are longer than any that IOS prints: no pattern sees them, and no line is lost. Pure.

The command line takes 254 characters, and the longest lines that are known, boot lists and banners, are below two thousand.
"""

from __future__ import annotations

from typing import Iterable

LONGEST = 4000  # characters


def is_long(line: str, longest: int = LONGEST) -> bool:
    """Whether a line may not be read."""
    return len(line) > longest


def short(lines: Iterable[str], longest: int = LONGEST) -> list[str]:
    """The lines that may be read."""
    return [line for line in lines if not is_long(line, longest)]


def long(lines: Iterable[str], longest: int = LONGEST) -> list[str]:
    """The lines that may not."""
    return [line for line in lines if is_long(line, longest)]


def beginning(line: str) -> str:
    """As much of a line as may be read: enough to tell a refusal, or whose line it is, but no value."""
    return line[:LONGEST]


def beginnings(text: str) -> str:
    """The same for each line of a text."""
    return "\n".join(map(beginning, text.splitlines()))
