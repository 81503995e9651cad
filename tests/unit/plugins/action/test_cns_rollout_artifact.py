# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of a rollout that goes on from what another job has left of it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.survey import Seen
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.tests.unit.plugins.action.fleet_bench import Fleet
from ansible_collections.cns.image_agent.tests.unit.plugins.action.test_cns_image_upgrade import orders, upgrade  # noqa: F401  # pylint: disable=unused-import

VERSION, OLD = "15.7(3)M9", "15.5(3)M2"
TARGET = {"version": VERSION, "image": None}
BEFORE = {"version": OLD, "image_file": "flash:old.bin", "status": {"last_upgrade": {"started": "never"}}}


def seen(version=OLD):
    return Seen({"version": version, "xe_version": None, "image_file": "flash:%s.bin" % version, "model": "CISCO2911/K9"})


FLEET = {"R1": seen(VERSION), "R2": seen(), "R3": seen(VERSION), "R4": seen()}


@pytest.fixture
def path(tmp_path):
    """The journal of the job that goes on: there is none yet."""
    return str(tmp_path / "new" / "rollout.jsonl")


@pytest.fixture
def left(monkeypatch, tmp_path):
    """What is left of a job: R1 is upgraded, R2 timed out, and the wave of R3 and R4 was just to begin."""
    journal = Journal(str(tmp_path / "old" / "rollout.jsonl"))
    journal.write(None, "rollout", target=TARGET, waves=[["R1"], ["R2"], ["R3", "R4"]])
    for host in ("R1", "R2"):
        journal.write(host, "triggering", target=TARGET, before=BEFORE)
    journal.write("R1", "ended", target=TARGET, outcome="success", reason="the device runs it")
    journal.write("R2", "ended", target=TARGET, outcome="timeout", reason="still at work")
    options = dict(action="sum_up", journal=str(tmp_path / "old" / "rollout.jsonl"), begun=["R3", "R4"])
    result = Fleet(monkeypatch, None).run("cns_rollout", **options)
    kept = result["ansible_stats"]
    assert (kept["per_host"], kept["aggregate"]) == (False, False)
    return kept["data"]["cns_rollout"]


@pytest.fixture
def plan(monkeypatch, path):
    def run(resume_from, check=False, **options):
        bench = Fleet(monkeypatch, FLEET.get)
        given = dict(dict(action="plan", journal=path, target_version=VERSION, hosts=list(FLEET)), **options)
        return dict(bench.run("cns_rollout", check=check, resume_from=resume_from, **given), asked=bench.asked)

    return run


def test_what_was_begun_is_in_progress_and_what_is_done_is_done(plan, left, path):
    result = plan(left)
    assert (result["done"], result["in_progress"]) == (["R1"], ["R2", "R3", "R4"])
    assert "3 are in progress since an earlier run" in result["summary"]
    entries = Journal(path).entries()
    assert [entry["step"] for entry in entries].count("rollout") == 2  # that of the other job, and this one
    assert [entry["outcome"] for entry in entries if entry["step"] == "ended"] == ["success", "timeout"]


def test_the_waves_wait_for_what_may_be_at_work(plan, left, path, orders):  # noqa: F811
    plan(left)
    asked = {host: order.request for host, order in orders({"R2": {}, "R3": {}, "R9": {}}, journal=path).items()}
    assert asked["R2"].before["version"] == OLD
    assert (asked["R3"].before, asked["R3"].traces, asked["R3"].assumed) == (None, True, True)
    assert (asked["R9"].before, asked["R9"].traces, asked["R9"].assumed) == (None, True, False)


def test_the_end_that_an_earlier_run_has_seen_leaves_no_trace(path, orders):  # noqa: F811
    Journal(path).write("R1", "ended", target=TARGET, outcome="failed", reason="")
    assert not orders({"R1": {}}, journal=path)["R1"].request.traces
    assert not orders({"R2": {}}, journal=path, resume=False)["R2"].request.traces


def test_check_mode_knows_it_and_writes_nothing(plan, left, path):
    assert plan(left, check=True)["in_progress"] == ["R2", "R3", "R4"]
    assert Journal(path).entries() == []


