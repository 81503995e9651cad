# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of what is kept of a rollout, and of going on from that alone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import artifact as artifacts
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.artifact import artifact, entries_of, size
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    TARGET,
    ended,
    entry,
    plan,
    upgrade,
    wave,
)


def begun(entries, host, target):
    return state.begun(state.by_host(entries).get(host, ()), target)


STATUS = {"last_upgrade": {"started": "never", "ended": "never", "status": None}, "failed": 0, "successful": 2}
BEFORE = {
    "version": "15.5(3)M2",
    "xe_version": None,
    "image_file": "flash:old.bin",
    "uptime_seconds": 3600,
    "restarted_at": "2026-03-01T10:00:00+00:00",
    "reload_reason": None,
    "status": STATUS,
    "connections": {"attempts": 5},
    "asked_at": 90.5,
}
TAKEN = {
    "version": "15.5(3)M2",
    "image": "flash:old.bin",
    "config_register": "0x2102",
    "interfaces_up": 3,
    "interfaces_total": 4,
    "routes": 12,
    "neighbors": None,
    "boot_list": ["flash:old.bin"],
}


def stopped_rollout():
    """R1 upgraded, R2 failed, R3 timed out, R4 was triggered and lost sight of, R5 was not reached."""
    return [
        plan(1, ["r1"], ["r2", "r3", "r4"], ["r5"]),
        wave(2, 1, 3, "r1"),
        *upgrade(3, "r1"),
        wave(120, 2, 3, "r2", "r3", "r4"),
        entry(121, "r2", "triggering", before=BEFORE),
        ended(130, "r2", "failed", "CHECKSUM_MISMATCH", after=BEFORE),
        entry(121, "r3", "snapshot", snapshot=TAKEN),
        entry(122, "r3", "triggering", before=BEFORE),
        entry(122, "r4", "triggering", before=BEFORE),
        ended(150, "r3", "timeout", "still at work", after=BEFORE),
        entry(151, None, "stopped", wave=2, reason="2 of 3"),
    ]


def test_what_people_and_the_next_job_want_to_know():
    made = artifact(stopped_rollout())
    assert (made["state"], made["total"], made["stopped"]["wave"]) == ("stopped", 5, 2)
    assert made["counts"] == {"success": 1, "failed": 1, "timeout": 1, "under_way": 1, "never_reached": 1}
    assert made["bad"] == {"r2": "CHECKSUM_MISMATCH", "r3": "still at work"}
    assert made["limit"] == ["r2", "r3", "r4", "r5"]
    assert (made["target"], made["cut"], made["begun"]) == (TARGET, [], [])
    assert made["in_progress"] == {
        "r3": {"before": BEFORE, "snapshot": TAKEN},
        "r4": {"before": BEFORE, "snapshot": None},
    }
    assert [device["host"] for device in made["report"]["devices"]] == ["r1", "r2", "r3", "r4", "r5"]


def test_another_run_knows_as_much_as_from_the_journal():
    journal = stopped_rollout()
    left = entries_of(json.loads(json.dumps(artifact(journal))))
    for host in ("r1", "r2", "r3", "r4", "r5"):
        assert begun(left, host, TARGET) == begun(journal, host, TARGET), host
    wanted, found = report(journal), report(left)
    assert found["counts"] == wanted["counts"] and found["limit"] == wanted["limit"]
    told = ("host", "wave", "model", "old_version", "new_version", "outcome", "reason", "started", "ended", "reloads")
    for one, other in zip(wanted["devices"], found["devices"]):
        assert [one[name] for name in told] == [other[name] for name in told]


def test_a_wave_that_begins_may_have_triggered_its_devices():
    left = entries_of(artifact(stopped_rollout(), begun=["r2", "r3", "r5"]))
    nothing_known = {"before": None, "snapshot": None}
    assert begun(left, "r2", TARGET) == nothing_known  # it had failed, and is retried
    assert begun(left, "r3", TARGET)["before"] == BEFORE  # more is known of it
    assert begun(left, "r5", TARGET) == nothing_known
    assert begun(left, "r1", TARGET) is None


