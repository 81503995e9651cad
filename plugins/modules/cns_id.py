#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_id
short_description: Configure the CNS IDs and the CNS password of a Cisco IOS device
version_added: 1.0.0
description:
  - Configures C(cns id), by which a device is known to the configuration, event and image agents, and C(cns password).
  - Without a line of its own an agent is known by the hostname of the device, so an ID of O(config.ids[].type=hostname)
    and no ID at all are the same.
author:
  - The cns.image_agent authors (@cns-image-agent)
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.agents.id
  - cns.image_agent.cns.config
  - cns.image_agent.cns.password
seealso:
  - module: cns.image_agent.cns_image
"""

EXAMPLES = r"""
- name: Known to the image agent by the serial number
  cns.image_agent.cns_id:
    config:
      ids:
        - agent: image
          type: hardware_serial

# On the device before:
#   (nothing)
# On the device after:
#   cns id hardware-serial image

- name: Known to the image agent by an address, and by nothing special to the others
  cns.image_agent.cns_id:
    config:
      ids:
        - agent: image
          type: ipaddress
          interface: GigabitEthernet0/1
    state: replaced

# On the device after:
#   cns id GigabitEthernet0/1 ipaddress image

- name: Set the CNS password as well
  cns.image_agent.cns_id:
    config:
      password: "{{ cns_password }}"

- name: Back to the hostname for the image agent
  cns.image_agent.cns_id:
    config:
      ids:
        - agent: image
    state: deleted

# On the device after:
#   cns password ...

- name: What would be sent, without a device
  cns.image_agent.cns_id:
    config:
      ids:
        - agent: event
          type: string
          value: branch-17
    state: rendered

# rendered:
#   - cns id string branch-17 event

- name: What a saved configuration says
  cns.image_agent.cns_id:
    running_config: |
      hostname R1
      cns id hardware-serial event
    state: parsed

# parsed:
#   ids:
#     - {agent: event, type: hardware_serial, interface: null, value: null}
#   password: null
"""

RETURN = r"""
before:
  description: What the device had, with secrets masked.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"ids": [], "password": null}
after:
  description: What the device has now; in check mode, what it would have.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"ids": [{"agent": "image", "type": "hardware_serial", "interface": null, "value": null}], "password": null}
commands:
  description: The configuration lines that were sent, in order; in check mode, that would be sent. Secrets are masked.
  returned: always
  type: list
  elements: str
  sample: [cns id hardware-serial image]
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: bool
  sample: false
gathered:
  description: What the device has, in the form of O(config), with secrets masked.
  returned: with O(state=gathered)
  type: dict
  sample: {"ids": [{"agent": "image", "type": "hardware_serial", "interface": null, "value": null}], "password": null}
rendered:
  description: The lines that O(config) stands for, with secrets masked.
  returned: with O(state=rendered)
  type: list
  elements: str
  sample: [cns id hardware-serial image]
parsed:
  description: The configuration that O(running_config) stands for, with secrets masked.
  returned: with O(state=parsed)
  type: dict
  sample: {"ids": [{"agent": "image", "type": "hardware_serial", "interface": null, "value": null}], "password": null}
failed_command:
  description: The line that the device refused, with secrets masked.
  returned: when the device refused a line
  type: str
  sample: cns image retry 70000
applied:
  description: The lines that were applied before the refused one. They stay in the running configuration.
  returned: when the device refused a line
  type: list
  elements: str
  sample: []
device_said:
  description: What the device answered to the refused line.
  returned: when the device refused a line
  type: str
  sample: "% Invalid input detected at '^' marker."
unparsed:
  description:
    - The lines of the device, or of O(running_config), that are not understood, in whole or in part, with secrets masked.
    - With the other states a warning says of each whether it stays.
  returned: with O(state=gathered) and O(state=parsed), where there are any
  type: list
  elements: str
  sample: ["cns event 127.0.0.9 init-retry 5"]
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import configure
from ansible_collections.cns.image_agent.plugins.module_utils.features.agent_id import AgentId


def main() -> None:
    """Run the module."""
    configure.run_feature(AnsibleModule, AgentId())


if __name__ == "__main__":
    main()
