# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands and their answers, without a wire: bytes in, what to do next out. Pure, and the same for every SSH library.

Whoever owns the wire does this, with the seconds of a monotonic clock::

    exchange = reader.ask(b"show clock", now)          # after sending b"show clock\\r"
    while not (step := exchange.step(now)).done:
        send(step.send)                                # an empty line, or the answer to a question; often nothing
        exchange.hear(read(step.wait), now)            # what arrives within step.wait seconds, b"" if nothing does
    exchange.content(), exchange.is_error
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import ending
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.answer import (
    ASK,
    COMPLETE,
    Answer,
    shows_text,
)
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.dialogue import Dialogue
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.terminal import Terminal, blocks

# Bytes of an answer. The longest that IOS prints, show tech-support of a big router, has a tenth of this.
LONGEST = 16 * 1024 * 1024
# Seconds of silence that end a dialogue, in which nothing may be sent to make certain. The default of the stock plugin.
_SILENCE = 0.1
# Characters of the last line that are told of an answer that did not end.
_WORDS = 80
# Longest single wait, in seconds: nothing happens by itself any sooner than this.
_SLICE = 0.05


class NoAnswer(Exception):
    """The answer did not come to its end, and the session cannot be used any more. The text is for people."""


class NoTime(NoAnswer):
    """It took longer than the command timeout."""


@dataclass(frozen=True)
class Step:
    """What to do next: send something, wait for data this many seconds, or nothing any more."""

    send: bytes = b""
    wait: float = _SLICE
    done: bool = False


class Reader:
    """Knows the terminal and what the last answer told of it: one per shell."""

    def __init__(self, terminal: Terminal, device: str, timeout: float, silence: float | None = None) -> None:
        """
        :param device: how errors name the device
        :param timeout: seconds for an answer, and for the work on it; 0: without end
        :param silence: seconds without data that end an answer; None: make certain with an empty line
        """
        self.terminal = terminal
        self.device = device
        self.timeout = timeout
        self.silence = silence
        self.prompt = b""
        self.setting_up = False
        self._out_of_step = False
        self._echoes = True
        self._left_over = 0

    def ask(self, command: bytes | None, now: float, dialogue: Dialogue | None = None) -> Exchange:
        """Begin to read the answer to ``command``; without one, wait for the first prompt."""
        silence = self.silence
        speaks = dialogue is not None and dialogue.speaks
        if silence is None and (speaks or self._out_of_step or not _is_one_line(command)):
            silence = _SILENCE
        configuring = self.terminal.configures_at(self.prompt) and not shows_text(command)
        # What was only sent before is answered in front of this echo, and belongs to the answer, as with the stock plugin.
        expected = None if self._out_of_step else command
        fixed = self.setting_up or configuring
        answer = Answer(self.terminal.prompt_at_end, expected, self.prompt, fixed, silence, self._echoes, self._left_over)
        return Exchange(self, command, answer, dialogue, now)

    def sent_only(self) -> None:
        """Note that a command was sent whose answer nobody reads: it stands in front of the next one."""
        self._out_of_step = True

    def complete(self, command: bytes | None, answer: Answer) -> None:
        """Note what a complete answer tells."""
        self.prompt = answer.prompt
        if command and _is_one_line(command) and not self._out_of_step:
            self._echoes = answer.echoed
        self._left_over = answer.left_over
        self._out_of_step = False


class Exchange:
    """One command and its answer."""

    def __init__(self, reader: Reader, command: bytes | None, answer: Answer, dialogue: Dialogue | None, now: float) -> None:
        self._reader = reader
        self._command = command
        self._answer = answer
        self._dialogue = dialogue
        self._deadline = now + (reader.timeout or float("inf"))
        self._reply = b""
        self._to_judge: Iterator[bytes] | None = None
        self.is_error = False

    @property
    def what(self) -> str:
        """What is waited for, for an error."""
        return what(self._command)

    @property
    def heard(self) -> bytes:
        """Everything the device printed, from the echo to the prompt."""
        return self._answer.heard

    def content(self) -> bytes:
        """The lines of a complete answer, without the echo and the prompt."""
        content = self._answer.content()
        return self._without_prompts() if content is None else content

    def lines(self) -> bytes:
        """The lines of a complete answer, without the echo but with the prompt."""
        return b"\n".join(self._lines()).strip()

    @property
    def prompt(self) -> bytes:
        """The prompt at its end."""
        return self._answer.prompt

    def _lines(self) -> list[bytes]:
        command = (self._command or b"").strip()
        return [line for line in self.heard.splitlines() if not command or line.strip() != command]

    def _without_prompts(self) -> bytes:
        """Where the device did not echo: as the stock plugin finds the lines, by taking out those with the prompt in them."""
        prompt = self._answer.prompt
        return b"\n".join(line for line in self._lines() if not prompt or prompt not in line).strip()

    def hear(self, data: bytes, now: float) -> None:
        """Take what the device printed. Raises NoAnswer where it is too much, and what the dialogue raises."""
        data = self._reader.terminal.without_escapes(data)
        if not data:
            return
        self._answer.hear(data, now)
        if self._answer.size > LONGEST:
            raise NoAnswer(
                "%s printed more than %d MB as %s. The session was closed." % (self._reader.device, LONGEST >> 20, self.what)
            )
        if self._dialogue:
            self._reply += self._dialogue.hear(data)

    def step(self, now: float) -> Step:
        """What to do next. Raises NoTime."""
        if now > self._deadline:
            raise NoTime(self._too_late())
        if self._to_judge is not None:
            return self._judge()
        verdict = self._answer.verdict(now)
        if verdict is COMPLETE:
            self._reader.complete(self._command, self._answer)
            # What comes before the first prompt is a banner, and may hold any word.
            self._to_judge = iter(blocks(self._answer.heard) if self._command is not None else ())
            return self._judge()
        reply, self._reply = self._reply, b""
        if verdict is ASK and not reply:
            self._answer.asked(now)
            reply = b"\r"
        return Step(send=reply)

    def _judge(self) -> Step:
        """Look for words of error in the next piece."""
        piece = next(self._to_judge or iter(()), None)
        if piece is None:
            return Step(done=True)
        self.is_error = self.is_error or self._reader.terminal.is_error(piece)
        return Step(wait=0)

    def last_words(self) -> str:
        """A sentence with the last line that the device printed, if it printed any: why a session ends may be in there."""
        lines = [] if self._dialogue else [line for line in self._lines() if line.strip()]
        return " The last it said: '%s'." % ending(lines[-1].decode("utf-8", "replace").strip(), _WORDS) if lines else ""

    def _too_late(self) -> str:
        """The first words are those of the stock plugin, which playbooks may look for."""
        return (
            "command timeout triggered, timeout value is %s secs: %s did not come to the end of %s.%s The session was closed. "
            "If the device needs longer, raise ansible_command_timeout."
            % (_number(self._reader.timeout), self._reader.device, self.what, self.last_words())
        )


def what(command: bytes | None) -> str:
    """How errors name the answer to ``command``."""
    return "the login" if command is None else "the answer to '%s'" % command.strip().decode("utf-8", "replace")


def _is_one_line(command: bytes | None) -> bool:
    return command is None or len(command.strip().splitlines()) == 1


def _number(seconds: float) -> str:
    return "%d" % seconds if seconds == int(seconds) else "%s" % seconds
