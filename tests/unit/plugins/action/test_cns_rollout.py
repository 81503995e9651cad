# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the action that plans a rollout, writes its steps down, and judges its waves."""

from __future__ import annotations

from unittest import mock

import pytest

from ansible.errors import AnsibleActionFail
from ansible_collections.cns.image_agent.plugins.action.cns_rollout import ActionModule
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal

VERSION = "15.7(3)M9"
TARGET = {"version": VERSION, "image": None}
BEFORE = {"version": "15.5(3)M2"}


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "rollout.jsonl")


@pytest.fixture
def rollout(path):
    """Runs the action for R1; returns its result."""

    def run(action, check=False, **options):
        task = mock.Mock(args=dict(dict(action=action, journal=path, target_version=VERSION), **options), check_mode=check, async_val=0)
        task.action = "cns.image_agent.cns_rollout"
        module = ActionModule(task, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())
        return module.run(task_vars={"inventory_hostname": "R1"})

    return run


@pytest.fixture
def happened(path):
    """Writes what devices went through: happened(R1=["triggering", "success"])."""

    def write(**devices):
        for host, steps in devices.items():
            for step in steps:
                data = {"before": BEFORE} if step == "triggering" else {"snapshot": {"routes": 4}} if step == "snapshot" else {}
                if step not in ("triggering", "triggered", "snapshot"):
                    step, data = "ended", {"outcome": step, "reason": "because"}
                Journal(path).write(host, step, target=TARGET, **data)

    return write


def test_a_plan_leaves_out_what_is_done_and_is_written_down(rollout, happened, path):
    happened(R1=["triggering", "success"], R2=["up_to_date"], R3=["triggering", "failed"], R4=["triggering"])
    result = rollout("plan", hosts=["R1", "R2", "R3", "R4", "R5", "R6"], waves=["1", "100%"], apart={"R4": "a", "R5": "a"}, data={"window_end": ""})
    assert (result["waves"], result["done"], result["changed"]) == ([["R3"], ["R4", "R6"], ["R5"]], ["R1", "R2"], False)
    entry = Journal(path).entries()[-1]
    assert (entry["host"], entry["step"], entry["waves"], entry["stop_at"]) == (None, "rollout", result["waves"], "0")


def test_another_target_is_another_rollout(rollout, happened):
    happened(R1=["success"])
    assert rollout("plan", hosts=["R1"], target_version="16.9.8")["waves"] == [["R1"]]


def test_a_plan_of_nothing(rollout, happened):
    happened(R1=["success"])
    assert rollout("plan", hosts=["R1"])["waves"] == []


def test_check_mode_writes_nothing(rollout, path):
    assert rollout("plan", check=True, hosts=["R1"])["waves"] == [["R1"]]
    rollout("note", check=True, step="ended", data={"outcome": "started", "reason": ""})
    assert Journal(path).entries() == []


def test_steps_of_the_device_and_of_the_rollout(rollout, path):
    rollout("note", step="ended", data={"outcome": "failed", "reason": "cns image password 0 Plain-Secret-1"})
    rollout("note", step="wave", fleet=True, data={"wave": 1})
    ended, wave = Journal(path).entries()
    assert (ended["host"], ended["outcome"], ended["target"]) == ("R1", "failed", TARGET)
    assert (wave["host"], wave["wave"]) == (None, 1)
    assert "Plain-Secret-1" not in open(path, encoding="utf-8").read()


@pytest.mark.parametrize(
    "stop_at, stop",
    [("0", True), ("2", True), ("3", False), ("50%", True), ("60%", False), ("100%", False)],
)
def test_the_threshold_of_a_wave(rollout, happened, stop_at, stop):
    happened(R1=["triggering", "success"], R2=["no_new_image"], R3=["triggering", "unknown"], R4=["blocked"])
    result = rollout("judge", hosts=["R1", "R2", "R3", "R4", "R5"], stop_at=stop_at)
    assert (result["bad"], result["stop"]) == (["R3", "R4", "R5"], stop)
    assert result["reason"].startswith("3 of 5 devices of the wave ended badly, up to ")


def test_the_state_of_some_devices(rollout, happened):
    happened(R1=["success"], R2=["snapshot", "triggering", "triggered"], R3=["triggering", "timeout"], R4=["triggering", "failed"])
    result = rollout("state", hosts=["R1", "R2", "R3", "R5"])
    assert {host: device["outcome"] for host, device in result["devices"].items()} == {"R1": "success", "R2": "under_way", "R3": "timeout"}
    assert result["bad"] == result["limit"] == ["R2", "R3", "R5"]
    assert result["under_way"] == {"R2": {"before": BEFORE, "snapshot": {"routes": 4}}, "R3": {"before": BEFORE, "snapshot": None}}


def test_the_state_of_all_devices(rollout, happened):
    assert rollout("state")["devices"] == {}
    happened(R1=["triggering", "success", "up_to_date"], R4=["triggering", "failed"])
    result = rollout("state")
    assert result["devices"]["R1"]["outcome"] == "success"  # upgraded by this rollout, whoever saw it first
    assert (result["bad"], result["under_way"]) == (["R4"], {})


@pytest.mark.parametrize(
    "options, said",
    [
        pytest.param({"action": "note"}, "note needs step", id="no step"),
        pytest.param({"action": "plan", "hosts": ["R1"], "stop_at": "some"}, "'some' is neither a number nor a percentage", id="threshold"),
        pytest.param({"action": "plan", "hosts": ["R1"], "waves": ["-1"]}, "size of a wave is '-1'", id="wave"),
        pytest.param({"action": "plan", "journal": "/proc/none/x.jsonl", "hosts": ["R1"]}, "The journal /proc/none/x.jsonl cannot be used", id="journal"),
        pytest.param({"action": "guess"}, "must be one of", id="action"),
    ],
)
def test_what_cannot_be_done_is_said(rollout, options, said):
    with pytest.raises(AnsibleActionFail, match=said):
        rollout(**options)
