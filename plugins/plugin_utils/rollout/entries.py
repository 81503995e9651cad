# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an entry of a journal is: a line that was read, and can be relied on. Pure."""

from __future__ import annotations

import json
import re
from typing import Any, Optional, TypedDict, TypeGuard

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe

# Whoever edits a journal by hand, or puts another file in its place, shall get a report of what can be read, not a traceback.
_LATEST = 2.5e11  # seconds since the epoch, before the year 9999 in every time zone
_DEEPEST = 20  # levels of a value; ours have five
_LARGEST = 2**53  # of a number that every reader of JSON understands
LONGEST = 16 * 1024 * 1024  # bytes of a line: a plan of 100,000 devices, the longest of ours, has half of it


class _EveryEntry(TypedDict):
    at: float  # seconds since the epoch
    host: Optional[str]  # None: of the rollout
    step: str


class Entry(_EveryEntry, total=False):
    """One line of a journal; C(journal) says what stands beside which step. Of what is Any, only our own writing is known."""

    target: Any
    waves: list[list[str]]
    wave: Any  # a number, or its text
    of: Any
    hosts: list[str]
    phase: str
    detail: str
    outcome: str
    reason: str
    before: Any
    after: Any
    reloads: Any
    snapshot: Any
    findings: Any
    differences: Any


def parsed(line: bytes) -> Optional[Entry]:
    """The entry that a line holds, as plain data; None if it holds none that can be relied on."""
    try:
        entry = _plain(json.loads(line.decode("utf-8", "replace")), _DEEPEST)
    except (ValueError, RecursionError):
        return None
    return entry if is_sound(entry) else None


def small_number(value: Any) -> Optional[int]:
    """A number such as that of a wave, which may have become text on its way through a template; None if it is none."""
    return int(value) if re.fullmatch("[0-9]{1,6}", str(value), re.ASCII) else None


def _plain(value: Any, levels: int) -> Any:
    """The value without what cannot be written again: half characters, numbers that are none. Raises ValueError."""
    if not levels:
        raise ValueError("too deep")
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_plain(key, levels): _plain(entry, levels - 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry, levels - 1) for entry in value]
    if isinstance(value, (int, float)) and not abs(value) <= _LARGEST:
        return None
    return value


def sound(entries: Any) -> list[Entry]:
    """The entries that have what a line of their step has; the others are left out."""
    return [entry for entry in entries if is_sound(entry)]


def is_sound(entry: Any) -> TypeGuard[Entry]:
    """Whether an entry, any JSON value, has ``at``, ``host``, ``step`` and what belongs to its step."""
    if not isinstance(entry, dict) or not _is_time(entry.get("at")):
        return False
    if "host" not in entry or not _is_host(entry["host"]) or not isinstance(entry.get("step"), str):
        return False
    if not _is_waves(entry.get("waves") or []):
        return False
    check = _OF_STEP.get(entry["step"])
    return check is None or check(entry)


def _is_host(value: Any) -> bool:
    """A name that could begin a line of its own in the limit file is none."""
    return value is None or (isinstance(value, str) and safe(value) == value)


def _is_time(value: Any) -> bool:
    return isinstance(value, (int, float)) and 0 <= value < _LATEST


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) and _is_host(name) for name in value)


def _is_waves(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_names, value))


def _is_end(entry: Any) -> bool:
    how = entry.get("outcome")
    return isinstance(how, str) and safe(how) == how and isinstance(entry.get("reason"), str)


_OF_STEP = {
    "ended": _is_end,
    "phase": lambda entry: isinstance(entry.get("phase"), str) and isinstance(entry.get("detail", ""), str),
    "rollout": lambda entry: isinstance(entry.get("waves"), list),
    "stopped": lambda entry: isinstance(entry.get("reason"), str),
    "wave": lambda entry: small_number(entry.get("wave")) is not None and _is_names(entry.get("hosts")),
}
