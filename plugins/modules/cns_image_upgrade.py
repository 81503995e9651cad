#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name: one process drives all devices.

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_image_upgrade
short_description: Upgrade one or many Cisco IOS devices through their CNS image agents, from one process
version_added: 1.0.0
description:
  - Takes each device from preflight to proof. It polls the device, checks whether it is ready, saves its configuration if
    O(save) is set, records what matters about it, sends C(cns image retrieve), waits through download and reload, proves
    the outcome by what the device says of itself, and compares it with what it had.
  - All devices of O(hosts) are driven at the same time by the process of this task, whatever the forks. A device that
    hangs costs its own time only.
  - A device that is on its target is left alone. One that is upgrading already is waited for. Nothing is ever triggered twice.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  hosts:
    description:
      - The devices, by their names in the inventory. By default the host of the task.
      - With more than one, run the task once (C(run_once)).
    type: list
    elements: str
    default: []
  known:
    description: Findings about devices that take a view of the whole fleet, as M(cns.image_agent.cns_rollout)
      returns them.
    type: dict
    default: {}
  configure:
    description:
      - Whether to configure the agents of each device first, with the variables of the role P(cns.image_agent.agent#role).
      - Its configuration is saved if that changed anything.
    type: bool
    default: false
  save:
    description: Whether to save the configuration of each device first. Without it a device with unsaved changes is blocked.
    type: bool
    default: false
  snapshot:
    description: Whether to compare what the device has before and after, as M(cns.image_agent.cns_snapshot) takes it.
    type: bool
    default: true
  tolerances:
    description: How many fewer of something a device may have afterwards, as for P(cns.image_agent.cns_snapshot_diff#filter).
    type: dict
    default: {}
  resume:
    description: Whether an upgrade that the journal says was triggered, and whose end was not seen, is waited for.
    type: bool
    default: true
  details:
    description:
      - Whether RV(devices) has everything that was seen of each device. Without, RV(ends) and the journal tell the outcomes, and
        the result of a thousand devices stays small.
    type: bool
    default: true
  wave:
    description: Which wave of a rollout this is, from 1. It is written into the journal.
    type: int
  of:
    description: How many waves the rollout has.
    type: int
  fleet_target:
    description: The target of the whole rollout, as M(cns.image_agent.cns_rollout) returns it.
    type: dict
extends_documentation_fragment:
  - cns.image_agent.cns.attributes
  - cns.image_agent.upgrade.target
  - cns.image_agent.upgrade.trigger
  - cns.image_agent.upgrade.wait
  - cns.image_agent.upgrade.fleet
  - cns.image_agent.preflight
attributes:
  check_mode:
    support: full
    details: Nothing but show commands and a ping is sent. Each device says what would happen, and why.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details: With a target. Otherwise the server decides whether there is anything newer.
requirements:
  - asyncssh on the controller
seealso:
  - module: cns.image_agent.cns_image_retrieve
  - module: cns.image_agent.cns_image_preflight
  - module: cns.image_agent.cns_rollout
"""

EXAMPLES = r"""
- name: Upgrade all routers at the same time
  cns.image_agent.cns_image_upgrade:
    hosts: "{{ groups['routers'] }}"
    target_version: 15.7(3)M9
    save: true
    journal: rollout.jsonl
  run_once: true
  register: upgrade

- name: Say how many ended how
  ansible.builtin.debug:
    msg: "{{ upgrade.counts }}"
  run_once: true
"""

RETURN = r"""
devices:
  description: What became of each device, by its name.
  returned: always, unless the options are wrong
  type: dict
  contains:
    outcome:
      description:
        - V(up_to_date), it ran its target already. V(success), it runs its target now. V(started), with O(wait=false) or in
          check mode.
        - V(no_new_image), the server had nothing newer, which is a failure if a target is named.
        - V(blocked) by the preflight. V(skipped), outside the maintenance window.
        - V(failed), V(timeout), V(unknown) as for M(cns.image_agent.cns_image_retrieve).
      type: str
      sample: success
    reason:
      description: Why, for people.
      type: str
      sample: the device runs 15.7(3)M9 (flash:c2900-universalk9-mz.SPA.157-3.M9.bin) after a reload
    target:
      description: What it was to run, C(version) and C(image).
      type: dict
      sample: {version: 15.7(3)M9, image: null}
    before:
      description: What was observed before, as for M(cns.image_agent.cns_image_retrieve). Null if nothing was.
      type: dict
    after:
      description: What was observed last. Null if nothing was.
      type: dict
    elapsed:
      description: Seconds for which the device was waited for.
      type: float
      sample: 64.2
    polls:
      description: How often it was polled meanwhile.
      type: int
      sample: 8
    reloads:
      description: How many reloads were seen.
      type: int
      sample: 1
    changed:
      description: Whether anything was, or in check mode would be, triggered.
      type: bool
      sample: true
    posted:
      description: What it posted meanwhile, as for M(cns.image_agent.cns_image_wait).
      returned: with O(status_journal), if the device was waited for
      type: list
      elements: dict
    disagreement:
      description: In what that differs from the outcome, for people. Empty if it does not.
      returned: with O(status_journal), if the device was waited for
      type: str
    findings:
      description: What the preflight found, as for M(cns.image_agent.cns_image_preflight).
      type: list
      elements: dict
      sample: []
    differences:
      description: What the device has now that differs from before, as from P(cns.image_agent.cns_snapshot_diff#filter).
      type: list
      elements: dict
      sample: []
ends:
  description: How each device ended, by its name, in a few words.
  returned: always, unless the options are wrong
  type: dict
  contains:
    outcome:
      description: As in RV(devices).
      type: str
      sample: failed
    reason:
      description: As in RV(devices).
      type: str
    elapsed:
      description: As in RV(devices).
      type: float
      sample: 64.2
    msg:
      description: What happened and what to do, for a device that failed.
      type: str
    disagreement:
      description: In what the messages of the device differ from its outcome.
      returned: if they do
      type: str
counts:
  description: How many devices had which outcome.
  returned: always, unless the options are wrong
  type: dict
  sample: {success: 9, failed: 1}
bad:
  description: The devices that failed.
  returned: always, unless the options are wrong
  type: list
  elements: str
  sample: [r5]
stop:
  description: Whether more devices failed than O(stop_at) allows.
  returned: always, unless the options are wrong
  type: bool
  sample: true
reason:
  description: How many failed, for people.
  returned: always, unless the options are wrong
  type: str
  sample: "1 of 10 devices in this wave failed (limit: 0)"
"""
