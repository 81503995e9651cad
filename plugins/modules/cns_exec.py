#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_exec
short_description: Configure the CNS exec agent of a Cisco IOS device
version_added: 1.0.0
description:
  - Configures C(cns exec). Releases differ in whether it names a server or only a port, so that is left to O(config.host).
author:
  - The cns.image_agent authors (@cns-image-agent)
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.agents.exec
  - cns.image_agent.cns.config
attributes:
  idempotent:
    support: full
seealso:
  - module: cns.image_agent.cns_agents
"""

EXAMPLES = r"""
- name: The exec agent with a server
  cns.image_agent.cns_exec:
    config:
      host: 127.0.0.11
      source: 127.0.0.2

# On the device after:
#   cns exec 127.0.0.11 source 127.0.0.2

- name: The exec agent with a port only
  cns.image_agent.cns_exec:
    config:
      port: 8080
    state: replaced

# On the device after:
#   cns exec 8080

- name: No exec agent
  cns.image_agent.cns_exec:
    state: deleted
"""

RETURN = r"""
before:
  description: What the device had, with secrets masked.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"enabled": false, "host": null, "port": null, "encrypt": false, "source": null}
after:
  description: What the device has now; in check mode, what it would have.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"enabled": true, "host": "127.0.0.11", "port": null, "encrypt": false, "source": "127.0.0.2"}
commands:
  description: The configuration lines that were sent, in order; in check mode, that would be sent. Secrets are masked.
  returned: always
  type: list
  elements: str
  sample: ["cns exec 127.0.0.11 source 127.0.0.2"]
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: bool
  sample: false
gathered:
  description: What the device has, in the form of O(config), with secrets masked.
  returned: with O(state=gathered)
  type: dict
  sample: {"enabled": true, "host": "127.0.0.11", "port": null, "encrypt": false, "source": "127.0.0.2"}
rendered:
  description: The lines that O(config) stands for, with secrets masked.
  returned: with O(state=rendered)
  type: list
  elements: str
  sample: ["cns exec 127.0.0.11 source 127.0.0.2"]
parsed:
  description: The configuration that O(running_config) stands for, with secrets masked.
  returned: with O(state=parsed)
  type: dict
  sample: {"enabled": true, "host": "127.0.0.11", "port": null, "encrypt": false, "source": "127.0.0.2"}
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
from ansible_collections.cns.image_agent.plugins.module_utils.features.exec_agent import ExecAgent


def main() -> None:
    """Run the module."""
    configure.run_feature(AnsibleModule, ExecAgent())


if __name__ == "__main__":
    main()
