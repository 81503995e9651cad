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
    description: Can run in check_mode and return changed status prediction without modifying the target.
    support: full
    details: Nothing is sent; the result says what would be.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: partial
    details: Shows what URLs given here did to the configured ones.
  idempotent:
    description: Can be run multiple times without changing anything.
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
"""
