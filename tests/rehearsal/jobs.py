# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks run as a controller runs its jobs: by ansible-runner, here or through transmit, worker and process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, Optional

from tests.hard.searching import Find, Searcher, new

from .stage import LIMIT, Stage, kill

RUNNER = "ansible-runner"
# Of the logins and of the agent: new ones each time, by the variables of the environment from which the lab takes them.
SECRETS = {"LAB_PASSWORD": new("&"), "LAB_ENABLE_SECRET": new("<"), "LAB_IMAGE_PASSWORD": new("%")}


class Events(NamedTuple):
    """What a job has sent to its controller."""

    folder: Path

    def all(self) -> list[dict[str, Any]]:
        found = [json.loads(path.read_text()) for path in self.folder.rglob("job_events/*.json")]
        return sorted(found, key=lambda event: event["counter"])

    def said(self) -> str:
        """What was shown while it ran, without the results of tasks."""
        return "\n".join(event["stdout"] for event in self.all() if event["event"] == "verbose")

    def artifact(self) -> Optional[dict[str, Any]]:
        """The artifact of the job when it ended, None if it did not."""
        ends = [event for event in self.all() if event["event"] == "playbook_on_stats"]
        return ends[-1]["event_data"]["artifact_data"].get("cns_rollout") if ends else None

    def last_heard(self) -> Optional[dict[str, Any]]:
        """The artifact as it was when the last event with one came, None if there was none."""
        results = [event.get("event_data", {}).get("res", {}) for event in self.all()]
        kept = [result["ansible_stats"]["data"] for result in results if "ansible_stats" in result]
        return kept[-1]["cns_rollout"] if kept else None

    def leaks(self) -> list[Find]:
        """Each secret, in whatever form, in a file below the folder."""
        searcher = Searcher(SECRETS)
        assert not searcher.blind(), "every secret would be found in every form"
        return list(searcher.in_files([self.folder]))


