# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person sees of a wave while it runs: a line for each device and phase; of many devices counts and the first failures."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import words

EVERY = 30.0  # seconds between two counts
FAILED = 20  # devices that fail, of which each is told among many; the others are counted


class Teller:
    """Hears every step of every device of a wave, as it stands in the journal. ``say(text)`` prints a line."""

    def __init__(self, say: Callable[[str], None], hosts: int, clock: Callable[[], float]):
        self._say = say
        self._hosts = hosts
        self._clock = clock
        self._last = clock()
        self._phases: dict[str, Optional[str]] = {}
        self._ends: collections.Counter[str] = collections.Counter()
        self._failed = 0

    def hear(self, host: str, entry: dict[str, Any]) -> None:
        """A step of a device."""
        before = self._phases.get(host)
        phase = self._phases[host] = words.following(before, entry)
        if entry["step"] == "ended":
            self._ends[entry["outcome"]] += 1
        if self._hosts >= words.MANY:
            self._hear_one_of_many(host, entry)
        elif entry["step"] == "ended":
            self._say_end(host, entry)
        elif phase != before and phase is not None:
            self._say("%s: %s" % (host, words.words(phase)))

    def _say_end(self, host: str, entry: dict[str, Any]) -> None:
        self._say("%s: %s: %s" % (host, words.words(entry["outcome"]), entry["reason"]))

    def _hear_one_of_many(self, host: str, entry: dict[str, Any]) -> None:
        if entry["step"] == "ended" and words.kind(entry["outcome"]) == "bad":
            self._failed += 1
            if self._failed <= FAILED:
                self._say_end(host, entry)
            if self._failed == FAILED:
                self._say("%d devices have failed so far. The others that fail are counted here, and named in the end." % FAILED)
        self._count()

    def _count(self) -> None:
        over = sum(self._ends.values()) == self._hosts
        if not over and self._clock() - self._last < EVERY:
            return
        self._last = self._clock()
        phases = collections.Counter(phase for phase in self._phases.values() if phase)
        waiting = self._hosts - sum(phases.values()) - sum(self._ends.values())
        told = [words.counted({**phases, **self._ends}), "%d to come" % waiting if waiting > 0 else ""]
        self._say("%d devices: %s" % (self._hosts, ", ".join(filter(None, told))))
