# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of what was posted: one file, one line of JSON for each message, for the eyes of its owner only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.private import append, lock, opened

LARGEST = 256 * 1024 * 1024  # bytes; then the file is put aside as NAME.1, in place of the one before
_READ = 16 * 1024 * 1024  # bytes at the end of the file that are read at the start


class Keep:
    """Appends to, and reads, the file at ``path``."""

    def __init__(self, path: str, largest: int = LARGEST) -> None:
        """Makes the folder, and the file, so that what is wrong with them is known at once. Raises OSError."""
        self.path = os.path.abspath(os.path.expanduser(path))
        self._largest = largest
        folder = os.path.dirname(self.path)
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        if not os.path.lexists(folder):
            os.mkdir(folder, 0o700)
        with self._opened():
            pass

    def append(self, message: dict[str, Any]) -> None:
        """Write a line, whole. Raises OSError."""
        line = (json.dumps(message, sort_keys=True) + "\n").encode()
        with self._opened() as handle:
            lock(handle)
            size = os.fstat(handle).st_size
            cut_off = size and os.pread(handle, 1, size - 1) != b"\n"
            append(handle, b"\n" + line if cut_off else line)
        if size > self._largest:
            os.replace(self.path, self.path + ".1")

    def entries(self) -> Iterator[Any]:
        """The lines at the end of the file, parsed; one that is no JSON, such as one that was cut off, is left out."""
        with self._opened() as handle, open(handle, "rb", closefd=False) as file:
            file.seek(max(0, os.fstat(handle).st_size - _READ))
            for line in file:
                try:
                    yield json.loads(line)
                except (ValueError, RecursionError):
                    continue

    def _opened(self) -> AbstractContextManager[int]:
        return opened(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
