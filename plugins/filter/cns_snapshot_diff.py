# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_snapshot_diff
short_description: Compare two snapshots of a device
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Returns what differs between two snapshots of M(cns.image_agent.cns_snapshot), and whether that is a reason to look.
  - Release, image and boot list are meant to change. Of interfaces, routes and neighbors fewer is worse, and so is a number
    that the device does not tell any more.
positional: _input, after, tolerances
options:
  _input:
    description: The snapshot taken before.
    type: dict
    required: true
  after:
    description: The snapshot taken after.
    type: dict
    required: true
  tolerances:
    description:
      - How many fewer are still well, as a number or in percent of what was before. The keys are C(interfaces_up),
        C(interfaces_total), C(routes) and C(neighbors).
    type: dict
    default: {}
seealso:
  - module: cns.image_agent.cns_snapshot
"""

EXAMPLES = r"""
- name: Fail where the upgrade lost something
  ansible.builtin.assert:
    that: differences | selectattr('verdict', 'eq', 'worse') | length == 0
    fail_msg: "{{ differences }}"
  vars:
    differences: "{{ before.snapshot | cns.image_agent.cns_snapshot_diff(after.snapshot, {'routes': '5%', 'neighbors': 1}) }}"
"""

RETURN = r"""
_value:
  description: What differs.
  type: list
  elements: dict
  contains:
    what:
      description: The key of the snapshot.
      type: str
      sample: interfaces_up
    before:
      description: Its value before.
      type: raw
      sample: 4
    after:
      description: Its value after.
      type: raw
      sample: 3
    verdict:
      description: V(expected) where an upgrade is meant to change it, V(ok) where it is no worse, V(worse) where it is.
      type: str
      sample: worse
"""

from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.module_utils import snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError


def cns_snapshot_diff(before: Any, after: Any, tolerances: Any = None) -> Any:
    """The differences of two snapshots; AnsibleFilterError for anything but snapshots."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        raise AnsibleFilterError("cns_snapshot_diff compares two snapshots, as cns_snapshot returns them under the key snapshot")
    try:
        return snapshot.compare(before, after, tolerances)
    except InputError as error:
        raise AnsibleFilterError("cns_snapshot_diff: %s" % error.message) from None


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        return {"cns_snapshot_diff": cns_snapshot_diff}
