# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of what was posted: one file, one line of JSON for each message, for the eyes of its owner only."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from typing import Any

LARGEST = 256 * 1024 * 1024  # bytes; then the file is put aside as NAME.1, in place of the one before
_READ = 16 * 1024 * 1024  # bytes at the end of the file that are read at the start


class Keep:
    """Appends to, and reads, the file at ``path``. Neither the file nor its folder may be a symbolic link."""

    def __init__(self, path: str, largest: int = LARGEST) -> None:
        """Makes the folder, and the file, so that what is wrong with them is known at once. Raises OSError."""
        self.path = os.path.abspath(os.path.expanduser(path))
        self._folder, self._name = os.path.split(self.path)
        self._largest = largest
        os.makedirs(os.path.dirname(self._folder), exist_ok=True)
        if not os.path.lexists(self._folder):
            os.mkdir(self._folder, 0o700)
        os.close(self._open())

    def append(self, message: dict[str, Any]) -> None:
        """Write a line, whole. Raises OSError."""
        line = (json.dumps(message, sort_keys=True) + "\n").encode()
        handle = self._open()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            size = os.fstat(handle).st_size
            cut_off = size and os.pread(handle, 1, size - 1) != b"\n"
            _write(handle, b"\n" + line if cut_off else line)
        finally:
            os.close(handle)
        if size > self._largest:
            self._put_aside()

    def entries(self) -> Iterator[Any]:
        """The lines at the end of the file, parsed; one that is no JSON, such as one that was cut off, is left out."""
        with open(self._open(), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _READ))
            for line in file:
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    continue

    def _open(self) -> int:
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            handle = os.open(self._name, flags, 0o600, dir_fd=folder)
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError("%s is not a regular file" % self.path)
        return handle

    def _put_aside(self) -> None:
        os.replace(self.path, self.path + ".1")


def _write(handle: int, data: bytes) -> None:
    """All of it: a file system that is nearly full takes a part."""
    while data:
        data = data[os.write(handle, data) :]
