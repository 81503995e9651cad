# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the journal of a rollout, and of what it says about each device."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state as rollout
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal

TARGET = {"version": "15.7(3)M9", "image": None}
OTHER = {"version": "16.9.5", "image": None}


@pytest.fixture
def journal(tmp_path):
    return Journal(str(tmp_path / "new" / "rollout.jsonl"))


def write(journal, host, *steps, target=None):
    for step, data in steps:
        journal.write(host, step, target=target or TARGET, **data)


TRIGGERING = ("triggering", {"before": {"version": "15.5(3)M2"}})
TRIGGERED = ("triggered", {})


def ended(outcome):
    return "ended", {"outcome": outcome, "reason": "because"}


@pytest.mark.parametrize(
    "steps, outcome",
    [
        pytest.param([], "never_reached", id="planned only"),
        pytest.param([("preflight", {"ready": True, "findings": []})], "never_reached", id="checked only"),
        pytest.param([TRIGGERING], "under_way", id="about to be triggered"),
        pytest.param([TRIGGERING, TRIGGERED], "under_way", id="triggered"),
        pytest.param([TRIGGERING, TRIGGERED, ended("success")], "success", id="success"),
        pytest.param([ended("blocked")], "blocked", id="blocked"),
        pytest.param([TRIGGERING, ended("failed"), TRIGGERING], "under_way", id="taken again"),
        pytest.param([TRIGGERING, ended("unknown"), ended("success")], "success", id="found out later"),
        pytest.param([TRIGGERING, ended("success"), ended("up_to_date")], "success", id="up to date because it was upgraded"),
        pytest.param([TRIGGERING, ended("failed"), ended("up_to_date")], "up_to_date", id="upgraded by somebody else"),
    ],
)
def test_the_state_of_a_device(journal, steps, outcome):
    journal.write(None, "rollout", target=TARGET, waves=[["r1"], ["r2"]])
    write(journal, "r1", *steps)
    device = rollout.devices(journal.entries(), TARGET)["r1"]
    assert (device["outcome"], device["wave"], len(device["steps"])) == (outcome, 1, len(steps))


def test_what_each_step_says_of_a_device_is_kept(journal):
    write(
        journal,
        "r1",
        ("preflight", {"ready": True, "findings": [{"check": "room"}]}),
        ("snapshot", {"snapshot": {"routes": 1}}),
        TRIGGERING,
        ("ended", {"outcome": "timeout", "reason": "late", "after": {"version": "15.7(3)M9"}}),
        ("checked", {"differences": [{"what": "routes"}]}),
        ("ended", {"outcome": "success", "reason": "it runs it"}),
    )
    device = rollout.devices(journal.entries(), TARGET)["r1"]
    assert device["findings"] == [{"check": "room"}]
    assert device["snapshot"] == {"routes": 1}
    assert device["before"] == {"version": "15.5(3)M2"}
    assert device["differences"] == [{"what": "routes"}]
    assert device["after"] == {"version": "15.7(3)M9"}, "the last that was seen"
    assert (device["outcome"], device["reason"]) == ("success", "it runs it")
    write(journal, "r1", ("ended", {"outcome": "success", "reason": "again", "after": {"version": "16.9.5"}}))
    assert rollout.devices(journal.entries(), TARGET)["r1"]["after"] == {"version": "16.9.5"}


def test_a_step_without_a_word_on_it_says_nothing_of_the_others(journal):
    write(journal, "r1", TRIGGERING)
    device = rollout.devices(journal.entries(), TARGET)["r1"]
    assert not {"findings", "snapshot", "differences", "after"} & device.keys()
    assert device["steps"] == journal.entries("r1")


def test_the_plan_of_another_rollout_gives_no_device_another_target(journal):
    both = {"version": "15.7(3)M9, 16.9.5", "image": None}
    journal.write(None, "rollout", target=both, targets={"r1": TARGET}, waves=[["r1"]])
    journal.write(None, "rollout", target=OTHER, targets={"r1": OTHER}, waves=[["r1"]])
    journal.write(None, "wave", target=both, wave=1, of=1, hosts=["r1"])
    write(journal, "r1", TRIGGERING)
    assert rollout.devices(journal.entries(), both)["r1"]["outcome"] == "under_way"


def test_another_target_is_another_rollout(journal):
    write(journal, "r1", TRIGGERING, ended("success"))
    assert rollout.devices(journal.entries(), TARGET)["r1"]["outcome"] == "success"
    assert rollout.devices(journal.entries(), OTHER) == {}


def test_a_device_that_did_not_say_what_it_is_has_the_target_that_its_turn_found_out(journal):
    nothing = {"version": None, "image": None}
    write(journal, "r1", TRIGGERING, ended("success"))  # before this rollout
    journal.write(None, "rollout", target=OTHER, targets={"r1": nothing, "r2": nothing, "r3": OTHER}, waves=[["r1", "r2", "r3"]])
    write(journal, "r1", ended("unknown"), target=nothing)
    write(journal, "r2", TRIGGERING, target=TARGET)
    write(journal, "r3", ended("unknown"), target=nothing)
    found = rollout.devices(journal.entries(), OTHER)
    ends = {"r1": "unknown", "r2": "under_way", "r3": "never_reached"}
    assert {host: device["outcome"] for host, device in found.items()} == ends
    assert len(found["r1"]["steps"]) == 1


