# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The clock of a device, which may be wrong, and how IOS prints times."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_LOST = datetime(1993, 3, 1, tzinfo=timezone.utc)  # where an IOS clock starts that nobody has set


class Clock:
    """Runs beside the clock of this machine. `source` is "user configuration", "NTP" or "" when nobody has set it.

    `mark` is printed in front of the time: `*` when nobody vouches for it, `.` when NTP was lost.
    """

    def __init__(self, source: str = "NTP", mark: str = "") -> None:
        self._offset = timedelta()
        self.source = source
        self.mark = mark

    @property
    def is_set(self) -> bool:
        return self.mark != "*"

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self._offset

    def set(self, time: datetime) -> None:
        self._offset = time - datetime.now(timezone.utc)
        self.source, self.mark = "user configuration", ""

    def synchronise(self) -> None:
        self._offset = timedelta()
        self.source, self.mark = "NTP", ""

    def lose(self) -> None:
        """Forget the time, as without a battery."""
        self.set(_LOST)
        self.source, self.mark = "", "*"

    def shown(self) -> str:
        """The time with its mark, as `show clock` has it."""
        return f"{self.mark}{ios_time(self.now())}"

    @property
    def origin(self) -> str:
        """`Time source is NTP`"""
        return f"Time source is {self.source}" if self.source else "No time source"


def ios_time(time: datetime) -> str:
    """`11:45:02.000 UTC Mon May 6 2003`"""
    return f"{time:%H:%M:%S}.{time.microsecond // 1000:03d} UTC {time:%a %b} {time.day} {time.year}"


def ios_time_short(time: datetime) -> str:
    """`11:45:02 UTC Mon May 6 2003`"""
    return f"{time:%H:%M:%S} UTC {time:%a %b} {time.day} {time.year}"


def log_time(time: datetime, stamps: str) -> str:
    """`May  6 11:45:02.000`, as in front of log lines after `service timestamps log` and these words"""
    year = f" {time.year}" if "year" in stamps else ""
    fraction = f".{time.microsecond // 1000:03d}" if "msec" in stamps else ""
    zone = " UTC" if "show-timezone" in stamps else ""
    return f"{time:%b} {time.day:>2}{year} {time:%H:%M:%S}{fraction}{zone}"


def log_uptime(seconds: float) -> str:
    """`00:01:15`, `1d02h`, `5w2d`, `1y12w`, as in front of log lines after `service timestamps log uptime`"""
    hours, minutes, rest = int(seconds) // 3600, int(seconds) // 60 % 60, int(seconds) % 60
    if hours < 24:
        return f"{hours:02d}:{minutes:02d}:{rest:02d}"
    days = hours // 24
    if days < 7:
        return f"{days}d{hours % 24:02d}h"
    return f"{days // 7}w{days % 7}d" if days < 365 else f"{days // 365}y{days % 365 // 7:02d}w"


def ios_duration(seconds: float) -> str:
    """`5 weeks, 1 day, 2 hours, 3 minutes`"""
    minutes = int(seconds // 60)
    parts: list[str] = []
    for name, size in (("year", 525600), ("week", 10080), ("day", 1440), ("hour", 60), ("minute", 1)):
        count, minutes = divmod(minutes, size)
        if count or (name == "minute" and not parts):
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts)
