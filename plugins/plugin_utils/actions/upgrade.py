# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions C(cns_image_retrieve) and C(cns_image_wait) have in common: options in, an attempt, its result out.

They run on the controller, because a module cannot open a new session to a device that reloads.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Coroutine
from typing import Any, Optional

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError, Refused
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import variables
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.known import door_of
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.options import Options
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.sessions import Sessions
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Attempt, Ended, Request
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.notes import Notes
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.witness import Ear, Witness, parts
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.preload import preload
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import heard
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalError
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.state import begun, is_bad

display = Display()
preload()  # see there

_REQUEST = ("timeout", "interval", "expect_reload", "keep_session", "wait", "mode", "server", "status", "before")


class UpgradeAction(ActionBase):
    """An action that ends with an outcome. A subclass gives ``module`` and ``act``."""

    _requires_connection = True
    module = ""  # whose documentation says what the options are
    more_returned: tuple[str, ...] = ()  # of what an end holds, what this module returns beside what every one does

    def run(self, tmp: Any = None, task_vars: Optional[dict[str, Any]] = None) -> dict[str, Any]:
        """Run the action; every ending, good or bad, is the same structured result."""
        result = super().run(tmp, task_vars)
        self.door = door_of(self, task_vars or {})
        self.host = self._task.delegate_to or (task_vars or {}).get("inventory_hostname", self._play_context.remote_addr)
        for warning in variables.warnings(self._task, task_vars or {}):
            self._display.warning(self.door.line(warning))
        target = outcome.Target(None, None)
        try:
            options = self._validated()
            target = outcome.Target(options["target_version"] or None, options["target_image"] or None)
            ear = Ear(Witness(options["status_journal"]), self.host, options["image_id"])
            scene = TaskScene(self, target, Journal(options["journal"], self.door), ear)
            given = {name: options[name] for name in _REQUEST if name in options}
            ended = self._run_attempt(Request(target=target, **given), scene)
        except InputError as error:
            ended = Ended(outcome.Verdict(outcome.FAILED, error.message), None, None, message=error.message)
        except JournalError as error:  # what was begun on the device goes on there
            ended = Ended(outcome.Verdict(outcome.UNKNOWN, str(error)), None, None)
        result.update(self._result(ended, target))
        return self.door.data(result)

    def _run_attempt(self, request: Request, scene: TaskScene) -> Ended:
        sessions = Sessions(self, self.door)
        attempt = Attempt(self.resumed(request, scene), sessions, scene)
        try:
            return converse(self.act(attempt))
        except (InputError, Refused) as error:
            return attempt.stopped(outcome.FAILED, error)
        finally:
            converse(sessions.close())

    def act(self, attempt: Attempt) -> Coroutine[Any, Any, Ended]:
        """What to have of the attempt: one of its coroutines."""
        raise NotImplementedError

    def resumed(self, request: Request, scene: TaskScene) -> Request:  # pylint: disable=unused-argument
        """The request, with what an earlier run has left behind."""
        return request

    def _validated(self) -> dict[str, Any]:
        if self._play_context.connection.split(".")[-1] != "network_cli":
            raise InputError(
                "%s needs connection network_cli (ansible_connection), not %s. Nothing was sent."
                % (self._task.action, self._play_context.connection)
            )
        options = Options(self.module).read(self._task.args)
        for option in ("interval", "timeout"):
            if options[option] < 1:
                raise InputError("%s is %s: it is seconds, at least 1. Nothing was sent." % (option, options[option]))
        return options

    # -- reporting ------------------------------------------------------------------------------------------------

    def _result(self, ended: Ended, target: outcome.Target) -> dict[str, Any]:
        """The result of the task, from how the attempt ended."""
        result = {**ended.result, **{name: getattr(ended, name) for name in self.more_returned}, **ended.more}
        if is_bad(ended.verdict.outcome, target):
            result.update(failed=True, msg=message(self.host, ended))
        return result


# What happened, and what to do about it, for the ends that are not good.
_BAD_ENDS = {
    outcome.FAILED: ("failed", "See the status messages at the status URL, and 'show cns image status' on the device."),
    outcome.TIMEOUT: (
        "did not end in time",
        "The upgrade may still go on: wait for it with cns.image_agent.cns_image_wait, or give a longer timeout.",
    ),
    outcome.UNKNOWN: (
        "has an unknown outcome",
        "Check the device before anything else is sent to it; cns.image_agent.cns_image_wait asks it again without "
        "triggering anything.",
    ),
    outcome.NO_NEW_IMAGE: (
        "did not take place",
        "A target was named, and the device does not run it: see what the image server offers to the image ID of this device.",
    ),
    "blocked": ("was not started", "The findings of the preflight say what to do."),
}


def message(host: str, ended: Ended) -> str:
    """A bad end as a sentence for people: what happened, and what to do."""
    if ended.message:
        return ended.message
    happened, advice = _BAD_ENDS[ended.verdict.outcome]
    said = [ended.verdict.reason, heard.in_a_sentence(ended.posted, ended.disagreement), ended.advice or advice]
    return "Upgrade of %s %s: %s" % (host, happened, " ".join(part.rstrip(".") + "." for part in said if part))


class TaskScene:
    """The scene of an attempt that a task makes: one device, and a task that may be left alone by its playbook."""

    def __init__(self, action: UpgradeAction, target: outcome.Target, journal: Journal, ear: Ear):
        self.posted = ear.posted
        self._ear = ear
        self.check_mode = action._task.check_mode
        self._host = action.host
        self._display = action._display
        self._door = action.door
        self._target = target._asdict()
        self._journal = journal
        self._notes = Notes(journal, lambda text: self._display.warning(self._door.line(text)))
        self._playbook = os.getppid()

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """End the wait if the playbook was killed meanwhile: nobody is left to hear of it but the journal."""
        for part in parts(seconds) if self._ear.listens else [seconds]:
            time.sleep(part)
            if self._ear.look():
                break
        if os.getppid() != self._playbook:
            raise AnsibleActionFail("The playbook has ended while the device was waited for. Run it again to wait on.")

    def random(self) -> float:
        return random.random()

    def tell(self, phase: str, elapsed: float, detail: str) -> None:
        display.vv(self._door.line("%s after %d s %s" % (phase, elapsed, detail)), host=self._host)

    def warn(self, text: str) -> None:
        self._display.warning(self._door.line("%s: %s" % (self._host, text)))

    def note(self, step: str, **data: Any) -> None:
        if not self.check_mode:
            self._notes.write(self._host, step, target=self._target, **data)

    def open_trigger(self) -> Optional[dict[str, Any]]:
        """The observation before an earlier trigger of this upgrade whose end nobody has seen, or None."""
        found = begun(self._journal.entries(self._host), self._target)
        return found and found["before"]
