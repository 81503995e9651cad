# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the action that plans a rollout from what each device runs, and says how it ended."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.survey import Seen
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report
from ansible_collections.cns.image_agent.tests.unit.plugins.action.fleet_bench import Fleet

VERSION, OLD = "15.7(3)M9", "15.5(3)M2"
TARGET = {"version": VERSION, "image": None}
LONG_AGO, NEVER = "2001-01-01 00:00", "2999-01-01 00:00"


def seen(version=OLD, image_id=None, model="CISCO2911/K9"):
    return Seen({"version": version, "xe_version": None, "image_file": "flash:%s.bin" % version, "model": model}, image_id)


SILENT = Seen(silent="No session: no route")


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "rollout.jsonl")


@pytest.fixture
def plan(monkeypatch, path):
    """Plans for devices that say what is given: plan({"R1": Seen}, variables={...}, option=value)."""

    def run(fleet, variables=None, check=False, **options):
        bench = Fleet(monkeypatch, fleet.get, **(variables or {}))
        given = dict(dict(action="plan", journal=path, target_version=VERSION, hosts=list(fleet)), **options)
        return bench.run("cns_rollout", check=check, **given)

    return run


def triggered(path, *hosts, target=None):
    for host in hosts:
        Journal(path).write(host, "triggering", target=target or TARGET, before={"version": OLD})


def test_who_runs_the_target_is_done(plan, path):
    result = plan({"R1": seen(VERSION), "R2": seen(), "R3": SILENT, "R4": seen()}, waves=["1", "100%"], window_end=NEVER)
    assert (result["waves"], result["done"], result["changed"]) == ([["R2"], ["R3", "R4"]], ["R1"], False)
    assert result["target"] == TARGET
    assert "First comes R2" in result["summary"] and "1 run their target already" in result["summary"]
    (entry,) = Journal(path).entries()
    assert (entry["step"], entry["waves"], entry["target"], entry["window_end"]) == ("rollout", result["waves"], TARGET, NEVER)
    assert "targets" not in entry


def test_the_device_is_believed_not_the_journal(plan, path):
    for host in ("R1", "R2"):
        triggered(path, host)
        Journal(path).write(host, "ended", target=TARGET, outcome="success", reason="it ran the target then")
    result = plan({"R1": seen(OLD), "R2": seen(VERSION)})
    assert (result["waves"], result["done"], result["in_progress"]) == ([["R1"]], ["R2"], [])


def test_what_is_in_progress_stays_in_the_plan(plan, path):
    triggered(path, "R1", "R2", "R3")
    Journal(path).write("R3", "ended", target=TARGET, outcome="failed", reason="")
    result = plan({"R1": SILENT, "R2": seen(VERSION), "R3": seen()})
    assert result["in_progress"] == ["R1", "R2"]
    assert sum(result["waves"], []) == ["R1", "R2", "R3"]
    assert "2 are in progress since an earlier run" in result["summary"]


def test_each_device_has_its_own_target(plan, path):
    fleet = {"R1": seen(VERSION), "R2": seen(OLD), "R3": seen("16.9.5"), "R4": seen("16.9.4")}
    core = {"target_version": "16.9.5"}
    result = plan(fleet, variables={"R3": core, "R4": core})
    assert (result["done"], sum(result["waves"], [])) == (["R1", "R3"], ["R2", "R4"])
    (entry,) = Journal(path).entries()
    assert entry["targets"]["R2"] == TARGET and entry["targets"]["R4"] == {"version": "16.9.5", "image": None}
    assert entry["target"]["version"] == "15.7(3)M9, 16.9.5"


def test_the_model_chooses_the_target(plan):
    targets = [dict(models=["CISCO29*"], version=VERSION), dict(models=["ISR4*"], version="16.9.5")]
    fleet = {
        "R1": seen(VERSION),
        "R2": seen(VERSION, model="ISR4331/K9"),
        "R3": seen("16.9.5", model="ISR4331/K9"),
        "R4": seen(model="7609"),
    }
    result = plan(fleet, target_version="", targets=targets)
    assert (result["done"], sum(result["waves"], [])) == (["R1", "R3"], ["R2", "R4"])


