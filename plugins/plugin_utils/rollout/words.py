# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The phases of an upgrade, as its journal tells them, and words for them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import outcome

PREFLIGHT, PREPARING, TRIGGERED, WORKING, AWAY, BACK = "preflight", "preparing", "triggered", "working", "away", "back"
BLOCKED, SKIPPED = "blocked", "skipped"  # ends of devices that were never triggered
PHASES = (PREFLIGHT, PREPARING, TRIGGERED, WORKING, AWAY, BACK)
EARLY = (PREFLIGHT, PREPARING)  # of a device that was not triggered yet
MANY = 50  # devices, from which on people are told how many are in which phase, and not of each

WORDS = {
    PREFLIGHT: "preflight",
    PREPARING: "preparing",
    TRIGGERED: "triggered",
    WORKING: "agent at work",
    AWAY: "away (reloading)",
    BACK: "back (checking)",
    outcome.SUCCESS: "upgraded",
    outcome.UP_TO_DATE: "on the target already",
    outcome.NO_NEW_IMAGE: "no new image",
    outcome.FAILED: "failed",
    outcome.TIMEOUT: "timed out",
    outcome.UNKNOWN: "unknown",
    "blocked": "blocked",
    "skipped": "skipped",
    "under_way": "in progress",
    "never_reached": "not reached",
}

# In the order in which they are told. ``open``: neither good nor bad yet.
KINDS = {
    outcome.SUCCESS: "good",
    outcome.UP_TO_DATE: "good",
    outcome.NO_NEW_IMAGE: "idle",
    outcome.FAILED: "bad",
    outcome.TIMEOUT: "bad",
    outcome.UNKNOWN: "bad",
    "blocked": "bad",
    "skipped": "idle",
    "under_way": "open",
    "never_reached": "idle",
}


def kind(result: str) -> str:
    """``good``, ``bad``, ``open`` or ``idle`` for an outcome; one that nobody knows is bad."""
    return KINDS.get(result, "bad")


def words(name: Any) -> str:
    """A phase or an outcome in words."""
    return WORDS.get(name, name)


def counted(numbers: Mapping[str, int]) -> str:
    """How many devices are in which phase, or ended with which outcome: ``12 away (reloading), 250 upgraded, 3 failed``."""
    order = {name: place for place, name in enumerate((*PHASES, *KINDS))}
    told = sorted(filter(numbers.get, numbers), key=lambda name: order.get(name, len(order)))
    return ", ".join("%d %s" % (numbers[name], words(name)) for name in told)


def following(phase: str | None, entry: Any) -> str | None:
    """The phase a device is in after an entry of its own, None after its end. ``phase`` is the one before."""
    step = entry["step"]
    if step == "ended":
        return None
    if step == "preflight":
        return PREPARING
    if step in ("triggering", "triggered"):
        return TRIGGERED
    if step == "phase":
        return _told(phase, entry["phase"])
    return phase


def _told(phase: str | None, told: str) -> str:
    """The wait calls a device that answers and is not at work ``waiting``, before and after its reload."""
    if told in (WORKING, AWAY):
        return told
    return BACK if phase in (AWAY, BACK) else TRIGGERED


def duration(seconds: float | None) -> str:
    """``75`` -> ``1 min 15 s``; minutes and seconds up to an hour, then hours and minutes."""
    if seconds is None:
        return ""
    seconds = max(0, round(seconds))
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return "%d h %d min" % (hours, minutes % 60) if minutes % 60 else "%d h" % hours
    if minutes and seconds % 60:
        return "%d min %d s" % (minutes, seconds % 60)
    return "%d min" % minutes if minutes else "%d s" % seconds
