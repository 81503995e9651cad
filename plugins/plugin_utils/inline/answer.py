# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Know where the answer to a command ends, without a fixed pause and without mistaking its middle for its end. Pure."""

from __future__ import annotations

import re

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
    that shows the prompt on two lines in a row, and pauses behind the one and the other, could imitate it.

    A prompt before the echo of the command is left over from before, and counts for nothing.

    While a question of the device may be open (the caller expects prompts, or sends several lines at once) nothing may be
    sent that could be taken for its answer. There, and where the user set a time, the end is a prompt followed by silence.
    """

    def __init__(self, find_prompt, command=None, prompt_before=None, fixed_text=False, silence=None, echoes=True):
        """
        :param find_prompt: function(bytes) -> the prompt at the end of the text, or None
        :param command: what was sent, None at login
        :param prompt_before: the prompt it was sent at, None if unknown
        :param fixed_text: whether the command prints nothing but messages of the operating system
        :param silence: seconds without data that make a prompt the end; None to be certain instead
        :param echoes: whether the device echoes commands, as far as is known
        """
        self._find_prompt = find_prompt
        self._command = (command or b"").strip()
        self._prompt_before = (prompt_before or b"").strip()
        self._fixed_text = fixed_text
        self._silence = silence
        self._expects_echo = echoes and self._command and b"\n" not in self._command
        self._text = bytearray()
        self._prompt = None
        self._heard_at = 0.0
        self._asked_at = None
        self._asked_behind = 0
        self._questions = 0
        self._patience = _ASK_AGAIN

    def hear(self, data, now):
        """Take what the device printed at ``now`` (seconds of a monotonic clock)."""
        self._text += data
        self._heard_at = now
        self._prompt = (self._find_prompt(bytes(self._text[-WINDOW:])) or b"").strip()

    def asked(self, now):
        """Note that an empty line was sent at ``now``."""
        if self._questions:
            self._patience *= 2
        self._questions += 1
        self._asked_at = now
        self._asked_behind = len(self._text)

    def verdict(self, now):
        """READ_ON, COMPLETE, or ASK: send an empty line, say so with C(asked), and read on."""
        if not self._prompt:
            return READ_ON
        silent = now - self._heard_at
        begun = not self._expects_echo or self.echoed or silent >= _WITHOUT_ECHO
        if self._fixed_text and self.echoed and self._names_the_device():
            return COMPLETE
        if self._silence is not None:
            return COMPLETE if begun and silent >= self._silence else READ_ON
        if self._is_confirmed():
            return COMPLETE if begun else READ_ON
        if not self._questions or now - self._asked_at >= self._patience:
            return ASK
        return READ_ON

    @property
    def echoed(self):
        """Whether the device echoed the command."""
        return self._echo(bytes(self._text[:_ECHO_WITHIN])) is not None

    @property
    def heard(self):
        """Everything the device printed so far, from the echo on where there is one, without the repeated prompt."""
        text = bytes(self._text)
        echo = self._echo(text)
        if echo:
            text = text[echo.start(1):]
        for _question in range(self._questions):
            if self._ends_twice(text):
                text = text.rstrip()[: -len(self._prompt)].rstrip()
        return text

    def content(self):
        """The lines of a complete answer, without the echo and the prompt; None where the device did not echo."""
        text = self.heard
        echo = self._echo(text)
        if not echo:
            return None
        text = text[echo.end():].rstrip()
        if text.endswith(self._prompt):
            text = text[: -len(self._prompt)]
        return b"\n".join(text.splitlines()).strip()

    def _names_the_device(self):
        return self._prompt_before and _name(self._prompt) == _name(self._prompt_before)

    def _is_confirmed(self):
        since = self._text[self._asked_behind:].rstrip()
        return bool(self._questions and since.endswith(self._prompt) and self._ends_twice(bytes(self._text[-WINDOW:])))

    def _ends_twice(self, text):
        """Whether ``text`` ends with the prompt, and the prompt again."""
        return bool(re.search(rb"%s\s*%s\s*\Z" % ((re.escape(self._prompt),) * 2), text[-WINDOW:]))

    def _echo(self, text):
        if not self._command or b"\n" in self._command:
            return None
        before = rb"(?:^|[\r\n])(?:%s)?[ ]*" % re.escape(self._prompt_before)
        return re.search(before + rb"(%s)[ ]*[\r\n]+" % re.escape(self._command), text[:_ECHO_WITHIN])


def shows_text(command):
    """Whether ``command``, given in configuration mode, prints text of others."""
    return bool(_SHOWS.match((command or b"").strip()))


def _name(prompt):
    return _END_OF_NAME.split(prompt, maxsplit=1)[0]
