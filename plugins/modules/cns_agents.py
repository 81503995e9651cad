#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_agents
short_description: Configure all CNS agents of a Cisco IOS device in one pass
version_added: 1.0.0
description:
  - Configures everything that the modules of the single agents do, with one read, one push and one verification.
  - The order is safe. Agents go off before their gateways go; trusted servers and IDs come before the agents that use
    them; what agents leaned on goes last.
  - Warns where the settings of different agents do not fit together, as where status messages would be lost.
author:
  - The cns.image_agent authors (@cns-image-agent)
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.agents
  - cns.image_agent.cns.url
  - cns.image_agent.cns.config
  - cns.image_agent.cns.password
notes:
  - Unlike in the modules of one feature, V(replaced) and V(overridden) differ. O(state=replaced) touches only the agents
    that O(config) names.
seealso:
  - module: cns.image_agent.cns_id
  - module: cns.image_agent.cns_image
  - module: cns.image_agent.cns_event
  - module: cns.image_agent.cns_trusted_server
  - module: cns.image_agent.cns_exec
  - module: cns.image_agent.cns_config
"""

EXAMPLES = r"""
- name: The image agent with its server, in one task
  cns.image_agent.cns_agents:
    config:
      trusted_server:
        servers:
          - agent: image
            host: 127.0.0.1
      id:
        ids:
          - agent: image
            type: hardware_serial
      image:
        server: http://127.0.0.1:8080/cns/imgsvr
        status: http://127.0.0.1:8080/cns/status
        password: "{{ cns_image_password }}"
        retry: 240
    save_when: changed

# On the device after:
#   cns trusted-server image 127.0.0.1
#   cns id hardware-serial image
#   cns image password ...
#   cns image retry 240
#   cns image server http://127.0.0.1:8080/cns/imgsvr status http://127.0.0.1:8080/cns/status

- name: The image agent on the event bus, and no other agent
  cns.image_agent.cns_agents:
    config:
      event:
        gateways:
          - host: 127.0.0.9
      image:
        enabled: true
    state: overridden

# On the device after:
#   cns event 127.0.0.9
#   cns image

- name: No CNS agents at all
  cns.image_agent.cns_agents:
    state: deleted
"""

RETURN = r"""
before:
  description: What the device had, with secrets masked.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"image": {"enabled": false, "server": null, "status": null, "password": null, "retry": 60}}
after:
  description: What the device has now; in check mode, what it would have.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"image": {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null,
    "retry": 60}}
commands:
  description: The configuration lines that were sent, in order; in check mode, that would be sent. Secrets are masked.
  returned: always
  type: list
  elements: str
  sample: ["cns image server http://127.0.0.1:8080/cns/imgsvr"]
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: bool
  sample: false
gathered:
  description: What the device has, in the form of O(config), with secrets masked.
  returned: with O(state=gathered)
  type: dict
  sample: {"image": {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null,
    "retry": 60}}
rendered:
  description: The lines that O(config) stands for, with secrets masked.
  returned: with O(state=rendered)
  type: list
  elements: str
  sample: ["cns image server http://127.0.0.1:8080/cns/imgsvr"]
parsed:
  description: The configuration that O(running_config) stands for, with secrets masked.
  returned: with O(state=parsed)
  type: dict
  sample: {"image": {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null,
    "retry": 60}}
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


def main() -> None:
    """Run the module."""
    configure.run_agents(AnsibleModule)


if __name__ == "__main__":
    main()
