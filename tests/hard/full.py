# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollout whose disk is full in the middle: what is in progress is followed, nothing else begins, and another run goes on."""

from __future__ import annotations

import json
import os

from tests.rehearsal.stage import INLINE, Stage

BASE = os.environ.get("LAB_ADDRESS_BASE", "127.135.0.0")
DEVICES = 6  # one after the other
FULL, ROOM = 1_000_000, 15_000  # bytes; a device writes a few thousand


def check() -> bool:
    """Whether all of it was true; what was not is printed."""
    options = ("--devices", str(DEVICES), "--boot-seconds", "1", "--connection", INLINE)
    try:
        with Stage("full", BASE, *options, cns_waves=["1"] * DEVICES, cns_stop_at="100%", cns_image_timeout=60) as stage:
            _rehearse(stage)
    except SystemExit as untrue:
        print(untrue)
        return False
    return True


def _rehearse(stage: Stage) -> None:
    stage.journal.parent.mkdir()
    stage.journal.write_text("{}\n" * ((FULL - ROOM) // 3))
    stage.largest_file = FULL
    status = stage.upgrade()
    said = _said(stage)
    triggers = stage.triggers()
    stage.must(0 < triggers.total() < DEVICES and max(triggers.values()) == 1, f"{triggers.total()} of {DEVICES} were triggered")
    stage.must(status == 2 and "Traceback" not in said, "the playbook failed, without a traceback")
    stage.must("cannot be used: File too large." in said, "it says what is wrong with the journal")
    stage.must("Nothing was triggered, because that is written down first" in said, "and what was not done")
    lines = stage.journal.read_text().splitlines()
    noted = {entry["host"] for entry in map(json.loads, lines) if entry and entry["step"] == "triggering"}
    stage.must(
        {host for host, times in triggers.items() if times} == noted, "each trigger is in the journal, every line of it whole"
    )
    versions = {name: device["version"] for name, device in stage.devices().items()}
    upgraded = [name for name in noted if versions[name] == stage.variables["cns_target_version"]]
    stage.must(set(upgraded) == noted, "each device that was triggered was followed to its end")
    stage.must(said.count("Nothing was triggered") >= DEVICES - len(noted), "each of the others has its reason in the output")

    stage.largest_file = None
    status = stage.upgrade()
    stage.must(
        status == 0 and set(stage.triggers().values()) == {1}, "with room again the others follow; none was triggered twice"
    )
    stage.must(stage.report()["total"] == DEVICES and not stage.report()["limit"], "the report knows all of them")


def _said(stage: Stage) -> str:
    """What the last run printed, without the line breaks of a terminal."""
    newest = max(stage.folder.glob("run-*.log"), key=lambda log: log.stat().st_mtime_ns)
    return " ".join(newest.read_text(errors="replace").split())
