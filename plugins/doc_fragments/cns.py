# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation that the modules share."""

from __future__ import annotations

_ATTRIBUTES = r"""
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
  idempotent:
    description: Can be run multiple times without changing anything.
"""

_SAVE_WHEN = r"""
  save_when:
    description:
      - When to write the running configuration to the startup configuration.
      - A device that reloads into a new image loses what was not saved.
    type: str
    choices: [never, changed, always]
    default: never
"""


class ModuleDocFragment:
    """Parts for C(extends_documentation_fragment)."""

    # Put together below: in here a sanity test reads nothing but plain text.
    ATTRIBUTES: str
    DOCUMENTATION: str
    SAVE_WHEN: str
    CONFIG: str

    PASSWORD = r"""
options:
  update_password:
    description:
      - A password that the device shows, in clear text or as type 7, is compared by its value and sent only when it differs.
      - V(when_changed) leaves a password alone that the device hides, and says so in a warning.
      - V(always) sends the password also where the device hides the one it has.
      - V(on_create) sends the password only to a device that has nothing of this module configured.
    type: str
    choices: [when_changed, always, on_create]
    default: when_changed
attributes:
  idempotent:
    support: partial
    details: A password that the device does not show at all cannot be compared, so it is sent again.
notes:
  - A masked password (V(********)) in O(config) stands for the one that the device has.
  - Ansible masks the value of a password wherever it occurs in a result. A very short password therefore makes results hard
    to read.
"""

    READ_ONLY = r"""
attributes:
  check_mode:
    support: full
    details: It only reads.
  diff_mode:
    support: none
    details: It changes nothing.
  idempotent:
    support: full
"""

    URL = r"""
options: {}  # core takes no fragment with neither options nor attributes
notes:
  - "A password in a URL is masked in all output, with two exceptions: lines of a playbook that Ansible quotes beside an error
    (so keep the URL in a variable), and the debugging output of C(-vvvvv)."
"""


# What a module says of its attributes is added to this.
ModuleDocFragment.ATTRIBUTES = "attributes:" + _ATTRIBUTES

ModuleDocFragment.DOCUMENTATION = (
    r"""
requirements:
  - A device with privileged EXEC access over SSH (C(ansible_become) with C(ansible_become_method=enable) where login gives less).
notes:
  - Works over P(cns.image_agent.network_cli#connection) and P(ansible.netcommon.network_cli#connection), with
    C(ansible_network_os=cisco.ios.ios), and with both paramiko and libssh.
  - Developed against public documentation and a virtual fleet, without hardware. Which device behaviours are unverified
    is listed in the collection's guide to the facts.
attributes:
  platform:
    description: Target platforms.
    support: full
    details: Cisco IOS and IOS XE.
    platforms: ios
  action_group:
    description: Use C(group/cns.image_agent.cns) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - cns.image_agent.cns
"""
    + _ATTRIBUTES
)

ModuleDocFragment.SAVE_WHEN = "options:" + _SAVE_WHEN

ModuleDocFragment.CONFIG = (
    r"""
options:
  running_config:
    description:
      - Used only with O(state=parsed), text of a running configuration, for example a saved C(show running-config).
      - No device is asked.
    type: str
  state:
    description:
      - V(merged) adds what O(config) names to what the device has.
      - V(replaced) makes the device's settings exactly what O(config) says; what it does not name is removed.
      - V(overridden) is the same as V(replaced) for a module of one feature.
      - V(deleted) removes what O(config) names, or everything the module covers where O(config) is not given. Only the
        names of settings count, not their values.
      - V(gathered) only reads the device. What it returns can be given back as O(config); a masked password or URL then
        means the value that the device has.
      - V(rendered) returns the lines that O(config) stands for, and V(parsed) the configuration that O(running_config)
        stands for. Neither needs a device.
      - Lines and words of the device that the module does not know are named in a warning. V(merged) keeps them, also if their
        line is written again; V(replaced), and V(deleted) of the whole, remove them.
    type: str
    choices: [merged, replaced, overridden, deleted, gathered, rendered, parsed]
    default: merged
"""
    + _SAVE_WHEN
    + r"""
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
notes:
  - The configuration is read once before and, where it changed, once after. A line that the device took but does not show
    is an error that names the line.
  - Classic IOS has no rollback. When the device refuses a line, the error names it and what was applied before.
"""
)
