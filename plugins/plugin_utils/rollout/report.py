# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a rollout: plain data for the page, for JSON and for CSV alike. Pure."""

from __future__ import annotations

import collections
import datetime
import itertools
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order
from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import heard, timeline
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state as rollout
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import words as phases
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import small_number, sound

# Outcomes of devices that were never sent anything.
NOT_STARTED = ("blocked", "skipped", rollout.NEVER_REACHED)


def report(entries: Any) -> dict[str, Any]:
    """What became of the newest rollout in the entries of a journal; see the documentation of cns_fleet_report.

    Nothing an entry holds makes it raise.
    """
    entries = sound(entries)
    target = newest_target(entries)
    entries = list(rollout.of_rollout(entries, target))
    runs = _runs(entries)
    state, stopped = _state(runs[-1] if runs else [])
    found = rollout.devices(entries, target)
    devices = [_device(host, found[host], stopped) for host in in_order(found)]
    waves = timeline.waves(entries)
    longest = max([wave["seconds"] for wave in waves], default=0)
    seconds = sum(max(0, run[-1]["at"] - run[0]["at"]) for run in runs)
    return {
        "target": {name: _text(_at(target, name)) for name in ("version", "image")},
        "state": state,
        "stopped": stopped,
        "started": _time(entries[0]["at"]) if entries else None,
        "ended": _time(entries[-1]["at"]) if entries else None,
        "seconds": round(seconds, 1),
        "duration": phases.duration(seconds),
        "runs": len(runs),
        "total": len(devices),
        "counts": counts(devices),
        "devices": devices,
        "not_started": [device for device in devices if device["outcome"] in NOT_STARTED],
        "limit": [device["host"] for device in devices if device["outcome"] not in rollout.DONE],
        "waves": [_wave(wave) for wave in waves],
        "waves_to_come": _to_come(runs[-1]) if runs else [],
        "axis": {
            "seconds": longest,
            "ticks": [dict(seconds=tick, duration=phases.duration(tick)) for tick in timeline.ticks(longest)],
        },
    }


