#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_info
short_description: Ask a Cisco IOS device about its CNS image agent
version_added: 1.0.0
description:
  - Asks for the state of the image agent, its configuration, and what an upgrade depends on, and returns all of it parsed.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  gather_subset:
    description:
      - What to ask for. Each subset costs one command, V(boot) up to two, and V(filesystems) one for each file system
        that holds images.
    type: list
    elements: str
    choices: [status, connections, inventory, config, version, filesystems, boot, http_client, event]
    default: [status, config, version]
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.read_only
seealso:
  - plugin: cns.image_agent.cns_image_status
    plugin_type: filter
"""

EXAMPLES = r"""
- name: What the agent did last
  cns.image_agent.cns_image_info:
  register: cns

- name: Show it
  ansible.builtin.debug:
    msg: "{{ cns.cns_image.version.version }}, last upgrade {{ cns.cns_image.status.last_upgrade.status }}"

- name: Everything an upgrade depends on
  cns.image_agent.cns_image_info:
    gather_subset: [status, connections, inventory, config, version, filesystems, boot, http_client, event]
"""

RETURN = r"""
cns_image:
  description: One key for each subset that was asked for, beside RV(cns_image.supported).
  returned: always
  type: dict
  contains:
    supported:
      description: Whether this release has the image agent. Where it has not, the subsets of the agent are null.
      returned: always
      type: bool
      sample: true
    status:
      description: C(show cns image status), parsed as by P(cns.image_agent.cns_image_status#filter).
      returned: with the subset V(status)
      type: dict
    connections:
      description: C(show cns image connections), parsed as by P(cns.image_agent.cns_image_connections#filter).
      returned: with the subset V(connections)
      type: dict
    inventory:
      description: C(show cns image inventory), parsed as by P(cns.image_agent.cns_image_inventory#filter).
      returned: with the subset V(inventory)
      type: dict
    config:
      description:
        - The configuration of the CNS agents, with secrets masked. The keys C(id), C(image), C(event),
          C(trusted_server), C(exec) and C(config) are each in the form of the module that configures it.
      returned: with the subset V(config)
      type: dict
    unparsed:
      description:
        - The lines of the configuration that are not understood, in whole or in part, with secrets masked. What they say is
          not in RV(cns_image.config).
      returned: with the subset V(config), where there are any
      type: list
      elements: str
    version:
      description: C(show version), with the release, the image file, the uptime, the model and the memory.
      returned: with the subset V(version)
      type: dict
    filesystems:
      description:
        - C(show file systems), and for each flash file system its files.
      returned: with the subset V(filesystems)
      type: list
      elements: dict
    boot:
      description: The boot list and the configuration register, from C(show boot), C(show bootvar) or C(show boot system).
      returned: with the subset V(boot)
      type: dict
    http_client:
      description: C(show ip http client all), as far as it is understood.
      returned: with the subset V(http_client)
      type: dict
    event:
      description: C(show cns event connections), as far as it is understood.
      returned: with the subset V(event)
      type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import info
from ansible_collections.cns.image_agent.plugins.module_utils.module import module as module_of


def main() -> None:
    """Run the module."""
    module = module_of(
        AnsibleModule,
        argument_spec=dict(
            gather_subset=dict(type="list", elements="str", choices=list(info.SUBSETS), default=list(info.DEFAULT))
        ),
        supports_check_mode=True,
    )
    gathered = module.converse(info.gather(module.device(), module.params["gather_subset"]))
    module.exit_json(changed=False, cns_image=gathered)


if __name__ == "__main__":
    main()
