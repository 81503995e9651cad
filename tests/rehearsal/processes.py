# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which processes a process has started."""

from __future__ import annotations

from pathlib import Path


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        new = children.get(waiting.pop(), [])
        found += new
        waiting += new
    return found


def alive(pid: int, of: str) -> bool:
    """Whether a process runs under this pid whose command line has a text in it."""
    try:
        return of.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def waits(pid: int) -> list[str]:
    """What each thread of a process waits for, as the kernel tells it."""
    told = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            texts = [(task / name).read_text(errors="replace").strip() for name in ("comm", "wchan", "syscall")]
        except OSError:
            continue
        told.append(f"{pid} thread {task.name}: {' '.join(texts)}")
    return told


def in_session(leader: int) -> list[int]:
    """All processes of the session of a process, also if that has ended; those that only wait to be collected aside."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def memory_of(pid: int) -> int:
    """Resident MB of a process."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 >> 20
    except (OSError, IndexError):
        return 0
