# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role does for each device by itself, in a process that core forks for it, is little."""

from __future__ import annotations

from pathlib import Path

import yaml
from jinja2 import Environment, nodes

TASKS = Path(__file__).parents[4] / "roles/upgrade/tasks/main.yml"


def of_each_device():
    return [task for task in yaml.safe_load(TASKS.read_text(encoding="utf-8")) if "run_once" not in task]


def filters_and_tests(text):
    tree = Environment(autoescape=True).parse(text if "{{" in text else "{{ %s }}" % text)
    return [node.name for node in tree.find_all((nodes.Filter, nodes.Test))]


def test_one_task_runs_for_each_device():
    assert [task["name"] for task in of_each_device()] == ["Fail the devices that failed"]


def test_no_process_of_a_device_loads_all_filters_and_tests():
    (task,) = of_each_device()
    arguments = task["ansible.builtin.assert"]
    assert [filters_and_tests(arguments[name]) for name in ("that", "fail_msg")] == [[], []]


def test_a_filter_would_be_seen():
    assert filters_and_tests("{{ a[b] | default('') }}") == ["default"] and filters_and_tests("a is truthy") == ["truthy"]
