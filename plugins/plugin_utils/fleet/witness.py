# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What devices post while they are waited for: a reason to poll at once, and a second witness, never a proof."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import json
import os
import stat
from collections.abc import Iterator
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.heard import Heard, Message, key

LOOK = 0.5  # seconds between two looks into the journal
PACE = 1.0  # seconds between two polls at least, however much a device posts
_MOST = 16 * 1024 * 1024  # bytes of the journal that are read at a time


class Witness:
    """Follows the journal of the receiver, for all devices of a task. Without a path nothing is heard."""

    def __init__(self, path: Optional[str]) -> None:
        self.listens = bool(path)
        self.heard = Heard()
        self._path = os.path.expanduser(path) if path else ""
        self._file: Optional[tuple[int, int]] = None  # which one was read, and
        self._place = 0  # up to where
        self._ears: collections.defaultdict[str, list[Ear]] = collections.defaultdict(list)
        self._following: Optional[asyncio.Future[None]] = None
        self.look()

    def look(self) -> None:
        """Take in what was written since. A journal that is not there, or cannot be read, has nothing."""
        if not self.listens:
            return
        for entry in _parsed(self._news()):
            if self.heard.add(entry):
                for ear in self._ears.get(key(entry.get("device") or ""), ()):
                    ear.came = True
                    ear.wake()

    def follow(self) -> None:
        """Look again and again, for as long as the event loop runs."""
        if self._following is None:
            self._following = asyncio.ensure_future(self._follow())

    async def _follow(self) -> None:
        while True:
            self.look()
            await asyncio.sleep(LOOK)

    def _news(self) -> bytes:
        """The whole lines that were not read yet. A file that took the place of another is read from its beginning."""
        with contextlib.suppress(OSError), _opened(self._path) as handle:
            state = os.fstat(handle)
            if self._file != (state.st_dev, state.st_ino) or state.st_size < self._place:
                self._file, self._place = (state.st_dev, state.st_ino), 0
            self._place = max(self._place, state.st_size - _MOST)
            text = os.pread(handle, _MOST, self._place)
            whole = text.rfind(b"\n") + 1
            self._place += whole
            return text[:whole]
        return b""

    def listen_for(self, ear: Ear, name: str) -> None:
        """Wake ``ear`` when a device of this name posts."""
        if ear not in self._ears[key(name)]:
            self._ears[key(name)].append(ear)


class Ear:
    """Listens for one device, which may post under several names."""

    def __init__(self, witness: Witness, *names: Optional[str]) -> None:
        self.came = False  # whether something was posted that no poll has followed yet
        self._witness = witness
        self._names: list[str] = []
        self._woken: Optional[asyncio.Event] = None
        for name in names:
            self.known_as(name)

    @property
    def listens(self) -> bool:
        """Whether there is a journal."""
        return self._witness.listens

    def known_as(self, name: Optional[str]) -> None:
        """The device may post under this name, too."""
        if name and self.listens and name not in self._names:
            self._names.append(name)
            self._witness.listen_for(self, name)

    def wake(self) -> None:
        """End the pause, if there is one."""
        if self._woken:
            self._woken.set()

    async def pause(self, seconds: float) -> None:
        """Pause for so long, or less if the device posts."""
        if not self.listens:
            await asyncio.sleep(seconds)
            return
        self._witness.follow()
        pace = min(seconds, PACE)
        await asyncio.sleep(pace)
        self._woken = asyncio.Event()
        if not self.came:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._woken.wait(), seconds - pace)
        self.came = False

    def look(self) -> bool:
        """For who pauses without an event loop: whether to pause no more."""
        self._witness.look()
        came, self.came = self.came, False
        return came

    def posted(self, since: float) -> Optional[list[Message]]:
        """What the device posted since then, in seconds since the epoch; None if nobody listens."""
        if not self.listens:
            return None
        self._witness.look()
        return self._witness.heard.of(self._names, since)


def parts(seconds: float) -> Iterator[float]:
    """The seconds of a pause, cut so that what is posted meanwhile ends it."""
    part = min(seconds, PACE)
    while seconds > 0:
        yield min(seconds, part)
        seconds, part = seconds - part, LOOK


@contextlib.contextmanager
def _opened(path: str) -> Iterator[int]:
    """Whoever wrote it, it proves nothing; so it may be the file of another user, but must not be a pipe that blocks."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("it is not a regular file")
        yield handle
    finally:
        os.close(handle)


def _parsed(text: bytes) -> Iterator[Any]:
    for line in text.splitlines():
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            continue
