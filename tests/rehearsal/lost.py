# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job whose worker is killed in the middle, with all that it had: another goes on, and triggers no device twice.

It has the last artifact that the controller heard of, or nothing but the devices.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from .jobs import JobStage
from .stage import timed

ALSO = 3  # jobs that may be needed if nothing is left: one ends with the devices unknown that happen to be booting


def rehearse(base: str, seed: int, devices: int) -> None:
    chance = random.Random(seed)
    for with_artifact in (True, False):
        print(
            f"== {devices} devices, killed in the middle, " + ("with its artifact" if with_artifact else "nothing is left"),
            flush=True,
        )
        options = ("--devices", str(devices), "--boot-seconds", "6")
        with JobStage("lost", base, *options, cns_image_timeout=90, cns_logins=2, cns_waves=["1", "100%"]) as stage:
            _rehearse(stage, chance, devices, with_artifact)


def _rehearse(stage: JobStage, chance: random.Random, devices: int, with_artifact: bool) -> None:
    events, status = stage.remote("upgrade", until=_moment(stage, chance, devices))
    triggered, done = sum(stage.triggers().values()), _upgraded(stage)
    stage.must(status != 0 and events.artifact() is None, "the worker was killed, so the job has no artifact of its end")
    stage.must(done < devices, f"{triggered} devices were triggered, {done} of them run the target already")
    left = events.last_heard()
    stage.must(
        left and left["begun"], f"the last that was heard of it: {left and len(left['begun'])} devices may have been triggered"
    )
    begin = time.monotonic()
    if with_artifact:
        events, status = stage.remote("upgrade", cns_resume_from=left)
        stage.must(status == 0, f"another job goes on from the artifact alone ({timed(begin)})")
        made = events.artifact()
        stage.must(made["total"] == devices and not made["limit"], f"its report knows all {devices}: {made['counts']}")
    else:
        jobs = next((number for number in range(1, ALSO + 1) if stage.remote("upgrade")[1] == 0), None)
        stage.must(jobs, f"{jobs} other jobs, which know nothing of it, bring it to its end ({timed(begin)})")
    _judge(stage, devices)


def _moment(stage: JobStage, chance: random.Random, devices: int) -> Callable[[], None]:
    """When to kill: so many devices are triggered, and a little later."""
    enough, later = chance.randint(devices // 4, devices - 2), chance.uniform(0, 1)

    def wait() -> None:
        deadline = time.monotonic() + 120
        while sum(stage.triggers().values()) < enough and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(later)

    return wait


def _upgraded(stage: JobStage) -> int:
    return sum(device["version"] == stage.variables["cns_target_version"] for device in stage.devices().values())


def _judge(stage: JobStage, count: int) -> None:
    stage.must(_upgraded(stage) == count, f"all {count} devices run the target")
    often = {name: times for name, times in stage.triggers().items() if times != 1}
    stage.must(not often, f"each device was triggered once {often or ''}")
    odd = {name: device["reloads"] for name, device in stage.devices().items() if device["reloads"] != 1}
    stage.must(not odd, f"each device reloaded once {odd or ''}")
