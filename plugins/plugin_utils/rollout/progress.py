# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is going on in a rollout right now, from the lines of its journal as they come. Pure."""

from __future__ import annotations

import collections
import heapq
import statistics
from collections.abc import Sized
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.names import natural
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import words as phases
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import Entry, is_sound

# A device that entered a phase, or ended with an outcome, ``seconds`` after its first sign of life in this run.
Change = collections.namedtuple("Change", "at host phase outcome reason seconds")
Device = collections.namedtuple("Device", "host phase since begun detail", defaults=("",))


class Progress:
    """Knows the devices of one run of a playbook.

    ``since``: what is older, in seconds since the epoch, belongs to earlier runs; of those only the durations count.
    ``slots``: how many devices are upgraded at a time; None is all of a wave.
    """

    def __init__(self, since: float = 0, slots: int | None = None) -> None:
        self._since, self._slots = since, slots
        self._durations: list[float] = []
        self._triggered_at: dict[Any, float] = {}
        self._begin(since, [])

    def _begin(self, at: float, waves: list[list[str]]) -> None:
        self.begun = at
        self.waves = waves
        self.wave = 0  # the number of the one that goes on; 0 before the first
        self._in_wave = 0  # devices, of which it is told at a time
        self.over = ""  # why nothing more is going to happen
        self.devices: dict[str, Device] = {}  # {host: Device}, those that are in a phase
        self.outcomes: dict[str, str] = {}  # {host: outcome}
        self.failed: list[Change] = []  # the ends that were not good

    def add(self, entry: Any) -> Change | None:
        """Take in one entry; return the Change it is, or None. Whatever is no sound entry is passed over."""
        if not is_sound(entry):
            return None
        self._measure(entry)
        if entry["at"] < self._since:
            return None
        if entry["host"] is not None:
            return self._of_device(entry["host"], entry)
        self._of_rollout(entry)
        return None

    def _measure(self, entry: Entry) -> None:
        if entry["step"] == "triggering":
            self._triggered_at[entry["host"]] = entry["at"]
        elif entry["step"] == "ended":
            begun = self._triggered_at.pop(entry["host"], None)
            if begun is not None and phases.kind(entry["outcome"]) == "good":
                self._durations.append(max(0, entry["at"] - begun))

    def _of_rollout(self, entry: Entry) -> None:
        if entry["step"] == "rollout":
            self._begin(entry["at"], entry["waves"])
        elif entry["step"] == "wave":
            self.wave, self._in_wave = int(entry["wave"]), len(entry["hosts"])
            for host in entry["hosts"]:
                self.devices[host] = Device(host, phases.PREFLIGHT, entry["at"], entry["at"])
        elif entry["step"] == "stopped":
            self.over = "stopped: " + entry["reason"]
        elif entry["step"] == "finished":
            self.over = "finished"

    def _of_device(self, host: str, entry: Entry) -> Change | None:
        at = entry["at"]
        known = self.devices.get(host) or Device(host, None, at, at)
        if entry["step"] == "ended":
            self.devices.pop(host, None)
            self.outcomes[host] = entry["outcome"]
            end = Change(at, host, None, entry["outcome"], entry["reason"], at - known.begun)
            self.failed += [end] if phases.kind(end.outcome) == "bad" else []
            return end
        if host in self.outcomes:
            return None  # what is noted after the end, such as the post-checks
        phase = phases.following(known.phase, entry)
        detail = entry.get("detail") or "" if entry["step"] == "phase" else known.detail
        if phase is None or (phase == known.phase and detail in ("", known.detail)):
            return None
        self.devices[host] = Device(host, phase, at if phase != known.phase else known.since, known.begun, detail)
        return Change(at, host, phase, None, detail, at - known.begun)

    # -- figures --------------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many devices this run is about."""
        planned = {host for wave in self.waves for host in wave}
        return len(planned | set(self.devices) | set(self.outcomes))

    @property
    def many(self) -> bool:
        """Whether there are too many devices to tell of each; a canary is one, however large its fleet."""
        return (self._in_wave or self.total) >= phases.MANY

    def numbers(self) -> dict[str, int]:
        """``{phase or outcome: how many devices}``."""
        return dict(collections.Counter([*(device.phase for device in self.devices.values()), *self.outcomes.values()]))

    def slowest(self) -> list[Device]:
        """The devices in progress, those first that have been in their phase the longest; last those that wait for their turn."""
        return sorted(
            self.devices.values(),
            key=lambda device: (device.phase in phases.EARLY, device.since, natural(device.host)),
        )

    def counts(self) -> collections.Counter[str]:
        """``{kind: number}`` of the devices that ended."""
        return collections.Counter(phases.kind(result) for result in self.outcomes.values())

    def remaining(self, now: float) -> float | None:
        """Estimated seconds until the end, from the median of the devices that were upgraded; None without any."""
        if self.over:
            return 0
        if not self._durations:
            return None
        usual = statistics.median(self._durations)
        later = self.waves[self.wave :]
        return self._rest_of_wave(now, usual) + sum(-(-len(wave) // self._slots_of(wave)) * usual for wave in later)

    def _slots_of(self, devices: Sized) -> int:
        return max(1, len(devices) if self._slots is None else self._slots)

    def _rest_of_wave(self, now: float, usual: Any) -> float:
        """When the last device of the wave is through, if each takes the slot that is free first."""
        running = [device for device in self.devices.values() if device.phase not in phases.EARLY]
        free_in = [max(0, usual - (now - self._triggered_at.get(device.host, device.begun))) for device in running]
        free_in += [0] * (self._slots_of(self.devices) - len(free_in))
        heapq.heapify(free_in)
        for _waiting in range(len(self.devices) - len(running)):
            heapq.heapreplace(free_in, free_in[0] + usual)
        return max(free_in)
