# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find secrets in a text by their value, however they are spelled there: escaped, encoded, broken into lines, or cut. Pure."""

from __future__ import annotations

import base64
import re
from itertools import product
from typing import Iterable, Iterator, NamedTuple, Optional, Sequence, Tuple
from urllib.parse import unquote

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe
from ansible_collections.cns.image_agent.plugins.module_utils.secret import MASK, decode_type7

Span = Tuple[int, int]

SHORTEST = 4  # characters. A shorter secret is half of all words, so it is only found where it is a text of its own
_LAYERS = 3  # of escapes in escapes
_LEAST = 3  # characters of a piece beside the mark of a cut

_ESCAPE = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)|(?P<bytes>(?:\\x[0-9A-Fa-f]{2})+)|(?P<units>(?:\\u[0-9A-Fa-f]{4})+)|"
    r"\\U(?P<code>000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})|&(?P<name>lt|gt|amp|quot|apos);|&#(?P<decimal>[0-9]{1,6});|"
    r"&#[xX](?P<hex>[0-9A-Fa-f]{1,5});|\\(?P<char>[\"'\\/nrtbf])|(?P<folded>\r?\n[ \t]{0,99})"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_CHARS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_TYPE7 = re.compile(r"(?<![0-9A-Za-z])[0-5][0-9](?:[0-9A-Fa-f]{2}){4,}(?![0-9A-Za-z])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{4,}={0,2}")
_URL_ALPHABET = str.maketrans("+/", "-_")
# What tells that a text goes on where nobody sees it. The echo of a long command begins, or ends, with $.
_CUTS = ("...", "…", "$")
_LINE_ENDS = re.compile(r"\s{0,9}$", re.MULTILINE)


class _Forms(NamedTuple):
    """How a secret may stand in a text: as it is, and inside of base64."""

    plain: tuple[str, ...]
    pieces: tuple[str, ...]


class _View(NamedTuple):
    """A text, and which characters of the text that is shown are the first and the last of each of its characters."""

    text: str
    firsts: Sequence[int]
    lasts: Sequence[int]

    def shown(self, span: Span) -> Span:
        return self.firsts[span[0]], self.lasts[span[1] - 1] + 1


class Secrets:
    """Values that are not to be shown. ``like``: others whose work is shared."""

    def __init__(self, values: Iterable[str] = (), like: Optional[Secrets] = None) -> None:
        self._made: dict[str, _Forms] = {} if like is None else like._made
        self._forms: dict[str, _Forms] = {}
        self._short: set[str] = set()
        self.add(list(like._forms) + list(like._short) if like else ())
        self.add(values)

    def add(self, values: Iterable[str]) -> None:
        """Hide these as well; of a text of several lines each line."""
        for value in values:
            for line in value.splitlines():
                self._add(line.strip())

    def _add(self, value: str) -> None:
        if not value or value == MASK or value in self._forms:
            return
        if len(value) < SHORTEST:
            self._short.add(value)
            return
        if value not in self._made:
            self._made[value] = _forms(value)
        self._forms[value] = self._made[value]
        self._add(unquote(value).strip())

    def spans(self, text: str) -> list[Span]:
        """Where they stand in a text."""
        if text in self._short:
            return [(0, len(text))]
        found = {view.shown(span) for view in _views(text) for span in self._in(view.text)} if self._forms else set()
        return sorted(found)

    def _in(self, text: str) -> Iterator[Span]:
        for forms in self._forms.values():
            for plain in forms.plain:
                if plain[:_LEAST] in text or plain[-_LEAST:] in text:
                    yield from _all(plain, text)
                    yield from _pieces(plain, text)
        yield from self._type7(text)
        yield from self._base64(text)

    def _type7(self, text: str) -> Iterator[Span]:
        for found in _TYPE7.finditer(text):
            plain = decode_type7(found[0]) or ""
            if any(value in plain for value in self._forms):
                yield found.span()

    def _base64(self, text: str) -> Iterator[Span]:
        pieces = [piece for forms in self._forms.values() for piece in forms.pieces if piece in text]
        for found in _BASE64.finditer(text) if pieces else ():
            if any(piece in found[0] for piece in pieces):
                yield found.span()


# -- spellings ----------------------------------------------------------------------------------------------------


def _forms(value: str) -> _Forms:
    raw = value.encode("utf-8", "replace")
    plain = (value.replace(" ", "+"), safe(value), " ".join(value.split()), raw.hex(), raw.hex().upper())
    encoded = [piece for before in (0, 1, 2) for piece in _stable(raw, before)]
    # What looks like an escape in a secret is taken for one in a text as well.
    read = [view.text for view in _views(value) if len(view.text) >= _LEAST]
    forms = dict.fromkeys((*read, *(form for form in plain if len(form) >= SHORTEST)))
    return _Forms(tuple(forms), tuple(dict.fromkeys(encoded)))


