# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a device answers that means no good, or is broken: too slowly, without end, or with what only looks like a prompt."""

from __future__ import annotations

import asyncio

from ..faults import Faults
from .terminal import Terminal

RENAMED = "renamed-by-another"
_ENDLESS = ("x" * 76 + "\n") * 50
_LOOK_ALIKE = "{prompt}\nR9>\n{name}(config)#\n{prompt}\n\n{prompt} \nPassword: \nERROR: not found\n"
# NULs, bytes that are no UTF-8, a window title, a cleared screen, and a cursor that goes back.
_GARBAGE = "\x00\x00\xff\xfe\xc3\x1b]0;taken\x07\x1b[2J\x1b[1;31m\x9b2K\x85\x08\x08\x08\x00\n"


def disguised(faults: Faults, line: str, answer: str, prompt: str) -> str:
    """The answer to a line, with what the device puts into the middle of what it shows."""
    inside = _LOOK_ALIKE.format(prompt=prompt, name=prompt.rstrip("#>")) if "look-alike" in faults else ""
    inside += _GARBAGE if "garbage" in faults else ""
    if not inside or not line.lstrip().startswith(("show", "dir")):
        return answer
    lines = answer.splitlines(keepends=True)
    half = len(lines) // 2
    return "".join([*lines[:half], inside, *lines[half:]])


async def flood(terminal: Terminal) -> None:
    """Print until the other side has gone. Raises Disconnected."""
    while True:
        terminal.write(_ENDLESS)
        await terminal.room()
        await asyncio.sleep(0)


async def drip(terminal: Terminal, text: str, seconds: float) -> None:
    """Print a byte, pause, print a byte. Raises Disconnected."""
    for byte in text:
        terminal.write(byte)
        await asyncio.sleep(seconds)
        await terminal.room()
