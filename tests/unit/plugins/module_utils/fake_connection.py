# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the Connection of ansible.module_utils, which answers as a device does through network_cli."""

from __future__ import annotations

import re

from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.ios_lines import Ios, Refusal, type7

INVALID = "\r\n          ^\r\n% Invalid input detected at '^' marker.\r\n\r\n"


def answered_with_error(command, said, prompt="R1#"):
    """What network_cli raises for an answer that one of the error patterns of its terminal plugin matches."""
    return TransportError(repr(("%s\r\n%s\r\n%s" % (command, said, prompt)).encode()), code=1)


class FakeConnection:
    """One device: ``ios`` is its configuration, ``answers`` what it says to other commands.

    An answer may be text, an exception to raise, or a function to call. ``sent`` is all that was sent to it, in order.
    ``passwords`` says how it shows them: plain, 7, hidden or absent. Lines in ``ignored`` it takes without effect.
    """

    def __init__(self, lines=(), passwords="plain", single_user_mode=False, foreign=()):
        self.ios = Ios(lines)
        self.passwords = passwords
        self.single_user_mode = single_user_mode
        self.foreign = list(foreign)
        self.answers = {}
        self.ignored = []
        self.sent = []
        self.prompts = []
        self.saved = None
        self.configuring = False

    def get_option(self, name):
        return getattr(self, name)

    def get(self, command, prompt=None, answer=None, check_all=False):
        self.sent.append(command)
        self.prompts.append((prompt, answer))
        said = self.answers.get(command)
        if isinstance(said, Exception):
            raise said
        if said is not None:
            return said() if callable(said) else said
        if command == "configure terminal":
            self.configuring = True
            return "Enter configuration commands, one per line.  End with CNTL/Z."
        if command == "show privilege":
            return "Current privilege level is 15\n"
        if command == "end":
            self.configuring = False
            return ""
        if command.startswith("show running-config | include "):
            return self._include(command.split("include ", 1)[1])
        if command == "write memory" and not self.configuring:
            self.saved = self.ios.show()
            return "Building configuration...\n[OK]"
        return self._configure(command)

    def _configure(self, command):
        prompt = "R1(config)#" if self.configuring else "R1#"
        try:
            if not self.configuring:
                raise Refusal(command)
            if command not in self.ignored:
                self.ios.take(command)
        except Refusal:
            raise answered_with_error(command, INVALID, prompt) from None
        return ""

    def _include(self, pattern):
        lines = ["version 15.7", "hostname R1"] + self.foreign + [self._shown(line) for line in self.ios.show()] + ["end"]
        return "\n".join(line for line in lines if line and re.search(pattern, line)) + "\n"

    def _shown(self, line):
        words = line.split()
        if "password" not in words[1:3] or self.passwords == "plain":
            return line
        shown = {"7": ["7", type7(words[-1])], "hidden": ["*****"], "absent": None}[self.passwords]
        return shown and " ".join(words[:-1] + shown)
