# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command Scheduler: runs policy lists at their time, on the device's own clock."""

from __future__ import annotations

import asyncio
import time
from calendar import day_abbr, month_abbr
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Callable

from .grammar import CliError, Match, NotUnderstood
from .terminal import Disconnected, Terminal

if TYPE_CHECKING:
    from .device import Device
    from .shell import Shell

MAXIMUM_SCHEDULED = 31
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class When:
    """The time of an occurrence: `minutes` from now, a time of day (`at`), or the start of the system."""

    repeat: str  # oneshot, recurring or system-startup
    minutes: int | None = None
    at: tuple[int, int] | None = None
    month: int | None = None
    date: int | None = None
    day: int | None = None  # 1 is Monday

    @classmethod
    def from_match(cls, match: Match) -> When:
        fields = {name: match.get(name) for name in ("minutes", "at", "month", "date", "day")}
        return cls(repeat=match.one_of("oneshot", "recurring", "system-startup"), **fields)

    @property
    def text(self) -> str:
        """As the configuration shows it: `in 1:30 recurring`, `at 6:30 Jun 20 oneshot`, `system-startup`."""
        words = []
        if self.minutes is not None:
            hours, minutes = divmod(self.minutes, 60)
            days, hours = divmod(hours, 24)
            words = ["in", f"{days}:{hours}:{minutes}" if days else f"{hours}:{minutes}" if hours else str(minutes)]
        elif self.at is not None:
            words = ["at", f"{self.at[0]}:{self.at[1]:02d}"]
            words += [month_abbr[self.month]] if self.month else []
            words += [str(self.date)] if self.date else []
            words += [day_abbr[self.day - 1]] if self.day else []
        return " ".join([*words, self.repeat])

    @property
    def needs_clock(self) -> bool:
        return self.at is not None

    def next_after(self, now: datetime) -> datetime:
        """When a time of day comes next. A date that does not exist is looked for over four years."""
        hour, minute = self.at or (0, 0)
        moment = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        for _day in range(4 * 366):
            if moment > now and self._fits(moment):
                return moment
            moment += _DAY
        return moment

    def _fits(self, moment: datetime) -> bool:
        return (
            (self.month is None or moment.month == self.month)
            and (self.date is None or moment.day == self.date)
            and (self.day is None or moment.isoweekday() == self.day)
        )


class Kron:
    """The schedule of one device."""

    def __init__(self, device: Device, log_in: Callable[[Terminal], Shell]) -> None:
        self._device = device
        self._log_in = log_in  # makes the session in which a policy list runs
        self._waiting: dict[str, tuple[When, asyncio.Task]] = {}
        self._due: dict[str, float] = {}  # occurrence -> monotonic time of its next run

    def _occurrences(self) -> dict[str, When]:
        return {key[1]: entry.data for key, entry in self._device.running.below("kron-occurrence")}

    def scheduled_policies(self) -> int:
        return sum(len(entry.children or {}) for _key, entry in self._device.running.below("kron-occurrence"))

    def refresh(self, after_boot: bool = False, clock_changed: bool = False) -> None:
        """Wait for what the configuration has now. `after_boot` also starts what waits for the start of the system."""
        wanted = self._occurrences()
        for name, (when, _task) in list(self._waiting.items()):
            if wanted.get(name) != when or (clock_changed and when.needs_clock):
                self._forget(name)
        for name, when in wanted.items():
            ready = self._device.clock.is_set or not when.needs_clock
            if name not in self._waiting and ready and (after_boot or when.repeat != "system-startup"):
                self._waiting[name] = when, asyncio.create_task(self._wait_and_run(name, when))

    def stop(self) -> None:
        """End all waiting."""
        for name in list(self._waiting):
            self._forget(name)

    def _forget(self, name: str) -> None:
        _when, task = self._waiting.pop(name)
        self._due.pop(name, None)
        if task is not asyncio.current_task():  # a policy may well reload the device it runs on
            task.cancel()

    def _delay(self, when: When) -> float:
        if when.at is not None:
            now = self._device.now()
            return (when.next_after(now) - now).total_seconds()
        return (when.minutes or 0) * self._device.setup.kron_minute

    async def _wait_and_run(self, name: str, when: When) -> None:
        while True:
            delay = self._delay(when)
            self._due[name] = time.monotonic() + delay
            await asyncio.sleep(delay)
            policies = self._policies_of(name)
            if when.repeat == "oneshot":
                self._device.running.remove("kron-occurrence", name)
                self._forget(name)
            for policy in policies:
                await self.run_policy(policy)
            if when.repeat != "recurring":
                return

    def _policies_of(self, occurrence: str) -> list[str]:
        entry = self._device.running.get("kron-occurrence", occurrence)
        return [child.data for child in (entry.children or {}).values()] if entry else []

    async def run_policy(self, name: str) -> None:
        """Run a policy list. A command with a syntax error deletes the whole list; nobody answers questions."""
        device = self._device
        policy = device.running.get("kron-policy", name)
        if policy is None:
            return
        terminal = Terminal(lambda _data: None)
        terminal.end_input()
        terminal.length = 0
        shell = self._log_in(terminal)
        shell.trigger = "KRON"
        for child in list((policy.children or {}).values()):
            try:
                answer = await shell.execute(child.data)
            except NotUnderstood:
                device.running.remove("kron-policy", name)
                device.log(f"%KRON-3-SYNTAX: {child.data.split()[0]}: syntax error, policy list {name} deleted")
                return
            except CliError as error:
                answer = error.text
            except Disconnected:
                answer = "% the command asks a question"
            if answer.startswith("%") and policy.data:
                return

    def schedule_text(self) -> str:
        """`show kron schedule`"""
        lines = ["Kron Occurrence Schedule"]
        for name, when in self._occurrences().items():
            if name not in self._due:
                lines.append(f"{name} inactive, " + ("waits for the clock" if when.needs_clock else "runs at system startup"))
                continue
            left = max(self._due[name] - time.monotonic(), 0)
            days, rest = divmod(int(left), 86400)
            again = "again" if when.repeat == "recurring" else "once"
            shown = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
            lines.append(f"{name} inactive, will run {again} in {days} days {shown}")
        return "\n".join(lines) + "\n"
