# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.teller import Teller
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import ended, entry, upgrade


def told(hosts, *steps):
    """What is said of steps, each ``(host, entry)``, which happen when their entries say."""
    now, lines = [0], []
    teller = Teller(lines.append, hosts, lambda: now[0])
    for step in steps:
        now[0] = step["at"]
        teller.hear(step["host"], step)
    return lines


def test_each_phase_of_a_few_devices():
    assert told(2, *upgrade(0, "r1")) == [
        "r1: preparing",
        "r1: triggered",
        "r1: agent at work",
        "r1: away (reloading)",
        "r1: back (checking)",
        "r1: upgraded: the device runs 15.7(3)M9",
    ]


def test_many_devices_are_counted_now_and_then():
    steps = [entry(at, "r%d" % at, "phase", phase="away") for at in range(40)]
    assert told(100, *steps, ended(65, "r1", "success")) == [
        "100 devices: 31 away (reloading), 69 to come",
        "100 devices: 39 away (reloading), 1 upgraded, 60 to come",
    ]


def test_the_first_of_many_that_fail_are_named():
    lines = told(100, *(ended(at / 10, "r%d" % at, "failed" if at else "success", "no route") for at in range(100)))
    assert lines[0] == "r1: failed: no route" and lines[19] == "r20: failed: no route"
    assert lines[20].startswith("20 devices have failed so far.")
    assert lines[21:] == ["100 devices: 1 upgraded, 99 failed"]
