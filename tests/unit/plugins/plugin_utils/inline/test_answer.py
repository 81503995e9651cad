# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.answer import (
    ASK,
    COMPLETE,
    READ_ON,
    Answer,
    shows_text,
)

PROMPT = re.compile(rb"[\r\n]?[\w\+\-\.:\/\[\]]+(?:\([^\)]+\)){0,3}(?:[>#]) ?$")


def find_prompt(text):
    found = PROMPT.search(text)
    return found.group() if found else None


def answer_to(command=b"show x", before=b"\nR1#", **options):
    return Answer(find_prompt, command, before, **options)


def test_reads_on_without_a_prompt():
    answer = answer_to()
    answer.hear(b"show x\r\nline 1\r\n", 1.0)
    assert answer.verdict(100.0) == READ_ON


def test_asks_when_a_prompt_appears_and_is_certain_when_it_is_repeated():
    answer = answer_to()
    answer.hear(b"show x\r\nline 1\r\nR1#", 1.0)
    assert answer.verdict(1.0) == ASK
    answer.asked(1.0)
    assert answer.verdict(1.1) == READ_ON
    answer.hear(b"\r\nR1#", 1.2)
    assert answer.verdict(1.2) == COMPLETE
    assert answer.content() == b"line 1"
    assert answer.heard == b"show x\r\nline 1\r\nR1#"


def test_a_line_like_the_prompt_is_not_the_end():
    answer = answer_to()
    answer.hear(b"show x\r\nbanner\r\nR1#", 1.0)
    answer.asked(1.0)
    answer.hear(b" is what the prompt looks like\r\nend\r\nR1#", 1.05)
    assert answer.verdict(1.05) == READ_ON
    answer.hear(b"\r\nR1#", 1.1)
    assert answer.verdict(1.29) == READ_ON
    assert answer.verdict(1.31) == ASK
    answer.asked(1.31)
    assert answer.verdict(1.35) == READ_ON
    answer.hear(b"\r\nR1#", 1.4)
    assert answer.verdict(1.4) == COMPLETE
    assert answer.content() == b"banner\nR1# is what the prompt looks like\nend"


def test_the_true_prompt_and_the_repeated_one_may_arrive_together_and_without_a_line_between():
    answer = answer_to()
    answer.hear(b"show x\r\nR1#", 1.0)
    answer.asked(1.0)
    answer.hear(b"\r\nmore\r\nR1#R1#", 2.0)  # a device that echoes at once what is typed ahead
    assert answer.verdict(2.0) == ASK
    answer.asked(2.0)
    answer.hear(b"\r\nR1#", 2.0)
    assert answer.verdict(2.0) == COMPLETE
    assert answer.content() == b"R1#\nmore"


def test_asks_again_ever_more_slowly():
    answer = answer_to()
    answer.hear(b"show x\r\nR1#", 0.0)
    answer.asked(0.0)
    assert answer.verdict(0.29) == READ_ON
    assert answer.verdict(0.31) == ASK
    answer.asked(0.31)
    assert answer.verdict(0.31 + 0.59) == READ_ON
    assert answer.verdict(0.31 + 0.61) == ASK


def test_the_answers_to_all_questions_are_taken_off():
    answer = answer_to()
    answer.hear(b"show x\r\nR1#", 0.0)
    answer.asked(0.0)
    answer.asked(0.4)
    assert answer.left_over == 2
    answer.hear(b"\r\nmore\r\nR1#\r\nR1#\r\nR1#", 2.0)
    assert answer.verdict(2.0) == COMPLETE
    assert answer.content() == b"R1#\nmore"


def test_fixed_text_needs_no_question():
    answer = answer_to(b"ip domain name x", b"\nR1(config)#", fixed_text=True)
    answer.hear(b"ip domain name x\r\nR1(config)#", 1.0)
    assert answer.verdict(1.0) == COMPLETE
    assert answer.content() == b""


def test_fixed_text_with_another_name_in_the_prompt_is_questioned():
    answer = answer_to(b"hostname R2", b"\nR1(config)#", fixed_text=True)
    answer.hear(b"hostname R2\r\nR2(config)#", 1.0)
    assert answer.verdict(1.0) == ASK


@pytest.mark.parametrize("heard", [b"\r\nR1(config)#", b"\r\n*Mar 1: %SYS-5-CONFIG_I: Configured\r\nR1(config)#"])
def test_a_prompt_before_the_echo_is_left_over_from_before(heard):
    answer = answer_to(b"end", b"R1(config)#", fixed_text=True)
    answer.hear(heard, 1.0)
    assert answer.verdict(1.0) == READ_ON
    answer.hear(b"end\r\nR1#", 1.1)
    assert answer.verdict(1.1) == COMPLETE
    assert answer.content() == b""


