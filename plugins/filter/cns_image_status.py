# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_image_status
short_description: Parse the text of show cns image status
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Turns saved text of C(show cns image status) into a dictionary.
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
  - plugin: cns.image_agent.cns_image_connections
    plugin_type: filter
  - plugin: cns.image_agent.cns_image_inventory
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say how the last upgrade ended
  ansible.builtin.debug:
    msg: "{{ (saved | cns.image_agent.cns_image_status).last_upgrade.status }}"
  vars:
    # or a file: lookup('ansible.builtin.file', 'R1-status.txt')
    saved: |
      Last upgrade started at 11:45:02.000 UTC Tue May 6 2003
      Last upgrade ended at 11:45:11.000 UTC Tue May 6 2003 status SUCCESS
  # => "msg": "SUCCESS"

- name: Ask the device
  cisco.ios.ios_command:
    commands: show cns image status
  register: answer

- name: Fail if the agent has failed upgrades
  ansible.builtin.assert:
    that: status.failed in [0, none]
    fail_msg: "{{ status.failed }} failed upgrades, the last one at {{ status.last_failure_ended }}"
  vars:
    status: "{{ answer.stdout[0] | cns.image_agent.cns_image_status }}"
"""

RETURN = r"""
_value:
  description:
    - What the device printed. A label that was not printed is V(null).
  type: dict
  contains:
    last_upgrade:
      description: The upgrade that started last.
      type: dict
      contains:
        started:
          description: When it started.
          type: str
          sample: "2003-05-06T11:45:02+00:00"
        ended:
          description: When it ended.
          type: str
          sample: "2003-05-06T11:45:11+00:00"
        status:
          description: How it ended, as printed.
          type: str
          sample: SUCCESS
    last_success_ended:
      description: When the last successful upgrade ended.
      type: str
      sample: "2003-05-06T11:45:11+00:00"
    last_failure_ended:
      description: When the last failed upgrade ended.
      type: str
      sample: "2003-04-16T09:10:00+00:00"
    failed:
      description: Number of failed upgrades.
      type: int
      sample: 2
    successful:
      description: Number of successful upgrades.
      type: int
      sample: 6
    messages_received:
      description: Messages received from the image server.
      type: int
      sample: 12
    receive_errors:
      description: Messages that could not be received.
      type: int
      sample: 5
    transmit:
      description: Messages sent to the image server.
      type: dict
      contains:
        attempts:
          description: Attempts to send.
          type: int
          sample: 4
        successes:
          description: Messages sent.
          type: int
          sample: 3
        failures:
          description: Messages that could not be sent.
          type: int
          sample: 2
    unparsed:
      description: Lines that were not understood, in the order printed.
      type: list
      elements: str
      sample: []
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.module_utils import show


def cns_image_status(text):
    """The parsed text of ``show cns image status``; AnsibleFilterError for anything but a string."""
    if not isinstance(text, str):
        raise AnsibleFilterError("cns_image_status needs the text of 'show cns image status' as one string; of a list such as stdout, take the item")
    return show.image_status(text)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_image_status": cns_image_status}
