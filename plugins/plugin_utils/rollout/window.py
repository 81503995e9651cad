# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The maintenance window of a rollout, in the time of the controller. Pure."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Optional

FORMAT = "%Y-%m-%d %H:%M"
BEFORE, OPEN, AFTER = "before", "open", "after"


@dataclasses.dataclass(frozen=True)
class Window:
    """From ``start`` to before ``end``; None is no limit."""

    start: Optional[datetime.datetime] = None
    end: Optional[datetime.datetime] = None

    def state(self, now: datetime.datetime) -> str:
        """Whether ``now`` is before the window, in it, or after it."""
        if self.start and now < self.start:
            return BEFORE
        return AFTER if self.end and now >= self.end else OPEN

    def __str__(self) -> str:
        start, end = (moment and moment.strftime(FORMAT) for moment in (self.start, self.end))
        return "from %s to %s" % (start or "now", end or "any time")


def window(start: str, end: str) -> Window:
    """Read the two ends, as C(YYYY-MM-DD HH:MM) or empty. Raises ValueError."""
    found = Window(_moment("start", start), _moment("end", end))
    if found.start and found.end and found.end <= found.start:
        raise ValueError("the maintenance window ends (%s) before it begins (%s)" % (end, start))
    return found


def _moment(name: str, text: str) -> Optional[datetime.datetime]:
    if not text:
        return None
    try:
        return datetime.datetime.strptime(str(text).strip(), FORMAT)
    except ValueError:
        raise ValueError(
            "the %s of the maintenance window is %r: give it as YYYY-MM-DD HH:MM, for example 2026-03-01 22:00" % (name, text)
        ) from None
