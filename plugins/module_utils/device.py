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
import time
from typing import Any, Callable, Iterable, Optional

from ansible.module_utils.connection import Connection
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils import log_lines, long_lines, refusal, show
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.line import Line, as_line

_PROMPT_LINE = re.compile(r"\S+[>#] ?")
_BYTES = re.compile(r"\bb(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
# What every configuration shows, unless the user may see a part of it only.
_ALWAYS_SHOWN = "^version |^hostname |^end$"
_BEGINS, _ENDS = re.compile(r"^(?:version|hostname) \S", re.MULTILINE), re.compile(r"^end\s*$", re.MULTILINE)
_CONFIGURING = re.compile(r"Enter configuration commands", re.IGNORECASE)
_LEVEL = re.compile(r"privilege level is ([0-9]{1,9})", re.IGNORECASE)
_SAVED = re.compile(r"\[OK\]")
_NOT_SAVED = re.compile(r"\b(?:fail|error|abort)", re.IGNORECASE)
_SAVES, _BETWEEN_SAVES = 4, 2.0  # how often a busy device is asked to save, seconds between
_ONE_LINE = re.compile("[ -~]*")  # what is no second command
_ASKED = 3  # how often a question is asked into whose answer the log is printed
_LASTING = ("show version",)  # what no command changes: a device that reloads ends the session
_BECOME = "set ansible_become: true, ansible_become_method: enable and ansible_become_password."
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
    DeviceAway where there is no answer, and ``async sleep(seconds)``.
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
            if _is_prompt("".join(text.splitlines()[-1:])):
                raise Rejected(text) from None
            raise DeviceAway("No answer to %r: %s" % (command, " ".join(_readable(text).split()) or "session lost")) from None
        if asking.get("sendonly"):
            return ""
        if not isinstance(text, str) or text == "None":
            raise DeviceAway("No answer to %r: the session ended." % command)
        return text

    async def sleep(self, seconds: float) -> None:
        """Pause."""
        time.sleep(seconds)


def converse(conversation: Any) -> Any:
    """Run a conversation over a transport that never waits, and return what it returns."""
    try:
        conversation.send(None)
    except StopIteration as ended:
        return ended.value
    raise RuntimeError("a conversation over network_cli waited for something")


class Device:
    """One device. Its methods are coroutines. What they say is as the device said it, secrets and all: see C(door)."""

    def __init__(self, transport: Any, door: Optional[Door] = None) -> None:
        """``transport``: see NetworkCli; ``door``: which learns of the secrets in its configuration."""
        self._transport = transport
        self._door = door or Door()
        self._said: dict[str, Any] = {}  # what was last made of the answer to which question

    # -- asking ---------------------------------------------------------------------------------------------------

    async def show(self, command: str) -> str:
        """Return what the device prints for ``command``, even where it contains words of error.

        Raises DeviceAway where there is no answer. Nothing proves what it returns: facts are taken from C(ask).
        """
        return (await self._heard(command))[0]

    async def ask(self, command: str, parse: Callable[[str], Any], proof: Optional[Callable[[Any], Any]] = None) -> Any:
        """Return what ``parse`` makes of the answer to ``command``; None where the release does not know the command.

        An answer proves itself by what is found in it: by ``proof(parsed)``, or by any value at all. What does not is a
        refusal, and so is one that begins as a refusal, for that may name the command. Raises Refused, also where the session
        lacks the privilege, and DeviceAway.
        """
        self._said.pop(command, None)
        text = await self._without_log(command)
        parsed = parse(text)
        if not (proof or show.is_told)(parsed) or refusal.denial(text):
            if not show.unsupported(text) or show.incomplete(text):
                raise _not_answered(command, text)
            await self.check_privilege(command, text)
            parsed = None
        self._said[command] = parsed
        return parsed

    async def recall(self, command: str, parse: Callable[[str], Any], proof: Optional[Callable[[Any], Any]] = None) -> Any:
        """As C(ask), but content with what the device has said in this session, if nothing was sent since that may change it."""
        if command in self._said:
            return self._said[command]
        return await self.ask(command, parse, proof)

    def _forget(self) -> None:
        """What was said before a command need not hold after it."""
        self._said = {command: said for command, said in self._said.items() if command in _LASTING}

    async def running_config(self, pattern: str) -> list[str]:
        """Return the lines of the running configuration that match ``pattern``, in one command.

        A release without the output filter is asked for the whole. Raises Refused and DeviceAway.
        """
        text = await self._configuration("include", pattern)
        return [line for line in text.splitlines() if re.search(pattern, long_lines.beginning(line))]

    async def running_section(self, pattern: str) -> list[str]:
        """Return the lines of the sections whose head matches ``pattern``, heads at column 0 and their lines indented.

        Raises Refused and DeviceAway.
        """
        lines, inside = [], False
        for line in (await self._configuration("section", pattern)).splitlines():
            inside = bool(re.search(pattern, long_lines.beginning(line))) if not line.startswith(" ") else inside
            lines += [line] if inside else []
        return lines

    async def startup_config(self) -> list[str]:
        """Return the lines of the startup configuration, none where there is none. Raises Refused and DeviceAway."""
        command = "show startup-config"
        text = await self._without_log(command)
        self._door.learn(text)
        if _is_configuration(text):
            return text.splitlines()
        if re.search(r"\bnot present\b", long_lines.beginnings(text)):
            return []
        raise _not_answered(command, text)

    async def _configuration(self, output_filter: str, pattern: str) -> str:
        """The running configuration, proven by lines that every one has: no line that matches means that there is none."""
        for command in ("show running-config | %s %s|%s" % (output_filter, pattern, _ALWAYS_SHOWN), "show running-config"):
            text = await self._without_log(command)
            self._door.learn(text)
            if _is_configuration(text):
                return text
            if not show.unsupported(text):
                raise _not_answered(command, text)
        raise Refused("The device refused to show its configuration. That takes privileged EXEC: " + _BECOME, device_said=text)

    async def _without_log(self, command: str) -> str:
        """The answer of the device, without what its log printed meanwhile; asked again where that may have cut a line."""
        for _try in range(_ASKED):
            text = await self.show(command)
            kept = log_lines.without(text)
            if kept == text and not log_lines.cut(text):
                return text
        if log_lines.cut(text):
            raise Refused(
                "The log of the device was printed into its answer to %r %d times, so that lines of it are broken. "
                "'terminal no monitor' or 'logging synchronous' keeps it out." % (command, _ASKED),
                device_said=text,
            )
        return kept

    async def check_privilege(self, command: str, said: str) -> None:
        """Raise Refused unless an unknown command is unknown to the release, not only to the privilege of the session."""
        text = await self.show("show privilege")
        if show.unsupported(text):  # a view may hide this one as well
            text = await self.show("show parser view")
        if show.unsupported(text):
            return
        level = _LEVEL.search(long_lines.beginnings(text))
        if not level:
            raise Refused(
                "The device does not know %r, and does not tell the privilege of the session: %s. So it is unknown whether the "
                "release lacks the command, or the user the right to it." % (command, refusal.brief(text)),
                device_said=said,
            )
        if int(level[1]) < 15:
            raise Refused(
                "The device does not know %r at privilege level %s, which the session has. "
                "If it takes privileged EXEC: %s" % (command, level[1], _BECOME),
                device_said=said,
            )

    # -- telling --------------------------------------------------------------------------------------------------

    async def execute(self, command: str, confirm: bool = False) -> str:
        """Send a privileged EXEC command and return its answer. Raises Refused and DeviceAway.

        ``confirm``: say yes where the device asks to confirm.
        """
        self._forget()
        return await self._obeyed(command, **(_CONFIRM if confirm else {}))

    async def say(self, command: str) -> None:
        """Send a command and do not wait: its answer will stand before that of the next command. Raises DeviceAway.

        For a device that prints by itself meanwhile, where nobody can tell the end of an answer.
        """
        self._forget()
        try:
            await self._transport.get(command, sendonly=True)
        except Rejected as rejected:
            raise DeviceAway("%r could not be sent: %s" % (command, rejected.said)) from None

    async def configure(self, lines: Iterable[str | Line]) -> list[str]:
        """Send ``lines`` in global configuration mode, in order, and return the answer to each.

        They are texts, or Lines after which the device asks.

        A refused line ends it: configuration mode is left, and the error says what was applied before
        (classic IOS has no rollback). Raises Refused and DeviceAway.
        """
        self._forget()
        await self._enter_configuration()
        ours = [as_line(line) for line in lines]
        texts = [line.text for line in ours]
        applied: list[str] = []
        answers: list[str] = []
        try:
            for line in ours:
                answers.append(await self._configure_line(line))
                applied.append(line.text)
        except Refused as refused:
            await self._leave_configuration()
            raise Refused(
                "The device refused %r: %s. %s"
                % (line.text, refusal.brief(refused.details["device_said"]), _so_far(applied, texts)),
                failed_command=line.text,
                applied=applied,
                device_said=refused.details["device_said"],
            ) from None
        except DeviceAway as away:
            raise DeviceAway(
                "The session ended while %r was sent: it is unknown whether the device took it. %s %s"
                % (line.text, _so_far(applied, texts), away.message),
                failed_command=line.text,
                applied=applied,
            ) from None
        await self._leave_configuration()
        return answers

    async def _enter_configuration(self) -> None:
        """Configuration mode is seen, not assumed: a line that is sent in another mode means something else there."""
        for _try in range(_ASKED):
            answer = await self._obeyed("configure terminal")
            if _CONFIGURING.search(long_lines.beginnings(answer)):
                return
            if not log_lines.cut(answer):
                break
            await self._leave_configuration()  # what the log made of the answer does not tell
        raise _refused("configure terminal", answer, "No line was sent.")

    async def _configure_line(self, line: Line) -> str:
        if not line.questions:
            return await self._obeyed(line.text)
        prompts, answers = zip(*line.questions)
        answer, rejected = await self._heard(line.text, prompt=list(prompts), answer=list(answers), check_all=True)
        if rejected or not re.search(line.done, long_lines.beginnings(answer)):
            raise _refused(line.text, answer)
        return answer

    async def save(self) -> None:
        """Write the running configuration to the startup configuration, which is done when the device says [OK].

        The device may ask to confirm, as it does after a change of its release. One whose configuration is in use is asked
        again. Raises Refused and DeviceAway.
        """
        self._forget()
        for left in reversed(range(_SAVES)):
            said = long_lines.beginnings((await self._heard("write memory", **_CONFIRM))[0])
            answer = "\n".join(map(log_lines.before, said.splitlines()))
            if _SAVED.search(answer) and not _NOT_SAVED.search(answer):
                return
            if not left or not refusal.busy(answer):
                raise _refused("write memory", answer, "The running configuration is not saved.")
            await self._transport.sleep(_BETWEEN_SAVES)

    async def _leave_configuration(self) -> None:
        """That this fails changes nothing about the lines that were taken: what comes of them is read afterwards."""
        try:
            await self._heard("end")
        except DeviceAway:
            pass

    # -- the wire -------------------------------------------------------------------------------------------------

    async def _obeyed(self, command: str, **asking: Any) -> str:
        """The answer to a command that the device is to obey. Raises Refused if a line of it says no, and DeviceAway.

        What the connection takes for an error is a refusal, unless it was in the log of the device only.
        """
        text, rejected = await self._heard(command, **asking)
        if refusal.session_over(text):
            raise _away(command, text)
        if rejected or refusal.lines(text):
            raise _refused(command, text)
        return text

    async def _heard(self, command: str, **asking: Any) -> tuple[str, bool]:
        """What the device prints, and whether the connection takes that for an error, which is not about its log.

        ``asking``: the ``prompt`` patterns of the questions to come, and each one's ``answer``; with ``check_all`` each
        is expected in turn, without one of them.

        A command may hold words that the device said, as a line that is to be removed does. Raises Refused for one that cannot
        be sent, and DeviceAway.
        """
        if long_lines.is_long(command) or not _ONE_LINE.fullmatch(command) or "?" in command:
            raise Refused(
                "%r is no command of one line, and was not sent: it is too long, or has a character that ends a command or asks "
                "for help." % command,
                device_said="",
            )
        try:
            return await self._transport.get(command, **asking), False
        except Rejected as rejected:
            text = _without_echo_and_prompt(command, rejected.said)
            return text, refusal.in_trouble(text)


def _is_configuration(text: str) -> bool:
    """Whether it has what every configuration begins and ends with."""
    text = long_lines.beginnings(text)
    found = _BEGINS.search(text)
    return bool(found and _ENDS.search(text, found.end()))


def _refused(command: str, text: str, state: str = "") -> Refused:
    said = _without_echo_and_prompt(command, text)
    told = "The device refused %r: %s. %s" % (command, refusal.brief(said), state)
    return Refused(told.strip(), device_said=said)


def _away(command: str, text: str) -> DeviceAway:
    said = _without_echo_and_prompt(command, text)
    return DeviceAway("No answer to %r: the session is over. The device says: %s." % (command, refusal.brief(said)))


def _not_answered(command: str, text: str) -> CnsError:
    """The error for an answer that does not prove itself: the session is over, or else it is a refusal."""
    if refusal.session_over(text):
        return _away(command, text)
    return _refused(command, text)


def _plain(text: str) -> str:
    """Undo the repr of bytes in which a connection plugin may report what the device said."""
    return _decoded(text) if text[:2] in ("b'", 'b"') and text[2:].endswith(text[1]) else text


def _readable(text: str) -> str:
    """A message of a connection plugin without the reprs of bytes that may be in it."""
    return _BYTES.sub(lambda found: _decoded(found[0]), text)


def _decoded(text: str) -> str:
    try:
        return ast.literal_eval(text).decode("utf-8", "replace")
    except (ValueError, SyntaxError):
        return text


def _without_echo_and_prompt(command: str, text: str) -> str:
    lines = text.replace("\r", "").split("\n")
    if lines and re.fullmatch(r"(?:\S*[>#])? *%s *" % re.escape(command.strip()), long_lines.beginning(lines[0])):
        lines = lines[1:]
    if lines and _is_prompt(lines[-1]):
        lines = lines[:-1]
    return "\n".join(lines).strip("\n")


def _is_prompt(line: str) -> bool:
    return not long_lines.is_long(line) and bool(_PROMPT_LINE.fullmatch(line))


def _so_far(applied: list[str], lines: list[str]) -> str:
    if not applied:
        return "Nothing was applied before it."
    return "Applied before it, and still in the running configuration: %d of %d lines (%s)." % (
        len(applied),
        len(lines),
        "; ".join(applied),
    )
