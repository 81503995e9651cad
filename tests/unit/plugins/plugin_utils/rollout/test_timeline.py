# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.timeline import ticks, waves
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    ended,
    entry,
    plan,
    upgrade,
    wave,
)


def phases(row):
    return [(part["phase"], part["start"], part["seconds"]) for part in row["segments"]]


def test_the_phases_of_an_upgrade_follow_each_other_without_a_gap():
    (found,) = waves([plan(1000, ["r1"]), wave(1000, 1, 1, "r1"), *upgrade(1000, "r1")])
    (row,) = found["rows"]
    assert phases(row) == [
        ("preflight", 0, 4),
        ("preparing", 4, 6),
        ("triggered", 10, 10),
        ("working", 20, 40),
        ("away", 60, 40),
        ("back", 100, 10),
    ]
    assert (row["host"], row["outcome"], row["seconds"], found["seconds"]) == ("r1", "success", 110, 110)


def test_every_run_has_its_own_waves():
    entries = [
        *(plan(0, ["r1"], ["r2"]), wave(0, 1, 2, "r1"), entry(5, "r1", "triggering")),
        *(plan(9000, ["r1"], ["r2"]), wave(9000, 1, 2, "r1"), ended(9050, "r1", "success"), wave(9060, 2, 2, "r2")),
    ]
    assert [(found["run"], found["wave"], found["started"]) for found in waves(entries)] == [
        (1, 1, 0),
        (2, 1, 9000),
        (2, 2, 9060),
    ]
    assert [found["rows"][0]["outcome"] for found in waves(entries)] == ["under_way", "success", "never_reached"]


def test_a_device_without_an_end_lasts_as_long_as_anything_was_heard_of_its_wave():
    entries = [wave(0, 1, 1, "r1", "r2"), entry(10, "r1", "triggering"), ended(90, "r2", "success")]
    (found,) = waves(entries)
    assert phases(found["rows"][0]) == [("preflight", 0, 10), ("triggered", 10, 80)]


@pytest.mark.parametrize(
    "seconds, marks",
    [(0, [0]), (4, [0, 1, 2, 3, 4]), (59, [0, 10, 20, 30, 40, 50]), (3600, [0, 1200, 2400, 3600])],
)
def test_marks_are_round_and_few(seconds, marks):
    assert ticks(seconds) == marks


@pytest.mark.parametrize("seconds", [1e6, 1e9])
def test_there_are_never_many_marks(seconds):
    assert 2 <= len(ticks(seconds)) <= 6
