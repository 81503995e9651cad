# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_image_inventory
short_description: Parse the text of show cns image inventory
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Turns saved text of C(show cns image inventory) into a dictionary.
  - No device is needed, so it works on archived output and on the results of other modules.
  - Blank lines, Windows line ends, the echoed command and a trailing prompt do not matter. Nothing that a device prints makes it fail.
  - The report is XML, which the terminal may wrap or cut anywhere. Wrapped text is joined; a value whose end was cut off
    is given as far as it was printed, and its line is named in RV(_value.unparsed).
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
  - plugin: cns.image_agent.cns_image_connections
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Ask the device
  cisco.ios.ios_command:
    commands: show cns image inventory
  register: answer

- name: Show the release and the image file that the device reports to the image server
  ansible.builtin.debug:
    msg: "{{ inventory.image_id }} runs {{ inventory.version }} from {{ inventory.image_file }}"
  vars:
    # or a file: lookup('ansible.builtin.file', 'R1-inventory.txt')
    inventory: "{{ answer.stdout[0] | cns.image_agent.cns_image_inventory }}"
  # => "msg": "R1 runs 15.7(3)M9 from flash:c2900-universalk9-mz.SPA.157-3.M9.bin"
"""

RETURN = r"""
_value:
  description:
    - What the device printed. A label that was not printed is V(null).
  type: dict
  contains:
    image_id:
      description: The image ID that the device sends.
      type: str
      sample: Router
    host_name:
      description: The host name of the device.
      type: str
      sample: Router
    version:
      description: The IOS release, taken out of the version string.
      type: str
      sample: "15.7(3)M9"
    image_file:
      description: The file of the running image.
      type: str
      sample: "flash:c2900-universalk9-mz.SPA.157-3.M9.bin"
    raw:
      description: The report as printed, without title, echoed command and prompt.
      type: str
      sample: "<imageInventoryReport>...</imageInventoryReport>"
    unparsed:
      description: Lines that were not understood, in the order printed.
      type: list
      elements: str
      sample: []
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.module_utils import show


def cns_image_inventory(text):
    """The parsed text of ``show cns image inventory``; AnsibleFilterError for anything but a string."""
    if not isinstance(text, str):
        raise AnsibleFilterError("cns_image_inventory needs the text of 'show cns image inventory' as one string; of a list such as stdout, take the item")
    return show.image_inventory(text)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_image_inventory": cns_image_inventory}
