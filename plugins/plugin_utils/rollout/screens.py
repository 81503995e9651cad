# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two ways to show the progress of a rollout, plain lines and a display that is redrawn, and the words of both."""

from __future__ import annotations

import os
import sys
from typing import Any, Callable

from ansible_collections.cns.image_agent.plugins.module_utils.names import natural
from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Change, Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.words import duration, kind, words

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


class PlainScreen:
    """One line per change, and now and then one that sums up, given to ``write``."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._summed_up: float | None = None  # when
        self._changed = False  # since then

    def show(self, progress: Progress, changes: list[Change], now: float) -> None:
        """Write what changed; where nothing did, nothing."""
        for change in changes:
            self._write(safe(change_line(change)))
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
        self._write(summary_line(progress, now))
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
        self._live.update(self._drawing(progress, now), refresh=True)
        self._seen = True

    def close(self, progress: Progress, now: float) -> None:
        """Leave the summary behind, and the terminal as it was."""
        self._live.stop()
        if self._seen:
            self._console.print(summary_line(progress, now), markup=False, highlight=False)
        self._file.close()

    def _drawing(self, progress: Progress, now: float) -> Any:
        most = max(1, min(_MOST_DEVICES, self._console.height - 4))
        devices = sorted(progress.devices.values(), key=lambda device: (device.begun, natural(device.host)))
        table = Table.grid(padding=(0, 2))
        for device in devices[:most]:
            table.add_row(
                Text(device.host, style="bold"),
                words(device.phase),
                Text(duration(now - device.since), style="dim"),
                Text(device.detail, style="yellow", overflow="ellipsis", no_wrap=True),
            )
        if len(devices) > most:
            table.add_row(Text("and %d more" % (len(devices) - most), style="dim"))
        done_bar = Table.grid()
        done_bar.add_row(ProgressBar(total=max(1, progress.total), completed=len(progress.outcomes), width=_BAR))
        return Group(table, done_bar, Text(summary_line(progress, now)))
