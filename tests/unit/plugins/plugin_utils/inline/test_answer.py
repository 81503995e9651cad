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


@pytest.mark.parametrize("silence, verdicts", [(None, (READ_ON, READ_ON)), (0.1, (READ_ON, COMPLETE))])
def test_a_line_feed_alone_ends_a_line_too_unless_a_dialogue_is_open(silence, verdicts):
    answer = answer_to(silence=silence)
    answer.hear(b"show x\nbanner\nR1#\n", 1.0)
    assert (answer.verdict(1.0), answer.verdict(1.2)) == verdicts


LOG = b"*Mar 1: %SYS-5-CONFIG_I: Configured"


@pytest.mark.parametrize("behind", [LOG, LOG + b"\r\nR1(config)#\r\n" + LOG])
def test_a_prompt_with_lines_behind_is_asked_for_again(behind):
    answer = answer_to()
    answer.hear(b"\r\nR1#show x\r\ntext\r\nR1#\r\n" + behind + b"\r\n", 1.0)
    assert [answer.verdict(now) for now in (1.4, 1.5)] == [READ_ON, ASK]
    answer.asked(1.5)
    assert [answer.verdict(now) for now in (1.75, 2.0)] == [READ_ON, ASK]
    answer.hear(b"\r\nR1#", 2.0)
    assert answer.verdict(2.0) == ASK
    answer.asked(2.0)
    answer.hear(b"\r\nR1#", 2.25)
    assert answer.verdict(2.25) == COMPLETE
    assert answer.content() == b"text\n" + behind.replace(b"\r", b"")  # the prompt is no line of it
    assert answer.heard == b"show x\r\ntext\r\nR1#\r\n" + behind + b"\r\n\r\nR1#"
    assert (answer.prompt, answer.left_over) == (b"R1#", 1)


def test_a_prompt_with_lines_behind_ends_a_dialogue_after_a_longer_silence():
    answer = answer_to(b"configure terminal", silence=0.1)
    said = b"configure terminal\r\nEnter commands\r\nR1(config)#\r\n" + LOG + b"\r\n"
    answer.hear(said, 1.0)
    assert [answer.verdict(now) for now in (1.5, 1.75, 2.0)] == [READ_ON, READ_ON, COMPLETE]
    assert answer.content() == b"Enter commands\n" + LOG
    assert (answer.prompt, answer.size) == (b"R1#", len(said))


def test_lines_behind_what_is_no_prompt_of_the_device_are_read_on():
    answer = answer_to()
    answer.hear(b"show x\r\ntext\r\nR2#\r\n" + LOG + b"\r\n", 1.0)
    assert answer.verdict(100.0) == READ_ON


def test_a_question_that_is_answered_makes_the_next_one_early_again():
    answer = answer_to()
    answer.hear(b"show x\r\nR1#", 0.0)
    answer.asked(0.0)
    assert answer.verdict(0.3) == ASK
    answer.asked(0.5)  # and waits for twice as long
    assert answer.verdict(1.0) == READ_ON
    answer.hear(b"\r\nmore\r\nR1#", 1.25)
    assert answer.verdict(1.25) == ASK
    answer.asked(1.25)
    assert [answer.verdict(now) for now in (1.5, 1.75)] == [READ_ON, ASK]


def test_a_line_like_the_prompt_stays_although_a_question_was_not_answered():
    answer = answer_to()
    answer.hear(b"show x\r\nR1#", 0.0)
    answer.asked(0.0)
    answer.asked(0.4)
    answer.hear(b"\r\nmore\r\nR1#\r\nR1#", 2.0)
    assert answer.verdict(2.0) == ASK
    answer.asked(2.0)
    answer.hear(b"\r\nR1#", 2.1)
    assert (answer.verdict(2.1), answer.left_over) == (COMPLETE, 1)
    assert answer.content() == b"R1#\nmore"
    assert answer.heard == b"show x\r\nR1#\r\nmore\r\nR1#"


def test_a_device_that_goes_on_after_each_question_is_asked_for_three_prompts_more():
    answer = answer_to()
    answer.hear(b"show x\r\nR1#", 0.0)
    for now in range(4):
        answer.asked(float(now))
        answer.hear(b"\r\nmore\r\nR1#", now + 0.5)
    for prompts in range(1, 5):
        assert answer.verdict(10.0 * prompts) == ASK, prompts
        answer.asked(10.0 * prompts)
        answer.hear(b"\r\nR1#", 10.0 * prompts)
    assert answer.verdict(40.0) == COMPLETE
    assert answer.content() == b"R1#\nmore\n" * 3 + b"R1#\nmore"


def test_prompts_that_nobody_asked_for_leave_nothing_over():
    answer = answer_to(silence=0.1)
    answer.hear(b"show x\r\nR1#\r\nR1#", 1.0)
    assert (answer.verdict(1.2), answer.left_over) == (COMPLETE, 0)


@pytest.mark.parametrize("command", [None, b"", b"show x\nshow y"])
def test_what_has_no_command_or_several_has_no_echo(command):
    answer = answer_to(command, silence=0.1)
    answer.hear(b"\r\nshow x\nshow y\r\nR1#", 1.0)
    assert not answer.echoed and answer.content() is None
    assert answer.verdict(1.1) == COMPLETE


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
