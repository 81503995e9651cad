# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image IDs that several devices of an inventory would have."""

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_shared_image_ids
short_description: Find image IDs that several devices would have
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Looks through the IDs that an inventory gives its devices, for those of the image agent that several have.
  - Only IDs that are strings can be compared before the devices are asked.
options:
  _input:
    description: For each device its IDs, as in O(cns.image_agent.cns_id#module:config.ids).
    type: dict
    required: true
seealso:
  - module: cns.image_agent.cns_id
"""

EXAMPLES = r"""
- name: Find them
  ansible.builtin.debug:
    msg: "{{ {'r1': [same], 'r2': [same]} | cns.image_agent.cns_shared_image_ids }}"
  vars:
    same:
      agent: image
      type: string
      value: branch

# msg:
#   - "r1, r2 are all to have the image ID branch: the image server could not tell them apart."
"""

RETURN = r"""
_value:
  description: A sentence for each such ID.
  type: list
  elements: str
"""

from ansible_collections.cns.image_agent.plugins.module_utils.advice import shared_image_ids


class FilterModule:
    """The filter plugin."""

    def filters(self):
        """Return the filter."""
        return {"cns_shared_image_ids": shared_image_ids}
