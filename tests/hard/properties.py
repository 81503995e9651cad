# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The property tests with ten times as many examples."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from .tree import ROOT, prepared

OPTIONS = "-q -n 2 -m hypothesis -p tests.hard.loader --import-mode=importlib --hypothesis-show-statistics"


def property_tests() -> list[str]:
    """The files of unit tests that have one."""
    files = sorted((ROOT / "tests/unit").rglob("test_*.py"))
    return [str(file.relative_to(ROOT)) for file in files if "from hypothesis import" in file.read_text()]


def check() -> bool:
    """Whether all hold. What does not is printed, with the example that Hypothesis made of it."""
    tree = prepared("properties")
    collections = str(tree.parents[2])
    environment = {
        **os.environ,
        "PYTHONPATH": collections,
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "CNS_TEST_PROFILE": "long",
    }
    command = [sys.executable, "-m", "pytest", *OPTIONS.split()]
    run = subprocess.run([*command, *property_tests()], cwd=tree, env=environment, capture_output=True, text=True, check=False)
    tried = sum(int(count) for count in re.findall(r"(\d+) passing,", run.stdout))
    print(f"   {tried} examples; {''.join(run.stdout.splitlines()[-1:])}")
    if run.returncode:
        print((run.stdout + run.stderr)[-8000:])
    return run.returncode == 0 and tried > 0
