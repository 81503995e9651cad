# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions have in common that take many devices from one process."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn, Optional, TypeVar

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, InputError
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import variables
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.known import door_of, keep, secrets_of, telling
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.options import Options
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import engine
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.hosts import Device, Hosts
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.link import SshLink, ios_terminal
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.notes import Notes
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.teller import Teller
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.witness import Ear
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.session import NoLibrary, load_files
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalError

display = Display()
T = TypeVar("T")

_TOLD = ("phase", "outcome", "reason")  # of a step, to who looks on


class FleetAction(ActionBase):
    """An action about many devices. A subclass gives ``per_device`` and ``act``."""

    _requires_connection = False
    per_device: frozenset[str] = frozenset()  # options that may be another for each device

    def run(self, tmp: Any = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        """Run the action."""
        result = super().run(tmp, task_vars)
        self.door = door_of(self, task_vars or {})
        gc.freeze()  # this process is a fork: a collection would touch, and so copy, all that the playbook knows of its hosts
        try:
            documented = Options(self._task.action)
            self.options = documented.read(_not_empty(self._task.args))
            self._per_device = documented.only(self.per_device)
            self._task_vars = task_vars or {}
            self.journal = Journal(self.options["journal"], self.door)
            self.notes = Notes(self.journal, self._warn)
            result.update(self.act())
        except (CnsError, ValueError) as error:
            result.update(failed=True, msg=getattr(error, "message", None) or "%s. Nothing was sent." % error)
        except JournalError as error:
            result.update(failed=True, msg=str(error))
        finally:
            gc.unfreeze()
        return self.door.data(result)

    def _warn(self, text: str) -> None:
        display.warning(self.door.line(text))

    @functools.cached_property
    def known_hosts(self) -> Hosts:
        """The devices of the play."""
        return Hosts(self, self._task_vars)

    def act(self) -> dict[str, Any]:
        """Do the work, and return the result of the task."""
        raise NotImplementedError

    def options_of(self, host: str) -> dict[str, Any]:
        """The options about a device, as they are for this one. Raises InputError."""
        device = self.known_hosts.device(host)
        for warning in variables.warnings(self._task, device.names()):
            self._warn(warning)
        given = device.options(self.per_device)
        self._learn_of(device, given)
        return self._per_device.read(given)

    def _learn_of(self, device: Device, options: dict[str, Any]) -> None:
        """The secrets of a device are hidden in all that is told of it."""
        door = Door(like=self.door)
        door.learn(telling(device.variables, device.variable))
        door.learn(options)
        keep(door, options)
        self.door.add_device(device.name, door)

    def for_each(
        self, hosts: list[str], work: Callable[[str, SshLink], Awaitable[T]], at_fault: Callable[[str, Exception], T]
    ) -> dict[str, T]:
        """Run ``work(host, link)`` for all hosts at once. Every login is known before the first one is tried."""
        logins = {host: self.known_hosts.device(host).login() for host in hosts}
        for host, login in logins.items():
            self.door.of(host).hide(*secrets_of(login))
        self.known_hosts.forget()
        terminal, files = ios_terminal(), _files()

        async def everything() -> dict[str, T]:
            gate = asyncio.Semaphore(self.options["logins"])

            def begun(host: str) -> Callable[[], Awaitable[T]]:
                return lambda: work(host, SshLink(logins[host], terminal, files, gate, self.door.of(host)))

            return await engine.run({host: begun(host) for host in hosts}, at_fault)

        try:
            return asyncio.run(everything())
        except engine.Interrupted as interrupted:
            self._end_with(interrupted)

    def _end_with(self, interrupted: engine.Interrupted) -> NoReturn:
        """Say how to go on, and end as core would have ended this process."""
        _say(
            "Interrupted. What was begun on the devices goes on there. Run the same command again: it waits for what is in "
            "progress and triggers nothing twice."
        )
        if interrupted.signal is not None:
            signal.signal(interrupted.signal, signal.SIG_DFL)
            os.kill(os.getpid(), interrupted.signal)
        raise AnsibleActionFail("The playbook has ended. Run it again to go on.")


def _terminal() -> int:
    """A descriptor of the terminal; -1 if there is none."""
    try:
        return os.dup(sys.stderr.fileno())
    except (OSError, ValueError, AttributeError):
        return -1


# That of the playbook, in which core loads this file: a worker has none of its own.
_TERMINAL = _terminal()


def _say(text: str) -> None:
    """Say it to the terminal, because a playbook that is interrupted takes no message from its workers any more."""
    try:
        os.write(_TERMINAL, (text + "\n").encode())
    except OSError:
        pass  # it was closed


def _not_empty(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What is empty was not given: a variable that is not set in a role is an empty text."""
    return {name: value for name, value in arguments.items() if value != ""}


def _files() -> Any:
    try:
        return load_files()
    except NoLibrary as error:
        raise InputError("%s Nothing was sent." % error) from None


class DeviceScene:
    """The scene of one device in the engine: see C(course.Scene)."""

    def __init__(
        self,
        host: str,
        target: outcome.Target,
        notes: Notes,
        check_mode: bool,
        teller: Teller,
        ear: Ear,
        door: Optional[Door] = None,
    ):
        self.target = target
        self.known_as = ear.known_as
        self.posted = ear.posted
        self.sleep = ear.pause
        self.check_mode = check_mode
        self._host = host
        self._notes = notes
        self._teller = teller
        self._door = door or Door()

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def random(self) -> float:
        return random.random()

    def tell(self, phase: str, elapsed: float, detail: str) -> None:
        display.vv(self._door.line("%s after %d s %s" % (phase, elapsed, detail)), host=self._host)

    def warn(self, text: str) -> None:
        display.warning(self._door.line("%s: %s" % (self._host, text)))

    def note(self, step: str, **data: Any) -> None:
        if not self.check_mode:
            self._notes.write(self._host, step, target=self.target._asdict(), **data)
        self._teller.hear(self._host, self._door.data({name: data[name] for name in _TOLD if name in data} | {"step": step}))
