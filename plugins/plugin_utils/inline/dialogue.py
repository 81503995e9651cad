# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The questions a device asks after a command, and the caller's answers to them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Union

Texts = Union[bytes, str, Sequence[Union[bytes, str]], None]

# What 'enable' asks.
PASSWORD_QUESTION = r"[Pp]assword: ?$"
# A question stands at the end of what has arrived.
_WITHIN = 4096


class Unanswered(Exception):
    """A question has no answer, or its answer was refused. The text is for people."""


class Dialogue:
    """Gives each expected answer once, as the stock connection does."""

    def __init__(
        self, prompts: Texts, answers: Texts, newline: bool = True, retry_check: bool = False, check_all: bool = False
    ) -> None:
        """
        :param prompts: one pattern or a list of them
        :param answers: one answer or a list of them; none: a question is an error
        :param newline: whether a carriage return follows an answer
        :param retry_check: whether the same question once more means that the answer was wrong
        :param check_all: whether all of the questions are expected, in order, not any of them
        """
        self._prompts = [_compiled(prompt) for prompt in _list(prompts)]
        self._answers = [_bytes(answer) for answer in _list(answers)]
        self._newline = b"\r" if newline else b""
        self._retry_check = retry_check
        self._check_all = check_all and isinstance(prompts, (list, tuple))
        self._answered = False
        self._since_answer = b""
        self.asked: bytes | None = None

    @property
    def speaks(self) -> bool:
        """Whether it answers questions, and so may be expected to type."""
        return bool(self._answers) or self.asked is not None

    def hear(self, data: bytes) -> bytes:
        """Take what the device printed, and return what to send to it. Raises Unanswered."""
        self._since_answer = (self._since_answer + data)[-_WITHIN:]
        if self._answered:
            if self._retry_check and self._find() is not None:
                raise Unanswered("the answer to its question '%s' is not valid" % _said(self.asked))
            return b""
        found = self._find()
        return b"" if found is None else self._answer_to(found)

    def _find(self) -> int | None:
        for index, pattern in enumerate(self._prompts):
            match = pattern.search(self._since_answer)
            if match:
                self.asked = match.group()
                return index
        return None

    def _answer_to(self, index: int) -> bytes:
        if not self._answers:
            raise Unanswered("it asks '%s', and nobody said what to answer" % _said(self.asked))
        answer = self._answers[index if index < len(self._answers) else 0]
        self._since_answer = b""
        if self._check_all:
            del self._prompts[0], self._answers[:1]
        self._answered = not self._check_all or not self._prompts or not self._answers
        return answer + self._newline


def enable_refused(device: str, user: str | None, secret: str | None, said: str) -> str:
    """A sentence for an 'enable' that failed. ``said``: the device's words, or what was wrong with the dialogue."""
    words = [line.strip() for line in said.splitlines() if line.strip().startswith("%")]
    if words:
        reason = "the device says '%s'" % " ".join(words)
    elif secret:
        reason = "the enable password is wrong"
    else:
        reason = "it asks for a password, and none is given"
    advice = "Correct ansible_become_password" if secret else "Set ansible_become_password"
    return "%s: 'enable' failed for user %s: %s. %s, or log in as a user with privilege 15." % (device, user, reason, advice)


def _compiled(prompt: bytes | str) -> re.Pattern[bytes]:
    try:
        return re.compile(_bytes(prompt), re.IGNORECASE)
    except re.error as exc:
        raise Unanswered("the prompt %r is no regular expression: %s" % (_said(_bytes(prompt)), exc)) from None


def _list(texts: Texts) -> list[bytes | str]:
    return [] if texts is None else [texts] if isinstance(texts, (bytes, str)) else list(texts)


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def _said(text: bytes | None) -> str:
    return (text or b"").decode("utf-8", "replace").strip()
