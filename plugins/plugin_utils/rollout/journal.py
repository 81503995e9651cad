# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of a rollout: one file on the controller, one line of JSON per device and step.

A line is written, whole, before what it tells of is done, so a run that is interrupted at any moment can be run again::

    {"at": seconds since the epoch, "host": name, "step": step, "target": {"version", "image"}, ...}

Steps of a device, and what stands beside them:

``preflight``   ready (bool), findings, running (version, image_file, model)
``snapshot``    snapshot, of what matters to an operator
``triggering``  before (the observation)
``triggered``
``phase``       phase: away, working or waiting; detail (text), if there is more to say, as a cause of trouble
``ended``       outcome, reason, elapsed (seconds), reloads, after (the observation, where there is one). Beside the outcomes of
                the modules: blocked (by the preflight) and skipped (not started, the reason says why)
``posted``      messages, which the device posted to the status server meanwhile (see C(heard)), and disagreement with the outcome
                (text, may be empty); only if somebody listened
``checked``     differences between before and after that matter to an operator

Steps of the rollout, whose ``host`` is null:

``rollout``     waves (lists of host names), stop_at, window_end
``wave``        wave (from 1), of, hosts
``stopped``     wave, reason
``finished``
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import LONGEST, Entry, parsed
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.private import append, lock, opened


class JournalError(OSError):
    """The journal cannot be used; the text is a sentence for people."""


class Journal:
    """Appends to, and reads, the file at ``path``; without a path nothing is written and nothing was.

    What is written passes the ``door``.
    """

    def __init__(self, path: str | None, door: Door | None = None) -> None:
        self._door = door or Door()
        self._path = os.path.expanduser(path) if path else None
        self._size = 0  # of the file when this wrote to it last
        self.was_cut = False  # whether what was written is not there any more

    def write(self, host: str | None, step: Any, **data: Any) -> None:
        """Append one line. Raises JournalError."""
        self._append([dict(at=round(time.time(), 3), host=host, step=step, **self._door.of(host).data(data))])

    def take_over(self, entries: list[Entry]) -> None:
        """Append what was written down elsewhere. Raises JournalError."""
        self._append([{**entry, **self._door.of(entry["host"]).data(_told(entry))} for entry in entries])

    def _append(self, entries: Sequence[Any]) -> None:
        if not self._path or not entries:
            return
        line = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in entries).encode()
        with _usable(self._path), opened(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT) as handle:
            lock(handle)  # else a line that another process is writing looks cut off
            self.was_cut = self.was_cut or os.fstat(handle).st_size < self._size
            append(handle, line if _ends_a_line(handle) else b"\n" + line, lasting=True)
            self._size = os.fstat(handle).st_size

    def check(self) -> None:
        """Raise JournalError unless it can be written. It is made if need be."""
        if self._path:
            with _usable(self._path), opened(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT):
                pass

    def entries(self, host: str | None = None) -> list[Entry]:
        """Every line that can be relied on, or those of a host, oldest first. Raises JournalError."""
        if not self._path:
            return []
        # Most lines are of other hosts, and need not be parsed to know it.
        marks = [json.dumps(host, ensure_ascii=ascii).encode("utf-8", "replace") for ascii in (True, False)] if host else [b""]
        with _usable(self._path):
            found = [parsed(line) for line in _lines_at(self._path) if any(mark in line for mark in marks)]
        return [entry for entry in found if entry and host in (None, entry["host"])]


class JournalTail:
    """Gives the entries that came since it was asked last, while others append to the file."""

    def __init__(self, path: str) -> None:
        self._path = os.path.expanduser(path)
        self._file: tuple[int, int] | None = None  # which one was read, and
        self._place = 0  # up to where

    def new_entries(self) -> list[Entry]:
        """Those of the new whole lines. A file that must not be read is empty, and one in another's place begins anew."""
        try:
            with _reading(self._path) as file:
                return [entry for entry in map(parsed, self._new_lines(file)) if entry]
        except OSError:
            self._file = None
            return []

    def _new_lines(self, file: BinaryIO) -> Iterator[bytes]:
        state = os.fstat(file.fileno())
        if self._file != (state.st_dev, state.st_ino) or state.st_size < self._place:
            self._file, self._place = (state.st_dev, state.st_ino), 0
        file.seek(self._place)
        for line in _lines(file):
            if line.endswith(b"\n"):
                yield line
                self._place = file.tell()


def _told(entry: Entry) -> dict[str, Any]:
    """What stands beside the time, the host and the step."""
    return {name: value for name, value in entry.items() if name not in ("at", "host", "step")}


@contextmanager
def _usable(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JournalError("The journal %s cannot be used: %s." % (path, error.strerror or error)) from None


@contextmanager
def _reading(path: str) -> Iterator[BinaryIO]:
    """The file, to be read. Raises OSError."""
    with opened(path, os.O_RDONLY) as handle, open(handle, "rb", closefd=False) as file:
        yield file


def _lines_at(path: str) -> Iterator[bytes]:
    """The lines of a file; none if it is not there yet. Raises OSError."""
    try:
        with _reading(path) as file:
            yield from _lines(file)
    except FileNotFoundError:
        pass


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file. One that is longer than any of ours is empty, and never in memory as a whole."""
    while line := file.readline(LONGEST + 1):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST + 1)
        yield line if rest is line and len(line) <= LONGEST else rest[-1:]


def _ends_a_line(handle: int) -> bool:
    """Whether the file is whole: a line that was cut off must not take the next one with it."""
    size = os.fstat(handle).st_size
    return not size or os.pread(handle, 1, size - 1) == b"\n"
