# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_csv
short_description: Rows as CSV
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Turns rows into CSV text with a header.
  - A text that a spreadsheet would take for a formula is written with an apostrophe in front, so that nothing a device says is
    ever executed.
options:
  _input:
    description:
      - A list of dictionaries, one for each row. The columns are all keys that occur, in the order of their first occurrence.
      - Anything else, as a query may give it, is shown in a column V(value).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Keep a list of devices
  ansible.builtin.copy:
    content: "{{ [{'host': 'R1', 'version': '15.7(3)M9'}] | cns.image_agent.cns_csv }}"
    dest: fleet.csv
    mode: "0640"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The text.
  type: str
  sample: "host,version\r\nR1,15.7(3)M9\r\n"
"""

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import table


def cns_csv(data):
    """The text."""
    return table.to_csv(data)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_csv": cns_csv}
