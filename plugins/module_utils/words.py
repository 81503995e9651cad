# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words a user's values become on a command line: what is refused, how interfaces are spelled."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError

# IOS names an interface by type and number; users and documents abbreviate the type.
INTERFACE_TYPES = (
    "ATM",
    "Async",
    "BDI",
    "BVI",
    "Bundle-Ether",
    "Cellular",
    "Dialer",
    "Ethernet",
    "FastEthernet",
    "FiveGigabitEthernet",
    "FortyGigabitEthernet",
    "GigabitEthernet",
    "HundredGigE",
    "Loopback",
    "Multilink",
    "Port-channel",
    "Serial",
    "TenGigabitEthernet",
    "Tunnel",
    "TwentyFiveGigE",
    "TwoGigabitEthernet",
    "Virtual-Template",
    "Vlan",
)
_LONGEST = 1000  # characters; most releases take 254 in a whole line
_UNSAFE = re.compile(r"[^\x21-\x7e]|\?")
_APART = re.compile(r"^([A-Za-z-]+) +(?=[0-9])")
_INTERFACE = re.compile(r"^\s*([A-Za-z][A-Za-z-]*)\s*([0-9]+(?:[/.:][0-9]+)*)\s*$")


def word(option: str, value: Any) -> str:
    """Return ``value`` as one word of a command line, or raise InputError.

    A space would start a second argument, a control character a second command, and ``?`` wakes the CLI's help.
    """
    text = str(value)
    if not text:
        raise InputError("%s is empty: give a value, or leave the option out." % option)
    if len(text) > _LONGEST:
        raise InputError(
            "%s has %d characters: no device takes a word of more than %d. Nothing was sent." % (option, len(text), _LONGEST)
        )
    if _UNSAFE.search(text):
        raise InputError(
            "%s cannot be sent to the device: it must be one word of printable ASCII characters, "
            "without spaces, line breaks, control characters or '?'. Nothing was sent." % option
        )
    return text


def number(text: str) -> int | None:
    """The number that a word is, or None. C(int) would also take ``1_0`` and ``+5``, and raise for a long one."""
    return int(text) if re.fullmatch("[0-9]{1,10}", text) else None


def interface(name: str) -> str:
    """Spell an interface as IOS does: ``fastethernet 0/1`` and ``fa0/1`` become ``FastEthernet0/1``.

    A name that is not "type number" is returned without spaces, for the device to judge.
    """
    match = _INTERFACE.match(name)
    if not match:
        return "".join(name.split())
    typed, number = match.groups()
    known = [kind for kind in INTERFACE_TYPES if kind.lower().startswith(typed.lower())]
    exact = [kind for kind in known if kind.lower() == typed.lower()]
    chosen = exact or (known if len(known) == 1 else [])
    return (chosen[0] if chosen else typed) + number


def interface_word(option: str, name: str) -> str:
    """Return the interface, or address, that a user gives as one word spelled as IOS does, or raise InputError.

    A type and its number may stand apart; anything else that ``word`` refuses is refused here.
    """
    return interface(word(option, _APART.sub(r"\1", name.strip(" "))))
