# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two ways to show the progress of a rollout, plain lines and a display that is redrawn, and the words of both."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.names import natural
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Change, Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.words import EARLY, counted, duration, kind, words

try:
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text
except ImportError:
    HAS_RICH = False
else:
    HAS_RICH = True

_SUMMARY_EVERY = 60  # seconds, at the least
_MOST_DEVICES = 12  # lines of the redrawn display; the others are counted
_MOST_FAILED = 5  # of those that failed, beside
_SLOWEST = 3  # that are named in a line
_BAR = 30  # columns


def change_line(change: Change) -> str:
    """What a device did: ``R2: away (reloading), after 1 min 20 s``."""
    if change.outcome is None:
        detail = " (%s)" % change.reason if change.reason else ""
        return "%s: %s%s, after %s" % (change.host, words(change.phase), detail, duration(change.seconds))
    reason = ": " + change.reason if kind(change.outcome) == "bad" and change.reason else ""
    return "%s: %s after %s%s" % (change.host, words(change.outcome), duration(change.seconds), reason)


def summary_line(progress: Progress, now: float) -> str:
    """How far it is: ``wave 2 of 3, 4 of 12 devices ended, 3 in progress, 1 failed; 5 min so far, about 10 min to go``."""
    told = ["wave %d of %d" % (progress.wave, len(progress.waves))] if progress.wave else []
    told.append("%d of %d devices ended" % (len(progress.outcomes), progress.total))
    if progress.devices:
        told.append("%d in progress" % len(progress.devices))
    bad = progress.counts()["bad"]
    if bad:
        told.append("%d failed" % bad)
    return "%s; %s so far, %s" % (", ".join(told), duration(now - progress.begun), _to_go(progress, now))


def _to_go(progress: Progress, now: float) -> str:
    if progress.over:
        return progress.over
    seconds = progress.remaining(now)
    return "time to go unknown" if seconds is None else "about %s to go" % duration(seconds)


def counts_line(progress: Progress) -> str:
    """Where many devices are: ``12 away (reloading), 250 upgraded, 3 failed, 735 to come``."""
    numbers = progress.numbers()
    to_come = progress.total - sum(numbers.values())
    return ", ".join(filter(None, (counted(numbers), "%d to come" % to_come if to_come > 0 else "")))


def slowest_line(progress: Progress, now: float) -> str:
    """The devices to look at: ``slowest: R17 away (reloading) for 12 min, R3 agent at work for 11 min``."""
    slow = [device for device in progress.slowest()[:_SLOWEST] if device.phase not in EARLY]
    told = ["%s %s for %s" % (device.host, words(device.phase), duration(now - device.since)) for device in slow]
    return "slowest: " + ", ".join(told) if slow else ""


class PlainScreen:
    """One line per change, and now and then one that sums up, given to ``write``. Of many devices only failures have a line."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._summed_up: float | None = None  # when
        self._changed = False  # since then

    def show(self, progress: Progress, changes: list[Change], now: float) -> None:
        """Write what changed; where nothing did, nothing."""
        failed = [change for change in changes if change.outcome and kind(change.outcome) == "bad"]
        for change in failed[:_MOST_DEVICES] if progress.many else changes:
            self._write(Door().line(change_line(change)))
        if progress.many and len(failed) > _MOST_DEVICES:
            self._write("and %d more failed" % (len(failed) - _MOST_DEVICES))
        self._changed = self._changed or bool(changes)
        if self._summed_up is None:
            self._summed_up = now
        elif self._changed and now - self._summed_up >= _SUMMARY_EVERY:
            self._sum_up(progress, now)

    def close(self, progress: Progress, now: float) -> None:
        """Sum up what has changed since the last time."""
        if self._changed:
            self._sum_up(progress, now)

    def _sum_up(self, progress: Progress, now: float) -> None:
        lines = [counts_line(progress), slowest_line(progress, now)] if progress.many else []
        for line in filter(None, [summary_line(progress, now), *lines]):
            self._write(Door().line(line))
        self._summed_up, self._changed = now, False


class LiveScreen:
    """Devices in progress, a bar and a summary, redrawn below whatever else is printed on the terminal."""

    def __init__(self, terminal: int) -> None:
        """``terminal``: file descriptor of the terminal."""
        # A file of its own. Through sys.stderr, which core guards with a lock that it also holds as it prints,
        # the thread that draws and the one that prints would wait for each other.
        self._file = os.fdopen(os.dup(terminal), "w", encoding="utf-8")
        self._console = Console(file=self._file, force_terminal=True)
        self._live = Live(
            console=self._console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
            redirect_stderr=sys.stderr.isatty(),
            vertical_overflow="crop",
        )
        self._seen = False

    def show(self, progress: Progress, changes: list[Change], now: float) -> None:
        """Draw again."""
        if not self._live.is_started:
            self._live.start()
            self._console.show_cursor(True)  # or a playbook that is killed leaves a terminal without one
        self._live.update(drawing(progress, now, self._console.width, self._console.height), refresh=True)
        self._seen = True

    def close(self, progress: Progress, now: float) -> None:
        """Leave the summary behind, and the terminal as it was."""
        self._live.stop()
        if self._seen:
            self._console.print(Door().line(summary_line(progress, now)), markup=False, highlight=False)
        self._file.close()


def drawing(progress: Progress, now: float, width: int, height: int) -> Any:
    """What fits on a terminal: the devices that are slowest, those that failed last, and how many are where."""
    sums = [counts_line(progress)] if progress.many else []
    sums.append(summary_line(progress, now))
    room = height - 3 - sum(-(-len(line) // width) for line in sums)  # beside the bar, and a line of what is printed
    failed = _failed(progress, max(1, min(_MOST_FAILED, room // 3)))
    devices = _devices(progress, now, max(1, min(_MOST_DEVICES, room - len(failed) - 1)))
    line = Table.grid()
    line.add_row(ProgressBar(total=max(1, progress.total), completed=len(progress.outcomes), width=_BAR))
    return Group(devices, *failed, line, *map(_text, sums))


def _devices(progress: Progress, now: float, most: int) -> Any:
    """A line for each device in progress; if they are more than that, for those that are slowest."""
    table = Table.grid(padding=(0, 2))
    shown = progress.slowest()
    more = len(shown) - most
    if more <= 0:
        shown.sort(key=lambda device: (device.begun, natural(device.host)))
    for device in shown[:most]:
        table.add_row(
            _text(device.host, style="bold", overflow="ellipsis", no_wrap=True),
            Text(words(device.phase), no_wrap=True),
            Text(duration(now - device.since), style="dim", no_wrap=True),
            _text(device.detail, style="yellow", overflow="ellipsis", no_wrap=True),
        )
    return Group(table, Text("and %d more" % more, style="dim")) if more > 0 else table


def _failed(progress: Progress, most: int) -> list[Any]:
    """A line for each of those that failed last."""
    return [_text(change_line(change), style="red", overflow="ellipsis", no_wrap=True) for change in progress.failed[-most:]]


def _text(line: str, **options: Any) -> Any:
    """A line of the display."""
    return Text(Door().line(line), **options)
