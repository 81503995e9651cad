# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A virtual fleet in a folder of its own, the playbooks that are run on it, and what came of them."""

from __future__ import annotations

import collections
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lab import control

from .processes import descendants, waits

ROOT = Path.cwd()
BUILD = Path("build/rehearsal")
TARGET = "15.7(3)M9"
TRIGGER = "cns image retrieve"
INLINE, STOCK = "cns.image_agent.network_cli", "ansible.netcommon.network_cli"
LIMIT = 900  # seconds for one playbook


class Stage:
    """Use it as a context: the fleet is brought up and configured, and ended in any case."""

    def __init__(self, name: str, base: str, *options: str, **variables: str | int) -> None:
        """``base``: of the addresses. ``options``: of the fleet. ``variables``: of every playbook."""
        self.folder = BUILD / name
        patience = {"ansible_connect_timeout": 5, "ansible_command_timeout": 5}  # seconds, for devices that hang
        self.variables = {"cns_target_version": TARGET, "cns_image_interval": 1, **patience, **variables}
        self._lab = Path(tempfile.mkdtemp()) / "lab"  # the path of the work tree may be too long for a socket
        self._options = ("--address-base", base, "--image-size", "65536", *options)
        self._runs = 0
        self.largest_file: int | None = None  # bytes that a playbook can write into a file, as on a disk that is full then

    def __enter__(self) -> Stage:
        shutil.rmtree(self.folder, ignore_errors=True)
        link = self.folder / "collections/ansible_collections/cns/image_agent"
        link.parent.mkdir(parents=True)
        link.symlink_to(ROOT)
        self._lab_command("up", *self._options)
        try:
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def prepare(self) -> None:
        """Have the fleet configured."""
        configure = str(Path(__file__).with_name("configure.yml").absolute())
        self.must(self.play(configure, "-f", "20", "-e", f"ansible_connection={INLINE}") == 0, "the fleet is configured")
        self.lines(forget=True)

    def __exit__(self, *_exception: object) -> None:
        self._lab_command("down")
        shutil.rmtree(self._lab.parent, ignore_errors=True)

    def _lab_command(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "lab", *arguments, "--dir", str(self._lab)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=150)

    # -- the playbook ---------------------------------------------------------------------------------------------

    def start(self, playbook: str, *arguments: str) -> subprocess.Popen:
        """Start a playbook; its output goes to a file."""
        self._runs += 1
        inventory = str((self._lab / "inventory.yml").absolute())
        extra = json.dumps(self.variables)
        environment = dict(
            os.environ,
            PWD=str(self.folder.absolute()),
            ANSIBLE_COLLECTIONS_PATH=str((self.folder / "collections").absolute()),
            ANSIBLE_HOME=str((self.folder / "ansible").absolute()),
        )
        with open(self.folder / f"run-{self._runs}.log", "wb") as log:
            return subprocess.Popen(
                ["ansible-playbook", "-i", inventory, "-e", extra, playbook, *arguments],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._limit,
            )

    def _limit(self) -> None:
        if self.largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.largest_file, self.largest_file))

    def play(self, playbook: str, *arguments: str) -> int:
        """Run a playbook to its end; return its exit status."""
        process = self.start(playbook, *arguments)
        try:
            return process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            print(f"   {playbook} hangs")
            for pid in [process.pid, *descendants(process.pid)]:
                print(*waits(pid), sep="\n", flush=True)
            raise
        finally:
            kill(process)

    def upgrade(self, *arguments: str) -> int:
        return self.play("cns.image_agent.upgrade", *arguments)

    # -- the devices ----------------------------------------------------------------------------------------------

    def fault(self, device: str, *faults: str, clear: bool = False) -> None:
        control.request(self._lab / "control", "fault", names=[device], faults=list(faults), clear=clear)

    def status(self, **options: bool) -> dict:
        return control.request(self._lab / "control", "status", names=[], **options)

    def devices(self) -> dict[str, dict]:
        return {device["name"]: device for device in self.status()["devices"]}

    def downloads(self) -> dict[str, tuple[int, int]]:
        """How often each device downloaded an image, and how often it began to and did not end."""
        served = self.status()["server"]["devices"]
        return {name: (device["downloads"], device["aborted_downloads"]) for name, device in served.items()}

    def lines(self, forget: bool = False) -> dict[str, list[str]]:
        """What each device received since it was told to forget."""
        devices = self.status(log=True, reset_log=forget)["devices"]
        return {device["name"]: [entry["line"] for entry in device["received"]] for device in devices}

    def triggers(self) -> collections.Counter[str]:
        """How often each device was told to retrieve an image."""
        return collections.Counter({name: lines.count(TRIGGER) for name, lines in self.lines().items()})

    # -- the rollout ----------------------------------------------------------------------------------------------

    @property
    def journal(self) -> Path:
        return self.folder / "cns-rollout/journal.jsonl"

    def report(self) -> dict:
        return json.loads((self.folder / "cns-rollout/report.json").read_text())

    def outcomes(self) -> dict[str, tuple[str, str]]:
        """Outcome and reason of each device in the report."""
        return {device["host"]: (device["outcome"], device["reason"]) for device in self.report()["devices"]}

    @staticmethod
    def must(truth: object, what: str) -> None:
        """One claim. The rehearsal ends where it is not true."""
        if not truth:
            raise SystemExit(f"   NOT TRUE: {what}")
        print(f"   {what}", flush=True)


def kill(process: subprocess.Popen, with_workers: bool = True) -> list[int]:
    """SIGKILL a playbook, with its workers or without; return the pids of those that it left behind."""
    if process.poll() is not None:
        return []
    process.send_signal(signal.SIGSTOP)  # so that it starts no other
    workers = descendants(process.pid)
    for pid in [process.pid, *(workers if with_workers else ())]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended by itself
    process.wait()
    return [] if with_workers else workers


def timed(begin: float) -> str:
    return f"{time.monotonic() - begin:.0f} s"