def event(left, counter):
    inside = {"ansible_stats": {"data": {"cns_rollout": left}}}
    return {"counter": counter, "event": "runner_on_ok", "event_data": {"res": inside}}


def forms(left, folder):
    """Every form in which an artifact may be given, by what it is."""
    older = dict(left, at=left["at"] - 100, in_progress={}, begun=[])
    events = folder / "artifacts" / "1" / "job_events"
    events.mkdir(parents=True)
    (events / "1-a.json").write_text(json.dumps(event(older, 1)))
    (events / "2-b.json").write_text(json.dumps(event(left, 2)))
    (events / "3-c.json").write_text(json.dumps({"event": "verbose", "stdout": "progress"}))
    (folder / "artifact.json").write_text(json.dumps({"cns_rollout": left}))
    (folder / "page.json").write_text(json.dumps({"count": 2, "results": [event(left, 2), event(older, 1)]}))
    return {
        "JSON": json.dumps(left),
        "the artifacts of a job": {"cns_rollout": left},
        "a file": str(folder / "artifact.json"),
        "a page of events": str(folder / "page.json"),
        "the folder of runner": str(folder / "artifacts"),
        "the folder of a job": str(events.parent),
    }


def test_every_form_of_an_artifact(plan, left, tmp_path):
    for what, given in forms(left, tmp_path).items():
        assert plan(given, check=True)["in_progress"] == ["R2", "R3", "R4"], what


def test_the_journal_knows_more_than_an_artifact(plan, left, path):
    Journal(path).write(None, "rollout", target=TARGET, waves=[["R1"]])
    result = plan(left)
    assert result["in_progress"] == []
    assert [entry["step"] for entry in Journal(path).entries()] == ["rollout", "rollout"]


@pytest.mark.parametrize(
    "given, said",
    [
        ("{", "it is neither JSON nor a file of JSON"),
        ("/nowhere/artifact.json", "/nowhere/artifact.json cannot be read: No such file or directory"),
        ({}, None),
        ({"counts": {}}, "no artifact of a rollout is in it"),
        ({"format": 9, "in_progress": {}}, "it is not the artifact of a rollout that this release can read"),
    ],
)
def test_what_is_no_artifact(plan, path, given, said):
    result = plan(given)
    if said is None:  # an empty one is none
        assert result["in_progress"] == [] and "failed" not in result
        return
    assert result["failed"] and said in result["msg"] and "Nothing was sent" in result["msg"]
    assert result["asked"] == [] and Journal(path).entries() == []


def test_the_artifact_of_another_target(plan, left):
    result = plan(left, target_version="17.3.4")
    assert result["failed"] and result["asked"] == []
    assert "cns_resume_from is of a rollout in which R1 was to run 15.7(3)M9, and now it is to run 17.3.4." in result["msg"]


def test_no_device_at_all(monkeypatch, path):
    result = Fleet(monkeypatch, None).run("cns_rollout", action="plan", journal=path, hosts=[], target_version=VERSION)
    assert (result["waves"], result.get("failed")) == ([], None)
    assert "no device here" in result["summary"]


def test_the_end_sums_up(monkeypatch, tmp_path):
    path = str(tmp_path / "rollout.jsonl")
    Journal(path).write(None, "rollout", target=TARGET, waves=[["R1"]])
    Journal(path).write("R1", "ended", target=TARGET, outcome="failed", reason="CHECKSUM_MISMATCH")
    plan = dict(waves=[["R1"]], done=[], target=TARGET)
    ends = {"R1": dict(outcome="failed", reason="CHECKSUM_MISMATCH", elapsed=1.0, msg="Upgrade of R1 failed.")}
    result = Fleet(monkeypatch, None).run("cns_rollout", action="finish", journal=path, plan=plan, ends=ends)
    kept = result["ansible_stats"]["data"]["cns_rollout"]
    assert (kept["state"], kept["counts"], kept["bad"]) == ("finished", {"failed": 1}, {"R1": "CHECKSUM_MISMATCH"})
    assert (kept["limit"], kept["begun"], kept["in_progress"]) == (["R1"], [], {})
