# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are planted wherever one can stand, the real stack is run on the virtual fleet, and every byte of it is searched."""

from __future__ import annotations

import collections
import os
import re
import secrets
import time
from pathlib import Path
from typing import NamedTuple

from tests.rehearsal.stage import INLINE, STOCK, Stage, kill

from . import searching

BASE = os.environ.get("LAB_ADDRESS_BASE", "127.133.0.0")
PLANTED = str(Path(__file__).with_name("planted.yml").absolute())
# Which device has what is wrong: the refusals quote what they were given, as a device may.
FAULTS = {
    "R2": ("answer=show cns image status=>% Cannot log in with {url} at http://agent:{url}@127.0.0.1/",),
    "R3": ("drop=download",),
    "R4": ("hang=boot",),
    "R5": ("answer=cns image password .*=>% Invalid input: {image}", "answer=cns password.*=>% Cannot take {cns}"),
    "R6": ("wrong-checksum",),
}
DEVICES, FEW = 6, 3  # of a short run


class Allowed(NamedTuple):
    """What is known to show a secret, documented in the guide to security, and not ours to mend."""

    reason: str
    file: str
    line: str

    def covers(self, find: searching.Find) -> bool:
        return bool(re.search(self.file, str(find.file)) and re.search(self.line, find.line))


EXCEPTIONS: tuple[Allowed, ...] = ()


def plant() -> dict[str, str]:
    """Random secrets by the variables of the environment in which they are."""
    key = "".join(f"{secrets.token_urlsafe(48).replace('_', '+').replace('-', '/')}\n" for _line in range(4))
    return {
        "LAB_PASSWORD": searching.new("&"),
        "LAB_ENABLE_SECRET": searching.new("<"),
        "LAB_IMAGE_PASSWORD": searching.new("%"),
        "PLANTED_CNS": searching.new("'"),
        "PLANTED_URL": searching.new("@:"),
        "PLANTED_OTHER": searching.new("+"),
        "PLANTED_TEXT": searching.new("!"),
        "PLANTED_WRONG": searching.new("="),
        "PLANTED_KEY": f"-----BEGIN RSA PRIVATE KEY-----\n{key}-----END RSA PRIVATE KEY-----\n",
    }


def search_for(planted: dict[str, str]) -> dict[str, str]:
    """What must not be found: of the key each of its lines."""
    lines = planted["PLANTED_KEY"].splitlines()[1:-1]
    passwords = {name: plain for name, plain in planted.items() if name != "PLANTED_KEY"}
    return {**passwords, **{f"PLANTED_KEY line {number}": line for number, line in enumerate(lines, 1)}}


class SecretStage(Stage):
    """A fleet that is not configured yet, and playbooks that log all they can."""

    def prepare(self) -> None:
        os.environ["ANSIBLE_LOG_PATH"] = str((self.folder / "ansible-full.log").absolute())
        os.environ["ANSIBLE_CALLBACKS_ENABLED"] = "cns.image_agent.cns_progress"

    def loud(self, playbook: str, *arguments: str) -> int:
        """Run a playbook at the highest verbosity; return its exit status."""
        return self.play(playbook, "-vvvvv", "--diff", *arguments)


def hunt(short: bool) -> list[searching.Find]:
    """Run everything; return what was found that is no exception."""
    planted = plant()
    before = dict(os.environ)
    os.environ.update(planted)
    try:
        found = [find for connection in ((INLINE,) if short else (INLINE, STOCK)) for find in _over(connection, planted, short)]
    finally:
        os.environ.clear()
        os.environ.update(before)
    return found


def _over(connection: str, planted: dict[str, str], short: bool) -> list[searching.Find]:
    name = f"secrets-{connection.split('.')[0]}"
    options = (
        "--devices",
        str(FEW if short else DEVICES),
        "--boot-seconds",
        "1",
        "--connection",
        connection,
        "--login-privilege",
        "1",
    )
    with SecretStage(name, BASE, *options, cns_image_timeout=12, cns_waves=["100%"], cns_connection=connection) as stage:
        _provoke(stage, planted, short)
        searcher = searching.Searcher(search_for(planted))
        stage.must(not searcher.blind(), "every secret would be found in every form")
        finds = list(searcher.in_files([stage.folder]))
    size = sum(file.stat().st_size for file in stage.folder.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"   {connection}: {size >> 10} KB searched")
    return _judged(finds)


def _provoke(stage: SecretStage, planted: dict[str, str], short: bool) -> None:
    """Success, check, refusal, loss and crash."""
    stage.loud(PLANTED)
    told = {"image": planted["LAB_IMAGE_PASSWORD"], "cns": planted["PLANTED_CNS"], "url": planted["PLANTED_URL"]}
    for device, faults in list(FAULTS.items())[: FEW - 1 if short else None]:
        stage.fault(device, *(fault.format(**told) for fault in faults))
    if not short:
        stage.loud(PLANTED)
        stage.loud("cns.image_agent.preflight")
        stage.loud("cns.image_agent.status")
        stage.loud("cns.image_agent.troubleshoot", "--limit", "R1,R2")
        _crash(stage)
    stage.loud("cns.image_agent.upgrade", "-e", "cns_rollout_json=report.json", "-e", "cns_rollout_csv=report.csv")
    stage.loud("cns.image_agent.report")
    outcomes = collections.Counter(outcome for outcome, _reason in stage.outcomes().values())
    stage.must(len(outcomes) > 1, f"the rollout ended in every way: {dict(outcomes)}")


def _crash(stage: SecretStage) -> None:
    """A rollout that is killed while it waits for its devices."""
    process = stage.start("cns.image_agent.upgrade", "-vvvvv")
    try:
        _wait_for_trigger(stage)
    finally:
        kill(process)


def _wait_for_trigger(stage: SecretStage) -> None:
    deadline = time.monotonic() + 60
    while not stage.triggers().total() and time.monotonic() < deadline:
        time.sleep(0.2)


def _judged(finds: list[searching.Find]) -> list[searching.Find]:
    """Those that no exception covers; how often each exception was used is said."""
    used: collections.Counter[str] = collections.Counter()
    left = []
    for find in finds:
        reason = next((allowed.reason for allowed in EXCEPTIONS if allowed.covers(find)), None)
        left += [] if reason else [find]
        used.update([reason] if reason else [])
    for reason, times in used.items():
        print(f"   allowed {times} times: {reason}")
    return left


def check(short: bool) -> bool:
    """Whether nothing leaked; what did is printed, without the secret's neighbours."""
    finds = hunt(short)
    for (name, form, file, line), times in collections.Counter(finds).most_common(60):
        print(f"   LEAKED {name} ({form}), {times} times, in {file}: {line[:300]}")
    return not finds
