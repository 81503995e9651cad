# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: cns_rollout_report
short_description: Make a report of the journal of a rollout
version_added: 1.0.0
author:
  - The cns.image_agent authors (@cns-image-agent)
description:
  - Turns the entries of a journal into plain data about the newest rollout in it, with every earlier run for the same target.
  - The role P(cns.image_agent.upgrade#role) makes its page, its JSON and its CSV of it.
  - Lines that are no entries are left out. Nothing that a journal holds makes it fail.
options:
  _input:
    description: The entries, as P(cns.image_agent.cns_journal#lookup) gives them.
    type: list
    elements: dict
    required: true
seealso:
  - plugin: cns.image_agent.cns_journal
    plugin_type: lookup
  - plugin: cns.image_agent.cns_rollout_rows
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Say how many devices ended how
  ansible.builtin.debug:
    msg: "{{ item.count }} {{ item.label }}"
  loop: "{{ (lookup('cns.image_agent.cns_journal', 'journal.jsonl', wantlist=true) | cns.image_agent.cns_rollout_report).counts }}"
  # => "msg": "11 upgraded"
  # => "msg": "1 failed"
"""

RETURN = r"""
_value:
  description: The report. Times are ISO 8601 in the time zone of the controller.
  type: dict
  contains:
    target:
      description: What was rolled out, C(version) and C(image), either of them may be empty.
      type: dict
    state:
      description: V(finished), V(stopped), or V(interrupted) where the last run did not come to its end.
      type: str
      sample: finished
    stopped:
      description: In which V(wave), for what V(reason) and V(at) what time the last run stopped.
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
      description: How long the runs took together.
      type: float
      sample: 1896.2
    duration:
      description: The same in words.
      type: str
      sample: 31 min 36 s
    runs:
      description: How often the playbook was run for this target.
      type: int
      sample: 1
    total:
      description: How many devices the rollout is about.
      type: int
      sample: 12
    counts:
      description: How many devices had which V(outcome), with a V(label) for people and its V(kind), V(good), V(bad), V(open) or V(idle).
      type: list
      elements: dict
      sample: [{outcome: success, label: upgraded, kind: good, count: 12}]
    devices:
      description: What became of each device, in the order of the waves.
      type: list
      elements: dict
    not_started:
      description: Those of RV(_value.devices) to which nothing was sent. Their V(reason) says why.
      type: list
      elements: dict
    limit:
      description: The names of the devices that are not done, for C(--limit).
      type: list
      elements: str
      sample: []
    waves:
      description: When each device of each wave was in which phase.
      type: list
      elements: dict
    waves_to_come:
      description: The waves of the last run that were not begun.
      type: list
      elements: dict
    axis:
      description: The length of the longest wave, and round figures up to it.
      type: dict
"""

from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.report import report


def cns_rollout_report(entries):
    """The report as plain data; AnsibleFilterError for anything but a list."""
    if not isinstance(entries, list):
        raise AnsibleFilterError("cns_rollout_report needs the entries of a journal, as the lookup cns_journal gives them with wantlist=true")
    return report(entries)


class FilterModule:
    """The filter of this file."""

    def filters(self):
        return {"cns_rollout_report": cns_rollout_report}
