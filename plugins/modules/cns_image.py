#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image
short_description: Configure the CNS image agent of a Cisco IOS device
version_added: 1.0.0
description:
  - Configures C(cns image), the image agent, with its server, status server, password and retry interval.
  - An agent that is enabled without a server listens for image events on the CNS Event Bus.
author:
  - The cns.image_agent authors (@cns-image-agent)
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.agents.image
  - cns.image_agent.cns.url
  - cns.image_agent.cns.config
  - cns.image_agent.cns.password
seealso:
  - module: cns.image_agent.cns_id
  - module: cns.image_agent.cns_image_retrieve
"""

EXAMPLES = r"""
- name: Use an image server
  cns.image_agent.cns_image:
    config:
      server: http://127.0.0.1:8080/cns/imgsvr
      status: http://127.0.0.1:8080/cns/status
      password: "{{ cns_image_password }}"
      retry: 240
    save_when: changed

# On the device before:
#   (nothing)
# On the device after:
#   cns image server http://127.0.0.1:8080/cns/imgsvr status http://127.0.0.1:8080/cns/status
#   cns image password ...
#   cns image retry 240

- name: Drop only the status URL
  cns.image_agent.cns_image:
    config:
      status: http://127.0.0.1:8080/cns/status
    state: deleted

# On the device after:
#   cns image server http://127.0.0.1:8080/cns/imgsvr
#   cns image password ...
#   cns image retry 240

- name: Listen on the event bus only
  cns.image_agent.cns_image:
    config:
      enabled: true
    state: replaced

# On the device after:
#   cns image

- name: No image agent
  cns.image_agent.cns_image:
    state: deleted

# On the device after:
#   (nothing)

- name: What the device has
  cns.image_agent.cns_image:
    state: gathered
"""

RETURN = r"""
before:
  description: What the device had, with secrets masked.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"enabled": false, "server": null, "status": null, "password": null, "retry": 60}
after:
  description: What the device has now; in check mode, what it would have.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null, "retry": 240}
commands:
  description: The configuration lines that were sent, in order; in check mode, that would be sent. Secrets are masked.
  returned: always
  type: list
  elements: str
  sample: ["cns image retry 240", "cns image server http://127.0.0.1:8080/cns/imgsvr"]
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: bool
  sample: false
gathered:
  description: What the device has, in the form of O(config), with secrets masked.
  returned: with O(state=gathered)
  type: dict
  sample: {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null, "retry": 240}
rendered:
  description: The lines that O(config) stands for, with secrets masked.
  returned: with O(state=rendered)
  type: list
  elements: str
  sample: ["cns image retry 240", "cns image server http://127.0.0.1:8080/cns/imgsvr"]
parsed:
  description: The configuration that O(running_config) stands for, with secrets masked.
  returned: with O(state=parsed)
  type: dict
  sample: {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null, "retry": 240}
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
from ansible_collections.cns.image_agent.plugins.module_utils.features.image import Image


def main() -> None:
    """Run the module."""
    configure.run_feature(AnsibleModule, Image())


if __name__ == "__main__":
    main()
