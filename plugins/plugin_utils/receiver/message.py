# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an image agent may have meant with what it posted. Pure: bytes in, fields and masked text out, nothing raised.

No public source tells the form of a status message. So any XML, JSON or text is taken, and names of elements are
understood in whatever case and with whatever prefix. What was not understood is empty, and the text is kept.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Optional
from xml.parsers import expat

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import one_line, shortened
from ansible_collections.cns.image_agent.plugins.module_utils.secret import MASK
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import heard

XML, JSON, TEXT, BINARY = "xml", "json", "text", "binary"
_DEEPEST, _MOST, _LONGEST = 64, 2000, 300  # levels of elements, values of a message, characters of a field

# Names in the order in which they count, without hyphens and underscores.
_NAMES = {
    "device": ("imageid", "deviceid", "devicename", "udi", "hostname", "username", "device"),
    "host_name": ("hostname",),
    "operation": ("operation", "action", "phase", "step", "event"),
    "status": ("status", "state", "result", "success", "outcome"),
    "image": ("imagename", "imagefile", "image", "filename", "sourceurl"),
    "version": ("imageversion", "newversion", "targetversion"),
}
_CODES = ("code", "errorcode", "errornumber")
_REASONS = ("text", "errortext", "errorinfo", "errormessage", "reason", "description", "message", "detail", "error")
_SECRET = re.compile("passw|pwd|secret|credential.{0,60}(?:pass|key)", re.IGNORECASE)

_FAILURE = re.compile(
    r"fail|err(?!(?:(?!err).)*(?:err|\bnone))|abort|reject|denied|refus|invalid|timed?.?out|unsucc|incompl|"
    r"\b(?:not|un)[ _-]?ok\b",
    re.IGNORECASE,
)
_NO_FAILURE = re.compile(r"\b(?:no|0|without)[ _-]?(?:err|fail)\w*", re.IGNORECASE)
_NOTHING = re.compile(r"no.?new.?image|nothing|up.?to.?date|no.?(?:update|upgrade|change)", re.IGNORECASE)
_SUCCESS = re.compile(r"succ|\bok\b|compl|done|finished", re.IGNORECASE)
_PROGRESS = re.compile(
    r"start|begin|begun|progress|running|download|pending|retr|wait|boot|reload|activat|install", re.IGNORECASE
)

_TAG = re.compile(r"<(?:[\w.-]{1,64}:)?([\w.-]{1,64})(?:\s[^<>]{0,500})?>([^<>]{0,1000})</")
_PAIR = re.compile(
    r"""(?<![\w.-])["']?([A-Za-z][\w.-]{0,31})["']?[ \t]{0,4}[:=][ \t]{0,4}"""
    r"""(?:"([^"\r\n]{0,500})"|'([^'\r\n]{0,500})'|([^\s"',;<>]{1,500}))"""
)
# What the door, which knows the lines of a configuration, has no pattern for: attributes, JSON, pairs.
_SECRET_PAIR = re.compile(
    r"""((?:passw(?:or)?d|passwd|pwd|secret)[\w.-]{0,16}["']?\s{0,4}[:=]\s{0,4})"""
    r"""(?:"[^"]{0,300}"|'[^']{0,300}'|["']?[^\s"',;<>&]+)""",
    re.IGNORECASE,
)

Pairs = list[tuple[str, str]]


class Posted(NamedTuple):
    """What was understood of a message: its ``fields``, which are safe to show, and the ``passwords`` it came with."""

    fields: dict[str, Any]
    passwords: tuple[str, ...]


def understand(body: bytes, secrets: Iterable[str] = ()) -> Posted:
    """Read the body of a request. ``secrets``: what is not to be shown of it, beside the passwords it came with."""
    text = _decoded(body)
    if text is None:
        return Posted({"form": BINARY, "device": None, "state": heard.UNKNOWN, "size": len(body), "raw": ""}, ())
    form, pairs = _read(body, text)
    values = _values(pairs)
    found = {field: _first(values, names) for field, names in _NAMES.items()}
    found["image"] = _base_name(found["image"])
    found["reason"] = _reason(values)
    passwords = tuple(dict.fromkeys(value for name, value in pairs if value and _SECRET.search(name)))
    door = Door([*secrets, *passwords])
    fields: dict[str, Any] = {field: shortened(_shown(value, door), _LONGEST) for field, value in found.items()}
    fields.update(
        form=form,
        device=fields["device"] or None,
        state=_state(fields["status"], fields["reason"], pairs, text if form == TEXT else ""),
        size=len(body),
        raw=_shown(text, door),
    )
    return Posted(fields, passwords)


