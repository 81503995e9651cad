#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_clear
short_description: Clear the statistics of the CNS image agent of a Cisco IOS device
version_added: 1.0.0
description:
  - Sends C(clear cns image connections) and C(clear cns image status).
  - Statistics that are at zero already are left alone.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  statistics:
    description: Which statistics to clear.
    type: list
    elements: str
    choices: [connections, status]
    default: [connections, status]
extends_documentation_fragment:
  - cns.image_agent.cns
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
    details: It changes no configuration.
  idempotent:
    support: full
    details: Statistics at zero are not cleared again.
seealso:
  - module: cns.image_agent.cns_image_info
"""

EXAMPLES = r"""
- name: Start counting again
  cns.image_agent.cns_image_clear:

- name: Forget the connections only
  cns.image_agent.cns_image_clear:
    statistics: [connections]
"""

RETURN = r"""
before:
  description: The statistics as they were, one key for each of O(statistics), parsed.
  returned: always
  type: dict
commands:
  description: What was sent, or would be in check mode.
  returned: always
  type: list
  elements: str
  sample: [clear cns image connections]
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import clear
from ansible_collections.cns.image_agent.plugins.module_utils.module import module as module_of


def main() -> None:
    """Run the module."""
    choices = list(clear.PARSERS)
    module = module_of(
        AnsibleModule,
        argument_spec=dict(statistics=dict(type="list", elements="str", choices=choices, default=choices)),
        supports_check_mode=True,
    )
    result = module.converse(clear.clear(module.device(), module.params["statistics"], pretend=module.check_mode))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
