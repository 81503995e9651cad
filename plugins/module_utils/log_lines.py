# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a message of the system log looks like, which a device prints into whatever it is saying. Pure.

Two kinds: ``%FACILITY-SEVERITY-MNEMONIC: text``, and the output of debug commands. Either may have a sequence number and a
time in front: ``000123: *Nov 25 17:00:00.123 CET: %SYS-5-CONFIG_I: ...``, ``1w2d: %LINK-3-UPDOWN: ...``.
Every repetition is bounded, so that no line takes long.
"""

from __future__ import annotations

import re

_SEQUENCE = r"(?:[0-9]{1,10}: )"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
_DATE = (
    r"[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}[0-9]{1,2} (?:[0-9]{4} )?"
    + _CLOCK
    + r"(?:\.[0-9]{1,6})?(?: [A-Za-z][A-Za-z0-9+-]{0,7})?: "
)
_UPTIME = r"(?:" + _CLOCK + r"|[0-9]{1,3}d[0-9]{1,2}h|[0-9]{1,3}w[0-9]d|[0-9]{1,3}y[0-9]{1,2}w): "
_MNEMONIC = r"%[A-Za-z0-9_]{1,40}(?:-[A-Za-z0-9_]{1,40}){0,4}-[0-7]-[A-Za-z0-9_]{1,80}:"
# A debug message is known by its time alone, so that must be a date: an uptime could be anything.
_START = r"%s?(?:%s|(?:%s)?%s)" % (_SEQUENCE, _DATE, _UPTIME, _MNEMONIC)

_MESSAGE = re.compile(r"\s{0,8}" + _START)
_INSIDE = re.compile(r"(?:%s|%s)" % (_DATE, _MNEMONIC))
# What people write about messages: comments, and what an applet listens for.
_ABOUT_MESSAGES = re.compile(r"\"|!|(?<!\S)(?:description|remark|pattern|syslog|msg|name)\s", re.IGNORECASE)


def is_message(line: str) -> bool:
    """Whether a line is a message of the system log, from its beginning."""
    return bool(_MESSAGE.match(line))


def without(text: str) -> str:
    """The text without the lines that are messages."""
    return "".join(line for line in text.splitlines(True) if not is_message(line))


def before(line: str) -> str:
    """What stands in a line before a message begins in it, which is what the device itself wanted to say there."""
    found = _MESSAGE.match(line) or _INSIDE.search(line)
    return line[: found.start()] if found else line


def cut(text: str) -> bool:
    """Whether a message begins inside a line of the text: what the device wanted to say there is not known. Ask again."""
    return any(map(_is_cut, text.splitlines()))


def _is_cut(line: str) -> bool:
    own = before(line)
    return own != line and bool(own.strip()) and not _ABOUT_MESSAGES.search(own)
