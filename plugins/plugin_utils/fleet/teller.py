# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person sees of a wave while it runs: a line for each device and phase, or for many devices a count now and then."""

from __future__ import annotations

import collections
from collections.abc import Callable
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import words

MANY = 50  # devices, from which on they are counted
EVERY = 30.0  # seconds between two counts


class Teller:
    """Hears every step of every device of a wave, as it stands in the journal. ``say(text)`` prints a line."""

    def __init__(self, say: Callable[[str], None], hosts: int, clock: Callable[[], float]):
        self._say = say
        self._hosts = hosts
        self._clock = clock
        self._last = clock()
        self._phases: dict[str, Optional[str]] = {}
        self._ends: collections.Counter[str] = collections.Counter()

    def hear(self, host: str, entry: dict[str, Any]) -> None:
        """A step of a device."""
        before = self._phases.get(host)
        phase = self._phases[host] = words.following(before, entry)
        if phase is None and entry["step"] == "ended":
            self._ends[entry["outcome"]] += 1
        if self._hosts >= MANY:
            self._count()
        elif entry["step"] == "ended":
            self._say("%s: %s: %s" % (host, words.words(entry["outcome"]), safe(entry["reason"])))
        elif phase != before and phase is not None:
            self._say("%s: %s" % (host, words.words(phase)))

    def _count(self) -> None:
        over = sum(self._ends.values()) == self._hosts
        if not over and self._clock() - self._last < EVERY:
            return
        self._last = self._clock()
        phases = collections.Counter(phase for phase in self._phases.values() if phase)
        waiting = self._hosts - sum(phases.values()) - sum(self._ends.values())
        counts = [(number, words.words(name)) for name, number in [*phases.items(), *self._ends.items()]]
        counts += [(waiting, "to come")] if waiting > 0 else []
        self._say("%d devices: %s" % (self._hosts, ", ".join("%d %s" % count for count in counts)))
