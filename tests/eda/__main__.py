# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A device whose download fails triggers the troubleshoot playbook, by ansible-rulebook and the rulebook of the collection.

Run by tools/eda_test.sh, which installs ansible-rulebook; python -m tests.eda DIRECTORY, where DIRECTORY has its commands.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import workspace

RULEBOOK = "cns.image_agent.cns_status"
READY, TRIGGERED, ENDED = 60, 10, 90  # seconds, at most; the second is what users are promised
FAILING, SOUND = "R1", "R2"


def main(commands: str) -> int:
    place = workspace.prepare()
    # The commands of Ansible come from its own environment, those of the engine from theirs.
    environment = {**place.environment, "PATH": os.pathsep.join([os.environ["PATH"], commands]), "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryDirectory() as scratch:
        lab = Lab(Path(scratch), environment)
        lab.run("up", "--devices", "2", "--address-base", environment["LAB_ADDRESS_BASE"], "--boot-seconds", "1")
        try:
            lab.run("fault", FAILING, "wrong-checksum")
            return play(lab, Path(scratch), environment)
        finally:
            lab.run("down")


class Lab:
    """A virtual fleet."""

    def __init__(self, directory: Path, environment: dict[str, str]):
        self.directory, self.environment = directory / "lab", environment

    def run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "lab", *arguments, "--dir", str(self.directory)]
        subprocess.run(command, cwd=workspace.ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    @property
    def inventory(self) -> str:
        return str(self.directory / "inventory.yml")


def play(lab: Lab, scratch: Path, environment: dict[str, str]) -> int:
    """Start the engine, have the devices post, and say what came of it."""
    journal, output = scratch / "status" / "heard.jsonl", scratch / "rulebook.log"
    host = environment["LAB_ADDRESS_BASE"].rsplit(".", 1)[0] + ".250"
    variables = scratch / "variables.yml"
    variables.write_text(json.dumps(dict(cns_status_host=host, cns_status_port="18088", cns_status_journal=str(journal))))
    command = ["ansible-rulebook", "--rulebook", RULEBOOK, "--inventory", lab.inventory, "--vars", str(variables)]
    with output.open("w") as log:
        engine = subprocess.Popen(command, cwd=scratch, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_for(journal.exists, READY, "ansible-rulebook does not listen", output, engine)
        trigger(lab, f"http://{host}:18088/cns/status", environment)
        wait_for(lambda: failed_at(journal), ENDED, "no failure was posted", output, engine)
        wait_for(lambda: "PLAY [" in output.read_text(), TRIGGERED, "the failure triggered nothing", output, engine)
        took = time.time() - (failed_at(journal) or 0)
        wait_for(lambda: "PLAY RECAP" in output.read_text(), ENDED, "the playbook did not end", output, engine)
        return judge(output.read_text(), took)
    finally:
        os.killpg(engine.pid, signal.SIGTERM)
        engine.wait()


def trigger(lab: Lab, url: str, environment: dict[str, str]) -> None:
    command = ["ansible-playbook", "-i", lab.inventory, str(Path(__file__).parent / "trigger.yml"), "-e", f"receiver={url}"]
    result = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"The upgrades could not be started:\n{result.stdout}{result.stderr}")


def failed_at(journal: Path) -> float | None:
    """When the failing device posted that it failed."""
    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    return next((entry["at"] for entry in entries if (entry["device"], entry["state"]) == (FAILING, "failed")), None)


def wait_for(condition, seconds: float, otherwise: str, output: Path, engine: subprocess.Popen) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline or engine.poll() is not None:
            sys.exit(f"{otherwise} within {seconds} s. ansible-rulebook said:\n{output.read_text()}")
        time.sleep(0.1)


def judge(said: str, took: float) -> int:
    """The playbook ran once, for the device that failed, and nothing went wrong in it."""
    plays = said.count("PLAY [")
    recap = dict(re.findall(r"^(\S+) +: ok=\d+.*?failed=(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", said), re.MULTILINE))
    if plays != 1 or recap != {FAILING: "0"}:
        sys.exit(f"Expected one run for {FAILING}, saw {plays}, which ended {recap}:\n{said}")
    print(f"The failure of {FAILING} triggered the troubleshoot playbook after {took:.1f} s; {SOUND} triggered nothing.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
