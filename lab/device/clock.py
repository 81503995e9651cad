# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock of a device, which may be wrong, and how IOS prints times."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_LOST = datetime(1993, 3, 1, tzinfo=timezone.utc)  # where an IOS clock starts that nobody has set


class Clock:
    """Runs beside the clock of this machine. `source` is "user configuration", "NTP" or "" when it is not set."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self.source = "NTP"

    @property
    def is_set(self) -> bool:
        return bool(self.source)

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self._offset

    def set(self, time: datetime) -> None:
        self._offset = time - datetime.now(timezone.utc)
        self.source = "user configuration"

    def synchronise(self) -> None:
        self._offset = timedelta()
        self.source = "NTP"

    def lose(self) -> None:
        """Forget the time, as without a battery."""
        self.set(_LOST)
        self.source = ""


def ios_time(time: datetime) -> str:
    """`11:45:02.000 UTC Mon May 6 2003`"""
    return f"{time:%H:%M:%S}.{time.microsecond // 1000:03d} UTC {time:%a %b} {time.day} {time.year}"


def ios_time_short(time: datetime) -> str:
    """`11:45:02 UTC Mon May 6 2003`"""
    return f"{time:%H:%M:%S} UTC {time:%a %b} {time.day} {time.year}"


def log_time(time: datetime) -> str:
    """`May 6 11:45:02.000`, as in front of log lines"""
    return f"{time:%b} {time.day} {time:%H:%M:%S}.{time.microsecond // 1000:03d}"


def ios_duration(seconds: float) -> str:
    """`5 weeks, 1 day, 2 hours, 3 minutes`"""
    minutes = int(seconds // 60)
    parts: list[str] = []
    for name, size in (("year", 525600), ("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1)):
        count, minutes = divmod(minutes, size)
        if count or (name == "minute" and not parts):
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts)
