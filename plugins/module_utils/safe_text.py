# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make text of a device fit to be shown: it must not act on the terminal of who reads it, or forge a line. Pure."""

from __future__ import annotations

import re

# Control characters of both sets, what changes the direction of writing, separators of lines, invisible marks, what is no text.
_ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+")
_ACTS_IN_LINES = re.compile(_ACTS.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
_LONGEST = 2000  # characters of one reason or message


def safe(text: object) -> str:
    """One line of printable text; what would act is a blank, and what is too long is cut."""
    line = one_line(str(text))
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "..."


def one_line(text: str) -> str:
    """The same, of any length."""
    return _ACTS.sub(" ", text)


def safe_lines(text: str) -> str:
    """The same for a text of several lines, of any length: line feeds and tabs stay."""
    return _ACTS_IN_LINES.sub(" ", text.replace("\r\n", "\n"))


def shortened(text: str, longest: int) -> str:
    """A text of so many characters at most, cut between two words if it can be: half a word may be half of a secret."""
    if len(text) <= longest:
        return text
    blank = text[: longest + 1].rfind(" ")
    return text[: blank if blank > 0 else longest] + "..."


def ending(text: str, longest: int) -> str:
    """The end of a text, so cut."""
    if len(text) <= longest:
        return text
    blank = text.find(" ", len(text) - longest - 1)
    return "..." + text[blank + 1 if blank >= 0 else -longest :]
