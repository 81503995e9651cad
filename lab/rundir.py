# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The run directory of a fleet: what `up` writes, and what `down` removes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from pathlib import Path

_FILES = ("inventory.yml", "known_hosts", "ssh_config", "id_ed25519", "ca.pem", "control", "process.json", "lab.log")
_DIRECTORIES = ("home", "images")
_PATIENCE = 10.0  # seconds to end by itself


class RunDir:
    """One directory, one fleet."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    @property
    def control(self) -> Path:
        return self / "control"

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        """Write a file completely or not at all."""
        path = self / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.touch(mode=mode)
        part.write_text(text)
        os.replace(part, path)
        return path

    def write_process(self) -> None:
        """This process runs the fleet, and it is ready."""
        self.write("process.json", json.dumps({"pid": os.getpid(), "started": _start_time(os.getpid())}))

    def _process(self) -> tuple[int, int] | None:
        """Pid and start time of the process that runs a fleet here; None if it has gone, even if its pid is in use again."""
        try:
            process = json.loads((self / "process.json").read_text())
            found = process["pid"], process["started"]
        except (OSError, ValueError, KeyError):
            return None
        return found if _is_alive(*found) else None

    def running(self) -> int | None:
        """The pid of the fleet that runs here."""
        process = self._process()
        return process[0] if process else None

    def end(self) -> bool:
        """End the fleet that runs here and remove its files. Whether there was one."""
        process = self._process()
        if process:
            os.kill(process[0], signal.SIGTERM)
            deadline = time.monotonic() + _PATIENCE
            while _is_alive(*process):
                if time.monotonic() > deadline:
                    os.kill(process[0], signal.SIGKILL)
                time.sleep(0.02)
        self.clean()
        return process is not None

    def clean(self) -> None:
        """Remove what a fleet wrote, and the directory if nothing else is in it."""
        for name in _FILES:
            (self / name).unlink(missing_ok=True)
        for name in _DIRECTORIES:
            shutil.rmtree(self / name, ignore_errors=True)
        try:
            self.path.rmdir()
        except OSError:
            pass  # somebody keeps other files here, or it never existed


def _start_time(pid: int) -> int | None:
    """When a process started, in clock ticks since the boot of this machine; None for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def _is_alive(pid: int, started: int) -> bool:
    return _start_time(pid) == started
