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
      - A password in it is masked in all that is shown, but for the lines of a playbook that Ansible quotes beside an error, so
        keep the URL in a variable, and for the debugging output of C(-vvvvv).
    type: str
  status:
    description: The URL for status messages. It needs O(server) beside it.
    type: str
  mode:
    description:
      - Where the command is sent. V(auto) tries privileged EXEC, and global configuration only where EXEC refuses the
        command as invalid input. V(exec) and V(config) try one of them.
    type: str
    choices: [auto, exec, config]
    default: auto
  wait:
    description: Whether to wait for the outcome. Without, the task ends with RV(outcome=started).
    type: bool
    default: true
  target_version:
    description:
      - The release the device should run, as in C(show version). V(17.3.4) and V(17.03.04) are the same.
      - Nothing is sent to a device that runs it already.
    type: str
  target_image:
    description: The file name of the image the device should run, as in C(show version), without file system.
    type: str
  timeout:
    description: Seconds to wait at the most.
    type: int
    default: 1800
  interval:
    description:
      - Seconds between two looks at the device. While it is away it is tried sooner at first.
      - The pauses vary by a fifth, so that many devices do not ask at the same moment.
    type: int
    default: 15
  keep_session:
    description:
      - Whether the session stays open between two looks, for as long as the device keeps it.
      - With V(false) each look logs in anew, and no line of the device is taken in between.
    type: bool
    default: true
  journal:
    description:
      - A file on the controller in which each step is written down before it is done, one line of JSON each. It may be
        shared by all devices of a rollout.
      - With it an interrupted run can be run again. An upgrade that was triggered and not seen to end is then waited for,
        never triggered twice.
    type: path
  expect_reload:
    description:
      - Whether the image only counts once the device has reloaded into it.
      - With V(false) the word of the agent that it ended successfully is enough.
    type: bool
    default: true
extends_documentation_fragment:
  - cns.image_agent.cns
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying the target.
    support: full
    details: Nothing is sent; it is told what would be.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: partial
    details: Shows what URLs given here did to the configured ones.
  idempotent:
    description: Can be run multiple times without changing anything.
    support: partial
    details: With O(target_version) or O(target_image). Otherwise the server decides whether there is anything newer.
notes:
  - The outcome comes from what the device says of itself afterwards, never from how a session ended.
  - Sessions after the first one are inline in the process of the task, whichever connection plugin the play uses.
  - The status words of the agent other than V(SUCCESS) are not documented. One that says that there is nothing new, as
    C(NO_NEW_IMAGE) does, is no failure. With any other word the counters of the agent decide, and RV(reason) quotes it.
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
