# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollout that is killed at ten random moments and run again each time: all is well in the end, and nothing was done twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time

from .processes import alive
from .stage import INLINE, Stage, kill, timed

KILLS = 10
PLAYBOOK = "cns.image_agent.upgrade"
# What the journal says just before a kill, and where that is nothing: any moment
MOMENTS = ("wave", "preflight", "snapshot", "triggering", "triggered", "phase", "ended", "checked", None)


def rehearse(seed: int, devices: int) -> None:
    chance = random.Random(seed)
    options = ("--devices", str(devices), "--boot-seconds", "2", "--connection", INLINE)
    with Stage("killed", "127.131.0.0", *options, cns_waves=["10%"], cns_image_timeout=60) as stage:
        begin, orphans = time.monotonic(), []
        print(f"== {devices} devices in waves of a tenth, killed {KILLS} times", flush=True)
        for number in range(1, KILLS + 1):
            orphans += _run_and_kill(stage, chance, number)
        stage.must(stage.upgrade() == 0, f"the last run went to its end ({timed(begin)} in all)")
        _end(orphans)
        _judge(stage, devices)


def _run_and_kill(stage: Stage, chance: random.Random, number: int) -> list[int]:
    process = stage.start(PLAYBOOK)
    try:
        moment, with_workers = chance.choice(MOMENTS), chance.random() < 0.6
        if moment:
            _wait_for(stage, process, moment, chance.randint(1, 4))
        else:
            time.sleep(chance.uniform(0.2, 12))
        time.sleep(chance.choice((0, chance.uniform(0, 0.5), chance.uniform(0, 3))))
        running = process.poll() is None
        orphans = kill(process, with_workers)
    finally:
        kill(process)
    done = sum(device["reloads"] for device in stage.devices().values())
    who = "with its workers" if with_workers else "alone"
    when = f"after the journal said {moment}" if moment else "at any moment"
    stage.must(running, f"kill {number:2}: {who}, {when}; {done} devices have reloaded")
    return orphans


def _wait_for(stage: Stage, process: subprocess.Popen, step: str, times: int) -> None:
    """Wait until the run has written a step down so often, or for a minute."""
    mark, deadline = f'"step": "{step}"', time.monotonic() + 60
    already = stage.journal.stat().st_size if stage.journal.exists() else 0
    while time.monotonic() < deadline and process.poll() is None:
        if stage.journal.exists():
            with open(stage.journal, encoding="utf-8") as journal:
                journal.seek(already)
                if journal.read().count(mark) >= times:
                    return
        time.sleep(0.01)


def _end(orphans: list[int]) -> None:
    """Workers that outlived their playbook end by themselves; those that take too long are ended."""
    deadline = time.monotonic() + 70
    while any(alive(pid, PLAYBOOK) for pid in orphans) and time.monotonic() < deadline:
        time.sleep(0.5)
    for pid in orphans:
        if alive(pid, PLAYBOOK):
            os.kill(pid, signal.SIGKILL)


def _judge(stage: Stage, count: int) -> None:
    devices, downloads, triggers, outcomes = stage.devices(), stage.downloads(), stage.triggers(), stage.outcomes()
    off = [name for name, device in devices.items() if device["version"] != stage.variables["cns_target_version"]]
    stage.must(not off, f"all {count} devices run the target {off or ''}")
    twice = {name: counts for name, counts in downloads.items() if counts != (1, 0)}
    stage.must(len(downloads) == count and not twice, f"each device downloaded the image once {twice or ''}")
    odd = {name: device["reloads"] for name, device in devices.items() if device["reloads"] != 1}
    stage.must(not odd, f"each device reloaded once {odd or ''}")
    often = {name: triggers[name] for name in devices if triggers[name] != 1}
    stage.must(not often, f"each device was triggered once {often or ''}")
    bad = {name: outcomes.get(name) for name in devices if outcomes.get(name, ("", ""))[0] != "success"}
    stage.must(not bad, f"the report says success of each {bad or ''}")
