# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the journal of a rollout."""

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_journal
short_description: Read the journal of a rollout
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Reads the file that O(cns.image_agent.cns_image_retrieve#module:journal) names.
  - A line that was cut off by an interruption is left out.
options:
  _terms:
    description: Paths of journals. One that does not exist is empty.
    type: list
    elements: path
    required: true
"""

EXAMPLES = r"""
- name: How each device ended
  ansible.builtin.debug:
    msg: "{{ lookup('cns.image_agent.cns_journal', 'rollout.jsonl', wantlist=true) | selectattr('step', 'eq', 'ended') }}"
"""

RETURN = r"""
_raw:
  description: The entries, oldest first.
  type: list
  elements: dict
"""

from ansible.plugins.lookup import LookupBase

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal


class LookupModule(LookupBase):
    """The lookup plugin."""

    def run(self, terms, variables=None, **kwargs):
        """Return the entries of each journal."""
        self.set_options(var_options=variables, direct=kwargs)
        return [entry for path in terms for entry in Journal(path).entries()]
