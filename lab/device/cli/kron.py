# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command Scheduler: policy lists and occurrences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..commands import Command, removes, removes_child
from ..config import Entry
from ..grammar import CliError, Match
from ..kron import MAXIMUM_SCHEDULED, When

if TYPE_CHECKING:
    from ..shell import Shell


def _policy(shell: Shell, match: Match) -> None:
    key = ("kron-policy", match["name"])
    suffix = " conditional" if match.has("conditional") else ""
    old = shell.device.running.get(*key)
    text = f"kron policy-list {match['name']}{suffix}"
    shell.device.running.put(key, Entry(text, suffix, children=old.children if old else {}))
    shell.enter("kron-policy", key)


def _cli(shell: Shell, match: Match) -> None:
    command = match["command"]
    shell.device.running.set_child(shell.context, ("cli", command), f"cli {command}", command)


def _occurrence(shell: Shell, match: Match) -> str:
    device, key = shell.device, ("kron-occurrence", match["name"])
    when = When.from_match(match)
    user = f" user {match['user']}" if match.get("user") else ""
    old = device.running.get(*key)
    text = f"kron occurrence {match['name']}{user} {when.text}"
    device.running.put(key, Entry(text, when, children=old.children if old else {}))
    device.kron.refresh()
    shell.enter("kron-occurrence", key)
    if when.needs_clock and not device.clock.is_set:
        return "Warning: the clock is not set; this occurrence waits until it is."
    return ""


def _no_occurrence(shell: Shell, match: Match) -> None:
    shell.device.running.remove("kron-occurrence", match["name"])
    shell.device.kron.refresh()


def _use_policy(shell: Shell, match: Match) -> None:
    device = shell.device
    if device.kron.scheduled_policies() >= MAXIMUM_SCHEDULED:
        raise CliError(f"% Only {MAXIMUM_SCHEDULED} policy lists can be scheduled\n")
    device.running.set_child(shell.context, ("policy", match["name"]), f"policy-list {match['name']}", match["name"])


def _show(shell: Shell, match: Match) -> str:
    return shell.device.kron.schedule_text()


COMMANDS = (
    Command("config", "kron policy-list <name> ~ [conditional]", _policy, no=removes("kron-policy", "<name>")),
    Command("kron-policy", "cli <command:line>", _cli, no=removes_child("cli", "<command>")),
    Command(
        "config",
        "kron occurrence <name> ~ [user <user>] {in <minutes:interval> {oneshot | recurring | system-startup}"
        " | at <at:hhmm> [{<month:month> <date:1-31> | <date:1-31>}] [<day:day>] {oneshot | recurring | system-startup}"
        " | system-startup}",
        _occurrence,
        no=_no_occurrence,
    ),
    Command("kron-occurrence", "policy-list <name>", _use_policy, no=removes_child("policy", "<name>")),
    Command("exec", "show kron schedule", _show),
)
