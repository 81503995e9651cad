# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session on a device: modes, prompts, and a line from its arrival to its answer."""

from __future__ import annotations

import asyncio
import inspect
import re
import time
from typing import TYPE_CHECKING

from ..faults import Said
from .cli import grammars
from .commands import CONFIG_MODES, PROMPTS, Handler
from .config import Key
from .filters import split_filter
from .grammar import CliError, InvalidInput, Match, NotUnderstood
from .mischief import RENAMED, disguised, drip, flood
from .terminal import END, ENTER, INTERRUPT, Disconnected, Terminal
from .texts import prompt_timestamp

if TYPE_CHECKING:
    from .device import Device

_BEHIND_PROMPT = "\n*Nov 25 17:00:00.123: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: bob] [Source: 192.0.2.9]\n"
LOGIN_FAILED = "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: x] [Source: 192.0.2.7] [localport: 22] [Reason: Login failed]"
_FLAPPING = "%LINK-3-UPDOWN: Interface Serial0/1/0, changed state to down"
_DO = re.compile(r"\s*do\s+", re.IGNORECASE)


class Shell:
    """One session. `privilege` is 1 or 15; `context` is the configuration line whose submode this is."""

    def __init__(self, device: Device, terminal: Terminal, user: str, privilege: int) -> None:
        self.device = device
        self.terminal = terminal
        self.user = user
        self.mode = "privileged" if privilege == 15 else "exec"
        self.context: Key = ()
        self.monitor = False
        self.trigger = "EXEC"
        self.open = True
        self._answered = 0
        self._grammars = grammars(device.profile)

    @property
    def privilege(self) -> int:
        return 1 if self.mode == "exec" else 15

    @property
    def prompt(self) -> str:
        return f"{self.device.hostname}{PROMPTS[self.mode]}"

    async def run(self) -> None:
        """Serve the session until it is closed. Raises Disconnected when the other side did that."""
        await self._answer(self.device.banner(), "banner")
        await self._moment("banner")
        line = ""
        while self.open:
            prompt = self.prompt + (_BEHIND_PROMPT if line and "broadcast" in self.device.faults else "")
            line, key = await self.terminal.read_line(prompt, help_for=self._help, complete=self._complete)
            if key == ENTER or (key == END and line.strip()):
                await self.handle(line)
            if key in (INTERRUPT, END) and self.mode in CONFIG_MODES:
                self.leave_configuration()

    async def handle(self, line: str) -> None:
        """Run one line and print its answer."""
        faults = self.device.faults
        self.device.received.append((time.monotonic(), self.mode, line))
        if latency := faults.get("latency"):
            await asyncio.sleep(latency)
        self._meddle(line)
        prompt = self.prompt
        try:
            answer = self._scripted(line)
            answer = await self.execute(line) if answer is None else answer
        except InvalidInput as error:
            answer = f"{' ' * (len(prompt) + error.position)}^\n{error.text}\n"
        except CliError as error:
            answer = f"{error.text}\n"
        if answer and not answer.endswith("\n"):
            answer += "\n"
        if faults.get("drop") == "command":
            self.device.faults.clear("drop")
            self.terminal.write(answer[: len(answer) // 2])
            self.device.drop_sessions()
            raise Disconnected
        if (endless := faults.get("flood")) and endless.takes(line):
            await flood(self.terminal)
        if answer and "answer" in (faults.get("hang"), faults.get("drop")):
            self.terminal.write(answer[: len(answer) // 2])
            await self._moment("answer")
        answer = self._with_log(disguised(faults, line, self._with_log_inside(line, answer), prompt))
        await self._answer(answer, "answer")

    async def _moment(self, name: str) -> None:
        """A moment in which a device may hang, or cut its sessions. Raises Disconnected."""
        self.device.enter_phase(name)
        await asyncio.sleep(0)
        if self.device.faults.get("drop") == name:
            raise Disconnected

    def _meddle(self, line: str) -> None:
        """What somebody else does to the device or to the rights of the user while a line arrives."""
        faults = self.device.faults
        if (demoted := faults.get("demote")) and demoted.takes(line):
            self.enter("exec")
        if (renamed := faults.get("rename")) and renamed.takes(line):
            self.device.running.set(("hostname",), f"hostname {RENAMED}", RENAMED)

    def _scripted(self, line: str) -> str | None:
        """What a fault has the device say instead of doing the line."""
        for fault in self.device.faults.values():
            if isinstance(fault, Said) and fault.takes(line):
                self.open = self.open and not fault.hangs_up
                return fault.text
        return None

    def _with_log_inside(self, line: str, answer: str) -> str:
        """The log waits for nobody: it breaks a line of the answer, near the middle."""
        logged = self.device.faults.get("log-inside")
        if not (logged and logged.takes(line)):
            return answer
        lines = answer.splitlines(keepends=True) or [""]
        at = len(lines) // 2
        half = len(lines[at]) // 2
        lines[at] = f"{lines[at][:half]}{self.device.log_line(LOGIN_FAILED)}\n{lines[at][half:]}"
        return "".join(lines)

    def _with_log(self, answer: str) -> str:
        """What a device logs now and then stands between the lines of its answers."""
        every = self.device.profile.habits.log_into
        self._answered += 1
        if not every or self._answered % every:
            return answer
        lines = answer.splitlines(keepends=True)
        at = len(lines) // 2
        return "".join((*lines[:at], f"{self.device.log_line(_FLAPPING)}\n", *lines[at:]))

    async def execute(self, line: str) -> str:
        """The answer to a line. CliError when the device refuses it."""
        if not line.strip() or line.lstrip().startswith("!"):
            return ""
        if self.mode in CONFIG_MODES:
            if do := _DO.match(line):
                return await self._exec_from_configuration(line, do.end())
            self._refuse_by_fault(line)
            handler, match = self._parse_configuration(line)
            return await self._call(handler, match)
        command, output_filter = split_filter(line)
        handler, match = self._parse_exec(command)
        answer = await self._call(handler, match)
        return self._timestamp(match) + (output_filter(answer) if output_filter else answer)

    def _timestamp(self, match: Match) -> str:
        wanted = self.device.profile.habits.prompt_timestamp and match.words[:1] == ("show",)
        return prompt_timestamp(self.device) if wanted else ""

    async def _exec_from_configuration(self, line: str, start: int) -> str:
        mode, self.mode = self.mode, "privileged"
        try:
            answer = await self.execute(line[start:])
        except InvalidInput as error:
            raise InvalidInput(error.position + start) from error
        finally:
            self.mode = mode
        return answer

    async def _call(self, handler: Handler, match: Match) -> str:
        answer = handler(self, match)
        if inspect.isawaitable(answer):
            answer = await answer
        return answer or ""

    def _parse_exec(self, line: str) -> tuple[Handler, Match]:
        try:
            return self._grammars[self.mode].parse(line)
        except InvalidInput as error:
            words = line.split()
            if len(words) == 1 and error.position <= line.index(words[0]) + len(words[0]):
                raise NotUnderstood(
                    f'Translating "{words[0]}"\n\n% Unknown command or computer name, or unable to find computer address'
                ) from error
            raise

    def _parse_configuration(self, line: str) -> tuple[Handler, Match]:
        """A submode understands its own commands first, then those of global configuration."""
        try:
            return self._grammars[self.mode].parse(line)
        except InvalidInput as error:
            if self.mode == "config":
                raise
            try:
                found = self._grammars["config"].parse(line)
            except InvalidInput as outer:
                raise max(error, outer, key=lambda either: either.position) from None
            self.enter("config")
            return found

    def _refuse_by_fault(self, line: str) -> None:
        pattern = self.device.faults.get("refuse-line")
        if pattern and (found := re.search(pattern, line)):
            raise InvalidInput(found.start())

    async def _answer(self, text: str, place: str) -> None:
        """Print an answer; a device that stalls pauses in the middle of it."""
        seconds, where = self.device.faults.get("stall") or (0, "")
        if "drip" in self.device.faults:
            await drip(self.terminal, text, self.device.faults["drip"])
            return
        if not text or not seconds or (where == "banner") != (place == "banner"):
            await self.terminal.page(text)
            return
        lines = text.splitlines(keepends=True)
        half = len(lines) // 2
        first, rest = ("".join(lines[:half]), "".join(lines[half:])) if half else (text[:-2], text[-2:])
        if where == "prompt":
            first, rest = f"{first}{self.prompt}", f"\n{rest}"
        self.terminal.write(first)
        await asyncio.sleep(seconds)
        await self.terminal.page(rest)

    def enter(self, mode: str, context: Key = ()) -> None:
        """Change the mode."""
        self.mode, self.context = mode, context

    def leave_configuration(self) -> None:
        """Back to privileged EXEC, as with `end`."""
        self.enter("privileged")
        self.device.note_change(self.user)
        self.device.log(f"%SYS-5-CONFIG_I: Configured from console by {self.user} on vty0")

    async def ask(self, question: str, echo: bool = True) -> str | None:
        """What is typed at a question of a command; None when it was interrupted."""
        line, key = await self.terminal.read_line(question, echo=echo)
        self.device.received.append((time.monotonic(), "question", line if echo else ""))
        return line.strip() if key == ENTER else None

    async def confirm(self, question: str) -> bool:
        """A `[confirm]` question: one key, and ENTER or y means yes."""
        self.terminal.write(question)
        key = await self.terminal.read_key()
        self.terminal.write(f"{key if key > ' ' else ''}\n")
        return key in (ENTER, "y", "Y")

    async def yes_or_no(self, question: str) -> bool:
        """A `[yes/no]` question, asked until it is answered."""
        while (answer := await self.ask(question)) is not None:
            if answer and any(word.startswith(answer.lower()) for word in ("yes", "no")):
                return answer.lower().startswith("y")
            self.terminal.write("% Please answer 'yes' or 'no'.\n")
        return False

    def _help(self, line: str) -> str:
        try:
            found = self._grammars[self.mode].complete(line)
        except CliError as error:
            return error.text
        return "".join(f"  {word:<20} {meaning}".rstrip() + "\n" for word, meaning in found)

    def _complete(self, line: str) -> str:
        try:
            found = [word for word, _meaning in self._grammars[self.mode].complete(line)]
        except CliError:
            return ""
        begun = line.split(" ")[-1]
        return found[0][len(begun) :] + " " if begun and len(found) == 1 else ""
