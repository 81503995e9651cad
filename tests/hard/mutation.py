# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutation tests of the pure files: each mutant has to fail a test of its file, or to be known as one that cannot."""

from __future__ import annotations

import os
import queue
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from .equivalents import EQUIVALENTS
from .mutants import Mutant, mutants
from .tree import ROOT, prepared

PURE, ROLLOUT = "plugins/module_utils", "plugins/plugin_utils/rollout"
TESTS = {
    f"{PURE}/outcome.py": ("test_outcome.py", "test_wait.py"),
    f"{PURE}/wait.py": ("test_wait.py",),
    f"{PURE}/trigger.py": ("test_trigger.py",),
    f"{PURE}/secret.py": ("test_secret.py",),
    f"{PURE}/url.py": ("test_url.py",),
    f"{PURE}/safe_text.py": ("test_safe_text.py",),
    f"{PURE}/words.py": ("test_words.py",),
    f"{ROLLOUT}/waves.py": ("test_waves.py",),
    f"{ROLLOUT}/window.py": ("test_window.py",),
    f"{ROLLOUT}/state.py": ("test_state.py",),
}
READ = ("safe_text.py", "words.py", "trigger.py", "window.py")  # whose survivors were read; a short run takes its sample of them
LIMIT = 90  # seconds; a mutant that takes longer goes on for ever, which a person would see
SAMPLE = 12
WORKERS = 2


class Trial(NamedTuple):
    """A mutant of a file."""

    file: str
    mutant: Mutant

    @property
    def name(self) -> str:
        return f"{Path(self.file).name} {self.mutant.name}"


def trials(only: str = "") -> list[Trial]:
    """All mutants of all files, those known to be the same aside."""
    found = [Trial(file, mutant) for file in TESTS if only in file for mutant in mutants((ROOT / file).read_text())]
    return [trial for trial in found if trial.name not in EQUIVALENTS]


def check(short: bool, seed: int, only: str = "") -> bool:
    """Whether every mutant was found out. The survivors are printed."""
    chosen = trials(only)
    if short:
        chosen = random.Random(seed).sample([trial for trial in chosen if Path(trial.file).name in READ], SAMPLE)
    with ThreadPoolExecutor(WORKERS) as pool:
        trees: queue.Queue[Path] = queue.Queue()
        for number in range(WORKERS):
            trees.put(prepared(f"mutants-{number}"))
        if not all(_passes(trees.queue[0], file) for file in {trial.file for trial in chosen}):
            print("   the tests fail without a mutant")
            return False
        survivors = [trial for trial, alive in zip(chosen, pool.map(lambda trial: _survives(trial, trees), chosen)) if alive]
    print(f"   {len(chosen)} mutants, {len(survivors)} survivors")
    for trial in survivors:
        print(f"   SURVIVED line {trial.mutant.line}: {trial.name}")
    return not survivors


def _survives(trial: Trial, trees: queue.Queue[Path]) -> bool:
    tree = trees.get()
    file = tree / trial.file
    original = file.read_text()
    try:
        file.write_text(trial.mutant.source)
        return _passes(tree, trial.file)
    finally:
        file.write_text(original)
        trees.put(tree)


def _passes(tree: Path, file: str) -> bool:
    """Whether the tests of a file pass in a copy of the collection."""
    folder = "tests/unit/" + str(Path(file).parent)
    tests = [f"{folder}/{name}" for name in TESTS[file]]
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree.parents[2]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    environment.pop("CNS_TEST_PROFILE", None)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", *tests]
    try:
        result = subprocess.run(
            command, cwd=tree, env=environment, timeout=LIMIT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return result.returncode == 0
