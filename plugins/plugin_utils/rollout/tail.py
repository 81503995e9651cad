# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a journal while others append to it."""

from __future__ import annotations

import os
from typing import Any

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import parsed
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.private import opened


class JournalTail:
    """Gives the entries that came since it was asked last."""

    def __init__(self, path: str) -> None:
        self._path = os.path.expanduser(path)
        self._place = 0

    def new_entries(self) -> list[dict[str, Any]]:
        """The new whole lines that can be relied on. A file that is not there, or must not be read, is empty."""
        try:
            with opened(self._path, os.O_RDONLY) as handle, open(handle, "rb", closefd=False) as journal:
                journal.seek(self._place)
                text = journal.read()
        except OSError:
            return []
        whole = text.rfind(b"\n") + 1
        self._place += whole
        return [entry for entry in map(parsed, text[:whole].split(b"\n")) if entry]
