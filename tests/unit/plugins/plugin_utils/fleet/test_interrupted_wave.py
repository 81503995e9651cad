# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wave of virtual devices that is ended from outside: nothing stays open, and the same wave goes on where it was."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

pytest.importorskip("asyncssh")

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import engine
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.tests.unit.lab.live_fleet import LiveFleet
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.fleet.test_hostile_wave import upgrade


def until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_sessions_and_what_was_begun_is_triggered_once(tmp_path, number):
    path = tmp_path / "rollout" / "journal.jsonl"
    with LiveFleet(tmp_path, "slow-server=2", "slow-server=2") as fleet:

        def interrupt():
            until(lambda: fleet.triggers() == [1, 1] and all(device._sessions for device in fleet.devices))
            os.kill(os.getpid(), number)

        threading.Thread(target=interrupt, daemon=True).start()
        with pytest.raises(engine.Interrupted) as raised:
            upgrade(fleet, str(path), [])
        assert raised.value.signal == number
        until(lambda: not any(device._sessions for device in fleet.devices), seconds=1)
        steps = [entry["step"] for entry in Journal(str(path)).entries()]
        assert steps.count("triggering") == 2 and "ended" not in steps

        again = upgrade(fleet, str(path), [])
        assert fleet.triggers() == [1, 1]
        assert {report.ended.verdict.outcome for report in again.values()} <= {"success", "up_to_date"}
