# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a journal says about a rollout. Pure: entries in, the state of each device out."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils import outcome

DONE = (outcome.SUCCESS, outcome.UP_TO_DATE)
UNDER_WAY = "under_way"
NEVER_REACHED = "never_reached"
# How a device may end without counting against the wave.
FINE = DONE + (outcome.NO_NEW_IMAGE, "skipped")
# What is said of a device where its steps would be too much
SUMMARY = ("outcome", "reason", "wave", "started", "ended")


def devices(entries, target):
    """``{host: {"outcome", "reason", "steps", ...}}`` from the entries about ``target``.

    A device that was triggered and not seen to end is ``under_way``; one that was planned and has no step of its own is
    ``never_reached``.
    """
    found = {}
    for entry in entries:
        if entry.get("target") != target:
            continue
        for wave, hosts in enumerate(entry.get("waves") or [], 1):
            for host in hosts:
                found.setdefault(host, _new(wave))["wave"] = wave
        if entry.get("host"):
            _add(found.setdefault(entry["host"], _new(None)), entry)
    return found


def _new(wave):
    return {"outcome": NEVER_REACHED, "reason": "", "wave": wave, "started": None, "ended": None, "steps": []}


def _add(device, entry):
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


def done(entries, target):
    """Names of the devices that need nothing any more."""
    return [host for host, device in devices(entries, target).items() if device["outcome"] in DONE]


def bad(found, hosts):
    """Which of ``hosts`` did not end well, or were not seen to end, in what ``devices`` found."""
    return [host for host in hosts if host not in found or found[host]["outcome"] not in FINE]
