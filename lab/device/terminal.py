# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The terminal line of a session: echo, editing, `?`, and paging. Knows bytes and keys, not commands."""

from __future__ import annotations

import asyncio
from typing import Callable

ENTER, INTERRUPT, END = "\r", "\x03", "\x1a"
_ERASE = ("\x7f", "\b")
_ESCAPE = "\x1b"
_MORE = " --More-- "


class Disconnected(Exception):
    """The other side has gone."""


class Terminal:
    """One line to a person or a program. `length` and `width` are those of `terminal length` and `terminal width`."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._keys: list[str] = []  # what has arrived and is not read yet, newest first
        self._arrived = asyncio.Event()
        self._ended = False
        self._gone = False
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
        self.end_input()

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
        line, echoed = "", ""
        recalled = len(self._history)
        while True:
            if not self._keys:
                self.write(echoed)
                echoed = ""
            key = await self.read_key()
            if key in (ENTER, INTERRUPT, END):
                self.write(echoed + ("^Z" if key == END else "^C" if key == INTERRUPT else "") + "\n")
                if echo and line.strip():
                    self._history.append(line)
                return line, key
            if key in _ERASE:
                if line:
                    line = line[:-1]
                    echoed += "\b \b" if echo else ""
            elif key == _ESCAPE:
                recalled = await self._recall(recalled)
                if echo:
                    line = self._replace(prompt, line, self._history[recalled] if recalled < len(self._history) else "")
            elif key == "?" and help_for:
                self.write(f"{echoed}?\n{help_for(line)}\n{prompt}{line}")
                echoed = ""
            elif key == "\t" and complete:
                added = complete(line)
                line, echoed = line + added, echoed + added
            elif key >= " ":
                line += key
                echoed += key if echo else ""

    async def _recall(self, position: int) -> int:
        """The rest of an escape sequence; up and down move through what was typed before."""
        if await self.read_key() != "[":
            return position
        step = {"A": -1, "B": 1}.get(await self.read_key(), 0)
        return min(max(position + step, 0), len(self._history))

    def _replace(self, prompt: str, old: str, new: str) -> str:
        self.write(f"\r{prompt}{' ' * len(old)}\r{prompt}{new}")
        return new

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
