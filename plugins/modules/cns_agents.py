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
options:
  config:
    description:
      - The agents. One that is not named is left alone, except with O(state=overridden), which removes it.
    type: dict
    suboptions:
      trusted_server:
        description: C(cns trusted-server), as in M(cns.image_agent.cns_trusted_server).
        type: dict
        suboptions:
          servers:
            description: Pairs of an agent and a host that it trusts.
            type: list
            elements: dict
            suboptions:
              agent:
                description: The agent.
                type: str
                required: true
                choices: [all_agents, config, event, exec, image]
              host:
                description: Name or address, exactly as it stands in the URLs. The device compares strings and asks no DNS.
                type: str
                required: true
      id:
        description: C(cns id) and C(cns password), as in M(cns.image_agent.cns_id).
        type: dict
        suboptions:
          ids:
            description: At most one ID for each agent.
            type: list
            elements: dict
            suboptions:
              agent:
                description: The agent that uses the ID.
                type: str
                required: true
                choices: [config, event, image]
              type:
                description:
                  - Where the ID comes from. Required except with O(state=deleted).
                  - V(udi) and V(dns_reverse) are not in every release; their keywords are unverified.
                type: str
                choices: [hostname, hardware_serial, string, ipaddress, mac_address, udi, dns_reverse]
              interface:
                description:
                  - The interface whose address is used, for the types V(ipaddress), V(mac_address) and V(dns_reverse).
                  - Spelling does not matter, V(fastethernet 0/1) and V(FastEthernet0/1) are the same.
                type: str
              value:
                description: The text, one word, for the type V(string).
                type: str
          password:
            description: The CNS password. At first it must equal the bootstrap password of the server.
            type: str
      event:
        description: C(cns event), as in M(cns.image_agent.cns_event).
        type: dict
        suboptions:
          gateways:
            description: The gateways, one line of configuration for each host.
            type: list
            elements: dict
            suboptions:
              host:
                description: Name or address of the gateway.
                type: str
                required: true
              port:
                description: Its port. The device uses 11011, and 11012 with encryption (the latter is unverified).
                type: int
              encrypt:
                description: Whether to use SSL.
                type: bool
              backup:
                description: Whether this is the backup gateway.
                type: bool
              failover_time:
                description: Seconds to wait for the primary before the backup is used. The device uses 3 (unverified).
                type: int
              keepalive:
                description: How the connection is kept alive.
                type: dict
                suboptions:
                  seconds:
                    description: Seconds between two keepalives, 0 for none.
                    type: int
                    required: true
                  retries:
                    description: How many may stay unanswered.
                    type: int
                    required: true
              source:
                description: Source address of the connection, or the interface that has it.
                type: str
              clock_timeout:
                description: Minutes to wait for the clock to be set. The device uses 10 (unverified).
                type: int
              reconnect_time:
                description: Seconds at the most between two attempts to connect. The device uses 3600 (unverified).
                type: int
      config:
        description: C(cns config), as in M(cns.image_agent.cns_config).
        type: dict
        suboptions:
          partial:
            description: The agent that takes incremental configurations, C(cns config partial).
            type: dict
            suboptions:
              host:
                description: Name or address of the server. Required except with O(state=deleted).
                type: str
              port:
                description: The port of the server. The device uses 80.
                type: int
              encrypt:
                description: Whether to use SSL.
                type: bool
              source:
                description: Source address of the connection, or the interface that has it.
                type: str
              inventory:
                description: Whether to send an inventory along with requests.
                type: bool
          notify:
            description: Reports of configuration changes, C(cns config notify).
            type: dict
            suboptions:
              changes:
                description: Whether all configuration commands are reported or only changes. Required except with O(state=deleted).
                type: str
                choices: [all, diff]
              interval:
                description: Minutes between two reports, 0 to 35791. The device uses 5.
                type: int
      exec:
        description: C(cns exec), as in M(cns.image_agent.cns_exec).
        type: dict
        suboptions:
          enabled:
            description: Whether the exec agent is on. Any other option implies V(true). Alone it is C(cns exec) without a word more.
            type: bool
          host:
            description: Its server, on the releases whose C(cns exec) names one.
            type: str
          port:
            description: The port of the server. The device uses 80.
            type: int
          encrypt:
            description: Whether to use SSL.
            type: bool
          source:
            description: Source address of the connection, or the interface that has it.
            type: str
      image:
        description: C(cns image), as in M(cns.image_agent.cns_image).
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
notes:
  - Other than in the modules of one feature, V(replaced) and V(overridden) differ. O(state=replaced) touches only the agents that O(config) names.
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
  sample: {"image": {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null, "retry": 60}}
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
  sample: {"image": {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null, "retry": 60}}
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
  sample: {"image": {"enabled": true, "server": "http://127.0.0.1:8080/cns/imgsvr", "status": null, "password": null, "retry": 60}}
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
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENTS


def main():
    """Run the module."""
    options = {feature.NAME: dict(type="dict", options=feature.options()) for feature in AGENTS}
    module = AnsibleModule(
        argument_spec=configure.argument_spec(options, has_password=True),
        required_if=configure.REQUIRED_IF,
        supports_check_mode=True,
    )
    configure.run_agents(module)


if __name__ == "__main__":
    main()
