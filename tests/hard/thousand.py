# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wave of a thousand devices, one in twenty with something wrong, of every kind: nothing is lost, nothing is left running."""

from __future__ import annotations

import collections
import json
import os
import random
import threading
import time
from typing import NamedTuple

from tests.rehearsal.mixed import DROPS, FAULTS, GOOD, Kind, is_bad, wrong
from tests.rehearsal.processes import in_session, memory_of
from tests.rehearsal.stage import INLINE, Stage, kill, timed

BASE = os.environ.get("LAB_ADDRESS_BASE", "127.134.0.0")
SILENT = "closed the connection|no login to|session was lost|did not come to the end"
HOSTILE = (
    Kind("no-free-line", "unknown", "no line is free", 0, 1),
    Kind("drop=login", "unknown", SILENT, 0, 1),
    Kind("drop=banner", "unknown", SILENT, 0, 1),
    Kind("drop=answer", "unknown", SILENT, 0, 1),
    Kind("hang=login", "unknown", SILENT, 0, 1),
    Kind("hang=banner", "unknown", SILENT, 0, 1),
    Kind("hang=answer", "unknown", SILENT, 0, 1),
    Kind("drip=2", "unknown", SILENT, 0, 1),
    Kind("flood=show version", "unknown", "printed more than 16 MB|" + SILENT, 0, 1),
    GOOD._replace(fault="flood=1*cns image retrieve"),
    GOOD._replace(fault="rename=cns image retrieve"),
    GOOD._replace(fault="look-alike"),
    GOOD._replace(fault="garbage"),
    Kind("demote=1*cns image retrieve", "failed", "privilege level 1, which the session has", 1, 1),
)
KINDS = (*FAULTS, *DROPS, *HOSTILE)


class Size(NamedTuple):
    """How many devices, for how many seconds to be patient with an answer and with an upgrade, and how many MB are allowed."""

    devices: int
    faulty: int
    patience: int
    timeout: int
    memory: int


WHOLE, SHORT = Size(1000, 50, 30, 180, 250), Size(60, len(KINDS), 5, 12, 150)


class Large(Stage):
    """A fleet that its own upgrade configures."""

    def prepare(self) -> None:
        """Nothing: that would take as long as the upgrade."""


class Watched:
    """A playbook, and how large the largest of its processes became."""

    def __init__(self, stage: Stage, *arguments: str) -> None:
        self._process = stage.start("cns.image_agent.upgrade", *arguments)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.largest = 0  # MB

    def _look(self) -> None:
        while not self._over.wait(0.5):
            self.largest = max([self.largest, *map(memory_of, in_session(self._process.pid))])

    def run(self, limit: int) -> int:
        """Its exit status."""
        self._thread.start()
        try:
            return self._process.wait(limit)
        finally:
            self._over.set()
            self._thread.join()
            kill(self._process)

    def left(self) -> list[int]:
        """Its processes that still run."""
        return in_session(self._process.pid)


def cast(chance: random.Random, size: Size) -> dict[str, Kind]:
    """Give each device its part."""
    faulty = [KINDS[number % len(KINDS)] for number in range(size.faulty)]
    parts = faulty + [GOOD] * (size.devices - len(faulty))
    chance.shuffle(parts)
    return {f"R{number}": kind for number, kind in enumerate(parts, 1)}


def check(short: bool, seed: int) -> bool:
    """Whether all of it was true; what was not is printed."""
    size = SHORT if short else WHOLE
    parts = cast(random.Random(seed), size)
    variables = {
        "cns_image_server_url": "{{ lab_server_url }}",
        "cns_image_status_url": "{{ lab_status_url }}",
        "cns_image_retry": 1,
        "cns_configure": True,
        "cns_save": True,
        "cns_waves": ["100%"],
        "cns_stop_at": "100%",
        "cns_image_timeout": size.timeout,
        "ansible_connect_timeout": size.patience,
        "ansible_command_timeout": size.patience,
    }
    options = ("--devices", str(size.devices), "--boot-seconds", "1", "--connection", INLINE)
    try:
        with Large("thousand", BASE, *options, **variables) as stage:
            _rehearse(stage, parts, size)
    except SystemExit as untrue:
        print(untrue)
        return False
    return True


