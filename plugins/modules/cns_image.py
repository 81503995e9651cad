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
options:
  config:
    description: The settings of the image agent.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether the agent is on. A server implies V(true).
          - V(false) sends C(no cns image), which takes the URLs with it; the password and the retry interval stay.
        type: bool
      server:
        description:
          - The URL of the image server, to which the agent posts its messages.
          - A password in it is masked in all that is shown, but for the lines of a playbook that Ansible quotes beside an error, so
            keep the URL in a variable, and for the debugging output of C(-vvvvv).
        type: str
      status:
        description:
          - The URL to which the agent posts status messages. It needs a server URL beside it.
          - Without it the agent sends them as events on the CNS Event Bus.
        type: str
      password:
        description: Sent along with the image ID in the messages of the agent, so that the receiver can tell who sends.
        type: str
      retry:
        description:
          - Seconds between two attempts of an upgrade. A device shows no line for 60.
          - The device takes 0 to 65535.
        type: int
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.config
  - cns.image_agent.cns.password
attributes:
  idempotent:
    description: Can be run multiple times without changing anything.
    support: partial
    details: A password that the device does not show at all cannot be compared, so it is sent again.
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
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.cns.image_agent.plugins.module_utils import configure
from ansible_collections.cns.image_agent.plugins.module_utils.features import image


def main():
    """Run the module."""
    module = AnsibleModule(
        argument_spec=configure.argument_spec(image.options(), has_password=True),
        required_if=configure.REQUIRED_IF,
        supports_check_mode=True,
    )
    configure.run_feature(module, image)


if __name__ == "__main__":
    main()
