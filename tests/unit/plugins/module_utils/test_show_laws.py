# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws that hold for any text, checked with random ones."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils import show

FIXTURES = Path(__file__).parent / "fixtures" / "show"
RECORDED = [(show.parser_for(path.stem.replace("_", " ")), path.read_text()) for path in sorted(FIXTURES.glob("*/*.txt"))]

# Arbitrary text hardly ever holds a label, so mix in pieces of what devices print.
pieces = st.sampled_from(sorted({word for _parse, text in RECORDED for word in text.split()}) + ["\n", "\r\n", " ", "9" * 5000])
texts = st.one_of(st.text(), st.lists(st.one_of(pieces, st.text(max_size=3))).map(" ".join), st.lists(pieces).map("".join))

counters = st.integers(0, 10**9)
times = st.datetimes(datetime(1993, 1, 1), datetime(2099, 12, 31)).map(
    lambda t: t.replace(microsecond=t.microsecond // 1000 * 1000)
)
moments = st.none() | times
statuses = st.builds(
    dict,
    started=moments,
    ended=moments,
    status=st.sampled_from(["SUCCESS", "FAILED", "FAILED(ERROR 17)"]),
    success=moments,
    failure=moments,
    counters=st.lists(counters, min_size=7, max_size=7),
)

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATUS_TEXT = """\
Last upgrade started at {started}
Last upgrade ended at {ended}

Last successful upgrade ended at {success}
Last failed upgrade ended at {failure}
Number of failed upgrades: {counters[0]}
Number of successful upgrades: {counters[1]}
 messages received: {counters[2]}
 receive errors: {counters[3]}
Transmit Status
 TX Attempts:{counters[4]}
 Successes:{counters[5]}          Failures {counters[6]}
"""


def printed(moment):
    if moment is None:
        return "never"
    clock = "%s.%03d" % (moment.strftime("%H:%M:%S"), moment.microsecond // 1000)
    return "%s UTC %s %s %d %d" % (clock, DAYS[moment.weekday()], MONTHS[moment.month - 1], moment.day, moment.year)


def render(status):
    ended = printed(status["ended"]) + (" status " + status["status"] if status["ended"] else "")
    shown = {key: printed(status[key]) for key in ("started", "success", "failure")}
    return STATUS_TEXT.format(ended=ended, counters=status["counters"], **shown)


def same_moment(text, moment):
    return text == "never" if moment is None else datetime.fromisoformat(text) == moment.replace(tzinfo=timezone.utc)


@pytest.mark.parametrize("parse", [*dict.fromkeys(show.PARSERS.values()), show.unsupported])
@settings(max_examples=60, deadline=None)
@given(text=texts)
def test_no_text_raises(parse, text):
    json.dumps(parse(text))


@settings(max_examples=60, deadline=None)
@given(text=texts)
def test_no_command_raises(text):
    assert show.parser_for(text) in (None, *show.PARSERS.values())


@settings(max_examples=100, deadline=None)
@given(status=statuses)
def test_status_round_trip(status):
    parsed = show.image_status(render(status))
    assert same_moment(parsed["last_upgrade"]["started"], status["started"])
    assert same_moment(parsed["last_upgrade"]["ended"], status["ended"])
    assert parsed["last_upgrade"]["status"] == (status["status"] if status["ended"] else None)
    assert same_moment(parsed["last_success_ended"], status["success"])
    assert same_moment(parsed["last_failure_ended"], status["failure"])
    top = [parsed[key] for key in ("failed", "successful", "messages_received", "receive_errors")]
    assert top + [parsed["transmit"][key] for key in ("attempts", "successes", "failures")] == status["counters"]
    assert parsed["unparsed"] == []


unknown_lines = st.text("abcdefXYZ0123 :=.%!", min_size=1, max_size=30).map(lambda text: "Zz " + text + ".")


@settings(max_examples=60, deadline=None)
@given(status=statuses, unknown=st.lists(st.tuples(st.integers(0, 12), unknown_lines), max_size=4))
def test_unknown_lines_come_back_and_change_nothing_else(status, unknown):
    text = render(status)
    lines = text.splitlines()
    for at, line in unknown:
        lines.insert(at, line)
    expected, parsed = show.image_status(text), show.image_status("\n".join(lines))
    assert sorted(parsed.pop("unparsed")) == sorted(line for _at, line in unknown)
    assert parsed == {key: value for key, value in expected.items() if key != "unparsed"}


@pytest.mark.parametrize("parse, text", RECORDED)
@settings(max_examples=15, deadline=None)
@given(
    end=st.sampled_from(["\n", "\r\n", "\r\r\n", "\n\n"]),
    prompt=st.sampled_from(["", "R1#", "R1>", "core-7.lab(config)#", "R1# "]),
    echo=st.sampled_from(["", "show this and that", "R1#show this", "R1>sh it"]),
)
def test_line_ends_echo_and_prompt_change_nothing(parse, text, end, prompt, echo):
    decorated = end.join([line for line in [echo, *text.splitlines(), prompt] if line])
    assert parse(decorated) == parse(text)
