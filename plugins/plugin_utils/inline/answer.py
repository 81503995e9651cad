# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Know where the answer to a command ends, without a fixed pause and without mistaking its middle for its end. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

READ_ON, ASK, COMPLETE = "read on", "ask", "complete"

# Prompts are looked for in the last bytes only: an answer may be megabytes long.
WINDOW = 1024
# The echo comes first; what may precede it is left over from before (a log message, the answer to one empty line too many).
_ECHO_WITHIN = 8192
# Seconds before an unanswered empty line is repeated, doubled each time: a log message may have come between,
# and a device that is busy may have thrown away what was typed.
_ASK_AGAIN = 0.3
# Seconds of silence after which a prompt counts although an echo was expected (of a long line, which the device redraws).
_WITHOUT_ECHO = 1.0
# Seconds of silence after which a prompt counts although whole lines stand behind it (a log message, a broadcast).
_BEHIND_PROMPT = 0.5
# Prompts in a row that are asked for at most beyond the two, one for each time that the device went on after a question.
_MISLED = 3
# Commands that show the text of others even in configuration mode.
_SHOWS = re.compile(rb"(do|sh(ow?)?|more|dir)\b")
_END_OF_NAME = re.compile(rb"[(>#\s]")


class Answer:
    """What a device prints after a command, and whether that is all of it.

    A prompt at the end of what has arrived may be the end of the answer, or a line of it that looks like the prompt,
    after which the device paused. No pause tells them apart, however long. These do:

    Configuration lines, and the commands that set up a session, print nothing but messages of IOS itself, which
    contain no prompts. So a prompt that names the device, after the echo of the command, is the end.

    Commands that show text (of a banner, a description, a log) may show anything. When a prompt appears, an empty line is
    sent, which does nothing on a CLI but repeat the prompt. A device that reads it has finished the command, and the same
    prompt follows at once. A device that is still answering goes on with the answer first; then its true prompt comes,
    and directly behind it the one for the empty line that was waiting. Either way: two prompts with nothing between, the
    second of them after the question, are the end. It costs one round trip, and is no command to the device. Only an answer
    that shows the prompt on two lines in a row, and pauses in the middle of them, could imitate it; so where the device went
    on after a question, one prompt more is asked for.

    A prompt before the echo of the command is left over from before, and counts for nothing: nothing is asked before the echo.

    Whole lines may stand behind the prompt: a message of the system log, a broadcast. Where the device is silent after them,
    it is asked with an empty line as well, and shows the prompt again.

    While a question of the device may be open (the caller expects prompts, or sends several lines at once) nothing may be
    sent that could be taken for its answer. There, and where the user set a time, the end is a prompt followed by silence.
    """

    def __init__(
        self,
        find_prompt: Callable[[bytes], bytes | None],
        command: bytes | None = None,
        prompt_before: bytes | None = None,
        fixed_text: bool = False,
        silence: float | None = None,
        echoes: bool = True,
        left_over: int = 0,
    ) -> None:
        """
        :param find_prompt: function(bytes) -> the prompt at the end of the text, or None
        :param command: what was sent, None at login
        :param prompt_before: the prompt it was sent at, None if unknown
        :param fixed_text: whether the command prints nothing but messages of the operating system
        :param silence: seconds without data that make a prompt the end; None to be certain instead
        :param echoes: whether the device echoes commands, as far as is known
        :param left_over: how many prompts may still come for what was asked before
        """
        self._find_prompt = find_prompt
        self._command = (command or b"").strip()
        self._prompt_before = (prompt_before or b"").strip()
        self._fixed_text = fixed_text
        self._silence = silence
        self._expects_echo = echoes and self._command and b"\n" not in self._command
        self._without_echo = _WITHOUT_ECHO * (1 + left_over)
        self._text = bytearray()
        self._prompt = b""
        self._heard_at = self._asked_at = -math.inf
        self._asked_behind = len(self._text)
        self._questions = 0
        self._misled = 0
        self._patience = _ASK_AGAIN
        self._lines_behind = False

    def hear(self, data: bytes, now: float) -> None:
        """Take what the device printed at ``now`` (seconds of a monotonic clock)."""
        self._text += data
        self._heard_at = now
        self._prompt = b"" if self._is_a_line() else (self._find_prompt(bytes(self._text[-WINDOW:])) or b"").strip()

    def asked(self, now: float) -> None:
        """Note that an empty line was sent at ``now``."""
        unanswered = self._questions and len(self._text) == self._asked_behind
        self._patience = self._patience * 2 if unanswered else _ASK_AGAIN
        self._misled += self._went_on()
        self._questions += 1
        self._asked_at = now
        self._asked_behind = len(self._text)

    def verdict(self, now: float) -> str:
        """READ_ON, COMPLETE, or ASK: send an empty line, say so with C(asked), and read on."""
        silent = now - self._heard_at
        if not self._prompt:
            return self._verdict_behind_prompt(now) if silent >= _BEHIND_PROMPT else READ_ON
        begun = not self._expects_echo or self.echoed or silent >= self._without_echo
        if self._fixed_text and self.echoed and self._names_the_device():
            return COMPLETE
        if self._silence is not None:
            return COMPLETE if begun and silent >= self._silence else READ_ON
        if not begun:
            return READ_ON
        if self._is_confirmed():
            return COMPLETE
        return ASK if self._may_ask(now) else READ_ON

    def _verdict_behind_prompt(self, now: float) -> str:
        if not self._known_prompt_with_lines_behind():
            return READ_ON
        self._lines_behind = True
        if self._silence is None:
            return ASK if self._may_ask(now) else READ_ON
        if now - self._heard_at < max(self._silence, _WITHOUT_ECHO):
            return READ_ON
        self._prompt = self._prompt_before
        return COMPLETE

    def _may_ask(self, now: float) -> bool:
        return not self._questions or now - self._asked_at >= self._patience

    def _known_prompt_with_lines_behind(self) -> bool:
        """Whether the prompt of before stands at the head of one of the last lines, and whole lines behind it."""
        last = bytes(self._text[-WINDOW:])
        whole = last.rstrip(b" ").endswith((b"\n", b"\r"))
        return bool(whole and self._prompt_before and self.echoed and self._own_prompt().search(last))

    def _own_prompt(self) -> re.Pattern[bytes]:
        """The prompt of this device in any mode, at the head of a line but not in front of the echo."""
        name, command = re.escape(_name(self._prompt_before)), re.escape(self._command)
        return re.compile(rb"[\r\n]%s(?:\([^()\r\n]{1,64}\))?[>#](?![ ]*%s)" % (name, command))

    @property
    def echoed(self) -> bool:
        """Whether the device echoed the command."""
        return self._echo(bytes(self._text[:_ECHO_WITHIN])) is not None

    @property
    def heard(self) -> bytes:
        """Everything the device printed so far, from the echo on where there is one, without the repeated prompt."""
        text = bytes(self._text)
        echo = self._echo(text)
        if echo:
            text = text[echo.start(1) :]
        for _repeated in range(min(self._questions, self._prompts_in_a_row() - 1)):
            text = text.rstrip()[: -len(self._prompt)].rstrip()
        return text

    def content(self) -> bytes | None:
        """The lines of a complete answer, without the echo and the prompt; None where the device did not echo."""
        text = self.heard
        echo = self._echo(text)
        if not echo:
            return None
        text = text[echo.end() :].rstrip()
        if self._prompt and text.endswith(self._prompt):
            text = text[: -len(self._prompt)]
        lines = text.splitlines()
        if self._lines_behind and self.left_over:  # were it a line of the answer, there would be one prompt more at the end
            _drop_last(lines, re.compile(rb"\n" + re.escape(self._prompt)) if self._questions else self._own_prompt())
        return b"\n".join(lines).strip()

    @property
    def prompt(self) -> bytes:
        """The prompt at the end of a complete answer."""
        return self._prompt

    @property
    def size(self) -> int:
        """How many bytes the device printed."""
        return len(self._text)

    @property
    def left_over(self) -> int:
        """How many empty lines of a complete answer are not answered yet: the device was slow, or threw them away."""
        return max(0, self._questions + 1 - self._prompts_in_a_row())

    def _names_the_device(self) -> bool:
        return bool(self._prompt_before) and _name(self._prompt) == _name(self._prompt_before)

    def _is_confirmed(self) -> bool:
        since = self._text[self._asked_behind :].rstrip()
        needed = 2 + min(self._misled + self._went_on(), _MISLED)
        return bool(self._questions and since.endswith(self._prompt) and self._prompts_in_a_row() >= needed)

    def _went_on(self) -> bool:
        """Whether the last question was asked in the middle of the answer: more than prompts came after it."""
        since = bytes(self._text[self._asked_behind : self._asked_behind + WINDOW])
        return bool(self._questions and since.replace(self._prompt, b"").strip())

    def _prompts_in_a_row(self) -> int:
        """How many times the prompt stands at the end."""
        text, found = self._text[-WINDOW:].rstrip(), 0
        while self._prompt and text.endswith(self._prompt):
            text, found = text[: -len(self._prompt)].rstrip(), found + 1
        return found

    def _is_a_line(self) -> bool:
        """Whether the end of what has arrived is a whole line, which is no prompt, whatever it holds."""
        return bool(self._expects_echo and self._silence is None and self._text.endswith((b"\n", b"\r")))

    def _echo(self, text: bytes) -> re.Match[bytes] | None:
        if not self._command or b"\n" in self._command:
            return None
        before = rb"(?:^|[\r\n])(?:%s)?[ ]*" % re.escape(self._prompt_before)
        return re.search(before + rb"(%s)[ ]*[\r\n]+" % re.escape(self._command), text[:_ECHO_WITHIN])


def shows_text(command: bytes | None) -> bool:
    """Whether ``command``, given in configuration mode, prints text of others."""
    return bool(_SHOWS.match((command or b"").strip()))


def _drop_last(lines: list[bytes], prompt: re.Pattern[bytes]) -> None:
    """Take the last line out that is nothing but a prompt."""
    for index in reversed(range(len(lines))):
        if prompt.fullmatch(b"\n" + lines[index].strip()):
            del lines[index]
            return


def _name(prompt: bytes) -> bytes:
    return _END_OF_NAME.split(prompt)[0]
