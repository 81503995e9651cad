# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sixty devices in waves, with everything that can go wrong mixed in: each ends with the right outcome and reason."""

from __future__ import annotations

import random
import re
import time
from typing import NamedTuple

from lab.faults import PHASES

from .stage import INLINE, Stage, timed

WAVES, STOP_AT = ("2", "25%", "100%"), 34  # percent of a wave
DEVICES, WITHOUT_AGENT, ON_TARGET = 60, 3, 3


class Kind(NamedTuple):
    """What is wrong with a device, how it is to end, and how often it is triggered while it is wrong and once it is not."""

    fault: str
    outcome: str
    reason: str
    triggers: int
    once_cleared: int


GOOD = Kind("", "success", r"runs 15\.7\(3\)M9 .* after a reload", 1, 0)
UP_TO_DATE = Kind("", "up_to_date", r"runs 15\.7\(3\)M9 already", 0, 0)
NO_AGENT = Kind("", "blocked", "has no image agent", 0, 0)
FAULTS = (
    Kind("server-unreachable", "failed", "SERVER_UNREACHABLE.* never reached the image server", 1, 1),
    Kind("wrong-checksum", "failed", "CHECKSUM_MISMATCH", 1, 1),
    Kind("flash-full", "failed", "NOT_ENOUGH_SPACE", 1, 1),
    Kind("no-boot", "failed", "came back on the old image .* the new one did not boot", 1, 1),
    Kind("hang", "unknown", "no login to", 0, 1),
    Kind("hang=poll", "unknown", "could not be asked again", 1, 1),
    Kind("hang=download", "unknown", "could not be asked again", 1, 1),
    # What boots after the power cycle is the new image.
    Kind("hang=boot", "unknown", "could not be asked again", 1, 0),
)
DROPS = tuple(GOOD._replace(fault=f"drop={phase}") for phase in PHASES)


def cast(chance: random.Random) -> dict[str, Kind]:
    """Give each device its part. The last ones are those of the release without the agent."""
    count = DEVICES - WITHOUT_AGENT
    parts = [UP_TO_DATE] * ON_TARGET + list(FAULTS) * 2 + list(DROPS)
    parts += [GOOD] * (count - len(parts))
    chance.shuffle(parts)
    return {f"R{number}": kind for number, kind in enumerate(parts + [NO_AGENT] * WITHOUT_AGENT, 1)}


def is_bad(kind: Kind) -> bool:
    return kind.outcome not in ("success", "up_to_date")