def rows(devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The devices of a report as flat rows, without what is there for the page alone."""
    return [
        {
            **{key: device[key] for key in _FLAT},
            "findings": "; ".join("%(severity)s: %(what)s" % finding for finding in device["findings"]),
            "differences": "; ".join(
                "%(what)s: %(before)s -> %(after)s (%(verdict)s)" % difference for difference in device["differences"]
            ),
            "posted": "; ".join(device["posted"]),
            "disagreement": device["disagreement"],
        }
        for device in devices
    ]


_FLAT = (
    "host",
    "wave",
    "model",
    "old_version",
    "new_version",
    "old_image",
    "new_image",
    "outcome",
    "reason",
    "started",
    "ended",
    "seconds",
    "reloads",
)


def newest_target(entries: Any) -> Any:
    """The target of the newest rollout."""
    planned = [entry for entry in entries if entry["step"] == "rollout"]
    return (planned or entries)[-1].get("target") if entries else None


def _runs(entries: Any) -> list[list[dict[str, Any]]]:
    """The entries of each run of the playbook, the first of them its plan."""
    found: list[list[dict[str, Any]]] = []
    for entry in entries:
        if entry["step"] == "rollout" or not found:
            found.append([])
        found[-1].append(entry)
    return found


def _state(run: list[dict[str, Any]]) -> tuple[str, dict[str, Any] | None]:
    """``finished``, ``stopped`` or ``interrupted``, and where and why it stopped, or None."""
    stop = next((entry for entry in run if entry["step"] == "stopped"), None)
    if stop:
        return "stopped", {"wave": small_number(stop.get("wave")), "reason": _text(stop["reason"]), "at": _time(stop["at"])}
    return ("finished" if any(entry["step"] == "finished" for entry in run) else "interrupted"), None


def counts(devices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many devices had which outcome, with words for it."""
    number = collections.Counter(device["outcome"] for device in devices)
    order = [name for name in phases.KINDS if name in number] + sorted(set(number) - set(phases.KINDS))
    return [dict(outcome=name, label=phases.words(name), kind=phases.kind(name), count=number[name]) for name in order]


def _device(host: str, seen: dict[str, Any], stopped: Any) -> dict[str, Any]:
    after, end, preflight = seen.get("after"), _last(seen["steps"], "ended"), _last(seen["steps"], "preflight")
    running, posted = preflight.get("running"), _last(seen["steps"], "posted")
    before = seen.get("before") or running or after
    took = seen["ended"] - seen["started"] if seen["started"] and seen["ended"] else None
    return {
        "host": host,
        "wave": seen["wave"],
        "model": _text(_at(running, "model")),
        "old_version": _release(before),
        "new_version": _release(after),
        "old_image": _text(_at(before, "image_file")),
        "new_image": _text(_at(after, "image_file")),
        "outcome": seen["outcome"],
        "label": phases.words(seen["outcome"]),
        "kind": phases.kind(seen["outcome"]),
        "reason": _text(seen["reason"]) or _why(seen["outcome"], stopped),
        "started": _time(seen["started"]),
        "ended": _time(seen["ended"]),
        "seconds": None if took is None else round(took, 1),
        "duration": phases.duration(took),
        "reloads": _number(end.get("reloads")),
        "findings": [_finding(item) for item in _dicts(seen.get("findings")) if item.get("severity") != "ok"],
        "differences": [_difference(item) for item in _dicts(seen.get("differences"))],
        "posted": [heard.in_words(message) for message in _dicts(posted.get("messages")) if heard.is_sound(message)],
        "disagreement": _text(posted.get("disagreement")),
    }


def _why(result: dict[str, Any], stopped: Any) -> str:
    """The reason of a device that has no end of its own."""
    if result == rollout.UNDER_WAY:
        return "it was triggered, and its end was not seen: run the playbook again, which waits for it"
    if result == rollout.NEVER_REACHED:
        return "the rollout stopped before its turn" if stopped else "the run ended before its turn"
    return ""


def _difference(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "what": _text(item.get("what")).replace("_", " "),
        "before": _text(item.get("before")),
        "after": _text(item.get("after")),
        "verdict": _text(item.get("verdict")),
    }


def _finding(item: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(item.get(name)) for name in ("severity", "what", "why", "fix")}


def _wave(wave: dict[str, Any]) -> dict[str, Any]:
    ends = collections.Counter(phases.kind(row["outcome"]) for row in wave["rows"])
    rows_in_words = [
        {
            **row,
            "kind": phases.kind(row["outcome"]),
            "label": phases.words(row["outcome"]),
            "duration": phases.duration(row["seconds"]),
            "told": ", ".join(
                "%s %s" % (phases.words(name), phases.duration(sum(part["seconds"] for part in parts)))
                for name, parts in itertools.groupby(row["segments"], key=lambda part: part["phase"])
            ),
        }
        for row in wave["rows"]
    ]
    return {
        **wave,
        "started": _time(wave["started"]),
        "duration": phases.duration(wave["seconds"]),
        "good": ends["good"],
        "bad": ends["bad"],
        "rows": rows_in_words,
    }


def _to_come(run: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The planned waves of a run that were not begun, ``[{"wave", "hosts"}]``."""
    begun = {int(entry["wave"]) for entry in run if entry["step"] == "wave"}
    planned = run[0].get("waves") or []
    return [dict(wave=number, hosts=hosts) for number, hosts in enumerate(planned, 1) if number not in begun]


def _time(at: float | None) -> str | None:
    """Seconds since the epoch as ISO 8601 in the time zone of the controller."""
    return None if at is None else datetime.datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")


def _release(observation: Any) -> str:
    return _text(_at(observation, "xe_version") or _at(observation, "version"))


def _at(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _last(steps: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next((step for step in reversed(steps) if step["step"] == name), {})


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _number(value: Any) -> int | float | None:
    return value if isinstance(value, int) else None


def _text(value: Any) -> str:
    """A line that acts on nothing: not on a terminal, not on a page."""
    if isinstance(value, list):
        return safe(", ".join(map(_text, value)))
    return "" if value is None else safe(value)
