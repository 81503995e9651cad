# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which forms a secret may stand in what was printed or written, and how it is found there. Pure but for reading files."""

from __future__ import annotations

import base64
import html
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from lab.device.passwords import decrypt_type7, encrypt_type7

_TYPE7 = re.compile(rb"(?<![0-9A-Fa-f])[01][0-9](?:[0-9A-Fa-f]{2}){8,100}(?![0-9A-Fa-f])")
_SALTS = 16  # of type 7: the places in its key at which a device may begin


class Find(NamedTuple):
    """A secret in a clear line of a file."""

    name: str
    form: str
    file: Path
    line: str


def new(delimiters: str = "") -> str:
    """A random secret, whose pieces between the delimiters are secrets too."""
    return "".join(secrets.token_hex(6) + delimiter for delimiter in delimiters) + secrets.token_hex(6)


def forms(plain: str) -> dict[str, set[bytes]]:
    """Every encoding of a secret, by the name of the encoding."""
    raw = plain.encode()
    return {
        "quoted in a URL": {quote(plain, safe="").encode(), quote(plain).encode(), quote_plus(plain).encode()},
        "base64": set(_base64(raw)),
        "hex": {raw.hex().encode(), raw.hex().upper().encode()},
        "escaped in HTML": {html.escape(plain).encode(), html.escape(plain, quote=False).encode()},
        "escaped in JSON": {json.dumps(plain)[1:-1].encode(), json.dumps(json.dumps(plain))[3:-3].encode()},
        "backwards": {raw[::-1]},
        "plain": {raw},  # the last, so that the others are those that differ
    }


def _base64(raw: bytes) -> Iterator[bytes]:
    """What is always there of it, wherever in a longer text it stood."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        begin, end = -(-before * 4 // 3), (before + len(raw)) // 3 * 4
        yield encoded[begin:end]
        yield base64.urlsafe_b64encode(b"\0" * before + raw)[begin:end]


def pieces(plain: str) -> set[str]:
    """The whole, and what is left of it if it is cut at a delimiter: half a password is one that leaked."""
    return {plain, *(piece for piece in re.split(r"[^0-9A-Za-z+/=]", plain) if len(piece) >= 8)}


class Searcher:
    """Knows every form of some secrets, and finds them."""

    def __init__(self, planted: dict[str, str]) -> None:
        """``planted``: the secrets by the places where they were put."""
        self._planted = planted
        self._forms = {
            form: (name, kind)
            for name, plain in planted.items()
            for piece in pieces(plain)
            for kind, encoded in forms(piece).items()
            for form in encoded
        }
        self._any = re.compile(b"|".join(map(re.escape, sorted(self._forms, key=len, reverse=True))))

    def in_bytes(self, content: bytes, file: Path) -> Iterator[Find]:
        """Each secret that stands in a file's content, once for a line."""
        for line in content.splitlines():
            for found in {match.group() for match in self._any.finditer(line)}:
                yield Find(*self._forms[found], file, line.decode(errors="replace"))
            for found in _TYPE7.findall(line):
                for name in self._behind_type7(found.decode()):
                    yield Find(name, "type 7", file, line.decode(errors="replace"))

    def _behind_type7(self, encoded: str) -> Iterator[str]:
        if int(encoded[:2]) < _SALTS:
            plain = decrypt_type7(encoded)
            yield from (name for name, secret in self._planted.items() if any(piece in plain for piece in pieces(secret)))

    def blind(self) -> list[tuple[str, str]]:
        """Each secret and form that this would not find: nothing that is found proves nothing before this is empty."""
        return [
            (name, form)
            for name, plain in self._planted.items()
            for form, encodings in {**forms(plain), "type 7": {encrypt_type7(plain).encode()}}.items()
            for encoded in encodings
            if name not in {find.name for find in self.in_bytes(b"x: " + encoded + b" y", Path())}
        ]

    def in_files(self, folders: Iterable[Path]) -> Iterator[Find]:
        """Each secret in each file below the folders; a name of a file is content, too."""
        for file in sorted(path for folder in folders for path in folder.rglob("*")):
            yield from self.in_bytes(str(file).encode(), file)
            if file.is_file() and not file.is_symlink():
                yield from self.in_bytes(file.read_bytes(), file)