def _rehearse(stage: Stage, parts: dict[str, Kind], size: Size) -> None:
    for host, kind in parts.items():
        if kind.fault:
            stage.fault(host, kind.fault)
    _upgrade(stage, parts, size, {host: kind.triggers for host, kind in parts.items()})
    if size is SHORT:
        return
    stage.fault("all", clear=True)
    time.sleep(4)  # for the power cycles
    stage.lines(forget=True)
    print("   == faults cleared, the same again", flush=True)
    cured = {host: GOOD if is_bad(kind) else kind for host, kind in parts.items()}
    _upgrade(stage, cured, size, {host: kind.once_cleared for host, kind in parts.items()}, again=True)


def _upgrade(stage: Stage, parts: dict[str, Kind], size: Size, triggers: dict[str, int], again: bool = False) -> None:
    begin = time.monotonic()
    playbook = Watched(stage)
    status = playbook.run(600 + size.devices)
    bad = any(map(is_bad, parts.values()))
    stage.must(status == (2 if bad else 0), f"{size.devices} devices, the playbook ended with status {status} ({timed(begin)})")
    told = wrong(parts, stage.outcomes())
    counts = dict(collections.Counter(outcome for outcome, _reason in stage.outcomes().values()))
    stage.must(not told, "\n   ".join([f"{size.devices - len(told)} outcomes and reasons are right: {counts}", *told]))
    counted = stage.triggers()
    told = [f"{host} {counted[host]} times, not {times}" for host, times in triggers.items() if counted[host] != times]
    stage.must(not told, f"each was triggered as often as it should be, {sum(triggers.values())} times in all {told or ''}")
    _whole_journal(stage, parts, again)
    _nothing_left(stage, playbook)
    stage.must(playbook.largest < size.memory, f"no process was larger than {playbook.largest} MB ({size.memory} are allowed)")


def _whole_journal(stage: Stage, parts: dict[str, Kind], again: bool) -> None:
    entries = [json.loads(line) for line in stage.journal.read_text().splitlines()]
    begun = max(number for number, entry in enumerate(entries) if entry["step"] == "rollout")
    ends = collections.Counter(entry["host"] for entry in entries[begun:] if entry["step"] == "ended")
    planned = [host for wave in entries[begun]["waves"] for host in wave]
    lost = [host for host in planned if not ends[host]]
    stage.must(
        not lost and (again or set(planned) == set(parts)), f"the journal has the end of each of {len(planned)} {lost or ''}"
    )
    stage.must(entries[-1]["step"] == "finished", f"and that of the rollout; its {len(entries)} lines are whole")


def _nothing_left(stage: Stage, playbook: Watched) -> None:
    """A device that hangs does not hear that its session was closed."""
    stage.must(not playbook.left(), f"no process is left {playbook.left() or ''}")
    open_ones = {name: found["connections"] for name, found in stage.devices().items() if found["connections"]}
    open_ones = {name: count for name, count in open_ones.items() if stage.devices()[name]["state"] != "hung"}
    stage.must(not open_ones, f"no session is left {open_ones or ''}")
    files = [str(file) for file in (stage.folder / "ansible/tmp").rglob("*")]
    stage.must(not files, f"no temporary file is left {files or ''}")
    said = [line for log in stage.folder.glob("run-*.log") for line in log.read_text(errors="replace").splitlines()]
    trace = [line for line in said if "Traceback" in line or "a fault of this collection" in line]
    stage.must(not trace, f"no traceback was printed {trace[:3] or ''}")
    size = sum(len(line) for line in said)
    stage.must(size < 10_000_000, f"the output is {size >> 10} KB")
