# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When which device of which wave was in which phase, from the entries of a journal. Pure."""

from __future__ import annotations

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import words as phases
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import Entry, small_number

_TICKS = 6  # marks on the time axis, at most
_STEPS = (1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400)


def waves(entries: list[Entry]) -> list[Any]:
    """The waves that were begun, run by run, from sound entries about one target.

    A list of ``{"run", "wave", "of", "started", "seconds", "rows"}``, and a row is ``{"host", "outcome", "seconds",
    "segments"}`` with ``{"phase", "start", "seconds"}`` for each segment. All in seconds from the start of the wave.
    """
    return [_timed(wave) for wave in _begun(entries)]


def ticks(seconds: float) -> list[float]:
    """Where to mark an axis of so many seconds: round figures, 0 first."""
    step = next((step for step in _STEPS if seconds / step < _TICKS), seconds / (_TICKS - 1))
    return [number * step for number in range(_TICKS) if number * step <= seconds]


def _begun(entries: list[Entry]) -> list[dict[str, Any]]:
    """Each wave with the entries of its devices, and the time of the last entry before the next wave or run."""
    found: list[dict[str, Any]] = []
    run = 0
    for entry in entries:
        if entry["step"] == "rollout":
            run += 1
        elif entry["step"] == "wave":
            devices: dict[str, list[Entry]] = {host: [] for host in entry["hosts"]}
            found.append(dict(run=max(1, run), entry=entry, ended=entry["at"], devices=devices))
        elif found and entry["host"] in found[-1]["devices"]:
            found[-1]["devices"][entry["host"]].append(entry)
            found[-1]["ended"] = max(found[-1]["ended"], entry["at"])
    return found


def _timed(wave: dict[str, Any]) -> dict[str, Any]:
    entry, started = wave["entry"], wave["entry"]["at"]
    return {
        "run": wave["run"],
        "wave": int(entry["wave"]),
        "of": small_number(entry.get("of")),
        "started": started,
        "seconds": wave["ended"] - started,
        "rows": [_row(host, wave["devices"][host], started, wave["ended"]) for host in in_order(wave["devices"])],
    }


def _row(host: str, steps: list[Entry], started: float, ended: float) -> dict[str, Any]:
    end = next((step for step in steps if step["step"] == "ended"), None)
    last = end["at"] if end else ended
    segments = _segments(steps, started, last)
    return {
        "host": host,
        "outcome": end["outcome"] if end else "under_way" if steps else "never_reached",
        "segments": segments,
        "seconds": max(0, last - started) if steps else None,
    }


def _segments(steps: list[Entry], started: float, last: float) -> list[dict[str, Any]]:
    phase: str | None = phases.PREFLIGHT
    found, since = [], started
    for step in steps:
        then = phases.following(phase, step)
        if then != phase:
            found.append((phase, since, step["at"]))
            phase, since = then, step["at"]
        if phase is None:
            break
    else:
        if steps:
            found.append((phase, since, last))
    return [
        {"phase": name, "start": max(0, begin - started), "seconds": end - begin} for name, begin, end in found if end > begin
    ]
