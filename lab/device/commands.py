# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command table: one entry per command, for all modes."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Union

from .grammar import Match

if TYPE_CHECKING:
    from ..profiles import Profile
    from .shell import Shell

Answer = Union[str, None]
Handler = Callable[["Shell", Match], Union[Answer, Awaitable[Answer]]]

# What follows the host name in the prompt. "exec" commands work in privileged EXEC too.
PROMPTS = {
    "exec": ">",
    "privileged": "#",
    "config": "(config)#",
    "interface": "(config-if)#",
    "kron-policy": "(config-kron-policy)#",
    "kron-occurrence": "(config-kron-occurrence)#",
    "trustpoint": "(ca-trustpoint)#",
}
CONFIG_MODES = tuple(mode for mode, prompt in PROMPTS.items() if prompt.startswith("("))


@dataclass(frozen=True)
class Command:
    """`run` answers with the text to print. `no` is the handler of the `no` form; `when` tells which profiles have it."""

    modes: str
    pattern: str
    run: Handler | None
    no: Handler | None = None
    when: Callable[[Profile], bool] | None = None


def removes(*key: str) -> Handler:
    """The `no` form of a command whose line is found under this key. `<name>` in it stands for what was typed there."""

    def no(shell: Shell, match: Match) -> None:
        shell.device.running.remove(*_filled(key, match))

    return no


def removes_child(*key: str) -> Handler:
    """The same for a line of a submode."""

    def no(shell: Shell, match: Match) -> None:
        shell.device.running.remove_child(shell.context, *_filled(key, match))

    return no


def _filled(key: tuple[str, ...], match: Match) -> list[str]:
    return [match[word[1:-1]] if word.startswith("<") else word for word in key]