def waves_of(hosts: list[str]) -> list[list[str]]:
    """The waves as the documentation describes them, of the hosts that do not run the target already."""
    sizes = [2, len(hosts) * 25 // 100, len(hosts)]
    waves = [hosts[: sizes[0]], hosts[sizes[0] : sizes[0] + sizes[1]], hosts[sizes[0] + sizes[1] :]]
    return [wave for wave in waves if wave]


def stops_in(waves: list[list[str]], parts: dict[str, Kind]) -> int:
    """The number of the first wave that has more bad ends than the threshold allows."""
    for number, wave in enumerate(waves, 1):
        if sum(is_bad(parts[host]) for host in wave) > len(wave) * STOP_AT // 100:
            return number
    return 0


def is_asked(line: str) -> bool:
    """Whether a line that a device received changes nothing: the plan asks each device what it runs."""
    return not line or line.startswith(("show ", "terminal ", "enable", "exit"))


def changed(lines: dict[str, list[str]], hosts: list[str]) -> dict[str, list[str]]:
    """What devices received that was more than a question."""
    told = {host: [line for line in lines[host] if not is_asked(line)] for host in hosts}
    return {host: found for host, found in told.items() if found}


def to_do(parts: dict[str, Kind]) -> list[str]:
    """The devices that the plan takes into waves, and the report names."""
    return [host for host, kind in parts.items() if kind is not UP_TO_DATE]


def wrong(parts: dict[str, Kind], found: dict[str, tuple[str, str]]) -> list[str]:
    """What is not as it should be, one line for a device."""
    told = []
    for host in to_do(parts):
        kind = parts[host]
        outcome, reason = found.get(host, ("missing", ""))
        if outcome != kind.outcome or not re.search(kind.reason, reason):
            told.append(f"{host} ({kind.fault or 'no fault'}): {outcome}: {reason}; expected {kind.outcome}: {kind.reason}")
    return told


def rehearse(seed: int) -> None:
    chance = random.Random(seed)
    parts = cast(chance)
    while stops_in(waves_of(to_do(parts)), parts) != 2:
        parts = cast(chance)
    stage = Stage(
        "mixed",
        "127.130.0.0",
        *("--devices", str(DEVICES), "--profile", f"ios:{DEVICES - WITHOUT_AGENT},ios-no-agent:{WITHOUT_AGENT}"),
        *("--boot-seconds", "1", "--connection", INLINE),
        cns_waves=WAVES,
        cns_image_timeout=25,
    )
    with stage:
        _rehearse(stage, parts, waves_of(to_do(parts)))


def _rehearse(stage: Stage, parts: dict[str, Kind], waves: list[list[str]]) -> None:
    ready = [host for host, kind in parts.items() if kind is UP_TO_DATE]
    status = stage.play("cns.image_agent.retrieve", "--limit", ",".join(ready))
    stage.must(status == 0, f"{', '.join(ready)} run the target already")
    for host, kind in parts.items():
        if kind.fault:
            stage.fault(host, kind.fault)
    stage.lines(forget=True)

    print(f"== waves of {', '.join(map(str, map(len, waves)))}; up to {STOP_AT} % of a wave may end badly", flush=True)
    begin = time.monotonic()
    status = stage.upgrade("-e", f"cns_stop_at={STOP_AT}%")
    stopped, begun = stage.report()["stopped"], {host: parts[host] for wave in waves[:2] for host in wave}
    stage.must(status == 2 and stopped and stopped["wave"] == 2, f"the rollout stopped in wave 2 ({timed(begin)})")
    _right(stage, begun)
    touched = changed(stage.lines(), waves[2])
    stage.must(not touched, f"the {len(waves[2])} devices of the third wave were asked what they run, no more {touched or ''}")

    print("== the same again, whatever ends badly", flush=True)
    begin, before = time.monotonic(), stage.triggers()
    status = stage.upgrade("-e", "cns_stop_at=100%")
    stage.must(status == 2, f"the rollout went to its end, and failed for those that are not done ({timed(begin)})")
    after_a_failure = {host: kind for host, kind in begun.items() if is_bad(kind)}
    _right(stage, parts)
    _triggered(stage, {host: kind.triggers for host, kind in parts.items() if host not in begun}, "each device of the third wave")
    expected = {host: before[host] + (kind.outcome == "failed") for host, kind in after_a_failure.items()}
    _triggered(stage, expected, "what had failed was triggered once more, what nobody knows of was not, so each")

    print("== faults cleared, the same again", flush=True)
    done = [host for host, kind in parts.items() if not is_bad(kind)]
    stage.fault("all", clear=True)
    time.sleep(4)  # for the power cycles
    stage.lines(forget=True)
    begin = time.monotonic()
    status, found = stage.upgrade("-e", "cns_stop_at=100%"), stage.outcomes()
    last = {host: GOOD if is_bad(kind) and kind is not NO_AGENT else kind for host, kind in parts.items()}
    told = wrong(last, found)
    stage.must(status == 2 and not told, f"all is done but the {WITHOUT_AGENT} without an agent ({timed(begin)}) {told or ''}")
    touched = changed(stage.lines(), done)
    stage.must(not touched, f"the {len(done)} that were done were asked what they run, no more {touched or ''}")
    _triggered(stage, {host: kind.once_cleared for host, kind in parts.items()}, "each device")


def _right(stage: Stage, parts: dict[str, Kind]) -> None:
    told, count = wrong(parts, stage.outcomes()), len(to_do(parts))
    stage.must(not told, "\n   ".join([f"{count - len(told)} of {count} outcomes and reasons are right", *told]))


def _triggered(stage: Stage, expected: dict[str, int], who: str) -> None:
    counted = stage.triggers()
    told = [f"{host} {counted[host]} times, not {times}" for host, times in expected.items() if counted[host] != times]
    stage.must(not told, f"{who} was triggered as often as it should be: {sum(expected.values())} times in all {told or ''}")
