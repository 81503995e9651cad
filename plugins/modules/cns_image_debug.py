#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_debug
short_description: Debug the CNS image agent of a Cisco IOS device for a while
version_added: 1.0.0
description:
  - Switches C(debug cns image) on, returns what the device prints, and always switches it off again, also after an error
    or an interrupt.
  - Flags that somebody else had switched on are off afterwards, too.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  flags:
    description: What to debug.
    type: list
    elements: str
    choices: [agent, all, connection, error]
    default: [all]
  duration:
    description: Seconds to listen, at least 1.
    type: int
    default: 30
  retrieve:
    description: Whether to send C(cns image retrieve) once debugging is on. A device that finds a new image then upgrades.
    type: bool
    default: false
extends_documentation_fragment:
  - cns.image_agent.cns
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details: It changes no configuration.
  idempotent:
    support: none
    details: It listens again every time.
seealso:
  - module: cns.image_agent.cns_image_info
"""

EXAMPLES = r"""
- name: Watch one retrieve
  cns.image_agent.cns_image_debug:
    flags: [agent, error]
    duration: 5
    retrieve: true
"""

RETURN = r"""
lines:
  description: What the device printed, with secrets masked. Empty in check mode.
  returned: always
  type: list
  elements: str
  sample: ["*May  7 06:11:42.175: CNS Image Agent: set EXEC lock"]
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import debugging
from ansible_collections.cns.image_agent.plugins.module_utils.module import module as module_of


def main() -> None:
    """Run the module."""
    module = module_of(
        AnsibleModule,
        argument_spec=dict(
            flags=dict(type="list", elements="str", choices=list(debugging.FLAGS), default=["all"]),
            duration=dict(type="int", default=30),
            retrieve=dict(type="bool", default=False),
        ),
        supports_check_mode=True,
    )
    flags, duration, retrieve = (module.params[option] for option in ("flags", "duration", "retrieve"))
    if duration < 1:
        module.fail_json(msg="duration is %d: it is seconds, at least 1." % duration)
    lines = []
    if not module.check_mode:
        lines = module.converse(debugging.capture(module.device(), flags, duration, retrieve, sleep=time.sleep))
    module.exit_json(changed=retrieve, lines=lines)


if __name__ == "__main__":
    main()
