# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the six agents: each as that of its own module, and all of them as those of cns_agents."""

from __future__ import annotations

from ansible.module_utils.common.yaml import yaml_dump, yaml_load  # in C, where there is one

_TRUSTED_SERVER = r"""
options:
  config:
    description: The trusted servers.
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
            description: Name or address, exactly as in the URLs. The device compares strings and asks no DNS.
            type: str
            required: true
"""

_ID = r"""
options:
  config:
    description: The IDs and the password.
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
"""

_EVENT = r"""
options:
  config:
    description: The event agent.
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
            description: Seconds at most between two attempts to connect. The device uses 3600 (unverified).
            type: int
"""

_CONFIG = r"""
options:
  config:
    description: The configuration agent.
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
"""

_EXEC = r"""
options:
  config:
    description: The exec agent.
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
"""

_IMAGE = r"""
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
        description: The URL of the image server, to which the agent posts its messages.
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
"""

# In the order in which the manual has them: what agents need, then the agents.
_PARTS = {
    "trusted_server": ("C(cns trusted-server)", _TRUSTED_SERVER),
    "id": ("C(cns id) and C(cns password)", _ID),
    "event": ("C(cns event)", _EVENT),
    "config": ("C(cns config)", _CONFIG),
    "exec": ("C(cns exec)", _EXEC),
    "image": ("C(cns image)", _IMAGE),
}


def _together() -> str:
    agents = {
        name: {
            "description": "%s, as in M(cns.image_agent.cns_%s)." % (commands, name),
            "type": "dict",
            "suboptions": yaml_load(part)["options"]["config"]["suboptions"],
        }
        for name, (commands, part) in _PARTS.items()
    }
    description = "The agents. One that is not named is left alone, except with O(state=overridden), which removes it."
    return yaml_dump({"options": {"config": {"description": description, "type": "dict", "suboptions": agents}}})


class ModuleDocFragment:
    """For C(extends_documentation_fragment). Annotated: linters of ansible-test read plain assignments as literals."""

    TRUSTED_SERVER: str = _TRUSTED_SERVER
    ID: str = _ID
    EVENT: str = _EVENT
    CONFIG: str = _CONFIG
    EXEC: str = _EXEC
    IMAGE: str = _IMAGE
    DOCUMENTATION: str = _together()