class JobStage(Stage):
    """A virtual fleet, and a controller that runs jobs on it."""

    def _lab_command(self, *arguments: str) -> None:
        """Only the lab has them in its environment: ansible-runner writes down that of a job."""
        before = dict(os.environ)
        os.environ.update(SECRETS)
        try:
            super()._lab_command(*arguments)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def prepare(self) -> None:
        events, status = self.run("configure")
        self.must(
            status == 0 and not events.leaks(), "ansible-runner run configures the fleet, and no secret is in its artifacts"
        )
        self.must(self.run("configure")[0].all()[-1]["event_data"]["changed"] == {}, "a second run changes nothing")
        self.lines(forget=True)

    def run(self, playbook: str) -> tuple[Events, int]:
        """Run a job on this machine; return what it sent, and its exit status."""
        job = self._job(playbook, {})
        process = self._popen("run", str(job), "-p", f"{playbook}.yml", "-q", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            return Events(job / "artifacts"), process.wait(LIMIT)
        finally:
            kill(process)

    def remote(self, playbook: str, until: Optional[Callable[[], None]] = None, **variables: Any) -> tuple[Events, int]:
        """Run a job as on a remote node: transmit | worker | process; return what arrived, and the worker's exit status.

        ``until`` returns when the worker is to be killed. In any case everything that it had is deleted.
        """
        return self._remote(self._job(playbook, variables), playbook, until)

    def side_by_side(self, playbook: str, *variables: dict[str, Any]) -> list[tuple[Events, int]]:
        """Run several such jobs at a time."""
        jobs = [self._job(playbook, one) for one in variables]
        with ThreadPoolExecutor(len(jobs)) as runners:
            return list(runners.map(lambda job: self._remote(job, playbook), jobs))

    def _remote(self, job: Path, playbook: str, until: Optional[Callable[[], None]] = None) -> tuple[Events, int]:
        there, here = job / "worker", job / "process"
        transmit = self._popen("transmit", str(job / "data"), "-p", f"{playbook}.yml", stdin=subprocess.DEVNULL)
        inside = dict(os.environ, PWD=str(there))  # as in the container of a job, whose files are all in its own folder
        worker = self._popen("worker", "--private-data-dir", str(there), stdin=transmit.stdout, env=inside)
        process = self._popen("process", str(here), stdin=worker.stdout, stdout=subprocess.DEVNULL)
        transmit.stdout.close()
        worker.stdout.close()
        try:
            if until:
                until()
                kill(worker)
                self.must(
                    (there / "cns-rollout/journal.jsonl").is_file(),
                    "its journal goes with its folder",
                )
            status = worker.wait(LIMIT)
            process.wait(60)
        finally:
            for one in (transmit, worker, process):
                kill(one)
        shutil.rmtree(there, ignore_errors=True)
        shutil.rmtree(job / "data")
        return Events(here), status

    def _popen(self, what: str, *arguments: str, **options: Any) -> subprocess.Popen:
        with open(self.folder / f"{what}.log", "ab") as log:
            return subprocess.Popen(
                [RUNNER, what, *arguments], **{"stdout": subprocess.PIPE, "stderr": log, "start_new_session": True, **options}
            )

    def _job(self, playbook: str, variables: dict[str, Any]) -> Path:
        """The private data directory of a new job, which is C(data) of a remote one."""
        self._runs += 1
        job = self.folder.absolute() / f"job-{self._runs}"
        data = job if playbook == "configure" else job / "data"
        collections = str((self.folder / "collections").absolute())
        secrets = {"ansible_password": SECRETS["LAB_PASSWORD"], "ansible_become_password": SECRETS["LAB_ENABLE_SECRET"]}
        secrets |= {"cns_image_password": SECRETS["LAB_IMAGE_PASSWORD"]} if playbook == "configure" else {}
        urls = {"cns_image_server_url": "{{ lab_server_url }}", "cns_image_status_url": "{{ lab_status_url }}"}
        files = {
            "env/extravars": {**self.variables, **urls, **secrets, "cns_image_retry": 1, "cns_save_when": "changed", **variables},
            "env/envvars": {"ANSIBLE_COLLECTIONS_PATH": collections, "ANSIBLE_HOME": str(self.folder.absolute() / "ansible")},
            f"project/{playbook}.yml": [{"import_playbook": f"cns.image_agent.{playbook}"}],
        }
        for name, content in files.items():
            (data / name).parent.mkdir(parents=True, exist_ok=True)
            (data / name).write_text(json.dumps(content))
        (data / "inventory").mkdir()
        shutil.copy(self._lab / "inventory.yml", data / "inventory" / "hosts.yml")
        return job


def rehearse(base: str) -> None:
    """Configure by C(ansible-runner run), upgrade through transmit, worker and process, as a controller does."""
    with JobStage("jobs", base, "--devices", "6", "--boot-seconds", "1", cns_image_timeout=60) as stage:
        _upgrade(stage)
        _slices(stage)
        stage.must(set(stage.triggers().values()) == {1}, "each device was triggered once")


def _upgrade(stage: JobStage) -> None:
    events, status = stage.remote("upgrade", cns_hosts="R1,R2", cns_waves=["1", "100%"])
    made, told = events.artifact(), events.said()
    stage.must(status == 0, "transmit | worker | process upgrades two devices")
    stage.must(made and made["counts"] == {"success": 2}, f"its artifact says so: {made and made['counts']}")
    stage.must(made["state"] == "finished" and not made["limit"] and not made["begun"], "and that nothing is left to do")
    stage.must("R1" in told and "R2" in told, "its progress is seen in the events")
    stage.must(not events.leaks(), "no secret is below artifacts")


def _slices(stage: JobStage) -> None:
    """Three slices at a time with one folder, that outlasts them; nobody is in the last one."""
    folder = stage.folder.absolute() / "mounted"
    hosts = {"1": "R3,R4", "2": "R5,R6", "3": "nobody"}
    jobs = [dict(cns_hosts=pattern, cns_rollout_slice=name, cns_rollout_dir=str(folder)) for name, pattern in hosts.items()]
    ended = stage.side_by_side("upgrade", *jobs)
    stage.must([status for _events, status in ended] == [0, 0, 0], "three slices at a time end well, also the empty one")
    journals = sorted(str(path) for path in folder.glob("*.jsonl"))
    stage.must(len(journals) == 2, "each has a journal of its own in the folder that they share")
    whole = dict(
        cns_rollout_dir=str(folder), cns_rollout_parts=[*journals, *(events.artifact() for events, _status in ended[:1])]
    )
    stage.must(stage.remote("report", **whole)[1] == 0, "journals and artifacts become one report")
    report = json.loads((folder / "report.json").read_text())
    stage.must(report["total"] == 4 and report["state"] == "finished", "which knows the devices of all")
