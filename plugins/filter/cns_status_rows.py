# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_status_rows
short_description: One flat row per device from results of cns_image_info
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Makes of the results of M(cns.image_agent.cns_image_info) of a whole play a list that can be shown, saved and queried.
  - Secrets are masked.
options:
  _input:
    description: The result of each device by its name. V(null) stands for a device that was not asked.
    type: dict
    required: true
seealso:
  - plugin: cns.image_agent.cns_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the fleet as a table
  ansible.builtin.debug:
    msg: "{{ dict(ansible_play_hosts_all | zip(results)) | cns.image_agent.cns_status_rows | cns.image_agent.cns_table }}"
  run_once: true
  vars:
    results: "{{ ansible_play_hosts_all | map('extract', hostvars, 'cns_status') }}" # registered by cns_image_info
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
    model:
      description: The hardware.
      type: str
    version:
      description: The running release.
      type: str
    image:
      description: The file name of the running image.
      type: str
    last_upgrade:
      description: When the last upgrade by the agent ended.
      type: str
    result:
      description: How it ended, in the words of the device.
      type: str
    agent:
      description: Whether the image agent is V(on) or V(off).
      type: str
    server:
      description: The host of the image server.
      type: str
    uptime_seconds:
      description: Since the last boot.
      type: int
    problem:
      description: Why the device could not be asked, or that it has no image agent.
      type: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import rows as fleet_rows


def cns_status_rows(results):
    """The rows of ``{host: result of cns_image_info}``; AnsibleFilterError for anything but a dictionary."""
    if not isinstance(results, dict):
        raise AnsibleFilterError("cns_status_rows needs a dictionary of results by device name")
    return fleet_rows.status_rows(results)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_status_rows": cns_status_rows}
