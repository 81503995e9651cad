# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import screens
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.screens import PlainScreen
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import ended, entry, plan, wave


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


FLEET = ["r%d" % number for number in range(1000)]


def fleet_in_progress():
    """Of 1000 devices 100 are upgraded, 15 failed, 400 are away since 60 s, r999 since 600 s; the others wait for their turn."""
    entries = [plan(0, FLEET), wave(0, 1, 1, *FLEET)]
    entries += [ended(90, host, "success") for host in FLEET[:100]]
    entries += [ended(95, host, "failed", "no room on the flash of %s" % host) for host in FLEET[100:115]]
    entries += [entry(600, host, "phase", phase="away") for host in FLEET[115:514]]
    entries.append(entry(60, "r999", "phase", phase="away", detail="a detail"))
    return sorted(entries, key=lambda one: one["at"])


def test_of_many_devices_each_that_failed_has_a_line_and_the_others_are_counted():
    lines, screen, progress = shown((0, fleet_in_progress()[:2]), (660, fleet_in_progress()[2:]))
    assert lines[0] == "r100: failed after 1 min 35 s: no room on the flash of r100"
    assert lines[11:] == [
        "r111: failed after 1 min 35 s: no room on the flash of r111",
        "and 3 more failed",
        "wave 1 of 1, 115 of 1000 devices ended, 885 in progress, 15 failed; 11 min so far, time to go unknown",
        "485 preflight, 400 away (reloading), 100 upgraded, 15 failed",
        "slowest: r999 away (reloading) for 10 min, r115 away (reloading) for 1 min, r116 away (reloading) for 1 min",
    ]


def test_devices_that_wait_for_their_turn_are_not_slow():
    lines, screen, progress = shown((0, [plan(0, FLEET, ["r1000"]), wave(0, 1, 1, *FLEET)]), (60, [ended(60, "r1", "success")]))
    assert lines == [
        "wave 1 of 2, 1 of 1001 devices ended, 999 in progress; 1 min so far, time to go unknown",
        "999 preflight, 1 upgraded, 1 to come",
    ]


def drawn(progress, now, width, height):
    """The lines of the display that is redrawn."""
    console = pytest.importorskip("rich.console").Console(file=io.StringIO(), width=width, height=height)
    console.print(screens.drawing(progress, now, width, height))
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize("width, height, devices, failed", [(80, 24, 12, 5), (200, 50, 12, 5), (80, 12, 3, 2), (40, 6, 1, 1)])
def test_a_terminal_shows_the_slowest_and_the_failed_of_many(width, height, devices, failed):
    _lines, _screen, progress = shown((660, fleet_in_progress()))
    lines = drawn(progress, 660, width, height)
    assert len(lines) < max(height, 10) and max(map(len, lines)) <= width
    assert lines[0].split()[:3] == ["r999", "away", "(reloading)"] and "a detail" in lines[0]
    assert lines[devices] == "and %d more" % (885 - devices)
    told = lines[devices + 1 : devices + 1 + failed]
    assert [line.split(":")[0] for line in told] == ["r%d" % number for number in range(115 - failed, 115)]
    text = " ".join(lines)
    assert "485 preflight, 400 away (reloading), 100 upgraded, 15 failed" in text and "115 of 1000 devices ended" in text


def test_few_devices_stay_where_they_are():
    hosts = ["r1", "r2", "r10"]
    entries = [plan(0, hosts), wave(0, 1, 1, *hosts), entry(5, "r10", "phase", phase="away"), entry(9, "r2", "triggering")]
    _lines, _screen, progress = shown((10, entries))
    assert [line.split()[0] for line in drawn(progress, 10, 80, 24)[:3]] == hosts
    assert not any("2 preflight" in line for line in drawn(progress, 10, 80, 24))


def test_of_the_canary_of_a_large_fleet_each_phase_is_told():
    lines, screen, progress = shown((0, [plan(0, ["r0"], FLEET[1:]), wave(0, 1, 2, "r0"), entry(5, "r0", "triggering")]))
    assert lines == ["r0: triggered, after 5 s"]
    assert not any("to come" in line for line in drawn(progress, 5, 80, 24))
