# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session with an IOS device: logged in, terminal set up, enabled if asked; commands in, answers out.

Many at once in one event loop::

    files = load_files()                                # known hosts and keys, read once for all sessions
    session = await Session.open(login, terminal, files)
    text = await session.get("show version")
    await session.close()

Every await can be cancelled; a session that was cancelled in the middle of an answer is out of step and is only good for
C(abort). What goes wrong is one of the classes of C(errors), with a sentence for people.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Union

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.dialogue import (
    PASSWORD_QUESTION,
    Dialogue,
    Unanswered,
    enable_refused,
)
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.errors import (
    EnableRefused,
    HostKeyRefused,
    LoginRefused,
    NoLibrary,
    NoSharedAlgorithms,
    Rejected,
    SessionError,
    SessionLost,
    TimedOut,
    Unreachable,
)
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.quiet import be_quiet
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.reader import Exchange, NoAnswer, NoTime, Reader, what
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.terminal import Terminal

if TYPE_CHECKING:
    from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.files import Files
    from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh import Shell

__all__ = (
    "EnableRefused",
    "HostKeyRefused",
    "LoginRefused",
    "NoLibrary",
    "NoSharedAlgorithms",
    "Rejected",
    "Session",
    "SessionError",
    "SessionLost",
    "TimedOut",
    "Unreachable",
    "load_files",
)

Texts = Union[str, Sequence[str], None]

_PRIVILEGED = "Current privilege level is 15"


def load_files() -> Files:
    """What reads known hosts and keys, once for all sessions that share it. Raises NoLibrary."""
    be_quiet()
    try:
        importlib.import_module("asyncssh")
    except ImportError as exc:
        raise NoLibrary(_no_library(exc)) from None
    from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.files import Files

    return Files()


def _no_library(exc: ImportError) -> str:
    advice = "Install it where Ansible runs: python3 -m pip install asyncssh"
    return "No SSH library: asyncssh cannot be imported (%s). %s" % (exc, advice)


class Session:
    """One device."""

    def __init__(self, shell: Shell, reader: Reader, login: Login) -> None:
        self._shell = shell
        self._reader = reader
        self._login = login
        self._lost: str | None = None

    @classmethod
    async def open(cls, login: Login, terminal: Terminal, files: Files | None = None) -> Session:
        """Log in, and return when the device is ready for commands. Raises NoLibrary and SessionLost."""
        files = files or load_files()
        from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh import Shell

        session = cls(await Shell.open(login, files), Reader(terminal, login.device, login.command_timeout), login)
        try:
            await session._set_up()
        except BaseException:
            session.abort()
            raise
        return session

    @property
    def prompt(self) -> str:
        """The last prompt."""
        return self._reader.prompt.decode("utf-8", "replace").strip()

    async def get(
        self,
        command: str,
        prompt: Texts = None,
        answer: Texts = None,
        check_all: bool = False,
        sendonly: bool = False,
        newline: bool = True,
    ) -> str:
        """Send a command and return its answer, as C(get) of a network_cli connection does. Raises Rejected and SessionLost.

        ``prompt``, ``answer``: patterns of the questions to come and what to answer; ``check_all``: all of them are expected,
        in order. ``sendonly``: do not wait; the answer stands in front of the next one. ``newline``: end answers with a return.
        """
        asked = command.encode("utf-8", "surrogateescape")
        dialogue = _dialogue(prompt, answer, newline, check_all)
        self._write(asked + b"\r", asked)
        if sendonly:
            self._reader.sent_only()
            return ""
        return await self._answer(asked, dialogue)

    async def close(self) -> None:
        """End the session politely; returns within a second or so, whatever the device does."""
        await self._shell.close()

    def abort(self) -> None:
        """End the session at once."""
        self._shell.abort()

    # -- the login, after the shell -----------------------------------------------------------------------------------

    async def _set_up(self) -> None:
        self._reader.setting_up = True
        await self._answer(None)
        if self._login.enable:
            await self._enable()
        await self._set("terminal length 0")
        try:
            await self.get("terminal width 0")
        except Rejected:  # not every release knows 0, which means no limit
            await self._set("terminal width 512")
        self._reader.setting_up = False

    async def _set(self, command: str) -> None:
        try:
            await self.get(command)
        except Rejected as exc:
            raise LoginRefused(
                "%s: the login worked, but the device refused '%s': %s. Allow the command to user %s."
                % (self._login.device, command, " ".join(exc.said.split()).rstrip("."), self._login.user)
            ) from None

    async def _enable(self) -> None:
        if self.prompt.endswith("#") and await self._is_privileged():
            return
        login, secret = self._login, self._login.enable_secret
        try:
            dialogue = Dialogue(PASSWORD_QUESTION, secret, retry_check=True)
            self._write(b"enable\r", b"enable")
            exchange = await self._exchange(b"enable", dialogue)
        except Unanswered as exc:
            raise EnableRefused(enable_refused(login.device, login.user, secret, str(exc))) from None
        if not self.prompt.endswith("#"):
            said = exchange.content().decode("utf-8", "replace")
            raise EnableRefused(enable_refused(login.device, login.user, secret, said))

    async def _is_privileged(self) -> bool:
        """Whether nothing is left to enable. A device that does not say is taken at its prompt."""
        try:
            said = await self.get("show privilege")
        except Rejected:
            return True
        return "privilege level is" not in said or _PRIVILEGED in said

    # -- commands and answers -----------------------------------------------------------------------------------------

    async def _answer(self, command: bytes | None, dialogue: Dialogue | None = None) -> str:
        try:
            exchange = await self._exchange(command, dialogue)
        except Unanswered as exc:
            raise self._give_up("%s: %s, in %s." % (self._login.device, exc, what(command))) from None
        text = exchange.content().decode("utf-8", "replace")
        if exchange.is_error:
            raise Rejected(text, exchange.heard)
        return text

    async def _exchange(self, command: bytes | None, dialogue: Dialogue | None) -> Exchange:
        exchange = self._reader.ask(command, time.monotonic(), dialogue)
        try:
            while True:
                step = exchange.step(time.monotonic())
                if step.done:
                    return exchange
                if step.send:
                    self._shell.write(step.send)
                data = await self._shell.read(step.wait) if step.wait else await asyncio.sleep(0, b"")
                exchange.hear(data, time.monotonic())
        except NoTime as exc:
            raise self._give_up(str(exc), TimedOut) from None
        except NoAnswer as exc:
            raise self._give_up(str(exc)) from None
        except EOFError as exc:
            lost = "%s: the session was lost before %s: %s." % (self._login.device, what(command), exc)
            raise self._give_up(lost + exchange.last_words()) from None

    def _write(self, data: bytes, command: bytes) -> None:
        if self._lost:
            raise SessionLost(self._lost)
        try:
            self._shell.write(data)
        except EOFError as exc:
            raise self._give_up("%s: the session was lost before %s: %s." % (self._login.device, what(command), exc)) from None

    def _give_up(self, text: str, kind: type[SessionLost] = SessionLost) -> SessionLost:
        self._lost = text
        self.abort()
        return kind(text)


def _dialogue(prompt: Texts, answer: Texts, newline: bool, check_all: bool) -> Dialogue | None:
    return Dialogue(prompt, answer if answer is not None else "", newline, check_all=check_all) if prompt else None
