# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only file that talks to a device, over whatever transport it is given.

Every answer is judged here: an answer of the device, be it a refusal, or no answer at all. These are never confused,
and never taken for success.

What is said to a device is written once, as coroutines. Over the connection of a task nothing in them ever waits, so
C(converse) runs them to their end; the rollout engine runs thousands of them in one event loop.
"""

from __future__ import annotations

import ast
import re
from typing import Any, Iterable

from ansible.module_utils.connection import Connection
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils import secret, show
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.line import Line, as_line

_PROMPT_LINE = re.compile(r"(?:^|[\r\n])[^\s\r\n]+[>#] ?$")
# A message of the system log begins with % as well, and may come between.
_REFUSAL_LINE = re.compile(r"^\s*%(?!\w+(?:-\w+)*-[0-7]-\w+:).*$", re.MULTILINE)
_NOT_SAVED = re.compile(r"\b(?:fail|error)", re.IGNORECASE)
# Matches no prompt. To give one is the only way past netcommon's cache of answers in single user mode.
_NEVER = r"(?!x)x"
_CONFIRM = dict(prompt=[r"\[confirm\]"], answer=[""])


class Rejected(Exception):
    """The transport found one of its error patterns in the answer, which is in C(said)."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class NetworkCli:
    """The transport of a task: its network_cli connection, whichever plugin that is.

    Every transport has ``async get(command, prompt, answer, check_all, sendonly) -> text``, which raises Rejected, and
    DeviceAway where there is no answer.
    """

    def __init__(self, socket_path: str) -> None:
        """``socket_path``: where the connection plugin of the task listens."""
        self._connection = Connection(socket_path)
        self._never: dict[str, Any] | None = None

    async def get(self, command: str, **asking: Any) -> str:
        """Return the answer to ``command``."""
        try:
            if self._never is None:
                single_user = self._connection.get_option("single_user_mode")
                self._never = dict(prompt=[_NEVER], answer=[""]) if single_user else {}
            text = self._connection.get(command, **(asking or self._never or {}))
        except TransportError as exc:
            text = _plain(str(exc))
            if _PROMPT_LINE.search(text):
                raise Rejected(text) from None
            raise DeviceAway(
                "No answer to %r: %s" % (secret.mask(command), secret.mask(" ".join(text.split()) or "session lost"))
            ) from None
        if asking.get("sendonly"):
            return ""
        if not isinstance(text, str) or text == "None":
            raise DeviceAway("No answer to %r: the session ended." % secret.mask(command))
        return text


def converse(conversation: Any) -> Any:
    """Run a conversation over a transport that never waits, and return what it returns."""
    try:
        conversation.send(None)
    except StopIteration as ended:
        return ended.value
    raise RuntimeError("a conversation over network_cli waited for something")


