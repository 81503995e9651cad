# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import table


def test_table_aligns_and_leaves_out_empty_columns():
    rows = [{"host": "R1", "gone": None, "last_upgrade": "2026-11-22T19:40:11+00:00"}, {"host": "R100", "gone": ""}]
    assert table.table(rows) == ["HOST  LAST UPGRADE", "R1    2026-11-22 19:40", "R100  -"]


@pytest.mark.parametrize(
    "seconds, shown",
    [(0, "0s"), (59.9, "59s"), (60, "1m 0s"), (75, "1m 15s"), (3600, "1h 0m"), (86400, "1d 0h"), (3196800, "37d 0h")],
)
def test_durations(seconds, shown):
    assert table.table([{"up_seconds": seconds}]) == ["UP", shown]


@pytest.mark.parametrize(
    "data, lines",
    [
        ([], []),
        ([{"a": None}], []),
        (5, ["VALUE", "5"]),
        (["R1", None], ["VALUE", "R1", "-"]),
        ([{"on": True}, {"on": False}], ["ON", "yes", "no"]),
        ([{"a": [1]}], ["A", "[1]"]),
        ([{"a": "two\n  lines"}], ["A", "two lines"]),
    ],
)
def test_whatever_a_query_gives_is_shown(data, lines):
    assert table.table(data) == lines


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("x","y")',
    "\uff1d1",
    " =1",
    "a;=1",
    "a,@x",
    "a\n=1",
    "a|+1",
    "x\t-1",
]


def begins_no_formula(text):
    """Whatever a locale takes for the end of a cell, none begins like a formula."""
    return not any(
        piece.lstrip("\ufeff \t").startswith(tuple("=+-@\uff1d\uff0b\uff0d\uff20")) for piece in re.split(r"[\n\r\t;,|]", text)
    )


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_cells_are_no_formulas(text):
    (_header, (cell,)) = csv.reader(io.StringIO(table.to_csv([{"version": text}]), newline=""))
    assert begins_no_formula(cell)
    assert cell.replace("'", "") == text


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from("a1 =+-@\uff1d\uff0b;,|\t\r\n'\"\x0b\x1b\u200b\u2028")), more=st.text())
def test_no_text_makes_a_formula(text, more):
    written = table.to_csv([{"a": text, "b": more}])
    (_header, cells) = csv.reader(io.StringIO(written, newline=""))
    assert all(map(begins_no_formula, cells))
    written.encode()
    assert "\x00" not in written
    assert all(line.startswith('"') for line in written.splitlines()[:1])


# What moves the cursor, sets a title, writes from right to left, separates lines, or cannot be seen
ACTING = "\x1b]0;title\x07 \x9b2J \u202e \u2066 \x85 \u2028 \x0b \x7f"


def test_nothing_in_a_table_acts_on_a_terminal():
    lines = table.table([{"host" + ACTING: ACTING + "R1"}])
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("unseen", ["\x0b", "\x1b", "\u200b", "\u2028", "\u202e", "\ufeff"])
def test_nothing_unseen_hides_a_formula(unseen):
    text = table.to_csv([{"a": unseen + "=1+1"}])
    (_header, (cell,)) = csv.reader(io.StringIO(text, newline=""))
    assert begins_no_formula(cell.lstrip("\u200b\u202e\ufeff"))
    assert not re.search("[\x0b\x1b\u2028]", text)


def test_csv_survives_its_own_special_characters_and_keeps_empty_columns():
    rows = [{"a": 'say "x", y', "b": None, "c": -1}, {"d": "two\nlines\r=1"}]
    text = table.to_csv(rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["a", "b", "c", "d"],
        ['say "x", y', "", "-1", ""],
        ["", "", "", "two\nlines\r'=1"],
    ]
