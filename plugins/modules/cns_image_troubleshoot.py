#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_troubleshoot
short_description: Find out why the CNS image agent of a Cisco IOS device does not work
version_added: 1.0.0
description:
  - Asks a device for everything that its image agent depends on - what the agent says of itself, its connections, the
    configuration, the trustpoints, the boot list, flash, and a ping to the image server - and says what is wrong, why that
    matters, and what to do.
  - It changes nothing, and triggers nothing.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  before:
    description:
      - RV(cns_image) of an earlier task of this module, between which and this one a retrieval was tried.
      - Only what changed since then counts. A device that does not answer any more is a finding, because it may be reloading.
    type: dict
  lines:
    description: RV(cns.image_agent.cns_image_debug#module:lines), what the agent printed during the retrieval.
    type: list
    elements: str
    default: []
  ping:
    description:
      - Whether to ping the image server from the device.
      - A ping without an answer takes about ten seconds.
    type: bool
    default: true
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.read_only
seealso:
  - module: cns.image_agent.cns_image_preflight
  - module: cns.image_agent.cns_image_debug
"""

EXAMPLES = r"""
- name: Find out what is wrong
  cns.image_agent.cns_image_troubleshoot:
  register: found

- name: Say it
  ansible.builtin.debug:
    msg: "{{ found.verdict }}"

- name: Try one retrieval, which upgrades a device for which there is a new image
  cns.image_agent.cns_image_debug:
    duration: 2
    retrieve: true
  register: debugged

- name: Find out what came of it
  cns.image_agent.cns_image_troubleshoot:
    before: "{{ found.cns_image }}"
    lines: "{{ debugged.lines }}"
    ping: false
"""

RETURN = r"""
healthy:
  description: Whether the device answers, and nothing was found that blocks an upgrade.
  returned: success
  type: bool
  sample: false
verdict:
  description:
    - Sentences for people, the most telling first. What the agent says of itself, and what blocks an upgrade, each with what
      to do about it.
  returned: success
  type: list
  elements: str
  sample:
    - "6 of 6 connections never reached the server. Check the route, the name server, the port, and what filters between: ping,
      show ip route."
findings:
  description:
    - The result of every check that was made, the worst first. All but the first seven are those of
      M(cns.image_agent.cns_image_preflight).
  returned: success
  type: list
  elements: dict
  contains:
    check:
      description:
        - What was checked. V(connections), V(last_upgrade) and V(messages) are what the agent says of itself, V(debugging)
          what it printed, V(upgraded) and V(device_away) what became of the device since O(before), and V(rights) what the
          device does not show.
      type: str
      sample: connections
    severity:
      description: V(block) where an upgrade would fail or do harm, V(warn) where it may, V(ok) where all is well.
      type: str
      sample: block
    what:
      description: What was found.
      type: str
      sample: 6 of 6 connections never reached the server.
    why:
      description: Why it matters. Empty with V(ok).
      type: str
      sample: Without its server the agent retrieves nothing.
    fix:
      description: What to do about it. Empty with V(ok).
      type: str
      sample: "Check the route, the name server, the port, and what filters between: ping, show ip route."
cns_image:
  description:
    - What the device said, in the form of RV(cns.image_agent.cns_image_info#module:cns_image). V(null) if it does not answer
      any more.
  returned: success
  type: dict
  contains:
    supported:
      description: Whether this release has the image agent. V(null) where that could not be found out.
      type: bool
      sample: true
    status:
      description: C(show cns image status), parsed as by P(cns.image_agent.cns_image_status#filter).
      type: dict
    connections:
      description: C(show cns image connections), parsed as by P(cns.image_agent.cns_image_connections#filter).
      type: dict
    inventory:
      description: C(show cns image inventory), parsed as by P(cns.image_agent.cns_image_inventory#filter).
      type: dict
    http_client:
      description: C(show ip http client all), as far as it is understood.
      type: dict
    config:
      description: The configuration of the CNS agents, with secrets masked.
      type: dict
    version:
      description: C(show version), with the release, the image file, the uptime, the model and the memory.
      type: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.module_utils import troubleshoot
from ansible_collections.cns.image_agent.plugins.module_utils.module import module as module_of


def main() -> None:
    """Run the module."""
    module = module_of(
        AnsibleModule,
        argument_spec=dict(
            before=dict(type="dict"),
            lines=dict(type="list", elements="str", default=[]),
            ping=dict(type="bool", default=True),
        ),
        supports_check_mode=True,
    )
    examined = module.converse(troubleshoot.examine(module.device(), **module.params))
    module.exit_json(changed=False, **examined)


if __name__ == "__main__":
    main()
