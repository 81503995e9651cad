# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from hypothesis import given

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.page import render
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report, rows
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    OLD,
    TARGET,
    ended,
    entry,
    journals,
    plan,
    upgrade,
    wave,
)

STOP = entry(300, None, "stopped", wave=1, reason="1 of 1 failed")
FINISH = entry(400, None, "finished")


def device(entries, host="r1"):
    return next(device for device in report(entries)["devices"] if device["host"] == host)


def test_an_upgrade_is_told_from_its_own_lines():
    seen = device([plan(0, ["r1"]), wave(0, 1, 1, "r1"), *upgrade(0, "r1")])
    assert {name: seen[name] for name in ("model", "old_version", "new_version", "old_image", "new_image")} == {
        "model": "CISCO2911/K9",
        "old_version": "15.5(3)M2",
        "new_version": "15.7(3)M9",
        "old_image": "flash:old.bin",
        "new_image": "flash:new.bin",
    }
    assert (seen["wave"], seen["outcome"], seen["kind"], seen["label"]) == (1, "success", "good", "upgraded")
    assert (seen["seconds"], seen["duration"], seen["reloads"]) == (100, "1 min 40 s", 1)
    assert seen["reason"] == "the device runs 15.7(3)M9"


@pytest.mark.parametrize(
    "tail, state, where",
    [
        ([], "interrupted", None),
        ([FINISH], "finished", None),
        ([STOP, FINISH], "stopped", 1),
        ([STOP, FINISH, plan(500, ["r1"])], "interrupted", None),
        ([STOP, plan(500, ["r1"]), entry(600, None, "finished")], "finished", None),
    ],
)
def test_how_the_last_run_ended(tail, state, where):
    told = report([plan(0, ["r1"], ["r2"]), wave(0, 1, 2, "r1"), ended(9, "r1", "failed", "why"), *tail])
    assert told["state"] == state
    assert (told["stopped"] and told["stopped"]["wave"]) == where


@pytest.mark.parametrize(
    "steps, outcome, reason",
    [
        ([], "never_reached", "the run ended before its turn"),
        ([STOP], "never_reached", "the rollout stopped before its turn"),
        ([entry(1, "r1", "triggering", before=OLD)], "under_way", "it was triggered, and its end was not seen"),
        ([ended(1, "r1", "blocked", "no space")], "blocked", "no space"),
        ([ended(1, "r1", "skipped", "the window ended")], "skipped", "the window ended"),
    ],
)
def test_every_device_has_a_reason(steps, outcome, reason):
    seen = device([plan(0, ["r1"]), *steps])
    assert seen["outcome"] == outcome
    assert seen["reason"].startswith(reason)


def test_a_device_is_in_the_limit_until_it_is_done():
    entries = [plan(0, ["r1", "r2", "r3", "r4"]), *upgrade(0, "r1"), ended(5, "r2", "failed"), ended(6, "r3", "up_to_date")]
    told = report(entries)
    assert told["limit"] == ["r2", "r4"]
    assert [seen["host"] for seen in told["not_started"]] == ["r4"]
    assert {count["outcome"]: count["count"] for count in told["counts"]} == {
        "success": 1,
        "up_to_date": 1,
        "failed": 1,
        "never_reached": 1,
    }


def test_runs_add_up_and_what_lies_between_them_does_not():
    told = report([plan(0, ["r1"]), ended(50, "r1", "failed"), plan(90000, ["r1"]), *upgrade(90000, "r1")])
    assert (told["runs"], told["seconds"], told["limit"]) == (2, 160, [])


def test_another_target_is_another_rollout():
    other = dict(plan(0, ["r9"]), target={"version": "1", "image": None})
    assert [seen["host"] for seen in report([other, plan(1, ["r1"])])["devices"]] == ["r1"]
    assert [seen["host"] for seen in report([plan(1, ["r1"]), other])["devices"]] == ["r9"]


def test_waves_that_were_not_begun():
    told = report([plan(0, ["r1"], ["r2", "r3"]), wave(0, 1, 2, "r1"), STOP])
    assert told["waves_to_come"] == [{"wave": 2, "hosts": ["r2", "r3"]}]


