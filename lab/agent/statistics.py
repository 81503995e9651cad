# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the image agent counts, and the two show commands that print it. Everything here is RAM: a reload clears it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime

from .messages import FAILED, SUCCESS

NEVER = "never"  # what a device prints here is not documented
TimeText = Callable[[datetime], str]


@dataclass
class _Clearable:
    """Counters that others hold on to, so they are cleared in place."""

    def clear(self) -> None:
        for one in fields(self):
            setattr(self, one.name, one.default)


@dataclass
class UpgradeStatistics(_Clearable):
    """`show cns image status`. An upgrade is under way while `started` is newer than `ended`."""

    started: datetime | None = None
    ended: datetime | None = None
    result: str = ""
    last_success: datetime | None = None
    last_failure: datetime | None = None
    failures: int = 0
    successes: int = 0
    messages_received: int = 0
    receive_errors: int = 0
    tx_attempts: int = 0
    tx_successes: int = 0
    tx_failures: int = 0

    def end(self, now: datetime, status: str, code: str = "") -> None:
        """Note how an upgrade ended; only a success or a failure is counted ("no new image" is neither)."""
        self.ended = now
        self.result = f"{status}({code})" if code else status
        if status == SUCCESS:
            self.successes += 1
            self.last_success = now
        elif status == FAILED:
            self.failures += 1
            self.last_failure = now

    def text(self, time: TimeText) -> str:
        ended = f"{time(self.ended)} status {self.result}" if self.ended else NEVER
        return "\n".join(
            (
                f"Last upgrade started at {_when(self.started, time)}",
                f"Last upgrade ended at {ended}",
                "",
                f"Last successful upgrade ended at {_when(self.last_success, time)}",
                f"Last failed upgrade ended at {_when(self.last_failure, time)}",
                f"Number of failed upgrades: {self.failures}",
                f"Number of successful upgrades: {self.successes}",
                f" messages received: {self.messages_received}",
                f" receive errors: {self.receive_errors}",
                "Transmit Status",
                f" TX Attempts:{self.tx_attempts}",
                f" Successes:{self.tx_successes}          Failures {self.tx_failures}",
            )
        )


@dataclass
class ConnectionStatistics(_Clearable):
    """`show cns image connections`: every HTTP connection, messages and downloads alike."""

    attempts: int = 0
    never_connected: int = 0
    abrupt_disconnects: int = 0
    last_success: datetime | None = None

    def text(self, time: TimeText) -> str:
        return "\n".join(
            (
                "CNS Image Agent: HTTP connections",
                f"Connection attempts                 {self.attempts}",
                f"never connected:{self.never_connected}       Abrupt disconnect:{self.abrupt_disconnects}",
                f"Last successful connection at {_when(self.last_success, time)}",
            )
        )


def _when(moment: datetime | None, time: TimeText) -> str:
    return time(moment) if moment else NEVER
