# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role controller with the modules of awx.awx, against a controller's API that refuses what AWX refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.cns.image_agent.tests.unit.roles.controller import fake_controller

COLLECTION = Path(__file__).resolve().parents[4]
MODULES = Path(sysconfig.get_path("purelib"), "ansible_collections/awx/awx")
SECRET, OTHER_SECRET = "agent-secret-one", "agent-secret-two"
GIVEN = {
    "cns_controller_project_url": "https://git.example.org/network/upgrades.git",
    "cns_controller_credentials": ["device login"],
}
EVERYTHING = {
    **GIVEN,
    "cns_controller_secrets": {"cns_image_password": SECRET, "cns_password": OTHER_SECRET},
    "cns_controller_image": "registry.example.org/cns-ee:1.0.0",
    "cns_controller_image_credential": "registry",
    "cns_controller_inventory_path": "inventory.yml",
    "cns_controller_rollout_dir": "/var/lib/cns-rollout",
    "cns_controller_timezone": "Europe/Berlin",
}
# Of everything one, which takes less time
FEW = {
    **GIVEN,
    "cns_controller_job_templates": [{"name": "CNS status", "playbook": "status.yml", "survey": ["cns_hosts"]}],
    "cns_controller_workflows": [{"name": "CNS rollout"}],
    "cns_controller_nodes": [],
    "cns_controller_schedules": [],
}

needs_the_modules = pytest.mark.skipif(not MODULES.exists(), reason="this release of the package ansible has no awx.awx")


Run = subprocess.CompletedProcess