def test_each_device_of_a_mixed_fleet_has_its_own_target(journal):
    both = {"version": "15.7(3)M9, 16.9.5", "image": None}
    journal.write(None, "rollout", target=both, targets={"r1": TARGET, "r2": OTHER}, waves=[["r1", "r2", "r3"]])
    write(journal, "r1", TRIGGERING, ended("success"))
    write(journal, "r2", TRIGGERING, target=OTHER)
    write(journal, "r2", TRIGGERING, ended("failed"))  # on its way to something else
    found = rollout.devices(journal.entries(), both)
    assert {host: device["outcome"] for host, device in found.items()} == {
        "r1": "success",
        "r2": "under_way",
        "r3": "never_reached",
    }


def test_what_was_begun_and_not_seen_to_end(journal):
    write(journal, "r1", ("snapshot", {"snapshot": {"routes": 1}}), TRIGGERING)
    write(journal, "r2", TRIGGERING, ended("failed"))
    write(journal, "r3", TRIGGERING, ended("timeout"))
    steps = rollout.by_host(journal.entries())
    assert rollout.begun(steps["r1"], TARGET) == {
        "before": {"version": "15.5(3)M2"},
        "snapshot": {"routes": 1},
    }
    assert rollout.begun(steps["r1"], OTHER) is None
    assert rollout.begun(steps["r2"], TARGET) is None
    assert rollout.begun(steps["r3"], TARGET)["snapshot"] is None


@pytest.mark.parametrize("end", ["success", "up_to_date", "started", "skipped"])
def test_no_failure(end):
    assert not rollout.is_bad(end, Target("15.7(3)M9", None))


def test_no_new_image_is_a_failure_if_a_target_was_named():
    assert rollout.is_bad("no_new_image", Target("15.7(3)M9", None))
    assert rollout.is_bad("no_new_image", Target(None, "x.bin"))
    assert not rollout.is_bad("no_new_image", Target(None, None))


@pytest.mark.parametrize(
    "steps, is_open",
    [
        pytest.param([], False, id="nothing"),
        pytest.param([TRIGGERING], True, id="triggering"),
        pytest.param([TRIGGERING, ended("success")], False, id="success"),
        pytest.param([TRIGGERING, ended("failed")], False, id="failed"),
        pytest.param([TRIGGERING, ended("timeout")], True, id="timeout: it may still be at work"),
        pytest.param([TRIGGERING, ended("unknown")], True, id="unknown: it may still be at work"),
    ],
)
def test_an_open_trigger(journal, steps, is_open):
    write(journal, "r1", *steps)
    write(journal, "r2", TRIGGERING)
    found = rollout.begun(journal.entries("r1"), TARGET)
    assert (found is not None) == is_open
    assert found is None or found["before"] == {"version": "15.5(3)M2"}


def test_a_line_that_was_cut_off_is_left_out(journal, tmp_path):
    write(journal, "r1", TRIGGERING)
    with open(tmp_path / "new" / "rollout.jsonl", "a", encoding="utf-8") as file:
        file.write('{"host": "r1", "step": "en')
    assert [entry["step"] for entry in journal.entries()] == ["triggering"]


def test_what_follows_a_line_that_was_cut_off_is_read(journal, tmp_path):
    with open(_made(tmp_path), "a", encoding="utf-8") as file:
        file.write('{"host": "r1", "step": "en')
    write(journal, "r1", TRIGGERING)
    assert [entry["step"] for entry in journal.entries()] == ["triggering"]


def _made(tmp_path):
    os.makedirs(tmp_path / "new", exist_ok=True)
    return tmp_path / "new" / "rollout.jsonl"


def test_the_file_is_private_and_shows_no_secret(journal, tmp_path):
    journal.write("r1", "ended", target=TARGET, reason="http://user:secret@server/ refused", password="abctext")
    path = tmp_path / "new" / "rollout.jsonl"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "secret@" not in path.read_text() and "abctext" not in path.read_text()


def _write_many(path, host):
    for number in range(50):
        Journal(path).write(host, "phase", target=TARGET, phase="x" * 2000, number=number)


def test_processes_write_side_by_side(tmp_path):
    path = str(tmp_path / "rollout.jsonl")
    writers = [multiprocessing.Process(target=_write_many, args=(path, "r%d" % number)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = open(path, encoding="utf-8").read().splitlines()
    assert len(lines) == 200 and all(json.loads(line)["phase"] == "x" * 2000 for line in lines)


def test_without_a_path_nothing_is_written_and_nothing_was():
    Journal(None).write("r1", "triggering", target=TARGET)
    assert Journal(None).entries() == []
