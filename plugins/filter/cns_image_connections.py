# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_image_connections
short_description: Parse the text of show cns image connections
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Turns saved text of C(show cns image connections) into a dictionary.
  - No device is needed, so it works on archived output and on the results of other modules.
  - Blank lines, Windows line ends, the echoed command and a trailing prompt do not matter. Nothing that a device prints makes it fail.
  - Times are ISO 8601 strings where the text is a full IOS timestamp. UTC and GMT become C(+00:00). Any other zone name
    is ambiguous, so the time is then given without one, in the local time of the device.
    What is no full timestamp, for example V(never), is given as printed.
options:
  _input:
    description: The text that the device printed.
    type: string
    required: true
seealso:
  - module: cns.image_agent.cns_image_info
    description: The same data, read from a device.
  - plugin: cns.image_agent.cns_image_status
    plugin_type: filter
  - plugin: cns.image_agent.cns_image_inventory
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Ask the device
  cisco.ios.ios_command:
    commands: show cns image connections
  register: answer

- name: Fail if the image server could not be reached
  ansible.builtin.assert:
    that: connections.never_connected in [0, none]
    fail_msg: "{{ connections.never_connected }} of {{ connections.attempts }} attempts got no connection"
  vars:
    # or a file: lookup('ansible.builtin.file', 'R1-connections.txt')
    connections: "{{ answer.stdout[0] | cns.image_agent.cns_image_connections }}"
"""

RETURN = r"""
_value:
  description:
    - What the device printed. A label that was not printed is V(null).
  type: dict
  contains:
    attempts:
      description: Attempts to connect to the image server.
      type: int
      sample: 1
    never_connected:
      description: Attempts that got no connection.
      type: int
      sample: 0
    abrupt_disconnects:
      description: Connections that broke off.
      type: int
      sample: 0
    last_success:
      description: When the last successful connection was made.
      type: str
      sample: "2003-05-06T11:45:02+00:00"
    unparsed:
      description: Lines that were not understood, in the order printed.
      type: list
      elements: str
      sample: []
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.module_utils import show


def cns_image_connections(text):
    """The parsed text of ``show cns image connections``; AnsibleFilterError for anything but a string."""
    if not isinstance(text, str):
        raise AnsibleFilterError("cns_image_connections needs the text of 'show cns image connections' as one string; of a list such as stdout, take the item")
    return show.image_connections(text)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_image_connections": cns_image_connections}
