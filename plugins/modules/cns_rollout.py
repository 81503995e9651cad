#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name, on the controller, where the journal is.

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_rollout
short_description: Plan a rollout in waves, and write its steps down
version_added: 1.0.0
description:
  - What the role P(cns.image_agent.upgrade#role) uses to cut the fleet into waves, to write down what happens to each device,
    and to decide whether to go on.
  - Runs on the controller, and asks no device.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  journal:
    description: The file in which the steps are written down, one line of JSON each.
    type: path
    required: true
  action:
    description:
      - V(plan) cuts O(hosts) into waves, without those that the journal says are done.
      - V(note) writes a step of the device of the task, or with O(fleet=true) one of the whole rollout.
      - V(judge) counts how the O(hosts) of a wave ended, and says whether to stop.
      - V(state) returns the state of the O(hosts), or of every device.
    type: str
    choices: [plan, note, judge, state]
    required: true
  target_version:
    description: The release that is rolled out.
    type: str
  target_image:
    description: The image that is rolled out.
    type: str
  hosts:
    description: The devices, in the order in which they are to be taken, or of the wave to be judged.
    type: list
    elements: str
    default: []
  waves:
    description: The sizes of the waves, numbers or percentages of O(hosts). The last one repeats.
    type: list
    elements: str
    default: ["1", "10%", "100%"]
  apart:
    description: A group for each device of which no two may be in one wave, such as its site.
    type: dict
    default: {}
  stop_at:
    description:
      - How many devices of a wave, a number or a percentage, may end badly before the rollout stops. V(0) stops at the
        first.
      - Badly means V(failed), V(timeout), V(unknown) or V(blocked).
    type: str
    default: "0"
  step:
    description: The step to write down.
    type: str
  data:
    description: What to write down with it.
    type: dict
    default: {}
  fleet:
    description: Whether the step is one of the rollout, not of the device of the task.
    type: bool
    default: false
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying the target.
    support: full
    details: Nothing is written.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check_mode), when in diff mode.
    support: none
  idempotent:
    description: Can be run multiple times without changing anything.
    support: full
    details: The journal is a record of what was done, and never counts as a change.
seealso:
  - module: cns.image_agent.cns_image_retrieve
"""

EXAMPLES = r"""
- name: Cut the fleet into waves, two routers of a site never together
  cns.image_agent.cns_rollout:
    action: plan
    journal: rollout.jsonl
    target_version: 15.7(3)M9
    hosts: [r1, r2, r3]
    apart: {r1: north, r2: north}
    waves: ["1", "100%"]
  register: cns_plan

# cns_plan.waves:
#   - [r1]
#   - [r2, r3]
"""

RETURN = r"""
waves:
  description: The waves, lists of host names.
  returned: with O(action=plan)
  type: list
  elements: list
  sample: [[r1], [r2, r3]]
done:
  description: Devices that need nothing any more, which are in no wave.
  returned: with O(action=plan)
  type: list
  elements: str
  sample: []
bad:
  description: Devices (with O(action=judge), of the wave) that ended badly, or were not seen to end.
  returned: with O(action=judge) and O(action=state)
  type: list
  elements: str
  sample: []
stop:
  description: Whether the rollout is to stop.
  returned: with O(action=judge)
  type: bool
  sample: false
reason:
  description: Why, for people.
  returned: with O(action=judge)
  type: str
  sample: "0 of 10 devices of the wave ended badly, up to 1 may"
devices:
  description: The state of each device, with C(outcome), C(reason), C(wave), C(started) and C(ended).
  returned: with O(action=state)
  type: dict
limit:
  description: Devices that are not done, for C(--limit).
  returned: with O(action=state)
  type: list
  elements: str
  sample: [r2]
under_way:
  description: Devices that were triggered and not seen to end, with the observation C(before) and the C(snapshot) if there is one.
  returned: with O(action=state)
  type: dict
  sample: {}
"""