class Device:
    """One device. Its methods are coroutines."""

    def __init__(self, transport: Any) -> None:
        """``transport``: see NetworkCli."""
        self._transport = transport

    # -- asking ---------------------------------------------------------------------------------------------------

    async def show(self, command: str) -> str:
        """Return what the device prints for ``command``, even where it contains words of error.

        Raises DeviceAway where there is no answer. Whether the CLI knows the command: C(show.unsupported(text)).
        """
        try:
            return await self._send(command)
        except Refused as refused:
            return refused.details["device_said"]

    async def running_config(self, pattern: str) -> list[str]:
        """Return the lines of the running configuration that match ``pattern``, in one command.

        A release without the output filter is asked for the whole. Raises Refused and DeviceAway.
        """
        text = await self.show("show running-config | include %s" % pattern)
        if show.unsupported(text):
            text = await self._whole_configuration()
        return [line for line in text.splitlines() if re.search(pattern, line)]

    async def running_section(self, pattern: str) -> list[str]:
        """Return the lines of the sections whose head matches ``pattern``, heads at column 0 and their lines indented.

        Raises Refused and DeviceAway.
        """
        text = await self.show("show running-config | section %s" % pattern)
        if not show.unsupported(text):
            return text.splitlines()
        lines, inside = [], False
        for line in (await self._whole_configuration()).splitlines():
            inside = bool(re.search(pattern, line)) if not line.startswith(" ") else inside
            lines += [line] if inside else []
        return lines

    async def _whole_configuration(self) -> str:
        text = await self.show("show running-config")
        if show.unsupported(text):
            raise Refused(
                "The device refused to show its configuration. That takes privileged EXEC: "
                "set ansible_become: true, ansible_become_method: enable and ansible_become_password.",
                device_said=secret.mask(text),
            )
        return text

    # -- telling --------------------------------------------------------------------------------------------------

    async def execute(self, command: str, confirm: bool = False) -> str:
        """Send a privileged EXEC command and return its answer. Raises Refused and DeviceAway.

        ``confirm``: say yes where the device asks to confirm.
        """
        return await self._send(command, strict=True, **(_CONFIRM if confirm else {}))

    async def say(self, command: str) -> None:
        """Send a command and do not wait: its answer will stand before that of the next command. Raises DeviceAway.

        For a device that prints by itself meanwhile, where nobody can tell the end of an answer.
        """
        try:
            await self._transport.get(command, sendonly=True)
        except Rejected as rejected:
            raise DeviceAway("%r could not be sent: %s" % (secret.mask(command), secret.mask(rejected.said))) from None

    async def configure(self, lines: Iterable[str | Line]) -> None:
        """Send ``lines`` in global configuration mode, in order: texts, or Lines after which the device asks.

        A refused line ends it: configuration mode is left, and the error says what was applied before
        (classic IOS has no rollback). Raises Refused and DeviceAway.
        """
        await self._send("configure terminal")
        ours = [as_line(line) for line in lines]
        texts = [line.text for line in ours]
        applied: list[str] = []
        try:
            for line in ours:
                await self._configure_line(line)
                applied.append(line.text)
        except Refused as refused:
            await self._leave_configuration()
            raise Refused(
                "The device refused %r: %s. %s"
                % (secret.mask(line.text), _brief(refused.details["device_said"]), _so_far(applied, texts)),
                failed_command=secret.mask(line.text),
                applied=secret.mask(applied),
                device_said=refused.details["device_said"],
            ) from None
        except DeviceAway as away:
            raise DeviceAway(
                "The session ended while %r was sent: nobody knows whether the device took it. %s %s"
                % (secret.mask(line.text), _so_far(applied, texts), away.message),
                failed_command=secret.mask(line.text),
                applied=secret.mask(applied),
            ) from None
        await self._send("end")

    async def _configure_line(self, line: Line) -> None:
        if not line.questions:
            await self._send(line.text, strict=True)
            return
        prompts, answers = zip(*line.questions)
        answer = await self._send(line.text, prompt=list(prompts), answer=list(answers), check_all=True)
        if not re.search(line.done, answer):
            raise _refused(line.text, answer)

    async def save(self) -> None:
        """Write the running configuration to the startup configuration.

        The device may ask to confirm, as it does after a change of its release. Raises Refused and DeviceAway.
        """
        answer = await self.execute("write memory", confirm=True)
        if _NOT_SAVED.search(answer):  # as in "startup-config file open failed (Device or resource busy)"
            raise _refused("write memory", answer)

    async def _leave_configuration(self) -> None:
        try:
            await self._send("end")
        except (Refused, DeviceAway):
            pass  # the error that brought us here says more

    # -- the wire -------------------------------------------------------------------------------------------------

    async def _send(self, command: str, strict: bool = False, **asking: Any) -> str:
        """``strict``: an answer with a line that begins with % is a refusal, although the connection let it pass.

        ``asking``: the ``prompt`` patterns of the questions to come, and each one's ``answer``; with ``check_all`` each
        is expected in turn, without one of them.
        """
        try:
            text = await self._transport.get(command, **asking)
        except Rejected as rejected:
            raise _refused(command, rejected.said) from None
        if strict and _REFUSAL_LINE.search(text):
            raise _refused(command, text)
        return text


def _refused(command: str, text: str) -> Refused:
    said = secret.mask(_without_echo_and_prompt(command, text))
    return Refused("The device refused %r: %s." % (secret.mask(command), _brief(said)), device_said=said)


def _plain(text: str) -> str:
    """Undo the repr of bytes in which a connection plugin may report what the device said."""
    if re.match(r"^b(['\"]).*\1$", text, re.DOTALL):
        try:
            return ast.literal_eval(text).decode("utf-8", "replace")
        except (ValueError, SyntaxError):
            return text
    return text


def _without_echo_and_prompt(command: str, text: str) -> str:
    lines = text.replace("\r", "").split("\n")
    if lines and lines[0].strip().endswith(command.strip()):
        lines = lines[1:]
    if lines and _PROMPT_LINE.search("\n" + lines[-1]):
        lines = lines[:-1]
    return "\n".join(lines).strip("\n")


def _brief(said: str) -> str:
    """The line of an answer that says what is wrong."""
    found = _REFUSAL_LINE.findall(said)
    return " ".join(found or said.split()).strip(" .") or "it gave no reason"


def _so_far(applied: list[str], lines: list[str]) -> str:
    if not applied:
        return "Nothing was applied before it."
    return "Applied before it, and still in the running configuration: %d of %d lines (%s)." % (
        len(applied),
        len(lines),
        "; ".join(secret.mask(applied)),
    )