# -- reading ------------------------------------------------------------------------------------------------------


def _decoded(body: bytes) -> Optional[str]:
    """The text of a message, None if it is empty or no text."""
    marks = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
    encoding = next((name for mark, name in marks.items() if body.startswith(mark)), "utf-8-sig")
    text = body.decode(encoding, "replace")
    strange = sum(char in "\ufffd\0" or (char < " " and char not in "\t\r\n") for char in text)
    return text if text.strip() and strange * 10 <= len(text) else None


def _read(body: bytes, text: str) -> tuple[str, Pairs]:
    """The form of a message, and the names and values in it, in their order."""
    try:
        return XML, _xml(body)
    except (expat.ExpatError, ValueError, LookupError):
        pass
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        return JSON, list(_flat(parsed, 0))[:_MOST]
    tags = [(found[1], found[2].strip()) for found in _TAG.finditer(text)]
    plain = [(found[1], (found[2] or found[3] or found[4] or "").strip()) for found in _PAIR.finditer(text)]
    return TEXT, (tags + plain)[:_MOST]


class _TooMuch(ValueError):
    """A message that is deeper or has more in it than any status message."""


def _xml(body: bytes) -> Pairs:
    """Elements and attributes of a document without a document type: so there are no entities to expand or to fetch."""
    parser = expat.ParserCreate()
    pairs: Pairs = []
    open_elements: list[tuple[str, list[str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        open_elements.append((name, []))
        pairs.extend((key, value.strip()) for key, value in attributes.items())
        if len(open_elements) > _DEEPEST or len(pairs) > _MOST:
            raise _TooMuch

    def end(_name: str) -> None:
        name, parts = open_elements.pop()
        pairs.append((name, "".join(parts).strip()))
        if open_elements and _SECRET.search(open_elements[-1][0]):  # what is inside a password is part of it
            open_elements[-1][1].extend(parts)

    def data(part: str) -> None:
        open_elements[-1][1].append(part)

    def refuse(*_declared: Any) -> None:
        raise _TooMuch

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.Parse(body, True)
    return pairs


def _flat(value: Any, depth: int, name: str = "") -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _flat(entry, depth + 1, str(key))
    elif isinstance(value, list):
        for entry in value:
            yield from _flat(entry, depth + 1, name)
    elif value is not None:
        yield name, str(value).strip()


# -- understanding ------------------------------------------------------------------------------------------------


def _plain(name: str) -> str:
    return re.sub("[-_.]", "", name.rpartition(":")[2]).lower()


def _values(pairs: Pairs) -> dict[str, str]:
    """Of each name the value that came first."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if value:
            values.setdefault(_plain(name), value)
    return values


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    """The value of the name that counts most."""
    return next((values[name] for name in names if name in values), "")


def _base_name(image: str) -> str:
    return re.split(r"[:/\\]", image.split("?")[0])[-1]


def _reason(values: dict[str, str]) -> str:
    code, text = _first(values, _CODES), _first(values, _REASONS)
    return ": ".join(part for part in ("" if code == "0" else code, text) if part)


def _state(status: str, reason: str, pairs: Pairs, text: str) -> str:
    """The state that the word of the message means; without one, what its elements are called, or its text says."""
    if status in ("0", "1", "true", "false") and any(_plain(name) == "success" for name, _value in pairs):
        return heard.SUCCESS if status in ("1", "true") else heard.FAILED
    for words in (status, " ".join(name for name, _value in pairs if _names_a_result(name)), text):
        if _meaning(words):
            return _meaning(words)
    return heard.FAILED if reason and _FAILURE.search(reason) else heard.UNKNOWN


def _names_a_result(name: str) -> bool:
    """As in config-success and imageUpgradeFailure, but not errorInfo, which is there whatever happened."""
    return re.search(r"(?:success|failure|complete|failed)$", _plain(name)) is not None and _plain(name) != "success"


def _meaning(words: str) -> str:
    words = _NO_FAILURE.sub("ok", words)
    if outcome.says_nothing_new(words) or _NOTHING.search(words):
        return heard.NO_NEW_IMAGE
    for pattern, state in ((_FAILURE, heard.FAILED), (_SUCCESS, heard.SUCCESS), (_PROGRESS, heard.IN_PROGRESS)):
        if pattern.search(words):
            return state
    return ""


# -- showing ------------------------------------------------------------------------------------------------------


def _shown(text: str, door: Door) -> str:
    """One line that is safe to show, in which no password is left, whichever way it is written."""
    return one_line(_SECRET_PAIR.sub(r"\1" + MASK, door.text(text))).strip()
