#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_snapshot
short_description: Note what a Cisco IOS device has, to compare it after an upgrade
version_added: 1.0.0
description:
  - Asks for what matters to an operator - release, image, boot list, interfaces, routes and neighbors - and returns it as a
    few values. It changes nothing.
  - Two snapshots are compared by P(cns.image_agent.cns_snapshot_diff#filter).
author:
  - The cns.image_agent authors (@cns-image-agent)
options: {}
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.read_only
seealso:
  - plugin: cns.image_agent.cns_snapshot_diff
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Note what the device has
  cns.image_agent.cns_snapshot:
  register: before

- name: Upgrade it
  cns.image_agent.cns_image_retrieve:
    target_version: 15.7(3)M9

- name: Take it again
  cns.image_agent.cns_snapshot:
  register: after

- name: Say what is worse
  ansible.builtin.debug:
    msg: "{{ before.snapshot | cns.image_agent.cns_snapshot_diff(after.snapshot) | selectattr('verdict', 'eq', 'worse') }}"
"""

RETURN = r"""
snapshot:
  description: What the device has. V(null) is what it did not tell, for example where CDP is off.
  returned: success
  type: dict
  contains:
    version:
      description: The release.
      type: str
      sample: 15.5(3)M2
    image:
      description: The running image with its file system.
      type: str
      sample: flash:c2900-universalk9-mz.SPA.155-3.M2.bin
    boot_list:
      description: The images of the boot list, in order.
      type: list
      elements: str
      sample: ["flash:c2900-universalk9-mz.SPA.155-3.M2.bin"]
    config_register:
      description: The configuration register.
      type: str
      sample: "0x2102"
    interfaces_up:
      description: How many interfaces are up, with their protocol.
      type: int
      sample: 1
    interfaces_total:
      description: How many interfaces there are.
      type: int
      sample: 4
    routes:
      description: How many routes the global routing table has.
      type: int
      sample: 3
    neighbors:
      description: How many CDP neighbors there are.
      type: int
      sample: 1
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.module import module as module_of


def main() -> None:
    """Run the module."""
    module = module_of(AnsibleModule, argument_spec={}, supports_check_mode=True)
    seen = module.converse(snapshot.take(module.device(), module.warn))
    module.exit_json(changed=False, snapshot=seen)


if __name__ == "__main__":
    main()
