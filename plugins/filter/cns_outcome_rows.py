# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_outcome_rows
short_description: One flat row per device from results of cns_image_retrieve
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Makes of the results of M(cns.image_agent.cns_image_retrieve) or M(cns.image_agent.cns_image_wait) of a whole play a list
    that can be shown, saved and queried.
  - Secrets are masked.
options:
  _input:
    description: The result of each device by its name. V(null) stands for a device whose turn did not come.
    type: dict
    required: true
seealso:
  - plugin: cns.image_agent.cns_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what became of the upgrades
  ansible.builtin.debug:
    msg: "{{ dict(ansible_play_hosts_all | zip(results)) | cns.image_agent.cns_outcome_rows | cns.image_agent.cns_table }}"
  run_once: true
  vars:
    results: "{{ ansible_play_hosts_all | map('extract', hostvars, 'cns_upgrade') }}" # registered by cns_image_retrieve
"""

RETURN = r"""
_value:
  description: The rows, in the order of the devices. What is not known is V(null).
  type: list
  elements: dict
  contains:
    host:
      description: Its name in the inventory.
      type: str
    outcome:
      description: As in RV(cns.image_agent.cns_image_retrieve#module:outcome), and V(failed) where the task ended without one.
      type: str
    old_version:
      description: The release before.
      type: str
    new_version:
      description: The release after.
      type: str
    time_seconds:
      description: How long it was waited for.
      type: float
    reason:
      description: Why the outcome is what it is.
      type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import rows as fleet_rows


def cns_outcome_rows(results):
    """The rows of ``{host: result of cns_image_retrieve}``; AnsibleFilterError for anything but a dictionary."""
    if not isinstance(results, dict):
        raise AnsibleFilterError("cns_outcome_rows needs a dictionary of results by device name")
    return fleet_rows.outcome_rows(results)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_outcome_rows": cns_outcome_rows}
