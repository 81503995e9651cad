# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task writes down. A trigger that cannot be written down is not sent; what is in progress is followed all the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalError

_BEFORE_IT_IS_DONE = ("triggering",)
_NOT_TRIGGERED = (
    "%s Nothing was triggered, because that is written down first. See to the journal, then run the same command again."
)
_FOLLOWED = (
    "%s What is in progress is followed all the same, and nothing is triggered that cannot be written down. See to the "
    "journal, then run the same command again: it asks each device, and triggers none twice."
)
_CUT = (
    "The journal was deleted or cut while it was in use. What stood in it is lost to the report; what comes is written down. "
    "A run to come asks each device, and triggers none twice."
)


class Unwritten(CnsError):
    """What has to be written down before it is done could not be, so it was not done."""


class Notes:
    """Writes into the journal of a task. ``warn(text)`` hears, once, that something could not be written."""

    def __init__(self, journal: Journal, warn: Callable[[str], None]) -> None:
        self._journal = journal
        self._warn = warn
        self._told: set[str] = set()

    def write(self, host: Optional[str], step: str, **data: Any) -> None:
        """Write a step down. Raises Unwritten if it is one that must be there before it is done."""
        try:
            self._journal.write(host, step, **data)
        except JournalError as error:
            if step in _BEFORE_IT_IS_DONE:
                raise Unwritten(_NOT_TRIGGERED % error) from None
            self._tell(_FOLLOWED % error)
        if self._journal.was_cut:
            self._tell(_CUT)

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._warn(text)
