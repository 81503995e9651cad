# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the devices of one network operating system speak: their prompts and their errors, as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Patterns look at this many bytes of a line at most: what device text may hold is not bounded, and some patterns of terminal
# plugins take time by the square of a line's length.
_LINE = 256
_BLOCK = 16384
_PROMPT = 128  # bytes of a prompt; one of IOS is a name of at most 63 characters and the mode


@dataclass(frozen=True)
class Terminal:
    """The patterns of a terminal plugin."""

    prompts: Sequence[re.Pattern[bytes]]
    errors: Sequence[re.Pattern[bytes]] = ()
    escapes: Sequence[re.Pattern[bytes]] = ()
    config_prompt: re.Pattern[str] | None = None

    def prompt_at_end(self, text: bytes) -> bytes | None:
        """The prompt that ``text`` ends with, or None.

        Patterns of prompts try every place of a long word, and what a device prints in small pieces is searched for each.
        """
        text = text[-_PROMPT:]
        return next((found.group() for found in (pattern.search(text) for pattern in self.prompts) if found), None)

    def configures_at(self, prompt: bytes | None) -> bool:
        """Whether ``prompt`` is one of configuration mode."""
        text = (prompt or b"").decode("utf-8", "replace").strip()
        return bool(text and self.config_prompt and self.config_prompt.match(text))

    def without_escapes(self, data: bytes) -> bytes:
        """``data`` without terminal control sequences."""
        for pattern in self.escapes:
            data = pattern.sub(b"", data)
        return data

    def is_error(self, block: bytes) -> bool:
        """Whether one of C(blocks) has words of error."""
        return any(pattern.search(block) for pattern in self.errors)


def terminal_from(plugin: Any) -> Terminal:
    """The patterns of a terminal plugin, which may be its class: loading one takes no connection."""
    return Terminal(
        prompts=tuple(plugin.terminal_stdout_re),
        errors=tuple(plugin.terminal_stderr_re),
        escapes=tuple(getattr(plugin, "ansi_re", ())),
        config_prompt=getattr(plugin, "terminal_config_prompt", None),
    )


def blocks(text: bytes) -> list[bytes]:
    """``text`` in pieces of whole lines, with long lines cut, so that a search in each takes a bounded time."""
    pieces, lines, size = [], [], 0
    for line in text.splitlines(keepends=True):
        line = line if len(line) <= _LINE else line[:_LINE] + b"\n"
        lines.append(line)
        size += len(line)
        if size >= _BLOCK:
            pieces.append(b"".join(lines))
            lines, size = [], 0
    return pieces + [b"".join(lines)] if lines else pieces
