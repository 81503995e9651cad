# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_preflight_report
short_description: The preflight of a whole fleet
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Puts the results of M(cns.image_agent.cns_image_preflight) of a whole play together, and adds what no device knows alone.
  - Devices that share an image ID block each other (check V(image_id_unique)).
  - A device that did not answer has a finding that says so (check V(answers)).
options:
  _input:
    description: The result of each device by its name. V(null) stands for a device whose turn did not come.
    type: dict
    required: true
seealso:
  - plugin: cns.image_agent.cns_preflight_lines
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say which devices are blocked
  ansible.builtin.debug:
    msg: "{{ (dict(ansible_play_hosts_all | zip(results)) | cns.image_agent.cns_preflight_report).blocked }}"
  run_once: true
  vars:
    results: "{{ ansible_play_hosts_all | map('extract', hostvars, 'cns_preflight') }}" # registered by cns_image_preflight
"""

RETURN = r"""
_value:
  description: The report. Each device is in one of the three lists.
  type: dict
  contains:
    hosts:
      description:
        - For each device C(ready), C(on_target), C(image_id), C(running) and C(findings), as M(cns.image_agent.cns_image_preflight)
          returns them.
      type: dict
    ready:
      description: The devices that can be upgraded.
      type: list
      elements: str
    on_target:
      description: The devices that run the target already.
      type: list
      elements: str
    blocked:
      description: The devices that something keeps from being upgraded.
      type: list
      elements: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import preflight as fleet_preflight


def cns_preflight_report(results):
    """The report of ``{host: result of cns_image_preflight}``; AnsibleFilterError for anything but a dictionary."""
    if not isinstance(results, dict):
        raise AnsibleFilterError("cns_preflight_report needs a dictionary of results by device name")
    return fleet_preflight.report(results)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_preflight_report": cns_preflight_report}
