# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Split a URL as people write it: without a scheme, or with delimiters in the password that should be percent-encoded. Pure.

One place decides, because what is taken for the password is masked, and what is taken for the host is trusted and pinged. Who
writes C(http://user:p@ss/word@host/) means C(host): the last C(@) behind which a host may begin ends user and password.
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Optional

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://")
_DELIMITER = re.compile(r"[/?#]")
_HOST = re.compile(
    r"(?P<host>\[[0-9A-Za-z:.%]{2,64}\]|[^\s/?#@:\[\]\"'<>,;]{0,255})(?::(?P<port>[0-9]{1,5}))?(?=[/?#\"'<>,;)}]|$)"
)
_HOST_AND_PORT = re.compile(r"(?:\[[^\]]*\]|[^:@.]*\.[^:@]*|localhost):[0-9]{1,5}")
_AT = re.compile("@")
_WORD = re.compile(r"\S+")
_LOGIN = re.compile(r"[^:]*:(?P<password>.+)@")
_BEFORE = "\"'(<>[{,;="  # what may stand before a URL


class Url(NamedTuple):
    """The parts as they stand there; None is what is not there."""

    scheme: Optional[str]
    user: Optional[str]
    password: Optional[str]
    host: Optional[str]
    port: Optional[str]


def split(url: Optional[str]) -> Url:
    """Split a URL, which may lack its scheme."""
    text = (url or "").strip()
    found = _SCHEME.match(text)
    login, behind = _login(text[found.end() :] if found else text)
    user, colon, password = login.partition(":")
    host = _HOST.match(behind)
    return Url(
        found.group()[:-3] if found else None,
        user or None,
        password if colon else None,
        (host["host"] or None) if host else None,
        host["port"] if host else None,
    )


def passwords(text: str) -> list[str]:
    """The passwords in the URLs of a text, or in the one URL that it is, as they stand there."""
    whole = split(text).password if _SCHEME.match(text.strip()) else None
    return [text[begin:end] for begin, end in _spans(text)] + ([whole] if whole else [])


def without_passwords(text: str, mask: str) -> str:
    """The text with ``mask`` in place of each password in its URLs."""
    parts, done = [], 0
    for begin, end in _spans(text):
        parts += [text[done:begin], mask]
        done = end
    return "".join(parts) + text[done:]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where passwords may begin and end. Each word is taken for one URL: what could be a piece of a password is none to show.

    So the last C(@) ends it, also one that C(split) takes for a piece of the path.
    """
    for word in _WORD.finditer(text) if "@" in text else ():
        scheme = _scheme(word.group())
        login = _LOGIN.match(text, word.start() + len(scheme), word.end())
        if login:
            yield login.span("password")


def _scheme(word: str) -> str:
    """What ends in the scheme of the URL of a word. A scheme behind a colon, or a login, may be a piece of a password."""
    scheme = _SCHEME.search(word) if "://" in word else None
    before = word[: scheme.start()] if scheme else ""
    return before + scheme[0] if scheme and before[-1:] in _BEFORE and "@" not in before.partition(":")[2] else ""


def _login(rest: str) -> tuple[str, str]:
    """What stands behind the scheme: user and password, if there are, and what is behind their C(@).

    That is before a host which is clearly one, or before the path; before any name if there is no other.
    """
    path = _DELIMITER.search(rest)
    authority = rest[: path.start()] if path else rest
    if "@" not in authority and (":" not in rest or _HOST_AND_PORT.fullmatch(authority)):
        return "", rest
    hosts = [host for host in (_HOST.match(rest, at.end()) for at in _AT.finditer(rest, len(authority))) if host and host["host"]]
    clear = [host.start() for host in hosts if _is_clear(host)]
    before_path = [found.end() for found in _AT.finditer(authority)]
    for begins in (clear, before_path, [host.start() for host in hosts]):
        if begins:
            return rest[: begins[-1] - 1], rest[begins[-1] :]
    return "", rest


def _is_clear(host: re.Match[str]) -> bool:
    """Whether it is more than a mere name."""
    return bool(host["port"] or re.search(r"[.[]", host["host"]) or host.string.startswith("/", host.end()))
