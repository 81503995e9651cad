#!/usr/bin/env python
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the project's checks, or those of the groups named as arguments, and count.

Each check is one command line below. One that fails does not keep the next from running;
the last line of the output says how many tests passed, failed and were skipped.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import NamedTuple
from xml.etree import ElementTree

import workspace

VERSION = "{}.{}".format(*sys.version_info)


class Check(NamedTuple):
    group: str
    command: str


CHECKS = (
    Check("lint", "reuse lint --quiet || reuse lint"),
    Check("lint", "python tools/lint.py"),
    Check("lint", "shellcheck .ci/run"),
    Check("lint", "yamllint --strict ."),
    Check("lint", "antsibull-changelog lint"),
    Check("lint", "antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self --skip-rstcheck ."),
    Check("lint", "ansible-lint --nocolor"),
    Check("sanity", f"ansible-test sanity --local --python {VERSION} --junit"),
    Check("units", f"ansible-test units --local --python {VERSION}"),
    Check("integration", "tools/integration.sh libssh"),
    Check("integration", "tools/integration.sh paramiko"),
    Check("package", "python tools/package.py"),
)


class Count(NamedTuple):
    """How many tests had which outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def total(counts):
    return Count(*map(sum, zip(Count(), *counts)))


def count_report(path):
    """Count the tests of one JUnit report."""
    cases = list(ElementTree.parse(path).iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return Count(len(cases) - failed - skipped, failed, skipped)


def run(check, space):
    """Run one check, print how it went, and count: the tests it reported, or else itself as one."""
    print(f"== {check.group}: {check.command}", flush=True)
    for report in space.reports():
        report.unlink()
    start = time.monotonic()
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", check.command],
        cwd=space.collection,
        env=space.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    count = total(map(count_report, space.reports()))
    if result.returncode and not count.failed:
        count = total([count, Count(failed=1)])
    elif not any(count):
        count = Count(passed=1)
    if count.failed:
        print(result.stdout)
    print(f"   {count} ({time.monotonic() - start:.0f} s)", flush=True)
    return count


def main(groups):
    known = {check.group for check in CHECKS}
    if set(groups) - known:
        sys.exit(f"unknown group; choose from {', '.join(sorted(known))}")
    space = workspace.prepare()
    count = total([run(check, space) for check in CHECKS if not groups or check.group in groups])
    print(count)
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