class Bench:
    """A controller, and runs of the playbook against it."""

    def __init__(self, path: Path, prefix: str = "/api/"):
        names = [f"playbooks/{file.name}" for file in COLLECTION.glob("playbooks/*.yml")]
        self.controller = fake_controller.Controller(names, prefix)
        machine, registry = 2, 4  # the types that are there from the start
        self.controller.add("credentials", name="device login", credential_type=machine, organization=1, inputs={})
        self.controller.add("credentials", name="registry", credential_type=registry, organization=1, inputs={})
        self._path = path

    def run(
        self, given: dict[str, Any], *arguments: str, password: str = fake_controller.PASSWORD
    ) -> subprocess.CompletedProcess:
        """Run the playbook; ``changes`` of the controller are then those of this run."""
        variables = self._path / "variables.json"
        variables.write_text(json.dumps(given))
        self.controller.changes.clear()
        with fake_controller.serving(self.controller) as address:
            return subprocess.run(
                ["ansible-playbook", "cns.image_agent.controller", "-e", f"@{variables}", *arguments],
                env=self._environment(CONTROLLER_HOST=address, CONTROLLER_PASSWORD=password),
                cwd=self._path,
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def _environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return dict(
            kept,
            HOME=str(self._path),
            ANSIBLE_HOME=str(self._path / "ansible"),
            ANSIBLE_COLLECTIONS_PATH=f"{self._path / 'collections'}:{COLLECTION.parents[2]}",
            ANSIBLE_LOCALHOST_WARNING="false",
            ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
            CONTROLLER_USERNAME=fake_controller.USER,
            **more,
        )


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def changed(run: subprocess.CompletedProcess) -> int:
    assert run.returncode == 0, run.stdout
    recap = run.stdout.rpartition("PLAY RECAP")[2]
    return int(recap.partition("changed=")[2].split()[0])


@needs_the_modules
def test_a_run_defines_everything_and_a_second_run_changes_nothing(bench):
    first = bench.run(EVERYTHING, "-vvv")
    assert changed(first) > 8
    controller = bench.controller
    assert [secret for secret in (SECRET, OTHER_SECRET, fake_controller.PASSWORD) if secret in first.stdout] == []
    assert controller.named("credentials", "CNS image agent")["inputs"] == EVERYTHING["cns_controller_secrets"]
    injectors = controller.named("credential_types", "CNS image agent")["injectors"]
    assert injectors["extra_vars"]["cns_image_password"] == "{{ cns_image_password }}"

    names = ("configure", "preflight", "upgrade", "status", "troubleshoot", "report")
    assert controller.names("job_templates") == [f"CNS {name}" for name in names]
    upgrade = controller.named("job_templates", "CNS upgrade")
    assert upgrade["ask_limit_on_launch"] and upgrade["ask_job_type_on_launch"] and upgrade["ask_diff_mode_on_launch"]
    assert not upgrade["ask_job_slice_count_on_launch"] and not upgrade["allow_simultaneous"] and upgrade["survey_enabled"]
    assert json.loads(upgrade["extra_vars"]) == {
        "cns_resume_from": "{{ cns_rollout | default('') }}",
        "cns_rollout_dir": "/var/lib/cns-rollout",
    }
    assert json.loads(controller.named("job_templates", "CNS report")["extra_vars"]) == {
        "cns_rollout_dir": "/var/lib/cns-rollout"
    }
    assert controller.named("job_templates", "CNS configure")["ask_job_slice_count_on_launch"]
    assert set(controller.linked("job_templates", "CNS upgrade", "credentials")) == {"device login", "CNS image agent"}
    assert controller.linked("job_templates", "CNS status", "credentials") == ["device login"]

    nodes = controller.names("workflow_job_template_nodes")
    links = {
        (node, link, there)
        for node in nodes
        for link in fake_controller.NODES
        for there in controller.linked("workflow_job_template_nodes", node, link)
    }
    assert links == {
        ("preflight", "success_nodes", "canary"),
        ("canary", "success_nodes", "approval"),
        ("canary", "failure_nodes", "canary report"),
        ("approval", "success_nodes", "waves"),
        ("waves", "always_nodes", "report"),
    }
    assert controller.named("workflow_job_template_nodes", "canary")["limit"] == "canary"
    (approval,) = controller.names("workflow_approval_templates")
    assert controller.named("workflow_approval_templates", approval)["timeout"] == 86400
    enabled = {name: controller.named("schedules", name)["enabled"] for name in controller.names("schedules")}
    assert list(enabled.values()) == [True, True, False]

    second = bench.run(EVERYTHING)
    assert changed(second) == 0
    assert controller.changes == []


@needs_the_modules
def test_check_mode_says_what_is_missing_and_changes_nothing(bench):
    assert changed(bench.run(EVERYTHING, "--check")) > 5
    assert bench.controller.changes == []


@needs_the_modules
def test_what_somebody_changed_is_said_in_check_mode_and_put_right_without_it(bench):
    bench.run(FEW)
    template = bench.controller.named("job_templates", "CNS status")
    template["ask_limit_on_launch"] = False
    check = bench.run(FEW, "--check")
    assert changed(check) == 1
    assert bench.controller.changes == [] and "changed: [localhost] => (item=CNS status)" in check.stdout
    assert changed(bench.run(FEW)) == 1
    assert bench.controller.named("job_templates", "CNS status")["ask_limit_on_launch"] is True


@needs_the_modules
def test_targets_of_the_inventory_are_not_asked_for_and_a_template_for_the_controller_is_not_filled_in(bench):
    report = {"extra_vars": "{{ cns_controller_report_variables }}"}
    upgrade = {
        "name": "CNS upgrade",
        "playbook": "upgrade.yml",
        "survey": ["cns_hosts", "cns_target_version", "cns_waves"],
        **report,
    }
    given = {**FEW, "cns_controller_job_templates": [upgrade], "cns_controller_target": "inventory"}
    assert changed(bench.run(given)) > 0
    survey = bench.controller.survey("job_templates", "CNS upgrade")
    assert [question["variable"] for question in survey["spec"]] == ["cns_hosts", "cns_waves"]
    assert "[cns_rollout] if" in bench.controller.named("job_templates", "CNS upgrade")["extra_vars"]  # there is no folder


@needs_the_modules
def test_the_collection_of_the_automation_platform_takes_the_same_fields(tmp_path):
    copy = tmp_path / "collections/ansible_collections/ansible/controller"
    shutil.copytree(MODULES, copy)  # made as Red Hat makes it: the same files under the other name
    for file in copy.glob("plugins/*/*.py"):
        text = file.read_text().replace("awx.awx", "ansible.controller")
        file.write_text(text.replace('_COLLECTION_TYPE = "awx"', '_COLLECTION_TYPE = "controller"'))
    bench = Bench(tmp_path, "/api/controller/")
    given = {**FEW, "cns_controller_collection": "ansible.controller"}
    assert changed(bench.run(given)) == 5
    assert bench.controller.names("job_templates") == ["CNS status"]


@pytest.mark.parametrize(
    ("given", "password", "said"),
    [
        ({"cns_controller_collection": "ansible.controller"}, fake_controller.PASSWORD, "ansible.controller is not installed"),
        pytest.param({}, "wrong-password", "The controller did not answer as it should", marks=needs_the_modules),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(bench, given, password, said):
    refused(bench, bench.run({**FEW, **given}, password=password), said)


def test_the_address_of_the_project_is_needed(bench):
    refused(bench, bench.run({"cns_controller_credentials": []}), "cns_controller_project_url")


def refused(bench: Bench, run: Run, said: str) -> None:
    assert run.returncode != 0 and said in run.stdout
    assert "Traceback" not in run.stdout and fake_controller.PASSWORD not in run.stdout and "wrong-password" not in run.stdout
    assert bench.controller.changes == []
