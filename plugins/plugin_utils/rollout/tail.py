# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a journal while others append to it."""

from __future__ import annotations

import json
import os
from typing import Any, Iterator


class JournalTail:
    """Gives the entries that came since it was asked last."""

    def __init__(self, path: str) -> None:
        self._path = os.path.expanduser(path)
        self._place = 0

    def new_entries(self) -> list[Any]:
        """The new whole lines, parsed; a line that is no JSON is left out, and a file that is not there is empty."""
        try:
            with open(self._path, "rb") as journal:
                journal.seek(self._place)
                text = journal.read()
        except OSError:
            return []
        whole = text.rfind(b"\n") + 1
        self._place += whole
        return list(_parsed(text[:whole].splitlines()))


def _parsed(lines: list[bytes]) -> Iterator[Any]:
    for line in lines:
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            continue
