# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trigger C(cns image retrieve) and wait for what comes of it."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils import outcome, secret, trigger
from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.modules.cns_image_retrieve import DOCUMENTATION
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.upgrade import UpgradeAction


class ActionModule(UpgradeAction):
    """The action of M(cns.image_agent.cns_image_retrieve)."""

    documentation = DOCUMENTATION
    more_returned = {"commands": []}

    def act(self):
        """Look; send the command unless there is no need; wait; report."""
        command = trigger.command_line(self.options["server"], self.options["status"])
        earlier = self.open_trigger()
        try:
            before = self.look_first()
        except DeviceAway:
            if not earlier:
                raise
            return self._follow(earlier, changed=False)
        if outcome.on_target(before, self.target):
            verdict = outcome.Verdict(outcome.UP_TO_DATE, "the device runs %s already" % before["version"])
            if earlier:  # the one that an interrupted run began has come to its end
                verdict = outcome.judge(earlier, before, self.target)
            return self.report(verdict, earlier or before, before, changed=False)
        if earlier and outcome.touched(earlier, before):
            verdict = outcome.judge(earlier, before, self.target, self.options["expect_reload"])
            if not verdict:
                return self._follow(earlier, changed=False)
            if verdict.outcome != outcome.FAILED:
                return self.report(verdict, earlier, before, changed=False)
            # That attempt is over. This run is the next one.
            self.note("ended", outcome=verdict.outcome, reason=verdict.reason, after=before)
        if outcome.in_progress(before):
            self._display.warning("%s: an upgrade is running already; it is waited for, none is started." % self.host)
            return self._follow(before, changed=False)
        if self._task.check_mode:
            verdict = outcome.Verdict(outcome.STARTED, "check mode: an upgrade would be started")
            return self.report(verdict, before, before, changed=True, commands=[secret.mask(command)])
        return self._start(before, command)

    def _start(self, before, command):
        device = self.sessions.device()
        had = self._agent_lines(device)
        self.note("triggering", before=before)
        try:
            converse(trigger.send(device, command, self.options["mode"]))
        except Refused as refused:
            verdict = outcome.Verdict(outcome.FAILED, refused.message)
            said = refused.details["device_said"]
            advice = trigger.advice(said, self.options["mode"])
            return self.report(verdict, before, before, advice=advice, changed=False, device_said=said)
        except DeviceAway as away:
            # Whether the device took the command is for the device to say: it is waited for, never triggered twice.
            said = away.message.rstrip(".")
            self._display.warning("%s: %s. Waiting for what the device will say." % (self.host, said))
            return self._follow(before, changed=True, commands=[secret.mask(command)])
        self.note("triggered")
        overwritten = self._overwritten(device, had)
        return self._follow(before, changed=True, commands=[secret.mask(command)], **overwritten)

    def _follow(self, before, **more):
        if not self.options["wait"] or self._task.check_mode:
            verdict = outcome.Verdict(outcome.STARTED, "an upgrade is under way; nobody waits for it")
            return self.report(verdict, before, before, **more)
        waited = self.wait_from(before)
        return self.report(waited.verdict, before, waited.last_seen, waited, **more)

    def _agent_lines(self, device):
        """The agent's URLs, where the command names others: those on the device may be overwritten."""
        return secret.mask(converse(device.running_config("^cns image"))) if self.options["server"] else []

    def _overwritten(self, device, had):
        """What the URLs of the command did to the configuration, as a diff."""
        if not self.options["server"]:
            return {}
        try:
            have = self._agent_lines(device)
        except (DeviceAway, Refused):
            return {}  # the device may be on its way already
        text = ["".join(line + "\n" for line in lines) for lines in (had, have)]
        return {"diff": dict(before=text[0], after=text[1])} if text[0] != text[1] else {}
