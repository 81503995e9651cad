# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan a rollout in waves, write its steps down, and judge its waves."""

from __future__ import annotations

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.ansible.utils.plugins.module_utils.common.argspec_validate import AnsibleArgSpecValidator
from ansible_collections.cns.image_agent.plugins.modules.cns_rollout import DOCUMENTATION
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import state as rollout
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import waves
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, open_triggers


class ActionModule(ActionBase):
    """The action of M(cns.image_agent.cns_rollout)."""

    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        """Run the action."""
        result = super().run(tmp, task_vars)
        valid, errors, self._options = AnsibleArgSpecValidator(
            data=self._task.args, schema=DOCUMENTATION, schema_format="doc", name=self._task.action
        ).validate()
        if not valid:
            raise AnsibleActionFail(str(errors))
        self._host = task_vars["inventory_hostname"]
        self._target = {"version": self._options["target_version"] or None, "image": self._options["target_image"] or None}
        self._journal = Journal(self._options["journal"])
        try:
            result.update(getattr(self, "_" + self._options["action"])(), changed=False)
        except ValueError as error:
            raise AnsibleActionFail("The rollout cannot be planned: %s." % error) from None
        except OSError as error:
            raise AnsibleActionFail("The journal %s cannot be used: %s." % (self._options["journal"], error)) from None
        return result

    def _plan(self):
        waves.limit(self._options["stop_at"], 1)  # better now than after the first wave
        done = rollout.done(self._journal.entries(), self._target)
        open_hosts = [host for host in self._options["hosts"] if host not in done]
        planned = waves.plan_waves(open_hosts, self._options["waves"], self._options["apart"])
        self._write("rollout", None, waves=planned, stop_at=self._options["stop_at"], **self._options["data"])
        return dict(waves=planned, done=[host for host in self._options["hosts"] if host in done])

    def _note(self):
        if not self._options["step"]:
            raise AnsibleActionFail("action note needs step: what to write down.")
        self._write(self._options["step"], None if self._options["fleet"] else self._host, **self._options["data"])
        return {}

    def _judge(self):
        hosts = self._options["hosts"]
        bad = rollout.bad(rollout.devices(self._journal.entries(), self._target), hosts)
        allowed = waves.limit(self._options["stop_at"], len(hosts))
        reason = "%d of %d devices of the wave ended badly, up to %d may" % (len(bad), len(hosts), allowed)
        return dict(bad=bad, stop=len(bad) > allowed, reason=reason)

    def _state(self):
        entries = self._journal.entries()
        devices = rollout.devices(entries, self._target)
        hosts = self._options["hosts"] or list(devices)
        under_way = open_triggers(entries, self._target)
        return dict(
            devices={host: {key: devices[host][key] for key in rollout.SUMMARY} for host in hosts if host in devices},
            bad=rollout.bad(devices, hosts),
            limit=[host for host in hosts if host not in devices or devices[host]["outcome"] not in rollout.DONE],
            under_way={
                host: {"before": under_way[host].get("before"), "snapshot": devices[host].get("snapshot")}
                for host in hosts
                if host in under_way
            },
        )

    def _write(self, step, host, **data):
        if not self._task.check_mode:
            self._journal.write(host, step, target=self._target, **data)
