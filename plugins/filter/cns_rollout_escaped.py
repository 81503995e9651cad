# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_rollout_escaped
short_description: Escape every text of a structure for HTML
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Templates in Ansible do not escape what they insert. What devices say ends up in the page of a rollout, so all of it is
    escaped before the template sees it, and no place can be forgotten.
options:
  _input:
    description: A list, a dictionary or a text, at any depth. Keys and all that is no text stay as they are.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Put what devices say into a page of your own
  ansible.builtin.template:
    src: page.html.j2
    dest: page.html
    mode: "0640"
  vars:
    report: "{{ lookup('cns.image_agent.cns_journal', 'journal.jsonl', wantlist=true)
      | cns.image_agent.cns_rollout_report | cns.image_agent.cns_rollout_escaped }}"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: The same structure.
  type: raw
  sample: ["a &lt; b"]
"""

import html


def cns_rollout_escaped(value):
    """The same structure with its texts escaped, quotes too."""
    if isinstance(value, str):
        return html.escape(value)
    if isinstance(value, dict):
        return {key: cns_rollout_escaped(item) for key, item in value.items()}
    return [cns_rollout_escaped(item) for item in value] if isinstance(value, (list, tuple)) else value


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_rollout_escaped": cns_rollout_escaped}
