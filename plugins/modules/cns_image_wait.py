#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name: a module cannot open a new session to a device that reloads.

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_wait
short_description: Wait for an upgrade that a Cisco IOS device makes through its CNS image agent
version_added: 1.0.0
description:
  - Waits for an upgrade that something else started, such as a schedule on the device, the event bus, or an earlier run.
  - Never sends anything but show commands.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  before:
    description:
      - What the device was before the upgrade, as returned by M(cns.image_agent.cns_image_retrieve).
      - Without it the first poll serves, and a reload that is over by then is not noticed.
    type: dict
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.upgrade.target
  - cns.image_agent.upgrade.wait
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying the target.
    support: full
    details: It only reads.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: none
    details: It changes nothing.
  idempotent:
    description: Can be run multiple times without changing anything.
    support: full
    details: It changes nothing.
notes:
  - Sessions after the first one are inline in the process of the task, whichever connection plugin the play uses.
seealso:
  - module: cns.image_agent.cns_image_retrieve
"""

EXAMPLES = r"""
- name: Start the upgrade
  cns.image_agent.cns_image_retrieve:
    target_version: 15.7(3)M9
    wait: false
  register: cns_started

- name: Wait for it
  cns.image_agent.cns_image_wait:
    target_version: 15.7(3)M9
    before: "{{ cns_started.before }}"
    interval: 5
"""

RETURN = r"""
outcome:
  description:
    - V(up_to_date), the device was on the target already.
    - V(success), the device says that it runs what was wanted, or something else than before where nothing was named.
    - V(no_new_image), the server had nothing newer for the device.
    - V(failed), there is nothing to wait for, the agent gave up, or the device came back on something else than wanted.
    - V(timeout), O(timeout) passed and the device, which answers, has not ended the upgrade.
    - V(unknown), the device could not be asked again within O(timeout).
    - The last three fail the task.
  returned: always
  type: str
  sample: success
reason:
  description: Why the outcome is what it is, for people.
  returned: always
  type: str
  sample: "the device runs 15.7(3)M9 (flash:c2900-universalk9-mz.SPA.157-3.M9.bin) after a reload"
before:
  description:
    - What the device said before the upgrade, null where it was not or could not be asked.
  returned: always
  type: dict
  contains: &observation
    version:
      description: The running release.
      type: str
    xe_version:
      description: The running release in the spelling of IOS XE, null on classic IOS.
      type: str
    image_file:
      description: The image that was booted.
      type: str
    uptime_seconds:
      description: Since the last boot, in whole minutes as IOS prints it.
      type: int
    restarted_at:
      description: The time of the last boot, null where the clock was not set.
      type: str
    reload_reason:
      description: Why it booted.
      type: str
    status:
      description: C(show cns image status), parsed as by P(cns.image_agent.cns_image_status#filter).
      type: dict
    connections:
      description: C(show cns image connections), parsed as by P(cns.image_agent.cns_image_connections#filter).
      type: dict
    asked_at:
      description: When it was asked, in seconds since the epoch on the controller.
      type: float
after:
  description: What the device said last. Where it was not asked again, the same as RV(before); null where it never answered.
  returned: always
  type: dict
  contains: *observation
elapsed:
  description: Seconds waited.
  returned: always
  type: float
  sample: 83.4
polls:
  description: How often the device was asked while waiting, answered or not.
  returned: always
  type: int
  sample: 7
reloads:
  description: How many reloads were seen while waiting.
  returned: always
  type: int
  sample: 1
"""
