# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the preflight can be told, for its module and for the one that makes upgrades. The roles have the same options."""

from __future__ import annotations


class ModuleDocFragment:
    """For C(extends_documentation_fragment)."""

    DOCUMENTATION = r"""
options:
  image_size:
    description:
      - The size of the image, in bytes or with a unit, for example V(120MB).
      - Without it the space on flash is not checked.
    type: bytes
  image_memory:
    description:
      - The memory that the image needs, in bytes or with a unit, for example V(512MB).
      - Without it the memory is not checked.
      - IOS XE shows the physical memory, but some releases only what they gave to IOS, so there too little memory is a warning.
    type: bytes
  margin:
    description: What has to stay free on flash beside the image, in bytes or with a unit.
    type: bytes
    default: 1MB
  models:
    description:
      - The models that the image is for, as in C(show version). V(*) and V(?) stand for any characters and any one, and the
        case does not matter.
      - Without it the model is not checked.
    type: list
    elements: str
  password_required:
    description: Whether the image server demands a password, so that a device without one is not ready.
    type: bool
    default: false
  server:
    description:
      - The URL of the image server that the agent is going to have, if it is configured only after this check.
      - Without it the configured one counts.
    type: str
  status:
    description: The URL for status messages that the agent is going to have. It belongs to O(server).
    type: str
  ping:
    description:
      - Whether to ping the image server from the device.
      - A ping without an answer takes about ten seconds, and is a warning only, because a firewall may let HTTP pass, but
        no ping.
    type: bool
    default: true
  accept:
    description:
      - Checks that must not block, because you know better, or because it is going to be taken care of. What would block is
        a warning then.
    type: list
    elements: str
    choices:
      - agent_supported
      - model
      - flash_space
      - memory
      - saved
      - config_register
      - manual_boot
      - stack
      - target
      - fallback_image
      - no_upgrade_running
      - agent_enabled
      - status_messages
      - server_trusted
      - server_reachable
      - certificate
      - clock
      - password
    default: []
"""
