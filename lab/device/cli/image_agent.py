# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image agent: its configuration, `cns image retrieve`, and its show, clear and debug commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...profiles import Profile
from ..cns import DEFAULT_RETRY
from ..commands import Command, removes
from ..grammar import Match
from .system import secret_of

if TYPE_CHECKING:
    from ..shell import Shell

FLAGS = ("agent", "connection", "error")


def _has_agent(profile: Profile) -> bool:
    return profile.supports_image_agent


def _retrieves_in(mode: str) -> Callable[[Profile], bool]:
    return lambda profile: profile.supports_image_agent and mode in profile.retrieve_modes


def _enable(shell: Shell, match: Match) -> None:
    """`cns image` alone enables the agent and leaves a server as it is; with `server`, the line replaces the old one."""
    device = shell.device
    if server := match.get("server"):
        device.cns.set_image_urls(server, match.get("status"))
    elif not device.cns.image_enabled:
        device.running.set(("cns", "image"), "cns image", {})


def _disable(shell: Shell, match: Match) -> None:
    """One command, so its `no` form disables the agent whatever follows. Password and retry interval stay."""
    shell.device.running.remove("cns", "image")


def _password(shell: Shell, match: Match) -> None:
    shell.device.running.set(("cns", "image", "password"), "cns image password {secret}", secret=secret_of(shell, match))


def _retry(shell: Shell, match: Match) -> None:
    seconds = match["seconds"]
    if seconds == DEFAULT_RETRY:
        shell.device.running.remove("cns", "image", "retry")
    else:
        shell.device.running.set(("cns", "image", "retry"), f"cns image retry {seconds}", seconds)


def _retrieve(shell: Shell, match: Match) -> str:
    device = shell.device
    answer = device.image_agent.retrieve(match.get("server"), match.get("status"), trigger=shell.trigger)
    if not answer:
        device.enter_phase("retrieve")
    return answer


def _show_status(shell: Shell, match: Match) -> str:
    return shell.device.image_agent.status_text()


def _show_connections(shell: Shell, match: Match) -> str:
    return shell.device.image_agent.connections_text()


def _show_inventory(shell: Shell, match: Match) -> str:
    return shell.device.image_agent.inventory_text(shell.terminal.width)


def _clear_status(shell: Shell, match: Match) -> None:
    shell.device.image_agent.clear_status()


def _clear_connections(shell: Shell, match: Match) -> None:
    shell.device.image_agent.clear_connections()


def _named_flags(match: Match) -> tuple[str, ...]:
    one = match.one_of(*FLAGS)
    return (one,) if one else FLAGS


def _debugging_is(flags: tuple[str, ...], state: str) -> str:
    if flags == FLAGS:
        return f"All cns image debug flags are {state}"
    return f"CNS Image Agent {flags[0]} debugging is {state}"


def _debug(shell: Shell, match: Match) -> str:
    flags = _named_flags(match)
    shell.device.debug_flags.update(flags)
    return _debugging_is(flags, "on")


def _no_debug(shell: Shell, match: Match) -> str:
    flags = _named_flags(match)
    shell.device.debug_flags.difference_update(flags)
    return _debugging_is(flags, "off")


def _undebug_all(shell: Shell, match: Match) -> str:
    shell.device.debug_flags.clear()
    return "All possible debugging has been turned off"


def _show_debugging(shell: Shell, match: Match) -> str:
    flags = sorted(shell.device.debug_flags)
    return "CNS Image Agent:\n" + "".join(f"  CNS Image Agent {flag} debugging is on\n" for flag in flags) if flags else ""


_URLS = "[server <server> [status <status>]]"
_DEBUG = "cns image [agent | all | connection | error]"

COMMANDS = (
    Command("config", f"cns image ~ {_URLS}", _enable, no=_disable, when=_has_agent),
    Command(
        "config", "cns image password ~ [0 | 7] <password>", _password, no=removes("cns", "image", "password"), when=_has_agent
    ),
    Command("config", "cns image retry ~ <seconds:0-65535>", _retry, no=removes("cns", "image", "retry"), when=_has_agent),
    Command("config", f"cns image retrieve {_URLS}", _retrieve, when=_retrieves_in("config")),
    Command("privileged", f"cns image retrieve {_URLS}", _retrieve, when=_retrieves_in("exec")),
    Command("exec", "show cns image status", _show_status, when=_has_agent),
    Command("exec", "show cns image connections", _show_connections, when=_has_agent),
    Command("exec", "show cns image inventory", _show_inventory, when=_has_agent),
    Command("privileged", "clear cns image status", _clear_status, when=_has_agent),
    Command("privileged", "clear cns image connections", _clear_connections, when=_has_agent),
    Command("privileged", f"debug {_DEBUG}", _debug, no=_no_debug, when=_has_agent),
    Command("privileged", f"undebug {_DEBUG}", _no_debug, when=_has_agent),
    Command("privileged", "debug all", None, no=_undebug_all),
    Command("privileged", "undebug all", _undebug_all),
    Command("exec", "show debugging", _show_debugging),
)
