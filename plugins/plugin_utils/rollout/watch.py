# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Follow the journal of a rollout in a thread, and show what happens, also while every task waits."""

from __future__ import annotations

import atexit
import threading
import time
from typing import Any, Callable

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import JournalTail
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Progress

_PATIENCE = 5  # seconds for the thread to end


class Watch:
    """Shows on ``screen`` what is appended to the journal at ``path``, every ``interval`` seconds.

    Entries from before ``since``, in seconds since the epoch, are of earlier runs. ``slots``: devices at a time,
    None for all of a wave.
    """

    def __init__(self, path: str, screen: Any, since: float, slots: int | None, interval: float) -> None:
        self._tail, self._screen, self._interval = JournalTail(path), screen, interval
        self._progress = Progress(since, slots)
        self._stopping = threading.Event()
        # A daemon, so that it never keeps the playbook from ending.
        self._thread = threading.Thread(target=self._follow, name="cns_progress", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        atexit.register(self.stop)  # for a playbook that the user interrupts
        self._thread.start()

    def stop(self) -> None:
        """Show what came last, once, and tidy the screen."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        atexit.unregister(self.stop)
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            return  # it hangs, as on a terminal that was stopped with Ctrl-S: that must not keep the playbook
        self._safely(self._look)
        self._safely(lambda: self._screen.close(self._progress, time.time()))

    def _follow(self) -> None:
        while not self._stopping.wait(self._interval):
            if not self._safely(self._look):
                return

    def _look(self) -> None:
        changes = [change for change in map(self._progress.add, self._tail.new_entries()) if change]
        if self._progress.total:
            self._screen.show(self._progress, changes, time.time())

    @staticmethod
    def _safely(act: Callable[[], None]) -> bool:
        """Whether it could be done: a terminal that was closed must not end the playbook, nor print a traceback."""
        try:
            act()
        except (OSError, ValueError):
            return False
        return True
