# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One report of several rollouts that took a part of a fleet each, such as the slices of a job. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import report, state

_WORST_FIRST = ("interrupted", "stopped", "finished")


def merge(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The report of all. A device that is in several is as the last of them that heard of it says; waves keep their numbers."""
    reports = [made for made in reports if made["total"]] or list(reports[:1])
    if len(reports) == 1:
        return reports[0]
    devices = _devices(reports)
    waves = sorted((wave for made in reports for wave in made["waves"]), key=lambda wave: wave["started"] or "")
    return {
        **reports[0],
        "target": {name: _joined(made["target"][name] for made in reports) for name in ("version", "image")},
        "state": next(name for name in _WORST_FIRST if any(made["state"] == name for made in reports)),
        "stopped": next((made["stopped"] for made in reports if made["stopped"]), None),
        "started": min(filter(None, (made["started"] for made in reports)), default=None),
        "ended": max(filter(None, (made["ended"] for made in reports)), default=None),
        **_longest(reports),
        "runs": sum(made["runs"] for made in reports),
        "total": len(devices),
        "counts": report.counts(devices),
        "devices": devices,
        "not_started": [device for device in devices if device["outcome"] in report.NOT_STARTED],
        "limit": [device["host"] for device in devices if device["outcome"] not in state.DONE],
        "waves": waves,
        "waves_to_come": [wave for made in reports for wave in made["waves_to_come"]],
        "axis": max((made["axis"] for made in reports), key=lambda axis: axis["seconds"]),
    }


def _longest(reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """They ran side by side, as far as anybody knows."""
    longest = max(reports, key=lambda made: made["seconds"])
    return {name: longest[name] for name in ("seconds", "duration")}


def _devices(reports: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for device in (device for made in reports for device in made["devices"]):
        known = found.get(device["host"])
        if known is None or _last_heard(device) >= _last_heard(known):
            found[device["host"]] = device
    return list(found.values())


def _last_heard(device: dict[str, Any]) -> str:
    return device["ended"] or device["started"] or ""


def _joined(texts: Any) -> str:
    return ", ".join(dict.fromkeys(filter(None, texts)))
