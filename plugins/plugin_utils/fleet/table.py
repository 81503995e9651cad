# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows, which are dictionaries, as a table for people or as CSV. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d", re.ASCII)
_DURATION = "_seconds"

# Where a spreadsheet may see the beginning of a formula: at the beginning of a cell, of a line, and behind what separates cells
# in some locale; also with signs of full width, and behind blanks and what cannot be seen.
_FORMULA = re.compile(
    r"(^|[\n\r\t;,|])(?=[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]{0,8}[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
)  # what is no text, or acts where it is shown


def table(data: Any) -> list[str]:
    """The lines of a table: a header and a line for each row. A column in which every cell is empty is left out.
    No line at all where there is nothing to show.

    Times are shown to the minute, and a column ``x_seconds`` as a duration ``x``.
    """
    rows = _rows(data)
    columns = [column for column in _columns(rows) if any(row.get(column) not in (None, "") for row in rows)]
    if not columns:
        return []
    lines = [[_title(column) for column in columns]]
    lines += [[_cell(column, row.get(column)) for column in columns] for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*lines)]
    return ["  ".join(map(str.ljust, line, widths)).rstrip() for line in lines]


def to_csv(data: Any) -> str:
    """CSV text with every column of every row. No cell can act as a formula in a spreadsheet."""
    rows = _rows(data)
    columns = _columns(rows)
    text = io.StringIO()
    writer = csv.writer(
        text, quoting=csv.QUOTE_ALL
    )  # ends lines with CR LF, so a bare one of these in a cell gets quotes and starts no new row
    writer.writerow(map(_inert, columns))
    writer.writerows([_inert(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _rows(data: Any) -> list[dict[str, Any]]:
    """A query may give anything: what is no list is one row, and what is no row is a row of one cell."""
    entries = data if isinstance(data, list) else [data]
    return [entry if isinstance(entry, dict) else {"value": entry} for entry in entries]


def _columns(rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(str(column) for row in rows for column in row))


def _title(column: str) -> str:
    name = column[: -len(_DURATION)] if column.endswith(_DURATION) else column
    return safe(name.replace("_", " ")).upper()


def _cell(column: str, value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)) and column.endswith(_DURATION):
        return _duration(int(value))
    text = _text(value)
    return text[:16].replace("T", " ") if _TIME.match(text) else " ".join(safe(text).split())


def _duration(seconds: int) -> str:
    """The two largest units: ``36d 23h``, ``1m 15s``."""
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count or parts or unit == "s":
            parts.append("%d%s" % (count, unit))
    return " ".join(parts[:2])


def _inert(value: Any) -> str:
    text = "" if value is None else _text(value)
    return _FORMULA.sub(r"\1'", _NO_TEXT.sub("\ufffd", text)) if isinstance(value, str) else text


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)
