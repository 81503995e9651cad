# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Split a URL as people write it: without a scheme, or with delimiters in the password that should be percent-encoded. Pure.

One place decides, because what is taken for the password is masked, and what is taken for the host is trusted and pinged. Who
writes C(http://user:p@ss/word@host/) means C(host): the last C(@) behind which a host may begin ends user and password.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://")
_DELIMITER = re.compile(r"[/?#]")
_HOST = re.compile(
    r"(?P<host>\[[0-9A-Za-z:.%]{2,64}\]|[^\s/?#@:\[\]\"'<>,;]{0,255})(?::(?P<port>[0-9]{1,5}))?(?=[/?#\"'<>,;)}]|$)"
)
_HOST_AND_PORT = re.compile(r"(?:\[[^\]]*\]|[^:@.]*\.[^:@]*|localhost):[0-9]{1,5}")
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
    begin = found.end() if found else 0
    at = _end_of_login(text, begin)
    user, colon, password = text[begin:at].partition(":") if at is not None else ("", "", "")
    host = _HOST.match(text, begin if at is None else at + 1)
    return Url(
        found.group()[:-3] if found else None,
        user or None,
        password if colon else None,
        (host.group("host") or None) if host else None,
        host.group("port") if host else None,
    )


def passwords(text: str) -> list[str]:
    """The passwords in the URLs of a text, or in the one URL that it is, as they stand there."""
    whole = split(text).password if _SCHEME.match(text.strip()) else None
    return [text[begin:end] for begin, end in _spans(text) if end > begin] + ([whole] if whole else [])


def without_passwords(text: str, mask: str) -> str:
    """The text with ``mask`` in place of each password in its URLs."""
    parts, done = [], 0
    for begin, end in _spans(text):
        if end > begin:
            parts += [text[done:begin], mask]
            done = end
    return "".join(parts) + text[done:]


def _spans(text: str) -> list[tuple[int, int]]:
    """Where passwords may begin and end. Each word is taken for one URL: what could be a piece of a password is none to show.

    So the last C(@) ends it, also one that C(split) takes for a piece of the path.
    """
    found = []
    for word in re.finditer(r"\S+", text) if "@" in text else ():
        at = word.group().rfind("@")
        colon = word.group().find(":", _begin(word.group()), at) if at >= 0 else -1
        if colon >= 0:
            found.append((word.start() + colon + 1, word.start() + at))
    return found


def _begin(word: str) -> int:
    """Where the URL of a word begins, behind its scheme. A scheme behind a colon may be a piece of a password."""
    scheme = _SCHEME.search(word) if "://" in word else None
    if scheme and (not scheme.start() or word[scheme.start() - 1] in _BEFORE):
        return scheme.end()
    return len(word) - len(word.lstrip(_BEFORE))


def _end_of_login(text: str, begin: int) -> Optional[int]:
    """Where the C(@) stands that ends user and password; None if the URL has none."""
    delimiter = _DELIMITER.search(text, begin)
    path = delimiter.start() if delimiter else len(text)
    inside = text.rfind("@", begin, path)
    if inside < 0 and (":" not in text[begin:] or _HOST_AND_PORT.fullmatch(text, begin, path)):
        return None
    at = len(text)
    last: Optional[int] = None
    while True:
        at = text.rfind("@", max(begin, inside), at)
        if at < 0 or at == inside:
            return inside if inside >= 0 else last
        host = _HOST.match(text, at + 1)
        if host and host.group("host") and last is None:
            last = at  # a mere name may be the host as well, if no other is
        if host and (
            host.group("port")
            or "." in host.group("host")
            or "[" in host.group("host")
            or text[host.end() : host.end() + 1] == "/"
        ):
            return at
