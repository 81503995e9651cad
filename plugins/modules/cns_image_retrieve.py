#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name: a module cannot open a new session to a device that reloads.

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_retrieve
short_description: Have a Cisco IOS device retrieve a new image through its CNS image agent
version_added: 1.0.0
description:
  - Sends C(cns image retrieve), waits through download and reload, and proves the outcome by asking the device again.
  - A device that is on the target already is left alone, and so is one whose agent is at work, which is only waited for.
  - The device must be ready for it; see M(cns.image_agent.cns_image) for the agent, and save its configuration first.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  server:
    description:
      - The URL of the image server. Without it the one of C(cns image) is used.
      - A URL given here overwrites the configured one, so better configure it with M(cns.image_agent.cns_image).
    type: str
  status:
    description: The URL for status messages. It needs O(server) beside it.
    type: str
extends_documentation_fragment:
  - cns.image_agent.cns
  - cns.image_agent.cns.url
  - cns.image_agent.upgrade.target
  - cns.image_agent.upgrade.trigger
  - cns.image_agent.upgrade.wait
attributes:
  check_mode:
    support: full
    details: Nothing is sent; the result says what would be.
  diff_mode:
    support: partial
    details: Shows what URLs given here did to the configured ones.
  idempotent:
    support: partial
    details: With O(target_version) or O(target_image). Otherwise the server decides whether there is anything newer.
notes:
  - Sessions after the first one are inline in the process of the task, whichever connection plugin the play uses.
seealso:
  - module: cns.image_agent.cns_image_wait
"""

EXAMPLES = r"""
- name: Upgrade to what the image server has for the device
  cns.image_agent.cns_image_retrieve:
    target_version: 15.7(3)M9
    timeout: 1200
    interval: 5

- name: Start it and do something else meanwhile
  cns.image_agent.cns_image_retrieve:
    target_version: 15.7(3)M9
    wait: false

- name: Use other URLs than the configured ones
  cns.image_agent.cns_image_retrieve:
    server: http://127.0.0.1:8080/cns/imgsvr
    status: http://127.0.0.1:8080/cns/status
"""

RETURN = r"""
outcome:
  description:
    - V(up_to_date), the device was on the target already.
    - V(started), O(wait=false), or check mode.
    - V(success), the device says that it runs what was wanted, or something else than before where nothing was named.
    - V(no_new_image), the server had nothing newer for the device.
    - V(failed), nothing could be started, the agent gave up, or the device came back on something else than wanted.
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
commands:
  description: What was sent, or would be in check mode, with secrets masked. Empty where nothing was.
  returned: always
  type: list
  elements: str
  sample: [cns image retrieve]
device_said:
  description: What the device answered to a command that it refused.
  returned: when the device refused a command
  type: str
  sample: "% CNS image agent is not enabled"
posted:
  description:
    - What the device posted to the status server while it was waited for, oldest first, at most 20 messages.
    - It is what somebody said in the name of the device, with secrets masked, and proves nothing.
  returned: with O(status_journal), if the device was waited for
  type: list
  elements: dict
  sample: [{at: 1778104931.2, device: R1, state: failed, operation: distribution, reason: "CHECKSUM_MISMATCH: the MD5 differs"}]
  contains: &posted
    at:
      description: When the receiver heard it, in seconds since the epoch.
      type: float
    device:
      description: The image ID in it.
      type: str
    host_name:
      description: The host name in it, empty if there is none, as with the other texts.
      type: str
    state:
      description: What it was understood to say, V(success), V(failed), V(in_progress), V(no_new_image) or V(unknown).
      type: str
    operation:
      description: What it is about, such as C(distribution).
      type: str
    status:
      description: The word from which the state was understood.
      type: str
    image:
      description: The file name of the image.
      type: str
    version:
      description: The release of the image.
      type: str
    reason:
      description: Why, as the device has it.
      type: str
    form:
      description: V(xml), V(json) or V(text).
      type: str
    from:
      description: The address from which it was posted.
      type: str
disagreement:
  description: In what that differs from the outcome, for people. Empty if it does not.
  returned: with O(status_journal), if the device was waited for
  type: str
  sample: "the status server was told of a success, and yet the device still runs 15.5(3)M2"
"""
