# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two hundred upgrades with random times of reloads and lost sessions, over each connection plugin and SSH library."""

from __future__ import annotations

import random
import threading
import time

from lab.faults import PHASES

from .stage import INLINE, STOCK, Stage, timed

WAYS = (("libssh", INLINE), ("paramiko", INLINE), ("libssh", STOCK), ("paramiko", STOCK))
FAILURES = ("no-boot", "wrong-checksum", "flash-full")
WAVE = "25"  # devices; the stock plugin has a process of tens of MB for each


def rehearse(seed: int, upgrades: int) -> None:
    chance = random.Random(seed)
    right = sum(_over(library, plugin, upgrades // len(WAYS), number, chance) for number, (library, plugin) in enumerate(WAYS))
    Stage.must(right == upgrades, f"{right} of {upgrades} outcomes are right")


def _over(library: str, plugin: str, count: int, number: int, chance: random.Random) -> int:
    options = ("--devices", str(count), "--connection", plugin)
    variables = {"cns_waves": [WAVE], "cns_stop_at": "100%", "cns_image_timeout": 150, "ansible_network_cli_ssh_type": library}
    # The helper processes of the stock plugin need their time to start, all at once. And libssh may notice only after that
    # time that a session was cut in the middle of a login; the wait has to be longer.
    variables.update(ansible_connect_timeout=30, ansible_command_timeout=30)
    with Stage(f"outcomes-{number}", f"127.{132 + number}.0.0", *options, **variables) as stage:
        expected = _disturb(stage, chance)
        begin, over = time.monotonic(), threading.Event()
        dropping = threading.Thread(target=_drop, args=(stage, random.Random(chance.random()), over))
        dropping.start()
        try:
            stage.upgrade()
        finally:
            over.set()
            dropping.join()
        return _count(stage, expected, f"{library}, {plugin} ({timed(begin)})")


def _disturb(stage: Stage, chance: random.Random) -> dict[str, str]:
    """Give each device its own times, and some of them a reason to fail; return the outcome to expect of each."""
    expected = {}
    for name in stage.devices():
        stage.fault(name, f"boot-seconds={chance.uniform(0.2, 5):.1f}", f"slow-login={chance.choice((0, 0, 0.5))}")
        if chance.random() < 0.5:
            stage.fault(name, f"drop={chance.choice(PHASES)}")
        failure = chance.random() < 0.2
        expected[name] = "failed" if failure else "success"
        if failure:
            stage.fault(name, chance.choice(FAILURES))
    return expected


def _drop(stage: Stage, chance: random.Random, over: threading.Event) -> None:
    """Cut sessions of devices that are at work, in the middle of whatever command comes next."""
    while not over.wait(chance.uniform(0.1, 0.6)):
        busy = [name for name, device in stage.devices().items() if device["phase"] != "idle" and "drop" not in device["faults"]]
        if busy:
            stage.fault(chance.choice(busy), "drop")


def _count(stage: Stage, expected: dict[str, str], way: str) -> int:
    """How many outcomes are as expected, and as the devices themselves tell."""
    found, devices = stage.outcomes(), stage.devices()
    right = 0
    for name, outcome in expected.items():
        upgraded = devices[name]["version"] == stage.variables["cns_target_version"]
        said, reason = found.get(name, ("missing", ""))
        if said == outcome and upgraded == (outcome == "success"):
            right += 1
        else:
            print(
                f"   {name}: {said}: {reason}; expected {outcome}; it runs {devices[name]['version']}; {devices[name]['faults']}"
            )
    failures = list(expected.values()).count("failed")
    print(f"   {right} of {len(expected)} right over {way}, {failures} of them failures", flush=True)
    return right
