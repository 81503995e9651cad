# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Getting around: enable, configure, exit, terminal."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from ..commands import CONFIG_MODES, Command
from ..grammar import CliError, Match

if TYPE_CHECKING:
    from ..shell import Shell

_TRIES = 3


async def _enable(shell: Shell, match: Match) -> str:
    secret = shell.device.enable_secret
    if shell.mode == "privileged":
        return ""
    if secret is None:
        raise CliError("% Error in authentication.\n")
    for _try in range(_TRIES):
        typed = await shell.ask("Password: ", echo=False)
        if typed is None:
            return ""
        if hmac.compare_digest(typed.encode(), secret.encode()):
            shell.enter("privileged")
            return ""
    raise CliError("% Bad secrets\n")


def _disable(shell: Shell, match: Match) -> None:
    shell.enter("exec")


def _configure(shell: Shell, match: Match) -> str:
    shell.enter("config")
    return "Enter configuration commands, one per line.  End with CNTL/Z."


async def _configure_asking(shell: Shell, match: Match) -> str:
    wanted = await shell.ask("Configuring from terminal, memory, or network [terminal]? ")
    if wanted is None or (wanted and not "terminal".startswith(wanted)):
        return '?Must be "terminal"\n'
    return _configure(shell, match)


def _leave(shell: Shell, match: Match) -> None:
    shell.open = False


def _leave_submode(shell: Shell, match: Match) -> None:
    if shell.mode == "config":
        shell.leave_configuration()
    else:
        shell.enter("config")


def _end(shell: Shell, match: Match) -> None:
    shell.leave_configuration()


def _length(shell: Shell, match: Match) -> None:
    shell.terminal.length = match.get("lines", 24)


def _width(shell: Shell, match: Match) -> None:
    shell.terminal.width = match.get("columns", 80)


def _monitor(shell: Shell, match: Match) -> None:
    shell.monitor = not match.one_of("no")


def _privilege(shell: Shell, match: Match) -> str:
    return f"Current privilege level is {shell.privilege}"


_ALL_CONFIG = " ".join(CONFIG_MODES)

COMMANDS = (
    Command("exec", "enable [<level:0-15>]", _enable),
    Command("exec", "disable", _disable),
    Command("exec", "exit", _leave),
    Command("exec", "logout", _leave),
    Command("exec", "quit", _leave),
    Command("exec", "terminal length ~ <lines:0-512>", _length, no=_length),
    Command("exec", "terminal width ~ <columns:0-512>", _width, no=_width),
    Command("exec", "terminal monitor", _monitor),
    Command("exec", "terminal no monitor", _monitor),
    Command("exec", "show privilege", _privilege),
    Command("privileged", "configure", _configure_asking),
    Command("privileged", "configure terminal", _configure),
    Command(_ALL_CONFIG, "exit", _leave_submode),
    Command(_ALL_CONFIG, "end", _end),
)