def test_each_device_of_a_mixed_fleet_keeps_its_target():
    own = {"version": "16.9.5", "image": None}
    journal = [
        dict(plan(1, ["r1", "r2"]), targets={"r1": TARGET, "r2": own}),
        entry(2, "r1", "triggering", before=BEFORE),
        dict(entry(2, "r2", "triggering", before=BEFORE), target=own),
    ]
    left = entries_of(artifact(journal))
    assert begun(left, "r2", own)["before"] == BEFORE
    assert begun(left, "r2", TARGET) is None


def fleet(count, how="success"):
    """A rollout of many devices, as the engine writes it."""
    hosts = ["branch-router-%04d.example.net" % number for number in range(count)]
    journal = [plan(1, hosts), wave(2, 1, 1, *hosts)]
    for host in hosts:
        *steps, end = upgrade(3, host)
        taken = entry(9, host, "snapshot", snapshot=TAKEN)
        end = dict(end, outcome=how, reason="%s after a reload; before it ran %s" % ("15.7(3)M9 " * 6, "15.5(3)M2 " * 6))
        journal += [*steps[:1], taken, *(dict(step, before=BEFORE) if "before" in step else step for step in steps[1:]), end]
    return journal


@pytest.mark.parametrize("how", ["success", "failed", "timeout"])
def test_the_artifact_of_a_thousand_devices_is_of_a_bounded_size(how):
    made = artifact(fleet(1000, how))
    assert size(made) <= artifacts.LARGEST
    assert made["counts"] == {how: 1000}
    assert len(made["limit"]) == (0 if how == "success" else 1000)
    assert "names of devices" not in made["cut"]
    if how == "timeout":  # what is needed to go on is cut last
        assert set(made["in_progress"]) == set(made["limit"])
    if how == "failed":
        assert all(made["bad"].values())


def test_what_is_cut_is_said():
    made = artifact(fleet(300, "timeout"), largest=30_000)
    assert size(made) <= 30_000
    assert made["cut"][0] == "the files of images" and made["cut"][-1] == "names of devices"
    assert made["counts"] == {"timeout": 300} and made["total"] == 300
    assert entries_of(made)


def test_no_secret_is_kept():
    journal = [plan(1, ["r1"]), ended(2, "r1", "failed", "http://admin:hunter2@10.0.0.1/ says <passWord>hunter2</passWord>")]
    assert "hunter2" not in json.dumps(artifact(journal))
    forged = dict(artifact(journal))
    forged["report"] = {"devices": [dict(host="r1", outcome="failed", reason="cns image password hunter2")]}
    assert "hunter2" not in json.dumps(Door().data(entries_of(forged)))


# -- what is not ours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, "", 7, [], {}, {"format": 2}, {"format": 1}, {"format": 1, "target": {"version": 7}}])
def test_what_is_no_artifact(value):
    with pytest.raises(ValueError, match="not the artifact of a rollout"):
        entries_of(value)


def test_a_forged_observation_is_brought_into_form():
    made = artifact(stopped_rollout())
    made["in_progress"] = {
        "r3": {"before": dict(BEFORE, status="ended", uptime_seconds="1 day", more={"deep": {}}), "snapshot": ["routes"]},
        "r4": {"before": ["15.5(3)M2"]},
        "r5\nr6": {"before": BEFORE},
        "r1": None,
    }
    left = entries_of(made)
    seen = begun(left, "r3", TARGET)
    assert seen == {"before": dict(BEFORE, status=None, uptime_seconds=None), "snapshot": None}
    assert begun(left, "r4", TARGET) == {"before": None, "snapshot": None}
    assert all("\n" not in (entry["host"] or "") for entry in left)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PLACES = [
    *(("targets",), ("at",), ("begun",), ("in_progress",), ("report",), ("report", "devices"), ("in_progress", "r3")),
    *(("in_progress", "r3", "before"), ("in_progress", "r3", "before", "status"), ("in_progress", "r3", "snapshot")),
    *(("report", "devices", 0, name) for name in ("host", "wave", "started", "reason", "outcome", "differences", "reloads")),
]


@given(st.sampled_from(PLACES), ANYTHING)
def test_nothing_forged_raises(place, value):
    made = json.loads(json.dumps(artifact(stopped_rollout(), begun=["r5"])))
    inside = made
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    left = entries_of(made)
    report(left)
    json.dumps(left)
    for host in ("r1", "r3"):
        begun(left, host, TARGET)
