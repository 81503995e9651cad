# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import ending, safe, safe_lines, shortened


@pytest.mark.parametrize(
    "text, shown",
    [
        ("FAILED(CHECKSUM)", "FAILED(CHECKSUM)"),
        ("\x1b]0;owned\x07FAILED", " ]0;owned FAILED"),
        ("FAILED\r\x1b[2K[progress] R9: upgraded", "FAILED [2K[progress] R9: upgraded"),
        ("a\nR2: upgraded", "a R2: upgraded"),
        ("a\u202eb\u2028c\x85d\x9be", "a b c d e"),
        ("\udc9b", " "),
        ("größe 文字", "größe 文字"),
        ("x" * 2000, "x" * 2000),
        ("x" * 2001, "x" * 2000 + "..."),
    ],
)
def test_what_is_shown(text, shown):
    assert safe(text) == shown


@given(st.text())
def test_nothing_acts(text):
    shown = safe(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in shown)
    assert not any(
        unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for character in shown
    )
    shown.encode()
    assert safe(shown) == shown or len(text) > 2000


def test_lines_stay_lines():
    assert safe_lines("a\r\nb\tc\x1bd\u2028e\r") == "a\nb\tc d e "


@pytest.mark.parametrize(
    "text, longest, begin, end",
    [
        ("one two three", 13, "one two three", "one two three"),
        ("one two three", 12, "one two...", "...two three"),
        ("one two three", 9, "one two...", "...two three"),
        ("one two three", 8, "one two...", "...three"),
        ("one two three", 7, "one two...", "...three"),
        ("one two three", 6, "one...", "...three"),
        ("a bcdefgh", 5, "a...", "...defgh"),
        (" abcdefgh", 5, " abcd...", "...defgh"),
        (" abcdefgh", 8, " abcdefg...", "...abcdefgh"),
        ("abcdefgh", 5, "abcde...", "...defgh"),
    ],
)
def test_a_text_is_cut_between_words_if_it_can_be(text, longest, begin, end):
    assert shortened(text, longest) == begin
    assert ending(text, longest) == end
