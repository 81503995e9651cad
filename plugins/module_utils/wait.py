# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The polling loop: ask, judge, pause, until there is a verdict or time is up. Clock and sleep are arguments."""

from __future__ import annotations

import collections

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway

FIRST_PAUSE = 2.0  # seconds before a device that is away is tried again; doubled up to the interval
SPREAD = 0.2  # of a pause: devices that started together do not ask together

Waited = collections.namedtuple("Waited", "verdict last_seen polls reloads elapsed")


def wait_for(observe, before, target, timeout, interval, clock, sleep, random, expect_reload=True, tell=None):
    """Observe a device until its upgrade is decided; return Waited.

    ``before`` is what was observed before the upgrade; without it the first observation serves. ``observe()`` returns an
    observation or raises DeviceAway. ``timeout`` and ``interval`` are seconds. ``random()`` is uniform
    in [0, 1). ``tell(phase, elapsed, detail)`` hears of every poll.
    """
    begin = clock()
    last_seen, away, polls, reloads = before, None, 0, 0
    pause = min(FIRST_PAUSE, interval)
    while True:
        left = timeout - (clock() - begin)
        if left <= 0:
            verdict = outcome.out_of_time(before or {}, last_seen or {}, away, timeout)
            return Waited(verdict, last_seen, polls, reloads, clock() - begin)
        sleep(min(left, pause * (1 + SPREAD * (2 * random() - 1))))
        polls += 1
        try:
            now = observe()
        except DeviceAway as error:
            away = error.message
            pause = min(pause * 2, interval)
            _tell(tell, "away", clock() - begin, away)
            continue
        away = None
        before, last_seen = before or now, last_seen or now
        reloads += outcome.reloaded(last_seen, now)
        last_seen = now
        verdict = outcome.judge(before, now, target, expect_reload)
        if verdict:
            return Waited(verdict, now, polls, reloads, clock() - begin)
        pause = min(pause * 2, interval)
        _tell(tell, "working" if outcome.in_progress(now) else "waiting", clock() - begin, "")


def _tell(tell, phase, elapsed, detail):
    if tell:
        tell(phase, elapsed, detail)
