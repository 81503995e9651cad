#!/usr/bin/env python
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the project's checks, or those of the groups named as arguments, and count.

Each check is one command line below. One that fails does not keep the next from running;
the last line of the output says how many tests passed, failed and were skipped.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import workspace

VERSION = "{}.{}".format(*sys.version_info)

# How the integration tests reach the devices: pairs of an SSH library and a connection plugin.
# Every target runs over ours,
OURS = (("asyncssh", "cns.image_agent.network_cli"),)
# those that hold a conversation which no other target holds over the stock one as well,
STOCK = (("paramiko", "ansible.netcommon.network_cli"),)
# the one in which most depends on the session over all,
CROSSED = (
    ("libssh", "cns.image_agent.network_cli"),
    ("paramiko", "cns.image_agent.network_cli"),
    ("libssh", "ansible.netcommon.network_cli"),
)
IN_ALL_PAIRS = ("network_cli",)
# these, which repeat the conversations of the others, over the stock one in the long group only,
STOCK_IN_LONG = ("cns_progress", "cns_snapshot", "cns_upgrade", "documentation", "module_examples", "seed_examples")
# and what asyncssh alone does over ours only.
OURS_ONLY = ("cns_status_events", "cns_upgrade_fleet", "network_cli_ssh")
SKIPPED = 77  # the exit status by which a check says that it cannot run here


def pairs_of(target: str) -> tuple[tuple[str, str], ...]:
    """The pairs of SSH library and connection plugin that a target runs with in the integration group."""
    return OURS if target in OURS_ONLY + STOCK_IN_LONG else OURS + STOCK + (CROSSED if target in IN_ALL_PAIRS else ())


def over(pair: tuple[str, str], target: str) -> str:
    """The command that runs an integration target over a pair."""
    return " ".join(("tools/integration.sh", *pair, target))


class Check(NamedTuple):
    group: str
    command: str


CHECKS = (
    Check("lint", "reuse lint --quiet || reuse lint"),
    Check("lint", "python tools/lint.py"),
    Check("lint", "python tools/house.py --check"),
    Check("lint", "ruff check --quiet ."),
    Check("lint", "ruff format --check --quiet ."),
    Check("lint", "shellcheck .ci/run"),
    Check(
        "lint",
        "cd ../../.. && MYPYPATH=$PWD mypy --config-file $OLDPWD/pyproject.toml -p ansible_collections.cns.image_agent.plugins",
    ),
    Check("lint", "mypy -p lab"),
    Check("lint", "MYPYPATH=tools mypy tools/*.py"),
    Check("lint", "antsibull-changelog lint"),
    Check("lint", "antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self --skip-rstcheck ."),
    Check("lint", "python tools/docs.py"),
    Check("lint", "ansible-lint --nocolor"),
    Check("sanity", f"ansible-test sanity --local --python {VERSION} --junit"),
    Check("sanity", "tools/oldest_target.sh"),
    Check("units", f"ansible-test units --local --python {VERSION}"),
    Check("hard", "python -m tests.hard --short --seed 1"),  # the same mutants each time; make test-hard tries all
    *(
        Check("integration", over(pair, target))
        for target in sorted(path.parent.name for path in workspace.ROOT.glob("tests/integration/targets/*/aliases"))
        for pair in pairs_of(target)
    ),
    Check("integration", "python -m tests.rehearsal jobs"),
    Check("package", "python tools/package.py"),
    Check("package", "python tools/environment.py"),
    Check("long", "python -m tests.rehearsal lost"),
    Check("long", "tools/eda_test.sh"),
    *(Check("long", over(pair, target)) for target in STOCK_IN_LONG for pair in STOCK),
)
# Two checks at a time of the groups that stand together: most take one processor, or wait for reloads.
# The unit tests share themselves out between all processors.
STAGES = (("sanity", "lint", "package"), ("units",), ("hard", "integration"))
GROUPS = tuple(group for stage in STAGES for group in stage)
LONG = ("long",)  # what takes minutes, one after the other
LONGEST_FIRST = (
    "documentation",
    "playbooks",
    "cns_upgrade",
    "cns_upgrade_fleet",
    "network_cli_ssh",
)  # so that none of them is left for the end alone


class Count(NamedTuple):
    """How many tests had which outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def total(counts: Iterable[Count]) -> Count:
    return Count(*map(sum, zip(Count(), *counts)))


def count_report(path: Path) -> Count:
    """Count the tests of one JUnit report."""
    cases = list(ElementTree.parse(path).iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return Count(len(cases) - failed - skipped, failed, skipped)


def run(check: Check, spaces: queue.Queue[workspace.Workspace]) -> Count:
    """Run one check in a free workspace, print how it went, and count: the tests it reported, or else itself as one."""
    space = spaces.get()
    for report in space.reports():
        report.unlink()
    start = time.monotonic()
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", check.command],
        check=False,
        cwd=space.collection,
        env=space.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    count = total(map(count_report, space.reports()))
    spaces.put(space)
    said = ""
    if result.returncode == SKIPPED:
        said = result.stdout
        count = total([count, Count(skipped=1)])
    elif result.returncode and not count.failed:
        count = total([count, Count(failed=1)])
    elif not any(count):
        # ansible-test succeeds without a test to run.
        count = Count(failed=1) if check.group == "units" else Count(passed=1)
    if count.failed:
        said = result.stdout
    lines = [f"== {check.group}: {check.command}", *said.splitlines(), f"   {count} ({time.monotonic() - start:.0f} s)"]
    print("\n".join(lines), flush=True)
    return count


def run_stage(groups: Collection[str], spaces: queue.Queue[workspace.Workspace], at_a_time: int) -> Count:
    """Run the checks of the groups; a group without any has lost them, which counts as a failure."""
    checks = [check for group in groups for check in CHECKS if check.group == group]
    if lost := set(groups) - {check.group for check in checks}:
        print(f"== {', '.join(sorted(lost))}: there is nothing to run")
    with ThreadPoolExecutor(at_a_time) as runners:
        counts = runners.map(lambda check: run(check, spaces), sorted(checks, key=_turn))
        return total([*counts, Count(failed=len(lost))])


def _turn(check: Check) -> int:
    target = check.command.split()[-1]
    return LONGEST_FIRST.index(target) if target in LONGEST_FIRST else len(LONGEST_FIRST)


def main(groups: list[str]) -> int:
    if unknown := set(groups) - {*GROUPS, *LONG}:
        sys.exit(f"unknown: {', '.join(unknown)}; choose from {', '.join(GROUPS + LONG)}")
    spaces: queue.Queue[workspace.Workspace] = queue.LifoQueue()
    for number in (2, 1):
        spaces.put(workspace.prepare(number))
    chosen = groups or GROUPS
    stages = [[group for group in stage if group in chosen] for stage in (*STAGES, LONG)]
    count = total(run_stage(stage, spaces, 1 if stage == [*LONG] else spaces.qsize()) for stage in stages if stage)
    print(count)
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