def test_a_device_that_is_silent_is_in_the_report_all_the_same(plan, path):
    targets = [dict(models=["CISCO29*"], version=VERSION)]
    result = plan({"R1": seen(), "R2": SILENT}, target_version="", targets=targets)
    assert result["target"] == TARGET
    Journal(path).write("R2", "ended", target={"version": None, "image": None}, outcome="unknown", reason="silent")
    found = {device["host"]: device["outcome"] for device in report(Journal(path).entries())["devices"]}
    assert found == {"R1": "never_reached", "R2": "unknown"}


def test_a_fleet_of_several_models_is_the_same_rollout_with_fewer_of_them(plan, path):
    targets = [dict(models=["ISR4*"], version="16.9.5"), dict(models=["CISCO29*"], version=VERSION)]
    both, few = {"R1": seen(), "R2": seen(model="ISR4331/K9")}, {"R1": seen()}
    named = [plan(fleet, target_version="", targets=targets)["target"] for fleet in (both, few)]
    assert named == [{"version": "15.7(3)M9, 16.9.5", "image": None}] * 2


def test_who_does_not_answer_is_said_before_anything_begins(plan, path, monkeypatch):
    said = []
    monkeypatch.setattr("ansible.utils.display.Display.warning", lambda self, text, **more: said.append(text))
    triggered(path, "R3")
    plan({"R1": seen(), "R10": SILENT, "R2": SILENT, "R3": SILENT})
    (text,) = said
    assert text.startswith("2 of 3 devices do not answer: R2, R10. Each is asked again when its wave comes")
    assert text.endswith("R2: No session: no route")


def test_a_percentage_counts_from_the_devices_that_are_left(plan):
    fleet = {"R%d" % number: seen(VERSION if number > 20 else OLD) for number in range(1, 41)}
    assert list(map(len, plan(fleet, waves=["1", "10%", "100%"])["waves"])) == [1, 2, 17]


def test_shared_image_ids_are_known_to_the_waves(plan):
    result = plan({"R1": seen(VERSION, "same"), "R2": seen(OLD, "same"), "R3": seen(OLD, "own")})
    assert set(result["known"]) == {"R1", "R2"}
    assert result["known"]["R2"][0]["severity"] == "block"
    assert "shared by R1, R2" in result["known"]["R2"][0]["what"]


def test_the_canary_and_what_is_kept_apart(plan):
    sites = {"R1": {"site": "a"}, "R2": {"site": "a"}, "R3": {"site": "b"}}
    fleet = {"R1": seen(), "R2": seen(), "R3": seen()}
    assert plan(fleet, variables=sites, apart="site", waves=["100%"])["waves"] == [["R1", "R3"], ["R2"]]
    own = {host: {"apart": of["site"]} for host, of in sites.items()}
    assert plan(fleet, variables=own, waves=["100%"])["waves"] == [["R1", "R3"], ["R2"]]
    assert plan(fleet, canary=["R3"], waves=["1", "100%"])["waves"] == [["R3"], ["R1", "R2"]]


@pytest.mark.parametrize(
    "options, said",
    [
        (dict(target_version=""), "Say what the devices are to run"),
        (dict(stop_at="some"), "'some' is neither a number nor a percentage. Nothing was sent."),
        (dict(waves=["all"]), "the size of a wave is 'all'"),
        (dict(apart="stie"), "cns_apart is stie, but no device has a variable of that name"),
        (dict(canary=["R9"]), "cns_canary names R9, which this run does not reach. Nothing was sent."),
        (dict(window_end="tomorrow"), "the end of the maintenance window is 'tomorrow'"),
        (dict(window_end=LONG_AGO), "the maintenance window is from now to 2001-01-01 00:00. Nothing was started."),
        (dict(window_start=NEVER), "the maintenance window is from 2999-01-01 00:00 to any time. Nothing was started."),
        (dict(wvaes=["1"]), "Unsupported parameters: wvaes"),
    ],
)
def test_what_cannot_be_planned(plan, path, options, said):
    result = plan({"R1": seen(), "R2": seen()}, **options)
    assert result["failed"] and said in result["msg"]
    assert Journal(path).entries() == []


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("which", ["journal", "files"])
def test_a_folder_that_cannot_be_written(monkeypatch, tmp_path, path, which, check):
    (tmp_path / "file").write_text("in the way")
    bad = str(tmp_path / "file" / "folder" / "journal.jsonl")
    options = dict(dict(journal=path, files=[]), **{which: bad if which == "journal" else [bad]})
    fleet = Fleet(monkeypatch, lambda host: seen())
    result = fleet.run("cns_rollout", action="plan", target_version=VERSION, hosts=["R1"], check=check, **options)
    assert result["failed"] and fleet.asked == []
    for said in (bad, "cannot be", "Nothing was sent", "cns_rollout_dir"):
        assert said in result["msg"]


