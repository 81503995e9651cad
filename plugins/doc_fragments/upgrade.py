# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that the modules share which upgrade devices, wait for that, or prepare it."""

from __future__ import annotations


class ModuleDocFragment:
    """Parts for C(extends_documentation_fragment)."""

    TARGET = r"""
options:
  target_version:
    description:
      - The release the device should run, as in C(show version). V(17.3.4) and V(17.03.04) are the same.
      - A device that runs it already is left alone.
    type: str
  target_image:
    description: The file name of the image the device should run, as in C(show version), without file system.
    type: str
"""

    TRIGGER = r"""
options:
  mode:
    description:
      - Where the command is sent. V(auto) tries privileged EXEC, and global configuration only if EXEC refuses the
        command as invalid input. V(exec) and V(config) try one of them.
    type: str
    choices: [auto, exec, config]
    default: auto
  wait:
    description: Whether to wait for the outcome. Without, the outcome of a device that was triggered is V(started).
    type: bool
    default: true
"""

    WAIT = r"""
options:
  timeout:
    description: Seconds to wait for a device, at most.
    type: int
    default: 1800
  interval:
    description:
      - Seconds between two polls of a device. While it is away it is tried sooner at first.
      - The pauses vary by a fifth, so that many devices are not asked at the same moment.
    type: int
    default: 15
  keep_session:
    description:
      - Whether the session stays open between two polls, for as long as the device keeps it.
      - With V(false) each poll logs in again, and no line of the device is taken in between.
    type: bool
    default: true
  expect_reload:
    description:
      - Whether the image only counts once the device has reloaded into it.
      - With V(false) the word of the agent that it ended successfully is enough.
    type: bool
    default: true
  journal:
    description:
      - A file on the controller in which each step is written down before it is done, one line of JSON each. It may be
        shared by all devices of a rollout.
      - With it an interrupted run can be run again. An upgrade that was triggered and not seen to end is then waited for,
        never triggered twice.
    type: path
  status_journal:
    description:
      - The journal of what image agents posted to their status URL, which C(cns_status), the receiver of this collection, writes.
      - A device is polled at once when it posts, instead of O(interval) seconds after the last poll. What it posted comes
        back, and it is said if that differs from what the device shows. A message is never proof; the outcome comes from the
        device alone.
    type: path
  image_id:
    description:
      - The image ID under which the device posts, if that is not its name in the inventory. M(cns.image_agent.cns_image_upgrade)
        also knows the one that its preflight found.
    type: str
notes:
  - The outcome comes from what the device says of itself afterwards, never from how a session ended.
  - The status words of the agent other than V(SUCCESS) are not documented. One that says that there is nothing new, as
    C(NO_NEW_IMAGE) does, is no failure. With any other word the counters of the agent decide, and RV(reason) quotes it.
  - The agent tries again by itself. An attempt of it that failed is final when it has not begun another one within its retry
    interval (C(cns image retry), 60 seconds if the device does not tell) and one poll more. Until then the wait goes on; the
    phase is C(waiting), and its detail, in the journal and as a warning, says so.
  - That connections of the agent never reached the image server is said, as a warning, at the first poll that shows it.
  - Nothing is triggered on a device that did not report its version and the status of its agent. A refusal by AAA is told with
    the words of the device.
"""

    FLEET = r"""
options:
  targets:
    description:
      - Targets by model, for devices with neither O(target_version) nor O(target_image). The first that fits counts.
      - A device that none fits is blocked.
    type: list
    elements: dict
    default: []
    suboptions:
      models:
        description: Models as in C(show version). V(*) and V(?) stand for any characters and any one; the case does not matter.
        type: list
        elements: str
        required: true
      version:
        description: The release that devices of these models are to run.
        type: str
      image:
        description: The file name of the image that they are to run.
        type: str
      size:
        description: The size of the image, in bytes or with a unit, for example V(120MB).
        type: bytes
      memory:
        description: The memory that the image needs, in bytes or with a unit, for example V(512MB).
        type: bytes
  logins:
    description: How many devices are logged in to at the same time, at most.
    type: int
    default: 50
  stop_at:
    description:
      - How many devices of a wave, a number or a percentage, may fail before the rollout stops.
      - V(failed), V(timeout), V(unknown) and V(blocked) count, and V(no_new_image) if a target is named.
    type: str
    default: "0"
  window_start:
    description: When the maintenance window begins, as C(YYYY-MM-DD HH:MM) in the time of the controller. Before it nothing
      is started.
    type: str
    default: ""
  window_end:
    description: When it ends. After it nothing is started; what is in progress is waited for.
    type: str
    default: ""
notes:
  - Options about a device may be templates, which are resolved with the variables of each device.
  - Devices are logged in to over asyncssh, with what the inventory, the play and the command line say for C(network_cli).
"""
