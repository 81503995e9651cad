# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the action that upgrades many devices: what it asks of each, and what it makes of how each ended."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.action import cns_image_upgrade
from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target, Verdict
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Ended
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.course import Report
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.tests.unit.plugins.action.fleet_bench import Fleet

VERSION = "15.7(3)M9"
TARGET = {"version": VERSION, "image": None}
BEFORE = {"version": "15.5(3)M2"}


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "rollout.jsonl")


@pytest.fixture
def upgrade(monkeypatch, path):
    """Runs the action for devices that end as given: upgrade({"R1": "success"}, option=value)."""

    def run(ends, variables=None, check=False, **options):
        def end(host):
            if isinstance(ends[host], Exception):
                raise ends[host]
            verdict = Verdict(ends[host], "because")
            return Report(
                Ended(verdict, BEFORE, BEFORE, 61.0, 5, 1, changed=True), Target(options.get("target_version", VERSION), None)
            )

        given = dict(dict(hosts=list(ends), target_version=VERSION, journal=path), **options)
        return Fleet(monkeypatch, end, **(variables or {})).run("cns_image_upgrade", check=check, **given)

    return run


@pytest.fixture
def orders(monkeypatch, upgrade):
    """What is asked for each device: orders({"R1": {variables}}, option=value)."""

    def run(variables, **options):
        asked = {}
        scene = cns_image_upgrade.ActionModule._scene
        monkeypatch.setattr(
            cns_image_upgrade.ActionModule,
            "_scene",
            lambda self, host, order: asked.update({host: order}) or scene(self, host, order),
        )
        upgrade(dict.fromkeys(variables, "success"), variables=variables, **options)
        return asked

    return run


def test_every_device_and_the_wave(upgrade, path):
    result = upgrade({"R1": "success", "R2": "up_to_date"}, wave=1, of=2, fleet_target=TARGET)
    assert (result["bad"], result["stop"], result["changed"]) == ([], False, True)
    assert result["counts"] == {"success": 1, "up_to_date": 1}
    assert result["devices"]["R1"] == dict(
        outcome="success",
        reason="because",
        target=TARGET,
        before=BEFORE,
        after=BEFORE,
        elapsed=61.0,
        polls=5,
        reloads=1,
        changed=True,
        findings=[],
        differences=[],
    )
    assert result["ends"]["R1"] == dict(outcome="success", reason="because", elapsed=61.0)
    assert "failed" not in result
    (entry,) = Journal(path).entries()
    assert (entry["step"], entry["wave"], entry["of"], entry["hosts"]) == ("wave", 1, 2, ["R1", "R2"])


@pytest.mark.parametrize("outcome", ["failed", "timeout", "unknown", "blocked", "no_new_image"])
def test_a_device_that_fails_counts_in_its_wave(upgrade, path, outcome):
    result = upgrade({"R1": "success", "R2": outcome}, wave=2, of=3, fleet_target=TARGET)
    assert (result["failed"], result["bad"], result["stop"]) == (True, ["R2"], True)
    assert result["msg"] == "1 of 2 devices in this wave failed (limit: 0): R2."
    assert result["ends"]["R2"]["msg"].startswith("Upgrade of R2 ")
    assert "msg" not in result["ends"]["R1"]
    stopped = Journal(path).entries()[-1]
    assert (stopped["step"], stopped["wave"], stopped["reason"]) == (
        "stopped",
        2,
        "1 of 2 devices in this wave failed (limit: 0): R2",
    )


@pytest.mark.parametrize("stop_at, stop", [("0", True), ("1", False), ("50%", False), ("49%", True)])
def test_the_threshold_of_a_wave(upgrade, stop_at, stop):
    assert upgrade({"R1": "failed", "R2": "success"}, stop_at=stop_at)["stop"] is stop


def test_no_new_image_without_a_target_is_a_normal_answer(upgrade):
    assert upgrade({"R1": "no_new_image"}, target_version="")["bad"] == []


@pytest.mark.parametrize("outcome", ["started", "skipped", "no_new_image"])
def test_these_are_no_failures(upgrade, outcome):
    target = "" if outcome == "no_new_image" else VERSION
    assert "failed" not in upgrade({"R1": outcome}, target_version=target)


def test_a_fault_of_ours_ends_one_device_as_unknown(upgrade, path):
    fault = KeyError("http://agent:s3cretword@h/")
    result = upgrade({"R1": "success", "R2": fault, "R3": "success"}, wave=1, of=1, fleet_target=TARGET)
    assert (result["bad"], result["counts"]) == (["R2"], {"success": 2, "unknown": 1})
    said = result["ends"]["R2"]["msg"]
    assert said.startswith("Upgrade of R2 has an unknown outcome: a fault of this collection, not of the device: KeyError")
    assert "Check the device before anything else is sent to it" in said and "s3cretword" not in str(result)
    (end,) = [entry for entry in Journal(path).entries("R2") if entry["step"] == "ended"]
    assert (end["outcome"], end["target"]) == ("unknown", TARGET)


