# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a journal says about a rollout. Pure: entries in, the state of each device out."""

from __future__ import annotations

import collections
from collections.abc import Iterable, Iterator
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.words import BLOCKED

NO_TARGET = {"version": None, "image": None}
DONE = (outcome.SUCCESS, outcome.UP_TO_DATE)
UNDER_WAY = "under_way"
NEVER_REACHED = "never_reached"
BAD = outcome.BAD + (BLOCKED,)
MAY_GO_ON = (outcome.TIMEOUT, outcome.UNKNOWN)  # ends after which the device may still be at work: it is asked, not triggered


def devices(entries: Iterable[Any], target: Any) -> dict[str, dict[str, Any]]:
    """``{host: {"outcome", "reason", "steps", ...}}`` from the entries of the rollout to ``target``.

    A device that was triggered and not seen to end is ``under_way``; one that was planned and has no step of its own is
    ``never_reached``.
    """
    found: dict[str, dict[str, Any]] = {}
    for entry in of_rollout(entries, target):
        if entry["step"] == "rollout":
            for wave, hosts in enumerate(entry.get("waves") or [], 1):
                for host in hosts:
                    found.setdefault(host, _new(wave))["wave"] = wave
        if entry.get("host"):
            _add(found.setdefault(entry["host"], _new(None)), entry)
    return found


def of_rollout(entries: Iterable[Any], target: Any) -> Iterator[Any]:
    """The entries of the rollout to ``target``, in which each device of a mixed fleet has a target of its own.

    The plan names it; a device that did not say what it is has none there, and whatever its own turn found out counts.
    """
    own: dict[Any, Any] = {}
    for entry in entries:
        if entry["step"] == "rollout" and entry.get("target") == target:
            own = entry["targets"] if isinstance(entry.get("targets"), dict) else {}
        host = entry.get("host")
        if entry.get("target") == own.get(host, target) or (host in own and own[host] == NO_TARGET):
            yield entry


def by_host(entries: Iterable[Any]) -> dict[str, list[Any]]:
    """``{host: its entries}``: a journal is long, and so is the list of the hosts that look for theirs."""
    found: dict[str, list[Any]] = collections.defaultdict(list)
    for entry in entries:
        if entry.get("host"):
            found[entry["host"]].append(entry)
    return dict(found)


def begun(steps: Iterable[Any], target: Any) -> dict[str, Any] | None:
    """``{"before", "snapshot"}`` of an upgrade to ``target`` whose end nobody has seen, or None. ``steps``: of one device."""
    found, snapshot = None, None
    for entry in steps:
        if entry.get("target") != target:
            continue
        if entry["step"] == "snapshot":
            snapshot = entry.get("snapshot")
        elif entry["step"] == "triggering":
            found = {"before": entry.get("before"), "snapshot": snapshot}
        elif entry["step"] == "ended" and entry.get("outcome") not in MAY_GO_ON:
            found = None
    return found


def _new(wave: int | None) -> dict[str, Any]:
    return {"outcome": NEVER_REACHED, "reason": "", "wave": wave, "started": None, "ended": None, "steps": []}


def _add(device: dict[str, Any], entry: Any) -> None:
    step = entry["step"]
    device["steps"].append(entry)
    if step == "triggering":
        device.update(outcome=UNDER_WAY, reason="", started=entry.get("at"), ended=None, before=entry.get("before"))
    elif step == "ended" and (device["outcome"], entry.get("outcome")) == (outcome.SUCCESS, outcome.UP_TO_DATE):
        pass  # up to date because this rollout upgraded it, as a worker that outlived its playbook has written down
    elif step == "ended":
        device.update(outcome=entry.get("outcome", outcome.UNKNOWN), reason=entry.get("reason", ""), ended=entry.get("at"))
        device["after"] = entry.get("after") or device.get("after")
    elif step == "checked":
        device["differences"] = entry.get("differences")
    elif step == "snapshot":
        device["snapshot"] = entry.get("snapshot")
    elif step == "preflight":
        device["findings"] = entry.get("findings")


def is_bad(end: str, target: outcome.Target) -> bool:
    """Whether an outcome counts as a failure of its wave. That the server has nothing new is one if a target was named."""
    return end in BAD or (end == outcome.NO_NEW_IMAGE and bool(target.version or target.image))
