# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The members of a stack of switches: one answers for all, and each boots by itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..profiles import Profile

READY, MISMATCH, REMOVED = "Ready", "Version Mismatch", "Removed"
_PORT = re.compile(r"\D+(\d)/\d+/\d+$", re.ASCII)


@dataclass(eq=False)
class Member:
    """A switch. `boots` are the images of its own boot list; None: those that the configuration names for all."""

    number: int
    serial: str
    mac: str
    ports: int
    manual_boot: bool = False
    boots: list[str] | None = None
    flash_full: bool = False
    state: str = READY


def _manual_boot(member: Member, on: bool) -> None:
    member.manual_boot = on


def _blank_boot_list(member: Member, on: bool) -> None:
    member.boots = [] if on else None


def _mismatch(member: Member, on: bool) -> None:
    member.state = MISMATCH if on else READY


def _flash_full(member: Member, on: bool) -> None:
    member.flash_full = on


STACK_FAULTS: dict[str, Callable[[Member, bool], None]] = {
    "manual-boot": _manual_boot,
    "blank-boot-list": _blank_boot_list,
    "stack-mismatch": _mismatch,
    "member-flash-full": _flash_full,
}


class Stack:
    """`master` is the number of the member that answers. A device that is no stack has one without members."""

    def __init__(self, members: list[Member]) -> None:
        self.members, self.master = members, 1

    def present(self) -> list[Member]:
        """Those that are part of it now."""
        return [member for member in self.members if member.state == READY]

    @property
    def answering(self) -> Member:
        return next(self.numbered(self.master))

    def numbered(self, number: int | None = None) -> Iterator[Member]:
        """The member of that number; without one, all."""
        return (member for member in self.members if number in (None, member.number))

    def boot(self) -> bool:
        """All of them reload; whether one is left that answers. Those with manual boot wait in their boot loader."""
        for member in self.members:
            if member.manual_boot:
                member.state = REMOVED
            elif member.state == REMOVED:
                member.state = READY
        left = [member.number for member in self.present()]
        self.master = self.master if self.master in left else min(left, default=self.master)
        return bool(left) or not self.members

    def has_lost(self, interface: str) -> bool:
        """Whether an interface is one of a member that is not there."""
        number = _member_of(interface)
        return bool(self.members) and number is not None and number not in [member.number for member in self.present()]

    def suffer(self, fault: str, numbers: Iterable[int]) -> None:
        for number in numbers:
            for member in self.numbered(number):
                STACK_FAULTS[fault](member, True)

    def recover(self, cleared: Iterable[str]) -> None:
        """Faults that are over, for all members."""
        for fault in set(cleared) & set(STACK_FAULTS):
            for member in self.members:
                STACK_FAULTS[fault](member, False)


def _member_of(interface: str) -> int | None:
    """Which member a port is of: of GigabitEthernet2/0/1, the second."""
    port = _PORT.match(interface)
    return int(port[1]) if port else None


def stack_of(profile: Profile, serial: str) -> Stack:
    """As a profile has it; the first member has the serial number of the device."""
    return Stack([_member(profile, serial, number) for number in range(1, profile.members + 1)])


def _member(profile: Profile, serial: str, number: int) -> Member:
    digest = hashlib.sha256(f"{serial}{number}".encode()).hexdigest()
    ports = [_member_of(name) for name in profile.interfaces].count(number)
    own = serial if number == 1 else "FDO" + digest[:8].upper()
    return Member(number, own, f"02{digest[:2]}.{digest[2:6]}.{digest[6:10]}", ports)
