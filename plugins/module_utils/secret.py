# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in device text: decode type 7, recognise hidden values, mask what is shown to people."""

from __future__ import annotations

import re
from typing import Any, Iterator

from ansible_collections.cns.image_agent.plugins.module_utils import url

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:  # Before core 2.22 a module itself removes its no_log_values from its output, and later it does not.

    def register_secrets(values: Any) -> None:
        """Nothing."""


MASK = "********"
_REPEATED = 8  # how many passwords of URLs in one text are looked for in the rest of it

# The published constant of Cisco's type 7 scheme (reversible by design, so: never shown, only compared).
_TYPE7_KEY = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"

_KEY = "[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-{4,5}"
_NAME = r"(?:[\w.-]{1,32}:)?[\w.-]{0,32}passw(?:or)?d"  # of an XML element, perhaps with a namespace
_ATTRIBUTES = r"(?:\"[^\"]*(?:\"|\Z)|'[^']*(?:'|\Z)|[^<>&\"']|&(?!lt;|gt;))*"
# One in JSON, in YAML, in an attribute or in a query, whose quotes may be escaped.
_NAMED = r"((?<!update_)(?:password|passwd|passphrase|secret)\\*(?:[\"']?[ \t]{0,3}=|[\"']?[ \t]{0,3}:)[ \t]{0,3}\\*"
_MASKED = r"(?!(?:[0-9]{1,2}[ \t]+){0,2}\*{8}(?!\w))"  # not what was masked already
_VALUE = _MASKED + r"(?:(?:level[ \t]+)?[0-9]{1,2}[ \t]+){0,2}(?:\"[^\"\r\n]*\"\S*|\S+)"  # after type and level

# Each keeps what stands before the secret, and what ends it. A secret that does not end is masked up to the end of the text.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"(-{4,5} ?BEGIN %s).*?(-{4,5} ?END %s|\Z)" % (_KEY, _KEY),
        r"((?:<|&lt;)%s(?:\s%s)?(?<!/)(?:>|&gt;)).*?((?:<|&lt;)/%s\s{0,9}(?:>|&gt;)|\Z)" % (_NAME, _ATTRIBUTES, _NAME),
        _NAMED + r"\")(?:[^\"\\]|\\.)*()",
        _NAMED + r"')(?:[^'\\]|\\.)*()",
        _NAMED + r")[^\s,;&<>\"'\\]+()",
        r"(\bauthorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:basic|bearer|digest)\s{1,3})\S+()",
    )
)
_TAG = re.compile(r"(?:<|&lt;)%s\s%s" % (_NAME, _ATTRIBUTES), re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\"[^\"]*(\"?)|'[^']*('?)")

_KEY_BEGINS = re.compile("BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY")
_KEY_ENDS = re.compile("END [A-Z0-9 ]{0,40}PRIVATE KEY")
_SECRET_NAME = re.compile(r"(?!update_)(?:\w*_)?(?:password|passwd|passphrase|secret|private_key)", re.IGNORECASE)

_COVERED = re.compile(r"\*+|<.*>")  # what a device, or a tool that kept its configuration, shows in place of a password
_CONFIGURED = re.compile(
    r"^[ \t]{0,9}(?:cns|enable|username)[ \t](?:[^\r\n]*[ \t])?(?:password|secret)[ \t]+(\S[^\r\n]*)$",
    re.I | re.M,
)

# Behind one of these a word "password" is followed by one. The device scrolls the echo of a long command: "$ge password X".
_OPENING = re.compile(
    r"\bcns[ \t]+(?=password\b)|\bcns[ \t]+image[ \t]+(?:(?=password\b)|(?:retrieve|server|status)[ \t])|"
    r"\b(?:image|cns)-(?=password\b)|\benable[ \t]+(?=(?:password|secret)\b(?![ \t]is[ \t]))|\busername[ \t]|\$",
    re.IGNORECASE,
)
_WORD = re.compile(r"((?:password|secret)[ \t]+)%s" % _VALUE, re.IGNORECASE)
# Of a scrolled echo there may be left a piece of the word, the password alone, or a piece of it; and a piece of a URL. A prompt
# has neither : nor /, unlike a URL.
_TAILS = "|".join(word[begin:] for word in ("password", "secret") for begin in range(len(word)))
_SCROLLED = re.compile(r"((?:^|\s|^[\w.()-]{1,80}[#>])\$(?:%s)[ \t]+)%s" % (_TAILS, _VALUE), re.IGNORECASE)
_SCROLLED_WORD = re.compile(r"(^(?:[\w.()-]{1,80}[#>])?[ \t]*\$[ \t]*)(?:(?:[0-9]{1,2}[ \t]+)?\S+(?=\s*$)|\S*(?=@))")


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


def is_password(words: list[str]) -> bool:
    """Whether the words after C(password) are one, with or without the number of its encoding, and nothing else."""
    return len(words) < 2 or (len(words) == 2 and bool(re.fullmatch("[0-9]{1,2}", words[0])))


def read_password(words: list[str]) -> Any:
    """The password of a configuration line, from the words after C(password).

    Returns plain text, decoded where the device shows type 7, or HIDDEN where it cannot be known.
    """
    if not words:
        return HIDDEN
    *kind, value = words[:2]
    if kind == ["7"]:
        return decode_type7(value) or HIDDEN
    return value if kind == ["0"] or (not kind and not _COVERED.fullmatch(value)) else HIDDEN


