# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action about many devices, with a fleet that is made up: what their variables say, and what they do in their turn."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from unittest import mock

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import fleet as fleet_file


class Fleet:
    """``variables``: ``{host: {option or variable: value}}``, over what the task gives to all."""

    own_name = "R1"

    def __init__(self, monkeypatch, work, **variables):
        self._monkeypatch = monkeypatch
        self._work = work
        self._variables = variables
        self.asked = []

    def device(self, name):
        own = self._variables.get(name, {})
        return SimpleNamespace(
            options=lambda names: {key: value for key, value in {**self._given, **own}.items() if key in names},
            name=name,
            names=lambda: own,
            variables=own,
            variable=lambda variable, default=None: own.get(variable, default),
        )

    def _ended(self, host, at_fault):
        try:
            return self._work(host)
        except Exception as fault:
            return at_fault(host, fault)

    def for_each(self, hosts, _work, at_fault):
        """In place of that of the action."""
        self.asked += hosts
        return {host: self._ended(host, at_fault) for host in hosts}

    def run(self, plugin, /, check=False, **options):
        """Run an action; return its result. What would be asked of a device is answered by ``work(host)``."""

        self._given = options
        self._monkeypatch.setattr(fleet_file, "Hosts", lambda _action, task_vars: self)
        self._monkeypatch.setattr(fleet_file.FleetAction, "for_each", lambda _action, *given: self.for_each(*given))
        module = importlib.import_module("ansible_collections.cns.image_agent.plugins.action." + plugin)
        task = mock.Mock(args=options, action="cns.image_agent." + plugin, check_mode=check, async_val=0)
        ran = module.ActionModule(task, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())
        return ran.run(task_vars={"inventory_hostname": "R1"})
