#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_trusted_server
short_description: Configure whom the CNS agents of a Cisco IOS device trust
version_added: 1.0.0
description:
  - Configures C(cns trusted-server), the servers to which an agent may be sent.
  - A server that is configured for an agent, as the one of C(cns image server), is trusted by that agent without a line of
    its own.
author:
  - The cns.image_agent authors (@cns-image-agent)
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.agents.trusted_server
  - cns.image_agent.cns.config
attributes:
  idempotent:
    support: full
seealso:
  - module: cns.image_agent.cns_agents
"""

EXAMPLES = r"""
- name: Trust the image server by address and by name
  cns.image_agent.cns_trusted_server:
    config:
      servers:
        - agent: image
          host: 127.0.0.1
        - agent: image
          host: images.example.net

# On the device after:
#   cns trusted-server image 127.0.0.1
#   cns trusted-server image images.example.net

- name: Trust no other server
  cns.image_agent.cns_trusted_server:
    config:
      servers:
        - agent: image
          host: 127.0.0.1
    state: overridden
"""

RETURN = r"""
before:
  description: What the device had, with secrets masked.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"servers": []}
after:
  description: What the device has now; in check mode, what it would have.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"servers": [{"agent": "image", "host": "127.0.0.1"}]}
commands:
  description: The configuration lines that were sent, in order; in check mode, that would be sent. Secrets are masked.
  returned: always
  type: list
  elements: str
  sample: ["cns trusted-server image 127.0.0.1"]
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: bool
  sample: false
gathered:
  description: What the device has, in the form of O(config), with secrets masked.
  returned: with O(state=gathered)
  type: dict
  sample: {"servers": [{"agent": "image", "host": "127.0.0.1"}]}
rendered:
  description: The lines that O(config) stands for, with secrets masked.
  returned: with O(state=rendered)
  type: list
  elements: str
  sample: ["cns trusted-server image 127.0.0.1"]
parsed:
  description: The configuration that O(running_config) stands for, with secrets masked.
  returned: with O(state=parsed)
  type: dict
  sample: {"servers": [{"agent": "image", "host": "127.0.0.1"}]}
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
from ansible_collections.cns.image_agent.plugins.module_utils.features.trusted_server import TrustedServer


def main() -> None:
    """Run the module."""
    configure.run_feature(AnsibleModule, TrustedServer())


if __name__ == "__main__":
    main()
