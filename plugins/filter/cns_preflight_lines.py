# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_preflight_lines
short_description: The preflight of a fleet for people
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Turns a report of P(cns.image_agent.cns_preflight_report#filter) into lines, the worst findings first.
  - What several devices have in common is shown once. Findings that are V(ok) are left out.
options:
  _input:
    description: The report.
    type: dict
    required: true
seealso:
  - plugin: cns.image_agent.cns_preflight_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the findings
  ansible.builtin.debug:
    msg: "{{ results | cns.image_agent.cns_preflight_report | cns.image_agent.cns_preflight_lines }}"
  # BLOCK  R1: The running and the startup configuration differ in 2 lines.
  #        why: The upgrade ends with a reload, which brings the startup configuration back: what was not saved is
  #        lost.
  #        fix: Look at what differs, then save it: write memory.
  #
  # 2 devices: 1 ready, 0 on the target already, 1 blocked (R1).
"""

RETURN = r"""
_value:
  description: The lines. The last one counts the devices.
  type: list
  elements: str
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import preflight as fleet_preflight


def cns_preflight_lines(report):
    """The lines of a report; AnsibleFilterError for anything else."""
    if not isinstance(report, dict) or "hosts" not in report:
        raise AnsibleFilterError("cns_preflight_lines needs a report of cns_preflight_report")
    return fleet_preflight.lines(report)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_preflight_lines": cns_preflight_lines}
