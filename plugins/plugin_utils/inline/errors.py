# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong with a session. The text of each is a sentence for people, with the device in it and what to do."""

from __future__ import annotations


class SessionError(Exception):
    """Any of these."""


class NoLibrary(SessionError):
    """The SSH library is not installed."""


class SessionLost(SessionError):
    """There is no session any more, or there never was one."""


class Unreachable(SessionLost):
    """No SSH server answered: refused, no route, name unknown, closed before its greeting."""


class TimedOut(SessionLost):
    """The login or an answer took longer than it may."""


class LoginRefused(SessionLost):
    """The device answered, and did not let us in."""


class HostKeyRefused(LoginRefused):
    """The device showed a host key that is not known."""


class NoSharedAlgorithms(LoginRefused):
    """The device offers only algorithms that we do not allow."""


class EnableRefused(LoginRefused):
    """The login worked, privileged EXEC did not."""


class Rejected(SessionError):
    """The device answered with one of the error patterns of its terminal plugin. The session is in order.

    ``said``: the answer without echo and prompt; ``raw``: with them.
    """

    def __init__(self, said: str, raw: bytes) -> None:
        super().__init__(said)
        self.said = said
        self.raw = raw