def test_what_the_preflight_and_the_checks_found():
    finding = {"check": "saved", "severity": "warn", "what": "not saved", "why": "lost", "fix": "write"}
    difference = {"what": "interfaces_up", "before": 4, "after": 3, "verdict": "worse"}
    entries = [
        entry(1, "r1", "preflight", ready=True, findings=[finding, dict(finding, severity="ok")]),
        *(ended(2, "r1", "success"), entry(3, "r1", "checked", differences=[difference])),
    ]
    seen = device(entries)
    assert [item["what"] for item in seen["findings"]] == ["not saved"]
    assert seen["differences"] == [{"what": "interfaces up", "before": "4", "after": "3", "verdict": "worse"}]
    (row,) = rows([seen])
    assert (row["findings"], row["differences"]) == ("warn: not saved", "interfaces up: 4 -> 3 (worse)")


def test_secrets_that_got_into_the_journal_are_masked():
    told = Door().data(report([ended(1, "r1", "failed", "no answer from http://cns:s3cret@10.0.0.1/cns; cns password s3cret")]))
    assert "s3cret" not in json.dumps(told)
    assert "10.0.0.1" in told["devices"][0]["reason"]


def test_nothing_is_no_rollout():
    told = report([])
    assert (told["total"], told["devices"], told["state"], told["target"]["version"]) == (0, [], "interrupted", "")


@given(journals)
def test_no_journal_is_too_much(entries):
    told = report(entries)
    json.dumps(told)
    assert sum(count["count"] for count in told["counts"]) == told["total"] == len(told["devices"])
    for row in rows(told["devices"]):
        assert not any(isinstance(value, (dict, list)) for value in row.values())


def test_the_report_of_a_mixed_fleet():
    other, both = {"version": "16.9.5", "image": None}, {"version": "15.7(3)M9, 16.9.5", "image": None}
    planned = dict(plan(1, ["r1", "r2"]), target=both, targets={"r1": TARGET, "r2": other})
    steps = upgrade(2, "r1") + [dict(step, target=other) for step in upgrade(3, "r2")]
    made = report([planned, *steps])
    assert {device["host"]: device["outcome"] for device in made["devices"]} == {"r1": "success", "r2": "success"}
    assert made["target"]["version"] == both["version"]


@pytest.mark.parametrize("host", ["a\nall", "a\rb", "\x1b[2K", "a\u2028b", "\udc9b"])
def test_a_host_is_one_line(host):
    made = report([plan(1, ["r1"]), ended(2, host, "failed", "because"), ended(3, "r1", "failed", "because")])
    assert made["limit"] == ["r1"]


def test_a_wave_has_a_number():
    made = report([plan(1, ["r1"]), dict(wave(2, 1, 1, "r1"), wave="9" * 5000), dict(wave(2, 1, 1, "r1"), wave="\u0661")])
    assert made["waves"] == []


def test_what_was_posted_is_in_the_report_and_decides_nothing():
    message = dict(at=1.0, device="r1", state="success", operation="activation", image="new.bin", reason="\x1b[2J")
    entries = [
        plan(0, ["r1"]),
        *upgrade(0, "r1")[:-1],
        ended(110, "r1", "failed", "the new one did not boot"),
        entry(111, "r1", "posted", messages=[message, "nonsense", {"at": 1}], disagreement="told of a success"),
    ]
    (found,) = report(entries)["devices"]
    assert (found["outcome"], found["disagreement"]) == ("failed", "told of a success")
    (said,) = found["posted"]
    assert "activation success, new.bin" in said and said.isprintable()
    (row,) = rows([found])
    assert row["posted"] == said and row["disagreement"] == "told of a success"
    page = render(report(entries))
    assert "Heard otherwise:</b> told of a success." in page and "posted: " in page


@pytest.mark.parametrize("messages", [None, 5, "text", {"a": 1}, [None, [], {"at": "x"}]], ids=str)
def test_nonsense_in_place_of_messages(messages):
    entries = [plan(0, ["r1"]), *upgrade(0, "r1"), entry(111, "r1", "posted", messages=messages, disagreement=messages)]
    (found,) = report(entries)["devices"]
    assert found["posted"] == []
    assert render(report(entries))
