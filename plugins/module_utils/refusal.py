# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a device, or AAA in its place, says instead of an answer. What its log prints meanwhile is no such word. Pure."""

from __future__ import annotations

import re
from typing import Optional

from ansible_collections.cns.image_agent.plugins.module_utils import log_lines, long_lines
from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import shortened

_PERCENT = re.compile(r"^\s*%")
# What is said without a % in front.
_DENIED = re.compile(
    r"\b(?:denied|authori[sz]ation (?:has |was )?(?:failed|failure|rejected|error)|(?:not|un) ?authori[sz]ed|"
    r"(?:access|permission|command|request) (?:is |was |has been )?rejected|not (?:permitted|allowed)|"
    r"(?:insufficient|not enough|no|not have (?:the |enough |sufficient )?) ?(?:permission|privilege|right|authori[sz]ation)s?|"
    r"locked (?:exclusively )?by|try (?:again )?later)\b",
    re.IGNORECASE,
)
_SESSION_OVER = re.compile(
    r"\b(?:session (?:has |is |was )?(?:expired|timed out|terminated|closed|over)|re-?log ?in|log ?in again)\b", re.IGNORECASE
)
_BUSY = re.compile(
    r"\bbusy\b|try (?:again )?later|in use by|locked by|\b(?:accessed|used|held|locked) by (?:another|other)\b", re.IGNORECASE
)
# For what a connection plugin takes an answer to be an error.
_TROUBLE = re.compile(
    r"error|invalid|incomplete|ambiguous|not found|timed? ?out|failed|rejected|overlaps|bad |not present|informational",
    re.IGNORECASE,
)

_WORDS = 300  # characters of what a device said that fit into a message


def lines(text: str) -> list[str]:
    """The lines of an answer that say no."""
    said = ((line, log_lines.before(line)) for line in long_lines.beginnings(text).splitlines())
    return [line for line, own in said if _PERCENT.match(own) or _DENIED.search(own)]


def brief(said: str) -> str:
    """The line of an answer that says what is wrong."""
    words = " ".join(" ".join(lines(said) or said.split()).split()).strip(" .")
    return shortened(words, _WORDS) or "it printed nothing"


def denial(text: Optional[str]) -> Optional[str]:
    """The first line of a text, if it says that somebody has no right to the command."""
    first = next((line for line in _own(text or "").splitlines() if line.strip()), "")
    return first if _DENIED.search(first) else None


def session_over(text: str) -> bool:
    """Whether the device says that the session is over."""
    return bool(_SESSION_OVER.search(_own(text)))


def busy(text: str) -> bool:
    """Whether the device says that somebody else uses what was asked for just now."""
    return bool(_BUSY.search(long_lines.beginnings(text)))


def in_trouble(text: str) -> bool:
    """Whether any word of an answer could be an error."""
    return any(_TROUBLE.search(log_lines.before(line)) for line in long_lines.beginnings(text).splitlines())


def _own(text: str) -> str:
    """What the device itself says, as far as it may be read."""
    return log_lines.without(long_lines.beginnings(text))
