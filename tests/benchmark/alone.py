# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An upgrade of a fleet by asyncssh alone, which sends each device what the playbook upgrade sent to the first one.

One process, one event loop, one session per device and no Ansible: the floor of what the playbook can cost. The commands, their
order, the sessions and the pauses are those of the playbook. An upgrade is done once C(show version) names the target. It does
nothing else with what it reads: no checks before, no comparison after, no journal, no report. It knows one prompt, no question,
no refusal, no host key, and nothing but success: whatever else happens ends it with an error, or after a time.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

import asyncssh
import yaml

SETTING_UP, TRIGGER, VERSION = "terminal length 0", "cns image retrieve", "show version"
LOGINS, INTERVAL, FIRST_PAUSE, SPREAD = 50, 15.0, 2.0, 0.2  # as the playbook has them by default
PATIENCE = 30.0  # seconds for a login, and for an answer
LIMIT = 900.0  # seconds for an upgrade

LOST = (asyncssh.Error, OSError, EOFError, TimeoutError)


@dataclass(frozen=True)
class Script:
    """What to send: in every session first, then to learn what a device runs, to upgrade it, at each poll, and in the end."""

    setup: list[str]
    survey: list[str]
    start: list[str]
    poll: list[str]
    end: list[str]


def script_of(lines: Iterable[str]) -> Script:
    """The script by which a device was upgraded, from the lines that it received. An empty line is no command."""
    sessions: list[list[str]] = []
    for line in filter(None, lines):
        if line == SETTING_UP:
            sessions.append([])
        sessions[-1].append(line)
    setup = list(takewhile(lambda line: line != VERSION, sessions[0]))
    survey, start, *_polls, last = [session[len(setup) :] for session in sessions]
    if TRIGGER not in start:
        raise ValueError(f"the second session has no {TRIGGER!r}: {start}")
    poll = os.path.commonprefix([start, last])  # the upgrade begins with one, and the last one shows that it is done
    return Script(setup, survey, start, poll, last[len(poll) :])


class Session:
    """One login, for as long as it lasts."""

    def __init__(self, connection: asyncssh.SSHClientConnection, shell: asyncssh.SSHClientProcess[str], prompt: str) -> None:
        self._connection = connection
        self._shell = shell
        self._prompt = prompt

    @classmethod
    async def open(cls, variables: dict[str, str]) -> Session:
        """Raises one of C(LOST)."""
        async with asyncio.timeout(PATIENCE):
            connection = await asyncssh.connect(
                variables["ansible_host"],
                port=variables["ansible_port"],
                username=variables["ansible_user"],
                password=variables["ansible_password"],
                known_hosts=None,
                client_keys=None,
                agent_path=None,
                config=None,
            )
            shell = await connection.create_process(term_type="vt100", encoding="latin-1")
            return cls(connection, shell, "\n" + (await shell.stdout.readuntil("#")).splitlines()[-1])

    async def send(self, commands: list[str]) -> str:
        """Send commands one by one; return the answer to the first. Raises one of C(LOST)."""
        answers = []
        for command in commands:
            self._shell.stdin.write(command + "\r")
            async with asyncio.timeout(PATIENCE):
                answers.append(await self._shell.stdout.readuntil(self._prompt))
        return answers[0]

    def close(self) -> None:
        self._connection.close()


class Device:
    """One device."""

    def __init__(self, variables: dict[str, str], script: Script, target: str, gate: asyncio.Semaphore) -> None:
        self._variables = variables
        self._script = script
        self._target = f"Version {target},"
        self._gate = gate
        self._session: Session | None = None

    async def survey(self) -> None:
        await self._ask(self._script.survey)
        self._close()

    async def upgrade(self) -> None:
        """Trigger the upgrade and poll until the device runs its target. Raises TimeoutError once that takes too long."""
        await self._ask(self._script.start)
        self._close()
        async with asyncio.timeout(LIMIT):
            for pause in _pauses():
                await asyncio.sleep(pause)
                if await self._is_done():
                    break
        await self._ask(self._script.end)
        self._close()

    async def _is_done(self) -> bool:
        """Poll once. That a session which was kept has ended says nothing of the device."""
        was_kept = self._session is not None
        try:
            return self._target in await self._ask(self._script.poll)
        except LOST:
            self._close()
            return was_kept and await self._is_done()

    async def _ask(self, commands: list[str]) -> str:
        """Send commands over the open session, or over a new one."""
        if self._session is None:
            async with self._gate:
                self._session = await Session.open(self._variables)
                await self._session.send(self._script.setup)
        return await self._session.send(commands)

    def _close(self) -> None:
        session, self._session = self._session, None
        if session:
            session.close()


def _pauses() -> Iterator[float]:
    """Seconds before each poll."""
    pause = FIRST_PAUSE
    while True:
        yield pause * random.uniform(1 - SPREAD, 1 + SPREAD)
        pause = min(pause * 2, INTERVAL)


async def main(inventory: str, script: Script, target: str) -> None:
    """All devices of an inventory that the lab wrote: first learn what each runs, then upgrade them in one wave."""
    with open(inventory, encoding="utf-8") as text:
        group = yaml.safe_load(text)["ios"]
    gate = asyncio.Semaphore(LOGINS)
    devices = [Device({**group["vars"], **host}, script, target, gate) for host in group["hosts"].values()]
    await asyncio.gather(*(device.survey() for device in devices))
    await asyncio.gather(*(device.upgrade() for device in devices))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Script(**json.loads(sys.argv[2])), sys.argv[3]))
