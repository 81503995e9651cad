# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A device that is slow, behind a slow line, and shows its own prompt: each answer is read to its end."""

from __future__ import annotations

import random
import re
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.reader import Reader
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.terminal import Terminal

IOS = Terminal((re.compile(rb"[\r\n]?[\w\+\-\.:\/\[\]]+(?:\([^\)]+\)){0,3}(?:[>#]) ?$"),))
PROMPT, SLOW = b"R1#", (0.002, 0.05, 0.3)
LINES = (b"interface Gi0/0", b" ip address dhcp", b"!", b"", PROMPT, b"R9>", b"R1(config)#", PROMPT + b" ", b"Password: ", b"end")


class Device:
    """Reads a line when it is done with the one before; shows half of an answer and its prompt, pauses, shows the rest."""

    def __init__(self, chance: random.Random, answers: dict[bytes, tuple[bytes, bytes]]) -> None:
        self._chance, self._answers = chance, answers
        self._typed: deque[tuple[float, bytes]] = deque()
        self._printed: deque[tuple[float, bytes]] = deque()
        self._free = self._arrived = 0.0

    def type(self, line: bytes, now: float) -> None:
        self._typed.append((now + self._lag(), line))

    def printed(self, now: float) -> bytes:
        """What has arrived by now."""
        while self._typed and max(self._typed[0][0], self._free) <= now:
            at, line = self._typed.popleft()
            self._answer(max(at, self._free), line)
        data = b""
        while self._printed and self._printed[0][0] <= now:
            data += self._printed.popleft()[1]
        return data

    def _answer(self, now: float, line: bytes) -> None:
        if not line:
            self._print(now, b"\r\n" + PROMPT)
            return
        first, rest = self._answers[line]
        self._print(now, line + b"\r\n" + first)
        self._print(now + self._chance.choice((0, 0.3)), rest)
        self._print(self._free + self._chance.choice((0, 0.01, 0.3)), PROMPT)

    def _print(self, now: float, data: bytes) -> None:
        self._free = now
        self._arrived = max(self._arrived, now + self._lag())
        self._printed.append((self._arrived, data))

    def _lag(self) -> float:
        return self._chance.expovariate(1 / self._chance.choice(SLOW))


def ask(reader: Reader, device: Device, command: bytes, now: float) -> tuple[bytes, float]:
    """The answer to a command, and when it was complete."""
    exchange = reader.ask(command, now)
    device.type(command, now)
    while not (step := exchange.step(now)).done:
        if step.send:
            device.type(step.send.strip(), now)
        now += step.wait
        exchange.hear(device.printed(now) if step.wait else b"", now)
    return exchange.content(), now


def halves(lines: list[bytes]) -> tuple[bytes, bytes]:
    text = [line + b"\r\n" for line in (b"Building configuration...", *lines, b"end")]
    half = len(text) // 2
    return b"".join(text[:half]) + PROMPT, b"\r\n" + b"".join(text[half:])


@given(st.lists(st.lists(st.sampled_from(LINES), max_size=12), min_size=3, max_size=3), st.integers(0, 10**6))
def test_each_answer_is_whole_and_is_that_of_its_command(contents, seed):
    chance = random.Random(seed)
    answers = {b"show %d" % number: halves(lines) for number, lines in enumerate(contents)}
    reader, device, now = Reader(IOS, "R1", 60), Device(chance, answers), 0.0
    reader.prompt = PROMPT
    for command, (first, rest) in answers.items():
        said, now = ask(reader, device, command, now)
        assert words(said) == words(first + rest)


def words(text: bytes) -> list[bytes]:
    """What it says; a line that is the prompt and nothing else may be missing."""
    return [word for word in text.split() if word != PROMPT]


@pytest.mark.parametrize("lines", [[], [b"!"] * 200], ids=["short", "long"])
def test_an_answer_that_shows_no_prompt_takes_one_question(lines):
    device = Device(random.Random(1), {b"show 0": (b"".join(line + b"\r\n" for line in lines), b"end\r\n")})
    reader, asked = Reader(IOS, "R1", 60), []
    reader.prompt = PROMPT
    typed, device.type = device.type, lambda line, now: (asked.append(line), typed(line, now))
    assert ask(reader, device, b"show 0", 0.0)[0].split() == [*lines, b"end"]
    assert asked.count(b"") <= 2
