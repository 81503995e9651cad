# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The surveys of the role controller, by AWX's rules, and by what the roles and playbooks take."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.cns.image_agent.tests.unit.roles.controller import awx_rules

COLLECTION = Path(__file__).resolve().parents[4]
ROLES = {"configure": "agent", "preflight": "preflight", "upgrade": "upgrade"}  # what a playbook is but for its role


def load(name: str) -> Any:
    return DataLoader().load_from_file(str(COLLECTION / name))


DATA = {
    name: value
    for file in sorted(COLLECTION.glob("roles/controller/defaults/main/*.yml"))
    for name, value in load(str(file)).items()
}
QUESTIONS = {question["variable"]: question for question in DATA["cns_controller_questions"]}
TEMPLATES = DATA["cns_controller_job_templates"]
ASKED = [(template, variable) for template in TEMPLATES for variable in template.get("survey", [])]
BY_NAME = {template["name"]: template for template in TEMPLATES}


def survey(thing: dict) -> dict:
    spec = [question for question in DATA["cns_controller_questions"] if question["variable"] in thing["survey"]]
    return {"name": thing["name"], "description": thing.get("description", ""), "spec": spec}


def taken(template: dict) -> dict[str, dict]:
    """The options that the playbook of a template takes: those of its role, and its own variables with their defaults."""
    playbook = template["playbook"].removesuffix(".yml")
    text = (COLLECTION / "playbooks" / template["playbook"]).read_text()
    found = re.findall(r"\b(cns_\w+) \| default\(('[^']*'|\d+|true|false)\)", text)
    own = {name: {"default": yaml.safe_load(default)} for name, default in found}
    if role := ROLES.get(playbook):
        own.update(load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"]["options"])
    return own


@pytest.mark.parametrize("thing", [*TEMPLATES, *DATA["cns_controller_workflows"]], ids=lambda thing: thing["name"])
def test_a_survey_is_one_for_awx(thing):
    if "survey" in thing:
        assert set(thing["survey"]) - set(QUESTIONS) == set()
        assert awx_rules.survey_problems(survey(thing)) == []


def test_every_question_is_asked():
    assert {variable for _template, variable in ASKED} == set(QUESTIONS)


@pytest.mark.parametrize(("template", "variable"), ASKED, ids=lambda value: value if isinstance(value, str) else value["name"])
def test_an_answer_goes_to_a_variable_that_is_there_and_the_default_is_the_same(template, variable):
    option, question = taken(template)[variable], QUESTIONS[variable]
    if "default" in option:
        assert answered(option, question["default"]) == option["default"]
    assert set(awx_rules.choices_of(question)) <= set(option.get("choices", ["true", "false"]))


def answered(option: dict, answer: Any) -> Any:
    """What Ansible makes of an answer, by the type of the option."""
    kinds = {name: option[name] for name in ("type", "elements") if name in option}
    if not kinds:
        kinds = {"type": type(option["default"]).__name__}  # a playbook says | bool or | int
    result = ArgumentSpecValidator({"given": kinds}).validate({"given": answer})
    assert result.error_messages == []
    return result.validated_parameters["given"]


@pytest.mark.parametrize("thing", [*TEMPLATES, *DATA["cns_controller_workflows"]], ids=lambda thing: thing["name"])
def test_nothing_must_be_answered_so_that_a_schedule_can_launch_it(thing):
    for variable in thing.get("survey", []):
        assert awx_rules.answer_problems(QUESTIONS[variable], QUESTIONS[variable].get("default")) == []


def test_the_workflow_asks_for_what_its_upgrade_asks_for():
    (workflow,) = DATA["cns_controller_workflows"]
    assert workflow["survey"] == BY_NAME["CNS upgrade"]["survey"]


def test_a_job_goes_on_from_the_artifact_of_the_one_before():
    data = load("roles/controller/vars/main.yml")
    options = load("roles/upgrade/meta/argument_specs.yml")["argument_specs"]
    assert "cns_controller_upgrade_variables" in BY_NAME["CNS upgrade"]["extra_vars"]
    assert "cns_controller_report_variables" in BY_NAME["CNS report"]["extra_vars"]
    assert data["cns_controller_resume"].keys() <= options["main"]["options"].keys()
    assert data["cns_controller_parts"].keys() <= options["report"]["options"].keys()


@pytest.mark.parametrize(
    ("known", "resumed", "parts"), [({}, "", []), ({"cns_rollout": {"format": 1}}, {"format": 1}, [{"format": 1}])]
)
def test_what_the_controller_hands_on_is_the_artifact_or_nothing(known, resumed, parts):
    data = yaml.safe_load((COLLECTION / "roles/controller/vars/main.yml").read_text().replace("!unsafe ", ""))
    fill = NativeEnvironment().from_string
    assert fill(data["cns_controller_resume"]["cns_resume_from"]).render(known) == resumed
    assert fill(data["cns_controller_parts"]["cns_rollout_parts"]).render(known) == parts


def test_only_what_each_device_does_by_itself_is_cut_into_slices():
    sliced = {template["name"] for template in TEMPLATES if template.get("ask_job_slice_count_on_launch")}
    assert sliced == {"CNS configure", "CNS status", "CNS troubleshoot"}


@pytest.mark.parametrize("schedule", DATA["cns_controller_schedules"], ids=lambda schedule: schedule["name"])
def test_a_schedule_is_one_for_awx(schedule):
    rule = schedule["rrule"].replace("{{ cns_controller_timezone }}", DATA["cns_controller_timezone"])
    assert awx_rules.rrule_problems(rule) == []


def test_a_node_of_the_workflow_is_a_template_and_leads_to_nodes():
    nodes = DATA["cns_controller_nodes"]
    there = {node["identifier"] for node in nodes}
    for node in nodes:
        assert "approval_node" in node or node["unified_job_template"] in BY_NAME
        links = [*node.get("success_nodes", []), *node.get("failure_nodes", []), *node.get("always_nodes", [])]
        assert set(links) <= there


def question(**fields: Any) -> dict:
    return {"type": "text", "question_name": "Which", "variable": "x", "required": False, **fields}


@pytest.mark.parametrize(
    "bad",
    [
        question(type="number"),
        question(required="yes"),
        question(required=1),
        question(variable=7),
        question(type="integer", default="10"),
        question(type="integer", default=True),
        question(type="text", default=0),
        question(type="text", default=["a"]),
        question(min="1"),
        question(max=1.5),
        question(type="multiplechoice"),
        question(type="multiplechoice", choices=["a"], default="b"),
        question(type="multiplechoice", choices=["a", "b"], default="a\nb"),
        question(type="multiselect", choices=["a", "b"], default="a\nc"),
        question(type="multiplechoice", choices=[True, False]),
        question(type="text", default="$encrypted$"),
        question(type="integer", min=5, default=1),
        question(type="text", max=2, default="long"),
        {"type": "text", "question_name": "Which", "variable": "x"},
        "which",
    ],
)
def test_what_awx_refuses_of_a_question(bad):
    assert len(awx_rules.survey_problems({"name": "", "description": "", "spec": [bad]})) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"name": "", "spec": [question()]},
        {"name": "", "description": None, "spec": [question()]},
        {"name": "", "description": "", "spec": []},
        {"name": "", "description": "", "spec": {}},
        {"name": "", "description": "", "spec": [question(), question()]},
    ],
)
def test_what_awx_refuses_of_a_survey(bad):
    assert len(awx_rules.survey_problems(bad)) == 1


@pytest.mark.parametrize(
    "bad",
    [
        "RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260105T060000 RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260105T060000Z DTSTART:20260106T060000Z RRULE:FREQ=DAILY;INTERVAL=1",
        "DTSTART:20260105T060000Z",
        "DTSTART:20260105T060000Z RRULE:FREQ=DAILY",
        "DTSTART:20260105T060000Z RRULE:FREQ=SECONDLY;INTERVAL=1",
        "DTSTART:20260105T060000Z RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=2SA",
        "DTSTART:20260105T060000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=1000",
        "DTSTART:20260105T060000Z RRULE:FREQ=DAILY;INTERVAL=1;COUNT=2;UNTIL=20270101T000000Z",
        "DTSTART:20260105T060000Z RRULE:FREQ=DAILY;INTERVAL=1 EXDATE:20260106",
        "DTSTART;TZID=Mars/Olympus:20260105T060000 RRULE:FREQ=DAILY;INTERVAL=1",
    ],
)
def test_what_awx_refuses_of_a_schedule(bad):
    assert len(awx_rules.rrule_problems(bad)) == 1
