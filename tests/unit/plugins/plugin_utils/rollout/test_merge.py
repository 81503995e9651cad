# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of one report of the slices of a job."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.artifact import artifact, entries_of
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.merge import merge
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.page import render
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report, rows
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    ended,
    entry,
    plan,
    upgrade,
    wave,
)

GOOD = [plan(1, ["r1"]), wave(2, 1, 1, "r1"), *upgrade(3, "r1"), entry(120, None, "finished")]
STOPPED = [
    plan(5, ["r2"], ["r3"]),
    wave(6, 1, 2, "r2"),
    entry(7, "r2", "triggering", before=None),
    ended(60, "r2", "failed", "CHECKSUM_MISMATCH"),
    entry(61, None, "stopped", wave=1, reason="1 of 1"),
    entry(62, None, "finished"),
]
CUT = [plan(5, ["r4"]), wave(6, 1, 1, "r4"), entry(7, "r4", "triggering", before=None)]


def test_the_slices_of_a_job_are_one_report():
    made = merge([report(GOOD), report(STOPPED)])
    assert (made["state"], made["total"], made["runs"], made["stopped"]["reason"]) == ("stopped", 3, 2, "1 of 1")
    assert {count["outcome"]: count["count"] for count in made["counts"]} == {"success": 1, "failed": 1, "never_reached": 1}
    assert (made["limit"], [device["host"] for device in made["not_started"]]) == (["r2", "r3"], ["r3"])
    assert [[row["host"] for row in wave["rows"]] for wave in made["waves"]] == [["r1"], ["r2"]]
    assert made["seconds"] == report(GOOD)["seconds"]
    assert set(made) == set(report(GOOD))
    assert len(rows(made["devices"])) == 3 and "CHECKSUM_MISMATCH" in render(made)


def test_the_worst_state_counts():
    assert merge([report(GOOD), report(CUT)])["state"] == "interrupted"


@pytest.mark.parametrize("empty", [[], [[]], [[], []]])
def test_an_empty_slice_adds_nothing(empty):
    assert merge([report(GOOD), *map(report, empty)]) == report(GOOD)
    assert merge([*map(report, empty), report(GOOD)]) == report(GOOD)
    assert merge([report([]), *map(report, empty)])["total"] == 0


def test_the_last_that_heard_of_a_device_is_right():
    again = [plan(200, ["r2"]), entry(201, "r2", "triggering", before=None), ended(300, "r2", "success", "it runs it")]
    for order in ((STOPPED, again), (again, STOPPED)):
        made = merge([report(journal) for journal in order])
        assert {device["host"]: device["outcome"] for device in made["devices"]} == {"r2": "success", "r3": "never_reached"}
        assert made["limit"] == ["r3"]


def test_artifacts_merge_like_journals():
    made = merge([report(entries_of(artifact(journal))) for journal in (GOOD, STOPPED)])
    assert (made["total"], made["limit"]) == (3, ["r2", "r3"])
    assert [report(entries_of(artifact(journal)))["state"] for journal in (GOOD, STOPPED, CUT)] == [
        report(journal)["state"] for journal in (GOOD, STOPPED, CUT)
    ]


def test_two_slices_in_one_journal_are_told_whole():
    """As it is if all slices have the same folder: lines of both are mixed, and each device has its own end."""
    mixed = report(sorted([*GOOD, *STOPPED], key=lambda entry: entry["at"]))
    assert (mixed["total"], mixed["limit"]) == (3, ["r2", "r3"])
