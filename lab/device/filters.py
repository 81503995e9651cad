# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may follow a show command: `| include`, `| exclude`, `| begin`, `| section`, `| count`."""

from __future__ import annotations

import re
from typing import Callable, Iterator

from .grammar import CliError, IncompleteCommand, InvalidInput


def split_filter(line: str) -> tuple[str, Callable[[str], str] | None]:
    """`show x | include y` -> the command, and the filter to put its output through. CliError as the device."""
    command, pipe, behind = line.partition("|")
    if not pipe or not line.split()[0].lower().startswith("sh"):
        return line, None
    behind = behind.lstrip()
    name, _blank, pattern = behind.partition(" ")
    if not name:
        raise IncompleteCommand
    found = [action for action in _ACTIONS if action.startswith(name.lower())]
    if len(found) != 1:
        raise InvalidInput(len(line) - len(behind))
    if not pattern.strip():
        raise IncompleteCommand
    regex = _compile(pattern.strip())
    action = _ACTIONS[found[0]]
    return command.rstrip(), lambda text: "".join(f"{kept}\n" for kept in action(text.splitlines(), regex))


def _compile(pattern: str) -> re.Pattern:
    """An IOS pattern: like a regular expression, with `_` for any delimiter."""
    try:
        return re.compile(pattern.replace("_", r"(?:^|$|[\s,{}()])"))
    except re.error as exc:
        raise CliError("% Failed to compile regular expression.\n") from exc


def _include(lines: list[str], regex: re.Pattern) -> Iterator[str]:
    return (line for line in lines if regex.search(line))


def _exclude(lines: list[str], regex: re.Pattern) -> Iterator[str]:
    return (line for line in lines if not regex.search(line))


def _begin(lines: list[str], regex: re.Pattern) -> Iterator[str]:
    started = False
    for line in lines:
        started = started or bool(regex.search(line))
        if started:
            yield line


def _section(lines: list[str], regex: re.Pattern) -> Iterator[str]:
    """Whole sections whose head matches; of others, the head and the lines that match."""
    head, inside = "", False
    for line in lines:
        if not line.startswith(" "):
            head, inside = line, bool(regex.search(line))
            if inside:
                yield line
        elif inside:
            yield line
        elif regex.search(line):
            if head:
                yield head
                head = ""
            yield line


def _count(lines: list[str], regex: re.Pattern) -> Iterator[str]:
    yield f"Number of lines which match regexp = {sum(1 for line in lines if regex.search(line))}"


_ACTIONS = {"begin": _begin, "count": _count, "exclude": _exclude, "include": _include, "section": _section}
