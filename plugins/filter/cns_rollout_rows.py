# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_rollout_rows
short_description: Make one flat row per device of the report of a rollout
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Takes from the devices of a report what fits into a table, such as a spreadsheet.
options:
  _input:
    description: What P(cns.image_agent.cns_rollout_report#filter) returned.
    type: dict
    required: true
seealso:
  - plugin: cns.image_agent.cns_rollout_report
    plugin_type: filter
  - plugin: cns.image_agent.cns_csv
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write a list of the devices for a spreadsheet
  ansible.builtin.copy:
    content: "{{ report | cns.image_agent.cns_rollout_rows | cns.image_agent.cns_csv }}"
    dest: rollout.csv
    mode: "0640"
  vars:
    report: "{{ lookup('cns.image_agent.cns_journal', 'journal.jsonl', wantlist=true) | cns.image_agent.cns_rollout_report }}"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The rows. No value is a list or a dictionary.
  type: list
  elements: dict
  sample:
    - host: R1
      wave: 1
      model: ISR4331/K9
      old_version: 15.7(3)M8
      new_version: 15.7(3)M9
      old_image: "flash:old.bin"
      new_image: "flash:new.bin"
      outcome: success
      reason: the device runs 15.7(3)M9 after a reload
      started: "2026-05-06T22:00:09+02:00"
      ended: "2026-05-06T22:07:12+02:00"
      seconds: 423.0
      reloads: 1
      findings: ""
      differences: "routes: 40 -> 38 (ok)"
"""

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import rows


def cns_rollout_rows(report):
    """One flat dictionary per device."""
    return rows(report["devices"])


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_rollout_rows": cns_rollout_rows}
