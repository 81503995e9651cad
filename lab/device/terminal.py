# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The terminal line of a session: echo, editing, `?`, and paging. Knows bytes and keys, not commands."""

from __future__ import annotations

import asyncio
from typing import Callable

ENTER, INTERRUPT, END = "\r", "\x03", "\x1a"
_ENDINGS = {ENTER: "\n", INTERRUPT: "^C\n", END: "^Z\n"}
_ERASE = ("\x7f", "\b")
_ESCAPE = "\x1b"
_MORE = " --More-- "


class Disconnected(Exception):
    """The other side has gone."""


class _Line:
    """A line while it is typed, and what of it is not on the screen yet."""

    def __init__(self, echo: bool) -> None:
        self.text = ""
        self._echo = echo
        self._unshown = ""

    def unshown(self) -> str:
        """What to show now."""
        shown, self._unshown = self._unshown, ""
        return shown

    def add(self, text: str) -> None:
        self.text += text
        self._unshown += text if self._echo else ""

    def erase(self) -> None:
        self._unshown += "\b \b" if self._echo and self.text else ""
        self.text = self.text[:-1]

    def replaced(self, prompt: str, text: str) -> str:
        """What to show for another line in its place."""
        old, self.text, self._unshown = self.text, text, ""
        return f"\r{prompt}{' ' * len(old)}\r{prompt}{text}"


class Terminal:
    """One line to a person or a program. `length` and `width` are those of `terminal length` and `terminal width`."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._keys: list[str] = []  # what has arrived and is not read yet, newest first
        self._arrived = asyncio.Event()
        self._ended = False
        self._gone = False
        self._room = asyncio.Event()
        self._room.set()
        self._at_line_start = True
        self._after_return = False
        self._history: list[str] = []
        self.length = 24
        self.width = 80

    def feed(self, data: bytes) -> None:
        """Take what the other side typed."""
        self._keys[:0] = reversed(data.decode("latin-1"))
        self._arrived.set()

    def end_input(self) -> None:
        """Nothing more will be typed; what is under way is still answered."""
        self._ended = True
        self._arrived.set()

    def hang_up(self) -> None:
        """The line is cut."""
        self._gone = True
        self._room.set()
        self.end_input()

    def has_room(self, room: bool) -> None:
        """Whether the other side takes more."""
        (self._room.set if room else self._room.clear)()

    async def room(self) -> None:
        """Wait until the other side takes more. Raises Disconnected."""
        await self._room.wait()
        if self._gone:
            raise Disconnected

    def write(self, text: str) -> None:
        """Print; a newline becomes CR LF."""
        if text and not self._gone:
            self._at_line_start = text.endswith("\n")
            self._send(text.replace("\n", "\r\n").encode("latin-1", "replace"))

    def interrupt(self, line: str) -> None:
        """Print a line of its own, wherever the cursor is."""
        self.write(f"{line}\n" if self._at_line_start else f"\n{line}\n")

    async def read_key(self) -> str:
        """The next key. A CR LF pair is one ENTER. Raises Disconnected."""
        while True:
            while self._keys:
                key = self._keys.pop()
                second_half = key == "\n" and self._after_return
                self._after_return = key == "\r"
                if not second_half:
                    return ENTER if key == "\n" else key
            if self._ended:
                raise Disconnected
            self._arrived.clear()
            await self._arrived.wait()

    async def read_line(
        self,
        prompt: str,
        echo: bool = True,
        help_for: Callable[[str], str] | None = None,
        complete: Callable[[str], str] | None = None,
    ) -> tuple[str, str]:
        """Print `prompt` and read a line; returns it and the key that ended it: ENTER, INTERRUPT or END.

        `help_for` gives the text to print when `?` is typed, `complete` what TAB adds.
        """
        self.write(prompt)
        line, recalled = _Line(echo), len(self._history)
        while True:
            if not self._keys:
                self.write(line.unshown())
            key = await self.read_key()
            if key in _ENDINGS:
                self.write(line.unshown() + _ENDINGS[key])
                if echo and line.text.strip():
                    self._history.append(line.text)
                return line.text, key
            if key == _ESCAPE:
                recalled = await self._recall(recalled)
                if echo:
                    self.write(line.replaced(prompt, ([*self._history, ""])[recalled]))
            elif key == "?" and help_for:
                self.write(f"{line.unshown()}?\n{help_for(line.text)}\n{prompt}{line.text}")
            elif key == "\t" and complete:
                line.add(complete(line.text))
            elif key in _ERASE:
                line.erase()
            elif key >= " ":
                line.add(key)

    async def _recall(self, position: int) -> int:
        """The rest of an escape sequence; up and down move through what was typed before."""
        if await self.read_key() != "[":
            return position
        step = {"A": -1, "B": 1}.get(await self.read_key(), 0)
        return min(max(position + step, 0), len(self._history))

    async def page(self, text: str) -> None:
        """Print an answer, a screen at a time unless `length` is 0."""
        lines = text.splitlines(keepends=True)
        room = self.length - 1
        while self.length and len(lines) > room:
            self.write("".join(lines[:room]))
            del lines[:room]
            self.write(_MORE)
            key = await self.read_key()
            self.write("\b" * len(_MORE) + " " * len(_MORE) + "\b" * len(_MORE))
            if key == " ":
                room = self.length - 1
            elif key == ENTER:
                room = 1
            else:
                return
        self.write("".join(lines))