def test_prompts_left_over_from_before_do_not_answer_the_question():
    answer = answer_to()
    answer.hear(b"\r\nR1#", 1.0)
    assert answer.verdict(1.0) == READ_ON
    answer.hear(b"\r\nR1#", 1.1)
    assert answer.verdict(1.1) == READ_ON
    answer.hear(b"show x\r\nline 1\r\nR1#", 1.2)
    assert answer.verdict(1.2) == ASK
    answer.asked(1.2)
    assert answer.verdict(1.2) == READ_ON
    answer.hear(b"\r\nR1#", 1.3)
    assert answer.verdict(1.3) == COMPLETE
    assert answer.content() == b"line 1"


@pytest.mark.parametrize("silence", [None, 0.1])
def test_a_missing_echo_is_waited_for_but_not_for_ever(silence):
    answer = answer_to(silence=silence)
    answer.hear(b"line 1\r\nR1#", 1.0)
    answer.asked(1.0)
    answer.hear(b"\r\nR1#", 1.1)
    assert answer.verdict(1.9) != COMPLETE
    assert answer.verdict(2.2) == COMPLETE


def test_no_echo_is_expected_of_a_device_that_gives_none():
    answer = answer_to(echoes=False)
    answer.hear(b"line 1\r\nR1#", 1.0)
    answer.asked(1.0)
    answer.hear(b"\r\nR1#", 1.1)
    assert answer.verdict(1.1) == COMPLETE


def test_silence_ends_a_dialogue():
    answer = answer_to(silence=0.1)
    answer.hear(b"show x\r\nR1#", 1.0)
    assert answer.verdict(1.09) == READ_ON
    assert answer.verdict(1.11) == COMPLETE


def test_without_an_echo_the_content_is_unknown():
    answer = answer_to(silence=0, echoes=False)
    answer.hear(b"line 1\r\nR1#", 1.0)
    assert answer.verdict(1.0) == COMPLETE
    assert answer.content() is None


@pytest.mark.parametrize(
    "command, shows", [(b"do show version", True), (b"sh run", True), (b"shutdown", False), (b"cns id hostname", False)]
)
def test_shows_text(command, shows):
    assert shows_text(command) is shows


def test_what_was_asked_and_not_answered_is_left_over_for_the_next():
    answer = answer_to()
    answer.hear(b"show x\r\nR1#", 0.0)
    answer.asked(0.0)
    answer.asked(0.4)
    answer.hear(b"\r\nR1#", 2.0)
    assert answer.verdict(2.0) == COMPLETE and answer.left_over == 1
    next_one = answer_to(left_over=1)
    next_one.hear(b"\r\nR1#", 3.0)
    assert next_one.verdict(4.9) == READ_ON
    assert next_one.verdict(5.0) == ASK


def test_a_line_that_has_ended_is_no_prompt():
    answer = answer_to()
    answer.hear(b"show x\r\nbanner\r\nR1#", 1.0)
    answer.asked(1.0)
    answer.hear(b"\r\nR1#\r\n", 1.1)
    assert answer.verdict(1.1) == READ_ON


LINE = st.sampled_from([b"R1#", b"R1#show run", b"line", b" R1#", b"R2>", b"R1(config)#"])


@given(st.lists(LINE, max_size=12), st.data())
def test_never_ends_early_however_the_answer_is_cut_into_pieces(lines, data):
    """Except where the text shows two prompts in a row, which the strategy avoids by putting a line between."""
    body = [line for prompt_like in lines for line in (prompt_like, b"between")]
    wire = b"show x\r\n" + b"".join(line + b"\r\n" for line in body) + b"R1#"
    answer, asked, now, sent = answer_to(), 0, 0.0, 0
    while sent < len(wire):
        step = data.draw(st.integers(1, len(wire) - sent))
        answer.hear(wire[sent : sent + step], now)
        sent += step
        if sent < len(wire):
            assert answer.verdict(now) != COMPLETE
        if answer.verdict(now) == ASK and not asked:
            answer.asked(now)
            asked += 1
    answer.hear(b"\r\nR1#" * asked, now)
    for _time in range(3):
        now += 1
        if answer.verdict(now) == ASK:
            answer.asked(now)
            answer.hear(b"\r\nR1#", now)
    assert answer.verdict(now) == COMPLETE
    assert answer.content() == b"\n".join(body).strip()
