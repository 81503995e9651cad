# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action of every module that talks to a device: that of cisco.ios, which runs the module in-process.

Each such module has an action file of its own, which only names this one. Core loads it in the parent of all workers, before
it forks the first one of the task; a route in C(meta/runtime.yml) would be followed in the worker only, or, as a redirect,
would have the defaults of one module reach the others.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.cisco.ios.plugins.action.ios import ActionModule as IosAction

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import variables
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.known import door_of
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.preload import preload

preload("cns.image_agent.cns_agents")


class ActionModule(IosAction):
    """Runs the module, whose result passes the door here too: core adds to it, and the module does not know the login."""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of the module."""
        door = door_of(self, task_vars or {})
        for warning in variables.warnings(self._task, task_vars or {}):
            self._display.warning(door.line(warning))
        return door.data(super().run(tmp, task_vars))
