# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait for an upgrade: poll, judge, pause, until there is a verdict or time is up. Pure; clock and sleep are arguments."""

from __future__ import annotations

import collections
from typing import Any, Awaitable, Callable

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway
from ansible_collections.cns.image_agent.plugins.module_utils.features.image import RETRY

FIRST_PAUSE = 2.0  # seconds before a device that is away is tried again; doubled up to the interval
SPREAD = 0.2  # of a pause: devices that started together do not ask together

Waited = collections.namedtuple("Waited", "verdict last_seen polls reloads elapsed")


class Waiting:
    """The wait for one upgrade, as a machine: told what was seen, it says how long to pause, or how it ended.

    ``verdict`` is an ``outcome.Verdict`` once it is decided, ``phase`` what the device is doing: working, waiting or away;
    ``detail`` says more about it. The agent tries again by itself, so a failure of its own is final when it has not begun
    another attempt within the retry interval and one poll more.
    """

    def __init__(
        self, before: Any, target: Any, timeout: float, interval: float, begun: float, expect_reload: bool = True
    ) -> None:
        """``before`` is what was observed before the upgrade; without it the first observation serves.

        ``timeout`` and ``interval`` are seconds; ``begun`` is the time now, on the clock of all that follows.
        """
        self.before = before
        self.target = target
        self.timeout = timeout
        self.begun = begun
        self.expect_reload = expect_reload
        self.last_seen = before
        self.away: str | None = None  # why the last question was not answered
        self.polls = self.reloads = 0
        self.phase: str | None = None
        self.verdict: outcome.Verdict | None = None
        self.detail = ""
        self.retry: int | None = None  # seconds after which the agent tries again by itself, once that is known
        self._failed_at: float | None = None  # of an attempt that the agent may retry
        self._failed_end: str | None = None
        self._interval = interval
        self._pause = min(FIRST_PAUSE, interval)

    def pause(self, now: float, random: float) -> float | None:
        """Seconds until the next poll; None once there is a verdict. ``random`` is uniform in [0, 1)."""
        left = self.timeout - (now - self.begun)
        if self.verdict is None and left <= 0:
            self.verdict = outcome.out_of_time(
                self.before or {},
                self.last_seen or {},
                self.away,
                self.timeout,
                self._held() if self._failed_at is not None else None,
            )
        if self.verdict is not None:
            return None
        return min(left, self._pause * (1 + SPREAD * (2 * random - 1)))

    def seen(self, observed: dict[str, Any], now: float) -> None:
        """The device answered the poll at the time ``now``."""
        self.polls += 1
        self.away = None
        self.before, self.last_seen = self.before or observed, self.last_seen or observed
        self.reloads += outcome.reloaded(self.last_seen, observed)
        self.last_seen = observed
        self.verdict = self._final(outcome.judge(self.before, observed, self.target, self.expect_reload), observed, now)
        self.detail = self._detail(observed)
        self._next("working" if outcome.in_progress(observed) else "waiting")

    def unanswered(self, why: str) -> None:
        """The device did not answer the poll."""
        self.polls += 1
        self.away = self.detail = why
        self._next("away")

    def _final(self, verdict: outcome.Verdict | None, observed: dict[str, Any], now: float) -> outcome.Verdict | None:
        """The verdict, unless it is a failure that the agent may yet retry."""
        if not outcome.may_be_retried(self.before, observed, verdict):
            self._failed_at = None
            return verdict
        if self._failed_at is None or self._failed_end != outcome.last_end(observed):
            self._failed_at, self._failed_end = now, outcome.last_end(observed)
        return verdict if now - self._failed_at >= self._held() + self._interval else None

    def _held(self) -> int:
        return RETRY if self.retry is None else self.retry

    def _detail(self, observed: dict[str, Any]) -> str:
        trouble = outcome.trouble(self.before, observed)
        if self._failed_at is None or self.verdict:
            return trouble
        waits = "the attempt failed, and the agent may try again within %d s" % self._held()
        return waits + (": " + trouble if trouble else "")

    def _next(self, phase: str) -> None:
        self.phase = phase
        self._pause = min(self._pause * 2, self._interval)


async def wait_for(
    waiting: Waiting,
    observe: Callable[[], Awaitable[Any]],
    clock: Callable[[], float],
    sleep: Callable[[float], Awaitable[None]],
    random: Callable[[], float],
    tell: Callable[..., None],
) -> Waited:
    """Poll a device until its upgrade is decided; return Waited.

    ``observe()`` is awaited for an observation, or raises DeviceAway. ``sleep(seconds)`` is awaited. ``random()`` is uniform
    in [0, 1). ``tell(phase, elapsed, detail)`` hears of every poll that decides nothing.
    """
    while True:
        pause = waiting.pause(clock(), random())
        if pause is None:
            return Waited(waiting.verdict, waiting.last_seen, waiting.polls, waiting.reloads, clock() - waiting.begun)
        await sleep(pause)
        try:
            waiting.seen(await observe(), clock())
        except DeviceAway as error:
            waiting.unanswered(error.message)
        if waiting.verdict is None:
            tell(waiting.phase, clock() - waiting.begun, waiting.detail)
