# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.screens import change_line, summary_line
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.words import duration
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    ended,
    entry,
    journals,
    plan,
    upgrade,
    wave,
)


def fed(entries, **settings):
    progress = Progress(**settings)
    changes = [progress.add(entry) for entry in entries]
    return progress, [change for change in changes if change]


def test_every_phase_of_an_upgrade_is_a_line():
    _progress, changes = fed([plan(0, ["r1"]), wave(1, 1, 1, "r1"), *upgrade(1, "r1")])
    assert [change_line(change) for change in changes] == [
        "r1: preparing, after 4 s",
        "r1: triggered, after 10 s",
        "r1: agent at work, after 20 s",
        "r1: away (reloading), after 1 min",
        "r1: back (checking), after 1 min 40 s",
        "r1: upgraded after 1 min 50 s",
    ]


@pytest.mark.parametrize(
    "last, line",
    [
        (ended(9, "r1", "failed", "no route"), "r1: failed after 8 s: no route"),
        (ended(9, "r1", "success", "it runs"), "r1: upgraded after 8 s"),
        (ended(9, "r1", "unheard", "of"), "r1: unheard after 8 s: of"),
    ],
)
def test_a_reason_is_told_where_it_went_badly(last, line):
    _progress, changes = fed([wave(1, 1, 1, "r1"), last])
    assert [change_line(change) for change in changes] == [line]


def test_the_same_phase_again_is_no_change():
    _progress, changes = fed([entry(at, "r1", "phase", phase="away") for at in (1, 2, 3)])
    assert len(changes) == 1


def test_a_cause_of_trouble_is_told_when_it_is_new():
    lost = "1 connection attempts never reached the image server"
    details = ["", lost, lost, lost.replace("1", "2"), ""]
    told = [
        entry(at, "r1", "phase", phase="working", **({"detail": detail} if detail else {})) for at, detail in enumerate(details)
    ]
    progress, changes = fed(told)
    assert [change_line(change) for change in changes] == [
        "r1: agent at work, after 0 s",
        "r1: agent at work (%s), after 1 s" % lost,
        "r1: agent at work (%s), after 3 s" % lost.replace("1", "2"),
    ]
    assert progress.devices["r1"].since == 0


def test_what_is_noted_after_the_end_is_no_change():
    progress, changes = fed([ended(1, "r1", "success"), entry(2, "r1", "checked", differences=[])])
    assert len(changes) == 1 and not progress.devices


def test_earlier_runs_give_durations_and_nothing_else():
    progress, changes = fed([plan(0, ["r1"]), *upgrade(0, "r1"), plan(500, ["r2"])], since=400)
    assert changes == []
    assert (progress.total, progress.outcomes) == (1, {})
    assert progress.remaining(500) == 100


@pytest.mark.parametrize(
    "after, told",
    [
        ([], "0 of 3 devices ended; 10 s so far, time to go unknown"),
        ([wave(2, 1, 2, "r1")], "wave 1 of 2, 0 of 3 devices ended, 1 in progress; 10 s so far, time to go unknown"),
        ([ended(3, "r1", "failed")], "1 of 3 devices ended, 1 failed; 10 s so far, time to go unknown"),
        ([entry(4, None, "stopped", wave=1, reason="r1")], "0 of 3 devices ended; 10 s so far, stopped: r1"),
        ([entry(4, None, "finished")], "0 of 3 devices ended; 10 s so far, finished"),
    ],
)
def test_summary(after, told):
    progress, _changes = fed([plan(0, ["r1"], ["r2", "r3"]), *after])
    assert summary_line(progress, 10) == told


@pytest.mark.parametrize(
    "slots, elapsed, remaining",
    [
        # r2 was triggered at 1010 and takes 100 s like r1 before it; r3 waits; then a wave of four.
        (5, 40, 100 + 100),
        (5, 90, 100 + 100),
        (1, 40, 60 + 100 + 400),
        (2, 40, 100 + 200),
        (5, 5000, 100 + 100),
        (None, 40, 100 + 100),
        (None, 5000, 100 + 100),
    ],
)
def test_remaining_goes_by_the_slots_and_by_what_devices_took(slots, elapsed, remaining):
    waves = ["r2", "r3"], ["r4", "r5", "r6", "r7"]
    entries = [*upgrade(0, "r1"), plan(1000, *waves), wave(1000, 1, 2, *waves[0]), entry(1010, "r2", "triggering")]
    progress, _changes = fed(entries, since=900, slots=slots)
    assert progress.remaining(1010 + elapsed) == remaining


def test_a_thousand_devices_take_as_long_as_one():
    many = ["r%d" % number for number in range(1000)]
    entries = [*upgrade(0, "r1"), plan(1000, many), wave(1000, 1, 1, *many)]
    progress, _changes = fed(entries, since=900)
    assert progress.remaining(1010) == 100


def test_remaining_is_nothing_where_nothing_will_happen():
    progress, _changes = fed([plan(0, ["r1"], ["r2"]), *upgrade(0, "r1"), entry(200, None, "stopped", reason="x")])
    assert progress.remaining(200) == 0


@pytest.mark.parametrize(
    "seconds, text",
    [(None, ""), (-1, "0 s"), (59.6, "1 min"), (75, "1 min 15 s"), (3600, "1 h"), (3725, "1 h 2 min"), (90000, "25 h")],
)
def test_durations_in_words(seconds, text):
    assert duration(seconds) == text


@given(journals)
def test_no_journal_is_too_much(entries):
    progress, changes = fed(entries)
    assert all(isinstance(change_line(change), str) for change in changes)
    assert "devices ended" in summary_line(progress, 10)
    assert len(progress.outcomes) + len(progress.devices) <= progress.total
