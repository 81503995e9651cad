# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The questions a device asks after a command, and the caller's answers to them."""

from __future__ import annotations

from ansible.errors import AnsibleConnectionFailure


class Dialogue:
    """Gives each expected answer once, in the way of the parent plugin of the connection."""

    def __init__(self, connection, prompts, answers, newline, retry_check, check_all):
        """
        :param connection: the connection plugin; it matches the prompts and sends the answers
        :param prompts: one pattern or a list of them
        :param answers: one answer or a list of them
        :param newline: whether a carriage return follows an answer
        :param retry_check: whether the same question once more means that the answer was wrong
        :param check_all: whether all of the questions are expected, not any of them
        """
        self._connection = connection
        # The parent takes those that were answered off the lists.
        self._prompts = list(prompts) if isinstance(prompts, list) else prompts
        self._answers = list(answers) if isinstance(answers, list) else answers
        self._newline = newline
        self._retry_check = retry_check
        self._check_all = check_all
        self._answered = False
        self._since_answer = b""

    def hear(self, data):
        """Take what the device printed, and answer. Raises AnsibleConnectionFailure where it refused the answer."""
        self._since_answer += data
        if self._prompts and not self._answered:
            open_before = len(self._prompts)
            self._answered = self._ask(self._prompts, only_look=False)
            if self._answered or len(self._prompts) != open_before:
                self._since_answer = b""
        elif self._answered and self._retry_check and self._ask(self._prompts, only_look=True):
            raise AnsibleConnectionFailure(
                "For matched prompt '%s', answer is not valid" % self._connection._matched_cmd_prompt
            )

    def _ask(self, prompts, only_look):
        return self._connection._handle_prompt(
            self._since_answer, prompts, self._answers, self._newline, only_look, self._check_all
        )