def test_check_mode_judges_the_wave_as_the_real_run_would(upgrade):
    result = upgrade({"R1": "blocked"}, check=True, wave=1, of=2, fleet_target=TARGET)
    assert (result["failed"], result["stop"], result["bad"]) == (True, True, ["R1"])


def test_without_details_the_result_stays_small(upgrade):
    result = upgrade({"R1": "success"}, details=False)
    assert result["devices"] == {} and result["ends"]["R1"]["outcome"] == "success"


def test_check_mode_writes_nothing(upgrade, path):
    upgrade({"R1": "failed"}, check=True, wave=1, of=1, fleet_target=TARGET)
    assert Journal(path).entries() == []


def test_options_may_differ_between_devices(orders):
    asked = orders(
        {"R1": {"image_size": "1KB", "timeout": 5}, "R2": {"target_version": "16.9.5", "models": ["ISR4*"], "save": True}}
    )
    assert (asked["R1"].image.size, asked["R1"].request.timeout, asked["R1"].image.target.version) == (1024, 5, VERSION)
    assert (asked["R2"].image.target.version, asked["R2"].wanted.models, asked["R2"].save) == ("16.9.5", ["ISR4*"], True)
    assert asked["R2"].wanted.accept == ["saved"] and asked["R1"].wanted.accept == []


def test_everything_that_the_preflight_goes_by_reaches_it(orders):
    options = dict(image_size="120MB", image_memory="512MB", margin="2MB", password_required=True, accept=["saved"], ping=False)
    (order,) = orders({"R1": {}}, **options).values()
    wanted = order.wanted._asdict()
    assert (wanted["image_size"], wanted["image_memory"], wanted["margin"]) == (120 << 20, 512 << 20, 2 << 20)
    assert (wanted["password_required"], wanted["accept"], order.ping) == (True, ["saved"], False)


def test_what_an_earlier_run_began_is_waited_for(orders, path):
    Journal(path).write("R1", "snapshot", target=TARGET, snapshot={"routes": 4})
    Journal(path).write("R1", "triggering", target=TARGET, before=BEFORE)
    Journal(path).write("R2", "triggering", target={"version": "16.9.5", "image": None}, before=BEFORE)
    asked = orders({"R1": {}, "R2": {}})
    assert (asked["R1"].request.before, asked["R1"].snapshot) == (BEFORE, {"routes": 4})
    assert asked["R2"].request.before is None


def test_what_was_begun_by_model_needs_no_model(orders, path):
    Journal(path).write("R1", "triggering", target={"version": "16.9.5", "image": None}, before=BEFORE)
    targets = [dict(models=["CISCO29*"], version=VERSION), dict(models=["ISR4*"], version="16.9.5")]
    asked = orders({"R1": {}, "R2": {}}, target_version="", targets=targets)
    assert asked["R1"].image.target == Target("16.9.5", None) and asked["R1"].request.before == BEFORE
    assert asked["R2"].image.target == Target(None, None) and len(asked["R2"].choices) == 2


def test_the_agents_are_configured_with_the_variables_of_their_role(orders):
    variables = {
        "cns_image_server_url": "http://127.0.0.1/",
        "cns_image_password": "s3cret",
        "cns_ids": [dict(agent="image", type="hardware_serial")],
    }
    asked = orders({"R1": dict(variables, configure=True), "R2": variables})
    image = asked["R1"].agents.config["image"]
    assert (image["server"], image["enabled"], image["password"]) == ("http://127.0.0.1/", True, "s3cret")
    assert asked["R1"].wanted.server == "http://127.0.0.1/"
    assert asked["R1"].wanted.accept == ["certificate", "password"]
    assert asked["R2"].agents is None and asked["R2"].wanted.server is None


@pytest.mark.parametrize("window, closed", [("2001-01-01 00:00", True), ("2999-01-01 00:00", False)])
def test_nothing_is_started_outside_the_window(orders, window, closed):
    assert (orders({"R1": {}}, window_end=window)["R1"].closed is not None) is closed


@pytest.mark.parametrize(
    "options, said",
    [
        (dict(target_verison="16"), "Unsupported parameters: target_verison"),
        (dict(timeout="soon"), "timeout"),
        (dict(stop_at="many"), "'many' is neither a number nor a percentage"),
        (dict(window_end="never"), "the end of the maintenance window is 'never'"),
    ],
)
def test_what_cannot_be_asked_for(upgrade, path, options, said):
    result = upgrade({"R1": "success"}, **options)
    assert result["failed"] and said in result["msg"], result["msg"]


@pytest.mark.parametrize(
    "tolerances, word", [({"routes": "a few"}, "routes"), ({"rutes": 1}, "rutes"), ({"routes": True}, "True")]
)
def test_tolerances_that_mean_nothing_are_refused_before_anything_is_sent(upgrade, path, tolerances, word):
    result = upgrade({"R1": "success"}, tolerances=tolerances, wave=1, of=1)
    assert result["failed"] and result["msg"].startswith("The tolerances of R1: ") and word in result["msg"]
    assert result["msg"].endswith("Nothing was sent.") and Journal(path).entries() == []
