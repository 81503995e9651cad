# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Load the inline connection before the workers are forked."""

from __future__ import annotations

DOCUMENTATION = r"""
name: preload
type: aggregate
author:
  - The cns.image_agent authors (@cns-image-agent)
short_description: Load P(cns.image_agent.network_cli#connection) and network modules once per run
version_added: 1.0.0
description:
  - Without it, each worker imports the connection plugin, the SSH library and the module by itself.
  - Tasks of this collection do the same without it. It is for plays that use P(cns.image_agent.network_cli#connection) with the
    modules of other collections only.
requirements:
  - enable it with C(callbacks_enabled=cns.image_agent.preload) in the section C(defaults) of C(ansible.cfg)
"""

EXAMPLES = r"""
# In ansible.cfg:
#
# [defaults]
# callbacks_enabled = cns.image_agent.preload

- name: A play that then starts faster
  hosts: routers
  connection: cns.image_agent.network_cli
  gather_facts: false
  tasks:
    - name: Ask each device
      cisco.ios.ios_command:
        commands: show clock
"""

from typing import Any

from ansible.plugins.callback import CallbackBase

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.preload import preload


class CallbackModule(CallbackBase):
    """Prints nothing."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "cns.image_agent.preload"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task: Any, is_conditional: Any) -> None:
        """Called in the parent, before the task's first worker is forked."""
        preload(task.resolved_action)
