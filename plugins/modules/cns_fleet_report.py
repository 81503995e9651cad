#!/usr/bin/python

# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The work is done by the action plugin of the same name, on the controller, where all results are.

from __future__ import annotations

DOCUMENTATION = r"""
module: cns_fleet_report
short_description: Show a fleet as a table, JSON, CSV or a page
version_added: 1.0.0
description:
  - Puts together what the hosts of a play registered, or what the journal of a rollout holds, and shows it to people.
  - Runs once for all hosts, on the controller, and asks no device. Secrets are masked.
author:
  - The cns.image_agent authors (@cns-image-agent)
options:
  of:
    description:
      - What is to be shown.
      - V(status), results of M(cns.image_agent.cns_image_info), as a table.
      - V(upgrades), results of M(cns.image_agent.cns_image_retrieve) or M(cns.image_agent.cns_image_wait), as a table.
      - V(preflight), results of M(cns.image_agent.cns_image_preflight), the worst findings first, and what several devices
        have in common only once. It has findings that no device knows alone, such as an image ID that two devices have.
      - V(rollout), the newest rollout in a O(journal).
      - V(heard), what image agents posted to their status URL, from the O(journal) of the receiver, as a table. It is a picture
        of a rollout on devices that no one can log in to; nothing in it was seen on a device.
      - V(image_ids), lists as O(cns.image_agent.cns_id#module:config.ids), warns about IDs that two devices would share.
    type: str
    choices: [status, upgrades, preflight, rollout, heard, image_ids]
    required: true
  registered:
    description:
      - The name of the variable that holds the result of each host. A host without it is shown as one that was not asked.
      - Needed unless O(of=rollout) or O(of=heard).
    type: str
  hosts:
    description:
      - Which hosts to show. Without it all hosts of the play are.
      - With O(of=heard) the image IDs that are expected to post. Without it those that did are shown.
    type: list
    elements: str
  journal:
    description: The journal of a rollout, needed with O(of=rollout), or that of the receiver, needed with O(of=heard).
    type: path
  parts:
    description:
      - More of what several jobs have left of an O(of=rollout), such as the slices of one job. They become one report.
      - Journals, whose names end in V(.jsonl), and artifacts, in the forms of O(cns.image_agent.cns_rollout#module:resume_from).
      - A device that several of them know is as the last that heard of it says. Waves keep their numbers.
    type: list
    elements: raw
    default: []
  since:
    description:
      - With O(of=heard), what was posted before this time is left out. As C(YYYY-MM-DD HH:MM) in the time of the controller.
    type: str
  query:
    description:
      - A JMESPath expression that narrows down the rows of O(of=status) and O(of=upgrades), for example V([?agent=='off'].host).
      - It needs the Python library jmespath on the controller.
    type: str
  show:
    description: Whether to show it. Without, it is returned as RV(report) instead.
    type: bool
    default: true
  fail_if_blocked:
    description: With O(of=preflight), whether to fail if a device is not ready. The message names them.
    type: bool
    default: false
  json:
    description: A file on the controller to which the data is written as JSON. As with the other files its folder is made
      if need be.
    type: path
  csv:
    description: A file to which it is written as CSV, one line for each device. No cell can act as a formula in a spreadsheet.
    type: path
  html:
    description: A file to which O(of=rollout) is written as a page, complete in itself, for people.
    type: path
  url:
    description:
      - A URL to which O(of=rollout) is posted, as C(application/json) and then as C(text/html).
      - If that fails, a warning says so. Neither its user and password nor its path is shown.
    type: str
  headers:
    description: Headers for O(url), such as C(Authorization). They are not shown.
    type: dict
    default: {}
  limit:
    description: A file to which the names of the devices are written that O(of=rollout) left undone, for C(--limit @FILE).
    type: path
extends_documentation_fragment:
  - cns.image_agent.cns.attributes
attributes:
  check_mode:
    support: partial
    details: It shows the same, and writes no file, which it does not count as a change.
  diff_mode:
    support: none
  idempotent:
    support: full
    details: A file that is as it should be is not written.
seealso:
  - plugin: cns.image_agent.cns_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Ask each device
  cns.image_agent.cns_image_info:
  register: device_status

- name: Show which agents are off
  cns.image_agent.cns_fleet_report:
    of: status
    registered: device_status
    query: "[?agent=='off']"
  run_once: true

- name: Show what devices behind NAT posted since the window began
  cns.image_agent.cns_fleet_report:
    of: heard
    journal: /var/lib/cns/status/heard.jsonl
    since: 2026-05-06 22:00
  run_once: true
"""

RETURN = r"""
msg:
  description: The lines for people; a list, or with C(result_format=yaml) one text. With O(of=rollout), how the rollout ended.
  returned: with O(show=true)
  type: raw
  sample: ["HOST  VERSION", "R1    15.7(3)M9"]
report:
  description:
    - The data, with O(of=status) and O(of=upgrades) a list with a row for each device, in which what is not known is V(null), or
      what O(query) made of it.
    - With O(of=preflight) C(hosts) has for each device what M(cns.image_agent.cns_image_preflight) returns, and each device is
      in one of the lists C(ready), C(on_target) and C(blocked).
    - With O(of=heard) C(seen), which is V(false), a C(note) that says so, C(counts) by state, and C(devices), each with C(heard),
      one of V(success), V(failed), V(in_progress), V(no_new_image), V(unknown) and V(not_heard), and its last message.
    - With O(of=rollout) a rollout as below. Times are ISO 8601 in the time zone of the controller.
  returned: with O(show=false)
  type: raw
  contains:
    target:
      description: What was rolled out, C(version) and C(image), either of them may be empty.
      type: dict
    state:
      description: V(finished), V(stopped), or V(interrupted) if the last run did not come to its end.
      type: str
      sample: finished
    stopped:
      description: In which C(wave), for what C(reason) and C(at) what time the last run stopped.
      type: dict
    started:
      description: When the first run began.
      type: str
      sample: "2026-05-06T22:00:04+02:00"
    ended:
      description: When the last step was written down.
      type: str
      sample: "2026-05-06T22:31:40+02:00"
    seconds:
      description: How long the runs took together, and in words C(duration).
      type: float
      sample: 1896.2
    runs:
      description: How often the playbook was run for this target.
      type: int
      sample: 1
    total:
      description: How many devices the rollout is about.
      type: int
      sample: 12
    counts:
      description: How many devices had which C(outcome), with a C(label) for people and its C(kind), V(good), V(bad),
        V(open) or V(idle).
      type: list
      elements: dict
      sample: [{outcome: success, label: upgraded, kind: good, count: 12}]
    devices:
      description: What became of each device, in the order of the waves. C(posted) has what it posted meanwhile, in words, and
        C(disagreement) in what that differs from its outcome.
      type: list
      elements: dict
    not_started:
      description: Those of the devices to which nothing was sent. Their C(reason) says why.
      type: list
      elements: dict
    limit:
      description: The names of the devices that are not done, for C(--limit).
      type: list
      elements: str
      sample: []
    waves:
      description: When each device of each wave was in which phase; C(waves_to_come) are those of the last run that were
        not begun.
      type: list
      elements: dict
    axis:
      description: The length of the longest wave, and round figures up to it.
      type: dict
"""
