#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_config
short_description: Configure the CNS configuration agent of a Cisco IOS device
version_added: 1.0.0
description:
  - Configures C(cns config partial) and C(cns config notify). Other C(cns config) commands are left as they are.
author:
  - The cns.image_agent authors (@cns-image-agent)
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.agents.config
  - cns.image_agent.cns.config
attributes:
  idempotent:
    support: full
seealso:
  - module: cns.image_agent.cns_agents
"""

EXAMPLES = r"""
- name: Take incremental configurations, and report changes every ten minutes
  cns.image_agent.cns_config:
    config:
      partial:
        host: 127.0.0.12
        port: 80
      notify:
        changes: diff
        interval: 10

# On the device after:
#   cns config notify diff interval 10
#   cns config partial 127.0.0.12 80

- name: Report no changes
  cns.image_agent.cns_config:
    config:
      notify: {}
    state: deleted
"""

RETURN = r"""
before:
  description: What the device had, with secrets masked.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"partial": null, "notify": null}
after:
  description: What the device has now; in check mode, what it would have.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"partial": {"host": "127.0.0.12", "port": null, "encrypt": false, "source": null, "inventory": false}, "notify":
    {"changes": "diff", "interval": 10}}
commands:
  description: The configuration lines that were sent, in order; in check mode, that would be sent. Secrets are masked.
  returned: always
  type: list
  elements: str
  sample: ["cns config notify diff interval 10", "cns config partial 127.0.0.12 80"]
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: bool
  sample: false
gathered:
  description: What the device has, in the form of O(config), with secrets masked.
  returned: with O(state=gathered)
  type: dict
  sample: {"partial": {"host": "127.0.0.12", "port": null, "encrypt": false, "source": null, "inventory": false}, "notify":
    {"changes": "diff", "interval": 10}}
rendered:
  description: The lines that O(config) stands for, with secrets masked.
  returned: with O(state=rendered)
  type: list
  elements: str
  sample: ["cns config notify diff interval 10", "cns config partial 127.0.0.12 80"]
parsed:
  description: The configuration that O(running_config) stands for, with secrets masked.
  returned: with O(state=parsed)
  type: dict
  sample: {"partial": {"host": "127.0.0.12", "port": null, "encrypt": false, "source": null, "inventory": false}, "notify":
    {"changes": "diff", "interval": 10}}
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
from ansible_collections.cns.image_agent.plugins.module_utils.features.config_agent import ConfigAgent


def main() -> None:
    """Run the module."""
    configure.run_feature(AnsibleModule, ConfigAgent())


if __name__ == "__main__":
    main()
