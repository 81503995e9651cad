# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why an image agent does not do what it should."""

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_verdict
short_description: Say in plain words why an image agent does not do what it should
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Compares two looks at a device, before and after something that should have worked, such as one retrieve.
positional: before, after
options:
  _input:
    description: RV(cns.image_agent.cns_image_preflight#module:findings).
    type: list
    elements: dict
    required: true
  before:
    description: RV(cns.image_agent.cns_image_info#module:cns_image) before, with the subsets status, connections and version.
    type: dict
    required: true
  after:
    description: The same afterwards.
    type: dict
    required: true
  lines:
    description: RV(cns.image_agent.cns_image_debug#module:lines), what the agent printed meanwhile.
    type: list
    elements: str
    default: []
  retrieved:
    description: Whether a retrieve was tried between the two looks.
    type: bool
    default: true
seealso:
  - module: cns.image_agent.cns_image_debug
"""

EXAMPLES = r"""
- name: Why does nothing happen
  ansible.builtin.debug:
    msg: "{{ [] | cns.image_agent.cns_verdict({'supported': true}, {'supported': true}) }}"

# msg:
#   - "The retrieve left no trace in the agent's status: it was refused, or the agent has no server to ask."
"""

RETURN = r"""
_value:
  description: Sentences, the most telling first.
  type: list
  elements: str
"""

from typing import Any

from ansible_collections.cns.image_agent.plugins.module_utils.diagnosis import verdict


class FilterModule:
    """The filter plugin."""

    def filters(self) -> dict[str, Any]:
        """Return the filter."""
        return {"cns_verdict": verdict}
