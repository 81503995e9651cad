# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in device text: decode type 7, recognise hidden values, mask what is shown to people."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils import url

MASK = "********"

# The published constant of Cisco's type 7 scheme (reversible by design, so: never shown, only compared).
_TYPE7_KEY = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

# Of a scrolled echo ("$ge password X") only the end of the command is left.
_PASSWORD_LINE = re.compile(
    r"(?P<before>(?:\bcns[ \t]{1,8}(?:image[ \t]{1,8})?|\$[ \t]{0,8}(?:[a-z]{0,5}[ \t]{1,8})?)password[ \t]{1,8})"
    r"(?:[0-9][ \t]{1,8})?\S+"
    r"|(?P<secret>\b(?:enable|username[ \t]{1,8}\S{1,64}(?:[ \t][^\r\n]{0,120})?)[ \t]{1,8}(?:secret|password)[ \t]{1,8})"
    r"(?:[0-9][ \t]{1,8})?\S+",
    re.IGNORECASE,
)
# An element may have a namespace and attributes, and its text may be CDATA.
_ELEMENT = re.compile(
    r"(<(?:[\w.-]{1,32}:)?passWord(?:\s[^<>]{0,200})?>)(?:\s*<!\[CDATA\[.*?\]\]>|[^<]*)", re.IGNORECASE | re.DOTALL
)


class _Hidden:
    """The one value of a password that the device keeps to itself."""

    def __repr__(self) -> str:
        return "HIDDEN"

    def __deepcopy__(self, memo: Any) -> Any:
        return self


HIDDEN = _Hidden()


def decode_type7(encoded: str) -> str | None:
    """Return the plain text of a type 7 string, or None where it is not one."""
    if not re.fullmatch("[0-9]{2}(?:[0-9A-Fa-f]{2})+", encoded):
        return None
    offset = int(encoded[:2])
    values = bytes.fromhex(encoded[2:])
    key = [ord(_TYPE7_KEY[(offset + place) % len(_TYPE7_KEY)]) for place in range(len(values))]
    plain = "".join(chr(value ^ with_key) for value, with_key in zip(values, key))
    return plain if plain.isprintable() else None


def read_password(words: list[str]) -> Any:
    """The password of a configuration line, from the words after C(password).

    Returns plain text, decoded where the device shows type 7, or HIDDEN where it cannot be known.
    """
    if not words:
        return HIDDEN
    if len(words) == 1:
        return HIDDEN if re.match(r"^(\*+|<.*>)$", words[0]) else words[0]
    kind, value = words[0], words[1]
    if kind == "0":
        return value
    if kind == "7":
        return decode_type7(value) or HIDDEN
    return HIDDEN


def mask(value: Any) -> Any:
    """Return text, or a nested structure of it, with every secret it shows replaced by MASK."""
    if isinstance(value, str):
        value = _PASSWORD_LINE.sub(lambda found: (found.group("before") or found.group("secret")) + MASK, value)
        value = url.without_passwords(value, MASK)
        return _ELEMENT.sub(r"\1" + MASK, value)
    if isinstance(value, dict):
        return {key: MASK if key == "password" and entry is not None else mask(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(entry) for entry in value]
    return MASK if value is HIDDEN else value


def url_passwords(value: Any) -> set[str]:
    """Every password inside the URLs of a nested structure (for C(no_log_values))."""
    if isinstance(value, str):
        return set(url.passwords(value))
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return {password for entry in entries for password in url_passwords(entry)}


def keep_masked(have: Any, want: Any) -> Any:
    """Return ``want`` with each masked secret replaced by the one ``have`` holds in the same place.

    What C(gathered) returned can so be given back unchanged: a masked value means "as it is". Entries of a list are
    told apart by their C(name).
    """
    if isinstance(want, str) and MASK in want:
        return have if have is not None and want in (MASK, mask(have)) else want
    if isinstance(want, dict):
        return {key: keep_masked(have.get(key) if have else None, entry) for key, entry in want.items()}
    if isinstance(want, list):
        known = {entry.get("name"): entry for entry in have or [] if isinstance(entry, dict)}
        return [keep_masked(known.get(entry.get("name")) if isinstance(entry, dict) else None, entry) for entry in want]
    return want


def is_masked(value: Any) -> bool:
    """Whether MASK stands anywhere in a nested structure."""
    if isinstance(value, str):
        return MASK in value
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return any(is_masked(entry) for entry in entries)
