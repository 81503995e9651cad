# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a command and measure it whole: its wall time, and the processor time and memory of all its descendants."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
SAMPLE = 0.2  # seconds between two looks at the memory, or
PAUSE = 10  # times the processor time that the look took, so as not to disturb what is measured
LINGER = 40  # seconds that helper processes have to end when they are told to


@dataclass(frozen=True)
class Measured:
    """One run: seconds of wall and processor time, peak proportional set size in MB, exit status."""

    wall: float
    cpu: float
    memory: float
    status: int


def run(command: list[str], environment: dict[str, str], timeout: float) -> Measured:
    """Measure a command in a process of its own, which inherits what the command leaves behind."""
    result = subprocess.run(
        [sys.executable, "-m", "tests.benchmark.measure", str(timeout), *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return Measured(**json.loads(result.stdout.splitlines()[-1]))


def _proportional_set_size(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except (OSError, ValueError):
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def _descendants() -> list[int]:
    """All processes below this one, which as a subreaper also inherits the orphans."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [os.getpid()]
    while waiting:
        new = children.get(waiting.pop(), [])
        found += new
        waiting += new
    return found


class _Memory(threading.Thread):
    """Looks at the memory once in a while and keeps the peak, in kB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0

    def run(self) -> None:
        while True:
            begin = time.thread_time()
            self.peak = max(self.peak, sum(map(_proportional_set_size, _descendants())))
            time.sleep(max(SAMPLE, PAUSE * (time.thread_time() - begin)))


def _main(timeout: float, command: list[str]) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    memory = _Memory()
    memory.start()
    begin = time.monotonic()
    # Its output is shown only where it fails: that is when somebody wants to read it.
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False, text=True)
    wall = time.monotonic() - begin
    if process.returncode:
        print(process.stdout, file=sys.stderr)
    # The helper processes of the stock connection would stay for another half minute, idle.
    for helper in _descendants():
        with contextlib.suppress(ProcessLookupError):
            os.kill(helper, signal.SIGTERM)
    end = time.monotonic() + LINGER
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < end:
            ended, _status = os.waitpid(-1, os.WNOHANG)
            if not ended:
                time.sleep(0.05)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps(asdict(Measured(wall, usage.ru_utime + usage.ru_stime, memory.peak / 1024, process.returncode))))


if __name__ == "__main__":
    _main(float(sys.argv[1]), sys.argv[2:])
