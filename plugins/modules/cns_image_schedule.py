#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_schedule
short_description: Schedule CNS image retrieval on a Cisco IOS device
version_added: 1.0.0
description:
  - Has the Command Scheduler (kron) of the device run C(cns image retrieve), once or again and again, for devices that
    no one can log in to at the right moment.
  - One policy list and one occurrence of the same name make up a schedule. Others on the device are never touched.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  config:
    description: The schedule.
    type: dict
    suboptions:
      name:
        description: The name of its policy list and of its occurrence.
        type: str
        default: cns-image
      server:
        description: The URL of the image server. Without it the one of C(cns image) is used.
        type: str
      status:
        description: The URL for status messages. It needs a server beside it.
        type: str
      at:
        description:
          - When to run, as C(hours:minutes [[month] day-of-month] [day-of-week]), for example V(23:30), V(2:15 sun) or
            V(4:00 jun 3).
          - Either this or O(config.every) is needed, except where a schedule is removed.
        type: str
      every:
        description:
          - How long from now, as C([[days:]hours:]minutes), for example V(90), V(6:00) or V(7:00:00).
          - Spelling does not matter, V(90) and V(1:30) are the same.
        type: str
      recurring:
        description:
          - Whether to run again and again. By default a schedule with O(config.every) does and one with O(config.at) does not.
          - A schedule that runs once vanishes from the configuration after it ran, so the task schedules it again.
        type: bool
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.url
  - cns.image_agent.cns.config
attributes:
  idempotent:
    support: partial
    details: A schedule that runs once is gone after it ran.
notes:
  - Here V(replaced) and V(overridden) are about the one schedule that O(config.name) names. Where nothing else is given,
    it is removed. The lack of a schedule is gathered in that form.
  - A policy list or an occurrence of that name which says more than O(config) can is never written over. V(deleted), and
    V(replaced) by nothing, remove it if it holds C(cns image retrieve), and otherwise leave it.
  - The clock of the device must be set. It schedules 31 policy lists at most. Both are checked before anything is sent.
seealso:
  - module: cns.image_agent.cns_image_wait
"""

EXAMPLES = r"""
- name: Poll the server for a new image in the night to Sunday
  cns.image_agent.cns_image_schedule:
    config:
      at: 2:15 sun
      recurring: true
    save_when: changed

# On the device after:
#   kron policy-list cns-image
#    cli cns image retrieve
#   kron occurrence cns-image at 2:15 sun recurring
#    policy-list cns-image

- name: Every six hours, from a server of its own
  cns.image_agent.cns_image_schedule:
    config:
      name: cns-lab
      server: http://127.0.0.1:8080/cns/imgsvr
      every: "6:00"

- name: No schedule any more
  cns.image_agent.cns_image_schedule:
    config:
      name: cns-lab
    state: deleted
"""

RETURN = r"""
before:
  description: What the device had, with secrets masked.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"name": "cns-image", "server": null, "status": null, "at": null, "every": null, "recurring": null}
after:
  description: What the device has now; in check mode, what it would have.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: dict
  sample: {"name": "cns-image", "server": null, "status": null, "at": "2:15 sun", "every": null, "recurring": true}
commands:
  description: The configuration lines that were sent, in order; in check mode, that would be sent. Secrets are masked.
  returned: always
  type: list
  elements: str
  sample: ["kron policy-list cns-image", "cli cns image retrieve", "kron occurrence cns-image at 2:15 sun recurring",
    "policy-list cns-image"]
saved:
  description: Whether the running configuration was written to the startup configuration.
  returned: with O(state=merged), O(state=replaced), O(state=overridden) and O(state=deleted)
  type: bool
  sample: false
gathered:
  description: What the device has, in the form of O(config), with secrets masked.
  returned: with O(state=gathered)
  type: dict
  sample: {"name": "cns-image", "server": null, "status": null, "at": "2:15 sun", "every": null, "recurring": true}
rendered:
  description: The lines that O(config) stands for, with secrets masked.
  returned: with O(state=rendered)
  type: list
  elements: str
  sample: ["kron policy-list cns-image", "cli cns image retrieve", "kron occurrence cns-image at 2:15 sun recurring",
    "policy-list cns-image"]
parsed:
  description: The configuration that O(running_config) stands for, with secrets masked.
  returned: with O(state=parsed)
  type: dict
  sample: {"name": "cns-image", "server": null, "status": null, "at": "2:15 sun", "every": null, "recurring": true}
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
    - The policy list and the occurrence of that name, if they are more or less than O(config) can say, with secrets masked.
    - With the other states a warning says of each whether it stays.
  returned: with O(state=gathered) and O(state=parsed), where there are any
  type: list
  elements: str
  sample: ["kron policy-list cns-image conditional; cli cns image retrieve"]
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import configure


def main() -> None:
    """Run the module."""
    configure.run_schedule(AnsibleModule)


if __name__ == "__main__":
    main()
