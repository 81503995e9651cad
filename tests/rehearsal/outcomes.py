# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two hundred upgrades with random times of reloads and lost sessions: by the engine, and by a task for each device.

The tasks run over each connection plugin and SSH library.
"""

from __future__ import annotations

import json
import random
import threading
import time
from pathlib import Path
from typing import NamedTuple

from lab.faults import PHASES

from .stage import INLINE, STOCK, Stage, timed

FAILURES = ("no-boot", "wrong-checksum", "flash-full")
RETRIEVE = str(Path(__file__).with_name("retrieve.yml").absolute())


class Way(NamedTuple):
    """How to upgrade: by the playbook C(upgrade), or by tasks over a connection plugin and its SSH library."""

    playbook: str
    plugin: str
    library: str


WAYS = (
    Way("cns.image_agent.upgrade", INLINE, "asyncssh"),
    Way(RETRIEVE, INLINE, "asyncssh"),
    Way(RETRIEVE, INLINE, "libssh"),
    Way(RETRIEVE, STOCK, "libssh"),
    Way(RETRIEVE, STOCK, "paramiko"),
)


def rehearse(seed: int, upgrades: int) -> None:
    chance = random.Random(seed)
    right = sum(_over(way, upgrades // len(WAYS), number, chance) for number, way in enumerate(WAYS))
    Stage.must(right == upgrades, f"{right} of {upgrades} outcomes are right")


def _over(way: Way, count: int, number: int, chance: random.Random) -> int:
    options = ("--devices", str(count), "--connection", way.plugin)
    variables = {"cns_waves": ["100%"], "cns_stop_at": "100%", "cns_image_timeout": 150}
    # The helper processes of the stock plugin need their time to start, all at once. And libssh may notice only after that
    # time that a session was cut in the middle of a login; the wait has to be longer.
    variables.update(ansible_connect_timeout=30, ansible_command_timeout=30)
    if way.playbook == RETRIEVE:
        variables.update(ansible_network_cli_ssh_type=way.library)
    with Stage(f"outcomes-{number}", f"127.{132 + number}.0.0", *options, **variables) as stage:
        outcomes = stage.folder.absolute() / "outcomes.json"
        expected = _disturb(stage, chance)
        begin, over = time.monotonic(), threading.Event()
        dropping = threading.Thread(target=_drop, args=(stage, random.Random(chance.random()), over))
        dropping.start()
        try:
            stage.play(way.playbook, "-f", str(count), "-e", f"outcomes_file={outcomes}")
        finally:
            over.set()
            dropping.join()
        found = _ended(outcomes) if way.playbook == RETRIEVE else stage.outcomes()
        right = _count(stage, expected, found)
        failures = list(expected.values()).count("failed")
        what = Path(way.playbook).name.removesuffix(".yml")
        print(f"   {right} of {count} right by {what} over {way.plugin}, {way.library}", end="")
        print(f", {failures} of them failures ({timed(begin)})", flush=True)
        often = {name: times for name, times in stage.triggers().items() if times > 1}
        stage.must(not often, f"each device was triggered at most once {often or ''}")
        return right


def _ended(outcomes: Path) -> dict[str, tuple[str, str]]:
    """Outcome and reason of each device, from the results of its task."""
    results = json.loads(outcomes.read_text())
    return {host: (result.get("outcome", "none"), result.get("reason", str(result))) for host, result in results.items()}


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


def _count(stage: Stage, expected: dict[str, str], found: dict[str, tuple[str, str]]) -> int:
    """How many outcomes are as expected, and as the devices themselves tell."""
    devices, right = stage.devices(), 0
    for name, outcome in expected.items():
        runs = devices[name]["version"]
        upgraded = runs == stage.variables["cns_target_version"]
        said, reason = found.get(name, ("missing", ""))
        if said == outcome and upgraded == (outcome == "success"):
            right += 1
        else:
            print(f"   {name}: {said}: {reason}; expected {outcome}; it runs {runs}; {devices[name]['faults']}")
    return right