def _stable(raw: bytes, before: int) -> Iterator[str]:
    """What base64 has of a secret whatever stands around it, if so many bytes stand before it."""
    encoded = base64.b64encode(bytes(before) + raw).decode()
    piece = encoded[-(-before * 4 // 3) : (before + len(raw)) * 4 // 3]
    yield piece
    yield piece.translate(_URL_ALPHABET)


# -- views --------------------------------------------------------------------------------------------------------


def _views(text: str) -> Iterator[_View]:
    """The text, and what it is with each layer of escapes taken off.

    A long word may be broken where a line is full, a secret of several words between two of them.
    """
    whole = _View(text, range(len(text)), range(len(text)))
    yield whole
    # Python escapes a character below 256 like a byte.
    encodings = ("utf-8", "latin-1") if "\\x" in text or "%" in text else ("utf-8",)
    for fold, encoding in product(("", " ") if "\n" in text else ("",), encodings):
        view: Optional[_View] = whole
        for _layer in range(_LAYERS):
            view = view and _unescaped(view, fold, encoding)
            if view:
                yield view


def _unescaped(view: _View, fold: str, encoding: str) -> Optional[_View]:
    """None if there is no escape in it."""
    parts: list[str] = []
    firsts: list[int] = []
    lasts: list[int] = []
    place = 0
    for found in _ESCAPE.finditer(view.text):
        parts.append(view.text[place : found.start()])
        firsts += view.firsts[place : found.start()]
        lasts += view.lasts[place : found.start()]
        place = found.start()
        for char, width in _characters(found, fold, encoding):
            parts.append(char)
            firsts.append(view.firsts[place])
            place += width
            lasts.append(view.lasts[place - 1])
        place = found.end()
    if not place:
        return None
    return _View("".join(parts) + view.text[place:], [*firsts, *view.firsts[place:]], [*lasts, *view.lasts[place:]])


def _characters(found: re.Match[str], fold: str, encoding: str) -> Iterator[tuple[str, int]]:
    """The characters that an escape stands for, each with how many it takes."""
    kind = str(found.lastgroup)
    text = found[kind]
    if kind == "folded":
        yield from ((char, len(text)) for char in fold)
    elif kind == "percent":
        yield from _of_bytes(text.replace("%", ""), 3, encoding)
    elif kind == "bytes":
        yield from _of_bytes(text.replace("\\x", ""), 4, encoding)
    elif kind == "units":
        yield from _of_bytes(text.replace("\\u", ""), 3, "utf-16-be")
    else:
        yield _character(kind, text), len(found[0])


def _character(kind: str, text: str) -> str:
    if kind == "name":
        return _NAMED[text]
    if kind == "char":
        return _CHARS.get(text, text)
    return chr(int(text, 10 if kind == "decimal" else 16))


def _of_bytes(digits: str, width: int, encoding: str) -> Iterator[tuple[str, int]]:
    """The characters of escaped bytes, each of which takes ``width``; where they are no UTF-8, one for each byte."""
    data = bytes.fromhex(digits)
    try:
        text = data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        text, encoding = data.decode("latin-1"), "latin-1"
    for char in text:
        yield char, width * len(char.encode(encoding, "surrogatepass"))


# -- places -------------------------------------------------------------------------------------------------------


def _all(form: str, text: str) -> Iterator[Span]:
    place = text.find(form)
    while place >= 0:
        yield place, place + len(form)
        place = text.find(form, place + 1)


def _pieces(form: str, text: str) -> Iterator[Span]:
    """What a cut has left of a secret: its beginning where the text, or a line, was cut, or its end behind that."""
    for begin, _end in _all(form[:_LEAST], text):
        for end in range(begin + _LEAST, begin + len(form)):
            if not text.startswith(form[: end - begin], begin):
                break
            if _is_cut_behind(text, begin, end, form):
                yield begin, end
    for _begin, end in _all(form[-_LEAST:], text):
        for length in range(_LEAST, len(form)):
            begin = end - length
            if not text.startswith(form[-length:], begin):
                break
            if text.endswith(_CUTS, 0, begin) and not _is_word(text, end):
                yield begin, end


def _is_cut_behind(text: str, begin: int, end: int, form: str) -> bool:
    most = 2 * (end - begin) > len(form) and not _is_word(text, begin - 1)
    return text.startswith(_CUTS, end) or bool(most and _LINE_ENDS.match(text, end))


def _is_word(text: str, place: int) -> bool:
    """Whether a letter or a digit stands there."""
    return text[place : place + 1].isalnum()
