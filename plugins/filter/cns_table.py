# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_table
short_description: Rows as a table for people
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Turns rows into aligned lines under a header. A column in which every cell is empty is left out.
  - Times are shown to the minute, and numbers of a column whose name ends with C(_seconds) as a duration.
options:
  _input:
    description:
      - A list of dictionaries, one for each row. The columns are all keys that occur, in the order of their first occurrence.
      - Anything else, as a query may give it, is shown in a column V(value).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Show two devices
  ansible.builtin.debug:
    msg: "{{ [{'host': 'R1', 'uptime_seconds': 75}, {'host': 'R2'}] | cns.image_agent.cns_table }}"
  # HOST  UPTIME
  # R1    1m 15s
  # R2    -
"""

RETURN = r"""
_value:
  description: The lines, the header first.
  type: list
  elements: str
  sample: ["HOST  UPTIME", "R1    1m 15s", "R2    -"]
"""

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import table


def cns_table(data):
    """The lines of the table."""
    return table.table(data)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_table": cns_table}