def mask(value: Any) -> Any:
    """Return text, or a nested structure of it, with every secret it shows replaced by MASK."""
    if isinstance(value, str):
        return _masked(value)
    if isinstance(value, dict):
        return {mask(key): MASK if is_hidden(key, entry) else mask(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(entry) for entry in without_keys(value)]
    return MASK if value is HIDDEN else value


def _masked(text: str) -> str:
    text = "".join(map(_masked_line, text.splitlines(True)))
    for pattern in _PATTERNS:
        text = pattern.sub(r"\1%s\2" % MASK, text)
    text = _TAG.sub(lambda found: _ATTRIBUTE.sub('"%s"' % MASK, found.group()), text)
    words = [password for password in url.passwords(text) if not re.search(r"\s", password)]
    return url.without_passwords(_without(words[:_REPEATED], text), MASK)


def _without(passwords: list[str], text: str) -> str:
    """The text without what a URL in it has as its password: whoever says the URL may say the password as well."""
    for password in sorted(passwords, key=len, reverse=True):  # a password may look like a URL with one
        if len(password) > 3 and password != MASK:  # a shorter one is half of all words
            text = re.sub(r"(?<!\w)%s(?!\w)" % re.escape(password), MASK, text)
    return text


def _masked_line(line: str) -> str:
    """Whatever stands behind the first word after which a password may come is looked at once."""
    found = _OPENING.search(line)
    if not found:
        return line
    line = line[: found.end()] + _WORD.sub(r"\1" + MASK, line[found.end() :])
    if "$" in line:
        line = _SCROLLED_WORD.sub(r"\1" + MASK, _SCROLLED.sub(r"\1" + MASK, line))
    return line


def is_hidden(key: Any, value: Any) -> bool:
    """Whether the value of a key is a secret: nothing under a name for one is shown, but for whether there is one."""
    named = isinstance(key, str) and _SECRET_NAME.fullmatch(key)
    return bool(named) and value is not None and not isinstance(value, bool)


def passwords_in(text: str) -> Iterator[str]:
    """The passwords in the lines of a configuration, as plain text where that can be known, and as they stand there."""
    for found in _CONFIGURED.finditer(text):
        words = found[1].split()[:2]
        if not _COVERED.fullmatch(words[-1]):
            yield words[-1]
        plain = read_password(words)
        if plain is not HIDDEN:
            yield plain


def without_keys(entries: Any) -> list[Any]:
    """The lines of a private key, if a list has it line by line, as one line."""
    kept: list[Any] = []
    inside = False
    for entry in entries:
        ends = isinstance(entry, str) and _KEY_ENDS.search(entry) is not None
        if not inside or not isinstance(entry, str):
            kept.append(entry)
        inside = isinstance(entry, str) and not ends and (inside or _KEY_BEGINS.search(entry) is not None)
    return kept


def url_passwords(value: Any) -> set[str]:
    """Every password inside the URLs of a nested structure."""
    if isinstance(value, str):
        return set(url.passwords(value))
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return {password for entry in entries for password in url_passwords(entry)}


def conceal_url_passwords(module: Any, value: Any) -> None:
    """Have Ansible hide every password inside the URLs of a nested structure wherever it shows something of a module."""
    passwords = url_passwords(value)
    module.no_log_values.update(passwords)
    module.no_log_values.discard(MASK)  # which is shown on purpose
    register_secrets(passwords - {MASK})


def keep_masked(have: Any, want: Any) -> Any:
    """Return ``want`` with each masked secret replaced by the one ``have`` holds in the same place.

    What C(gathered) returned can so be given back unchanged: a masked value means "as it is".
    """
    if isinstance(want, str) and MASK in want:
        return have if have is not None and (want in (MASK, mask(have)) or _is_shown_as(have, want)) else want
    if isinstance(want, dict):
        return {key: keep_masked(have.get(key) if have else None, entry) for key, entry in want.items()}
    if isinstance(want, list):
        return [keep_masked(_shown_as(entry, have or []), entry) for entry in want]
    return want


def _is_shown_as(have: Any, want: str) -> bool:
    """Whether a text can have been shown like this: whatever it has in place of a mask may have been a secret."""
    first, *between, last = want.split(MASK)
    if not (isinstance(have, str) and have.startswith(first) and have.endswith(last)):
        return False
    left = have[len(first) : len(have) - len(last)]
    for part in filter(None, between):
        _hidden, found, left = left[1:].partition(part)
        if not found:
            return False
    return bool(left)


def _shown_as(entry: Any, have: Any) -> Any:
    """Which of the entries that the device has is meant: one of the same name, or one that is shown like this."""
    name = entry.get("name") if isinstance(entry, dict) else None
    if name is not None:
        return next((one for one in have if isinstance(one, dict) and one.get("name") == name), None)
    return next((one for one in have if mask(one) == entry), None)


def is_masked(value: Any) -> bool:
    """Whether MASK stands anywhere in a nested structure."""
    if isinstance(value, str):
        return MASK in value
    entries = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return any(is_masked(entry) for entry in entries)
