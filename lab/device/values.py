# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of values on a command line: how each is read, and what `?` calls it."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address
from typing import Any

INTERFACE_TYPES = (
    "Ethernet",
    "FastEthernet",
    "GigabitEthernet",
    "Loopback",
    "Port-channel",
    "Serial",
    "TenGigabitEthernet",
    "Tunnel",
    "Vlan",
)
_NUMBER = re.compile("[0-9]{1,20}")
_RANGE = re.compile(r"(\d+)-(\d+)$", re.ASCII)
_INTERFACE = re.compile(r"([A-Za-z-]+)(\d+(?:/\d+)*(?:\.\d+)?)$", re.ASCII)
_UNIT = re.compile(r"\d+(?:/\d+)*(?:\.\d+)?$", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[\w.-]*[\w])?$|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+$", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?$", re.ASCII)
_INTERVAL = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+)$", re.ASCII)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def interface_type(text: str) -> str | None:
    """`fa` -> `FastEthernet`; None when it names no or more than one type."""
    found = [name for name in INTERFACE_TYPES if name.lower().startswith(text.lower())]
    return found[0] if len(found) == 1 else None


def interface_name(text: str) -> str | None:
    """`gi0/1` -> `GigabitEthernet0/1`; None when this is no interface."""
    match = _INTERFACE.match(text)
    if not match:
        return None
    kind = interface_type(match[1])
    return f"{kind}{match[2]}" if kind else None


def _host(text: str) -> str | None:
    return text if _HOST.match(text) and not _NUMBER.fullmatch(text) else None


def _address(text: str) -> str | None:
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        return None


def _minute_of_day(text: str) -> tuple[int, int] | None:
    time = _time(text)
    return time[:2] if time and text.count(":") == 1 else None


def _time(text: str) -> tuple[int, int, int] | None:
    match = _TIME.match(text)
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (hours, minutes, seconds) if hours < 24 and minutes < 60 and seconds < 60 else None


def _interval(text: str) -> int | None:
    """`[[days:]hours:]minutes` in minutes."""
    match = _INTERVAL.match(text)
    if not match:
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    total = (days * 24 + hours) * 60 + minutes
    return total if 0 < total <= 999 * 1440 else None


def _named(names: tuple[str, ...], text: str) -> int | None:
    found = [number for number, name in enumerate(names, 1) if len(text) >= 3 and name.lower().startswith(text.lower())]
    return found[0] if found else None


_TYPES = {
    "word": (lambda text: text, "WORD"),
    "host": (_host, "Hostname or A.B.C.D"),
    "ip": (_address, "A.B.C.D"),
    "interface": (interface_name, "Interface"),
    "interface-type": (interface_type, "Interface type"),
    "unit": (lambda text: text if _UNIT.match(text) else None, "<slot/port>"),
    "time": (_time, "hh:mm:ss"),
    "hhmm": (_minute_of_day, "hh:mm"),
    "interval": (_interval, "<[[numdays:]numhours:]nummin>"),
    "month": (lambda text: _named(_MONTHS, text), "MONTH"),
    "day": (lambda text: _named(_DAYS, text), "DAY"),
    "hex": (lambda text: int(text, 16) if re.match(r"0x[0-9A-Fa-f]{1,4}$", text) else None, "<0x0-0xFFFF>"),
    "line": (lambda text: text, "LINE"),
}


@lru_cache(maxsize=None)
def _limits(value_type: str) -> tuple[int, int] | None:
    match = _RANGE.match(value_type)
    return (int(match.group(1)), int(match.group(2))) if match else None


def read_value(value_type: str, text: str) -> Any:
    """The value of a word, or None where the device would not accept it. `value_type` may be a range like `0-65535`."""
    if limits := _limits(value_type):
        low, high = limits
        return int(text) if _NUMBER.fullmatch(text) and low <= int(text) <= high else None
    return _TYPES[value_type][0](text)


def value_help(value_type: str) -> str:
    """How `?` shows a value of this type."""
    return f"<{value_type}>" if _limits(value_type) else _TYPES[value_type][1]