def test_a_journal_that_is_not_believed_is_found_before_any_device_is_asked(monkeypatch, tmp_path):
    (tmp_path / "journal").symlink_to(tmp_path / "elsewhere")
    fleet = Fleet(monkeypatch, lambda host: seen())
    options = dict(journal=str(tmp_path / "journal"), target_version=VERSION, hosts=["R1"])
    result = fleet.run("cns_rollout", action="plan", **options)
    assert result["failed"] and fleet.asked == []
    assert "symbolic link" in result["msg"] and "cns_rollout_dir" in result["msg"]


def test_what_is_in_progress_is_waited_for_outside_the_window(plan, path):
    triggered(path, "R1")
    result = plan({"R1": seen()}, window_end=LONG_AGO)
    assert result["waves"] == [["R1"]]


def test_check_mode_tells_the_window_and_writes_nothing(plan, path):
    result = plan({"R1": seen()}, check=True, window_end=LONG_AGO)
    assert result["waves"] == [["R1"]]
    assert "the maintenance window is from now to 2001-01-01 00:00" in result["closed"]
    assert Journal(path).entries() == []


def finish(monkeypatch, path, ends, check=False, closed=None):
    made = dict(waves=[["R1"], ["R2", "R3"]], done=["R4"], target=TARGET, closed=closed)
    return Fleet(monkeypatch, None).run("cns_rollout", check=check, action="finish", journal=path, plan=made, ends=ends)


def test_the_end_of_a_rollout(monkeypatch, path):
    ends = {
        "R1": dict(outcome="success", reason="the device runs it", elapsed=61.0),
        "R2": dict(outcome="failed", reason="CHECKSUM", elapsed=5.0, msg="Upgrade of R2 failed: CHECKSUM. See"),
    }
    result = finish(monkeypatch, path, ends)
    assert result["failed_devices"] == {"R2": ends["R2"]["msg"]}
    assert result["left"] == ["R2", "R3"]
    assert [line.split()[:3] for line in result["table"]] == [
        ["HOST", "WAVE", "OUTCOME"],
        ["R1", "1", "success"],
        ["R2", "2", "failed"],
        ["R3", "2", "never_reached"],
    ]
    assert [entry["step"] for entry in Journal(path).entries()] == ["finished"]


def test_the_end_of_a_check(monkeypatch, path):
    result = finish(monkeypatch, path, {}, check=True)
    assert result["failed_devices"] == {} and Journal(path).entries() == []
    assert "failed" not in result


def test_the_waves_behind_a_blocked_canary_are_told_by_a_check(monkeypatch, path):
    blocked = dict(
        outcome="blocked", reason="the image ID is shared", elapsed=0.0, msg="Upgrade of R1 was not started: it is shared."
    )
    result = finish(monkeypatch, path, {"R1": blocked}, check=True)
    assert result["failed_devices"] == {"R1": blocked["msg"]}
    assert [line.split()[:3] for line in result["table"][1:]] == [
        ["R1", "1", "blocked"],
        ["R2", "2", "never_reached"],
        ["R3", "2", "never_reached"],
    ]
    assert "the rollout stopped before its turn" in result["table"][-1]


def test_a_check_outside_the_window_ends_as_the_real_run_would(monkeypatch, path):
    result = finish(monkeypatch, path, {}, check=True, closed="It is late. Nothing was started.")
    assert result["failed_devices"] == dict.fromkeys(["R1", "R2", "R3"], "It is late. Nothing was started.")
