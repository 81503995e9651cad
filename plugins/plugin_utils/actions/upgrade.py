# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions C(cns_image_retrieve) and C(cns_image_wait) have in common: observe, trigger, wait, report.

They run on the controller, because a module cannot open a new session to a device that reloads.
"""

from __future__ import annotations

import os
import random
import time

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.ansible.utils.plugins.module_utils.common.argspec_validate import AnsibleArgSpecValidator
from ansible_collections.cns.image_agent.plugins.module_utils import outcome, secret, wait
from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway, InputError, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import observe
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.preload import preload
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.sessions import Sessions

display = Display()
preload()  # see there


class UpgradeAction(ActionBase):
    """An action that ends with an outcome. A subclass gives ``documentation`` and ``act``."""

    _requires_connection = True
    documentation = None  # DOCUMENTATION of the module, from which the options are validated
    more_returned = {}  # what the module returns always, beside what every one does, where nothing was done

    def run(self, tmp=None, task_vars=None):
        """Run the action; every ending, good or bad, is the same structured result."""
        result = super().run(tmp, task_vars)
        self.host = (task_vars or {}).get("inventory_hostname", self._play_context.remote_addr)
        self._first_look = None
        try:
            self.options = self._validated()
            result.update(self._ending())
        except (InputError, Refused) as error:  # no upgrade was tried, so the journal has no place for it
            result.update(self._stopped(outcome.FAILED, error))
        return secret.mask(result)

    def _ending(self):
        self.target = outcome.Target(self.options["target_version"] or None, self.options["target_image"] or None)
        self.sessions = Sessions(self)
        self._journal = Journal(self.options["journal"])
        self._phase = None
        self._playbook = os.getppid()
        try:
            ended = self.act()
        except (InputError, Refused):
            raise
        except DeviceAway as away:
            ended = self._stopped(outcome.UNKNOWN, away)
        except CnsError as error:
            ended = self._stopped(outcome.FAILED, error)
        finally:
            self.sessions.close()
        if ended["outcome"] != outcome.STARTED:
            self.note("ended", **{key: ended[key] for key in ("outcome", "reason", "elapsed", "reloads", "after")})
        return ended

    def act(self):
        """Do the work; return the result of the task."""
        raise NotImplementedError

    def _validated(self):
        if self._play_context.connection.split(".")[-1] != "network_cli":
            raise InputError(
                "%s needs connection network_cli (ansible_connection), not %s. Nothing was sent."
                % (self._task.action, self._play_context.connection)
            )
        valid, errors, options = AnsibleArgSpecValidator(
            data=self._task.args, schema=self.documentation, schema_format="doc", name=self._task.action
        ).validate()
        if not valid:
            raise InputError("%s. Nothing was sent." % "; ".join(errors).rstrip("."))
        for option in ("interval", "timeout"):
            if options[option] < 1:
                raise InputError("%s is %s: it is seconds, at least 1. Nothing was sent." % (option, options[option]))
        return options

    # -- looking --------------------------------------------------------------------------------------------------

    def look(self):
        """Observe the device once, over the open session or a new one."""
        try:
            return converse(observe(self.sessions.device(), time.time))
        except Refused as refused:
            raise DeviceAway(refused.message) from None

    def look_first(self):
        """Observe a device of which nothing is known yet; what cannot be worked with ends the task."""
        self._first_look = observed = self.look()
        if observed["status"] is None and not outcome.on_target(observed, self.target):
            raise CnsError(
                "This release (%s) has no CNS image agent: it refuses 'show cns image status'. Nothing was sent. Bring the "
                "device to a release that has the agent in another way, or, where this one has it, give the session "
                "privileged EXEC (ansible_become: true)." % (observed["version"] or "of unknown version"),
                reason="the release lacks the image agent",
            )
        return observed

    # -- waiting --------------------------------------------------------------------------------------------------

    def wait_from(self, before):
        """Wait until the upgrade that follows the observation ``before`` is decided; return wait.Waited."""
        self.sessions.close()  # it may be that of a helper process, which is large
        waiting = wait.Waiting(
            before,
            self.target,
            timeout=self.options["timeout"],
            interval=self.options["interval"],
            begun=time.monotonic(),
            expect_reload=self.options["expect_reload"],
        )
        return converse(wait.wait_for(waiting, self._poll, time.monotonic, self._sleep, random.random, self._tell))

    async def _poll(self):
        return self._look_again()

    def _look_again(self):
        """Observe the device while waiting. That a session which was kept has ended says nothing of the device."""
        was_kept = self.sessions.is_open()
        try:
            seen = self.look()
        except DeviceAway:
            self.sessions.close()
            if was_kept:
                return self._look_again()
            raise
        if not self.options["keep_session"]:
            self.sessions.close()
        return seen

    async def _sleep(self, seconds):
        """Pause; end the wait where the playbook was killed meanwhile: nobody is left to hear of it but the journal."""
        time.sleep(seconds)
        if os.getppid() != self._playbook:
            raise AnsibleActionFail("The playbook has ended while the device was waited for. Run it again to wait on.")

    def _tell(self, phase, elapsed, detail):
        display.vv("%s after %d s %s" % (phase, elapsed, secret.mask(detail)), host=self.host)
        if phase != self._phase:
            self._phase = phase
            self.note("phase", phase=phase)

    # -- remembering ----------------------------------------------------------------------------------------------

    def note(self, step, **data):
        """Write a step of this device into the journal of the rollout, if there is one."""
        if not self._task.check_mode:
            self._journal.write(self.host, step, target=self.target._asdict(), **data)

    def open_trigger(self):
        """The observation before an earlier trigger of this upgrade whose end nobody has seen, or None."""
        entry = self._journal.open_trigger(self.host, self.target._asdict())
        return entry and entry["before"]

    # -- reporting ------------------------------------------------------------------------------------------------

    def report(self, verdict, before, after, waited=None, advice=None, **more):
        """The result of a task, from its verdict. ``advice``: what to do about a bad one, where there is more to say."""
        result = dict(
            self.more_returned,
            outcome=verdict.outcome,
            reason=verdict.reason,
            before=before,
            after=after,
            elapsed=round(waited.elapsed, 1) if waited else 0.0,
            polls=waited.polls if waited else 0,
            reloads=waited.reloads if waited else 0,
            **more
        )
        if verdict.outcome in outcome.BAD:
            result.update(failed=True, msg=self._message(verdict, advice))
        return result

    def _stopped(self, how, error):
        """The result where nothing was sent, because of ``error``, which says all that there is to say."""
        verdict = outcome.Verdict(how, error.details.get("reason", error.message))
        said = {key: error.details[key] for key in ("device_said",) if key in error.details}
        return dict(self.report(verdict, self._first_look, self._first_look, changed=False, **said), msg=error.message)

    def _message(self, verdict, fitting):
        advice = fitting or {
            outcome.FAILED: "See the status messages at the status URL, and 'show cns image status' on the device.",
            outcome.TIMEOUT: "The upgrade may still go on: wait for it with cns.image_agent.cns_image_wait, or give "
            "a longer timeout.",
            outcome.UNKNOWN: "Look at the device before anything else is sent to it; "
            "cns.image_agent.cns_image_wait asks it again without triggering anything.",
        }[verdict.outcome]
        return "Upgrade of %s %s: %s. %s" % (
            self.host,
            {"failed": "failed", "timeout": "did not end in time", "unknown": "has an unknown outcome"}[
                verdict.outcome
            ],
            verdict.reason.rstrip("."),
            advice,
        )
