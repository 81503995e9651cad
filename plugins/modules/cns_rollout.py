#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name, on the controller, where the journal is.

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_rollout
short_description: Plan a rollout in waves from what each device runs, and say how it ended
version_added: 1.0.0
description:
  - What the role P(cns.image_agent.upgrade#role) begins and ends with. The waves between are
    M(cns.image_agent.cns_image_upgrade)'s.
  - The plan asks every device what it runs, from one process, whatever the forks. Devices that run their target already are
    in no wave. The journal says what was begun; what is done, only the device says.
  - Runs once for all hosts, on the controller.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  action:
    description:
      - V(plan) polls the O(hosts) and cuts those that are not on their target into waves.
      - V(sum_up) hands what is known of the rollout to the controller, as the artifact C(cns_rollout), for the case that nothing
        else is left of it.
      - V(finish) makes a table of how all devices ended, writes the end down, and sums up.
    type: str
    choices: [plan, sum_up, finish]
    required: true
  journal:
    description: The file in which the steps of the rollout are written down, one line of JSON each.
    type: path
    required: true
  hosts:
    description: The devices, by their names in the inventory, in the order in which they are to be taken.
    type: list
    elements: str
    default: []
  files:
    description: Other files that the rollout is going to write. The plan fails, before any device is asked, if one of them or
      the O(journal) cannot be written.
    type: list
    elements: path
    default: []
  resume_from:
    description:
      - What another job has left of this rollout, if the O(journal) does not know it, for O(action=plan).
      - The artifact C(cns_rollout) as a dictionary or as JSON, a file with it, the events of the job, or the folder in which
        ansible-runner keeps those. The newest artifact in it counts.
      - It has to be of a rollout to the same target. What has the form of an artifact is taken, and the rest of it ignored.
    type: raw
  begun:
    description: The devices of the wave that begins now, for O(action=sum_up). If nothing more is heard of the rollout, they may
      have been triggered.
    type: list
    elements: str
    default: []
  waves:
    description:
      - Sizes of the waves, numbers or percentages. The last one repeats.
      - A percentage counts from the devices of this run that do not run their target yet, so a rollout that is resumed has
        smaller waves.
    type: list
    elements: str
    default: ["1", "10%", "100%"]
  canary:
    description: Devices that are taken before all others.
    type: list
    elements: str
    default: []
  apart:
    description:
      - What two devices of one wave must not have in common.
      - Either the name of a variable of the devices, such as V(site), or a template that gives the site of each device itself.
    type: str
    default: ""
  plan:
    description: What O(action=plan) returned, for O(action=finish).
    type: dict
    default: {}
  ends:
    description: What M(cns.image_agent.cns_image_upgrade) returned as C(ends) for all waves, for O(action=finish).
    type: dict
    default: {}
extends_documentation_fragment:
  - cns.image_agent.cns.attributes
  - cns.image_agent.upgrade.target
  - cns.image_agent.upgrade.fleet
attributes:
  check_mode:
    support: full
    details: Nothing is written.
  diff_mode:
    support: none
  idempotent:
    support: full
    details: The journal is a record of what was done, and never counts as a change.
seealso:
  - module: cns.image_agent.cns_image_upgrade
"""

EXAMPLES = r"""
- name: Cut the routers into waves, two of a site never together
  cns.image_agent.cns_rollout:
    action: plan
    journal: rollout.jsonl
    hosts: "{{ groups['routers'] }}"
    target_version: 15.7(3)M9
    apart: site
    waves: ["1", "100%"]
  run_once: true
  register: plan

# plan.waves:
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
  description: Devices that run their target already, which are in no wave.
  returned: with O(action=plan)
  type: list
  elements: str
  sample: []
in_progress:
  description: Devices that an earlier run triggered, whose end was not seen. They are waited for, never triggered twice.
  returned: with O(action=plan)
  type: list
  elements: str
  sample: []
target:
  description: C(version) and C(image) that all devices share, or the names of all targets as C(version).
  returned: with O(action=plan)
  type: dict
  sample: {version: 15.7(3)M9, image: null}
closed:
  description: In check mode, why the rollout would not begin now. Null if it would.
  returned: with O(action=plan)
  type: str
  sample: null
known:
  description: Findings about devices that only who sees the whole fleet can have, for
    O(cns.image_agent.cns_image_upgrade#module:known).
  returned: with O(action=plan)
  type: dict
  sample: {}
summary:
  description: The plan as a sentence for people.
  returned: with O(action=plan)
  type: str
  sample: 3 devices in 2 waves of 1, 2; 0 run their target already. First comes r1. A wave with more than 0 failures is the last.
table:
  description: How each device ended, as lines of a table.
  returned: with O(action=finish)
  type: list
  elements: str
failed_devices:
  description: A message for each device that failed, by its name.
  returned: with O(action=finish)
  type: dict
  sample: {}
ansible_stats:
  description:
    - As of M(ansible.builtin.set_stats). Its C(data) has C(cns_rollout), the artifact, of at most 500 kB of JSON.
    - C(state), C(total), C(counts) by outcome, C(bad) with the reason of each device that failed, C(limit) with those that are
      left, and C(report) with the devices as M(cns.image_agent.cns_fleet_report) returns them, but for findings and phases.
    - C(in_progress) and C(begun), for O(resume_from). C(cut) says what was left out, because it would be too large.
  returned: with O(action=sum_up) and O(action=finish), not in check mode
  type: dict
left:
  description: Devices that do not run their target yet.
  returned: with O(action=finish)
  type: list
  elements: str
  sample: []
"""
