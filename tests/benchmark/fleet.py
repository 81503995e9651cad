# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual fleet for the time of a measurement."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from lab import control

DIRECTORY = Path("build/bench/lab")
BASE = os.environ.get("LAB_ADDRESS_BASE", "127.31.0.0")


def lab(*arguments: str) -> None:
    """Run the lab's own command."""
    subprocess.run([sys.executable, "-m", "lab", *arguments, "--dir", str(DIRECTORY)], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def fleet(devices: int, *options: str, faults: tuple[str, ...] = ()) -> Iterator[Path]:
    """Bring up a fleet and give its inventory; end it in any case."""
    lab("up", "--devices", str(devices), "--address-base", BASE, *options)
    try:
        for fault in faults:
            lab("fault", "all", fault)
        yield DIRECTORY / "inventory.yml"
    finally:
        lab("down")


def received(device: str, forget: bool = False) -> list[str]:
    """The lines that a device received since it was told to forget."""
    told = control.request(DIRECTORY / "control", "status", names=[device], log=True, reset_log=forget)["devices"][0]
    return [entry["line"] for entry in told["received"] if entry["mode"] != "question"]
