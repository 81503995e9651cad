# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.screens import PlainScreen
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import ended, plan, wave


def shown(*looks):
    """The lines that a screen writes, for looks of ``(now, entries)``."""
    lines, progress = [], Progress()
    screen = PlainScreen(lines.append)
    for now, entries in looks:
        screen.show(progress, [change for change in map(progress.add, entries) if change], now)
    return lines, screen, progress


def test_where_nothing_changes_nothing_is_written():
    lines, screen, progress = shown((0, [plan(0, ["r1"])]), (100, []), (200, []), (300, []))
    screen.close(progress, 400)
    assert lines == []


def test_it_sums_up_once_a_minute_at_the_most():
    ends = [(at, [ended(at, "r%d" % at, "success")]) for at in range(0, 200, 10)]
    lines, screen, progress = shown(*ends)
    assert [line for line in lines if "so far" in line] == [
        "7 of 7 devices ended; 1 min so far, time to go unknown",
        "13 of 13 devices ended; 2 min so far, time to go unknown",
        "19 of 19 devices ended; 3 min so far, time to go unknown",
    ]


def test_it_sums_up_in_the_end_where_that_is_news():
    lines, screen, progress = shown((0, [plan(0, ["r1"]), wave(0, 1, 1, "r1")]), (5, [ended(5, "r1", "success")]))
    screen.close(progress, 6)
    screen.close(progress, 7)
    assert lines == [
        "r1: upgraded after 5 s",
        "wave 1 of 1, 1 of 1 devices ended; 6 s so far, time to go unknown",
    ]
