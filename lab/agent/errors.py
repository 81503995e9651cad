# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an upgrade did not happen, as a code for programs and a text for people (codes: see PROTOCOL.md)."""

from __future__ import annotations


class AgentError(Exception):
    """The upgrade ends here; trying again would not help."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class Unreachable(AgentError):
    """A server did not answer, or not to the end; the agent tries again after `cns image retry` seconds."""

    def __init__(self, text: str) -> None:
        super().__init__("SERVER_UNREACHABLE", text)
