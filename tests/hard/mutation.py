# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mutation tests of the pure files: each mutant has to fail a test of its file, or to be known as one that cannot."""

from __future__ import annotations

import contextlib
import os
import queue
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from .equivalents import EQUIVALENTS
from .mutants import Mutant, mutants
from .tree import ROOT, prepared

PURE, INLINE, ROLLOUT = "plugins/module_utils", "plugins/plugin_utils/inline", "plugins/plugin_utils/rollout"
TESTS = {
    f"{PURE}/outcome.py": ("test_outcome.py", "test_wait.py"),
    f"{PURE}/wait.py": ("test_wait.py",),
    f"{PURE}/trigger.py": ("test_trigger.py",),
    f"{PURE}/secret.py": ("test_secret.py", "test_url.py"),
    f"{PURE}/url.py": ("test_url.py",),
    f"{PURE}/safe_text.py": ("test_safe_text.py",),
    f"{PURE}/words.py": ("test_words.py",),
    f"{PURE}/scrub.py": ("test_scrub.py",),
    f"{PURE}/door.py": ("test_door.py",),
    f"{PURE}/refusal.py": ("test_refusal.py",),
    f"{PURE}/log_lines.py": ("test_log_lines.py",),
    f"{PURE}/long_lines.py": ("test_long_lines.py",),
    f"{PURE}/names.py": ("test_names.py",),
    f"{PURE}/advice.py": ("test_advice.py",),
    f"{PURE}/diagnosis.py": ("test_diagnosis.py",),
    f"{INLINE}/answer.py": ("test_answer.py",),
    f"{ROLLOUT}/waves.py": ("test_waves.py",),
    f"{ROLLOUT}/window.py": ("test_window.py",),
    f"{ROLLOUT}/state.py": ("test_state.py",),
}
LIMIT, TIMES = 10, 5  # seconds, and times those of the tests without a mutant: what takes longer goes on for ever
SAMPLE = 12
# No example is made smaller: that it fails is enough.
ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "CNS_TEST_PROFILE": "mutants"}
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
        chosen = random.Random(seed).sample(chosen, SAMPLE)
    trees = [prepared(f"mutants-{number}") for number in range(WORKERS)]
    files = [file for file in TESTS if any(trial.file == file for trial in chosen)]
    survivors = [trial for file in files for trial in _survivors(trees, file, [one for one in chosen if one.file == file])]
    print(f"   {len(chosen)} mutants, {len(survivors)} survivors")
    return not survivors


def _survivors(trees: list[Path], file: str, chosen: list[Trial]) -> list[Trial]:
    began = time.monotonic()
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(len(trees)) as pool:
        free: queue.Queue[Plot] = queue.Queue()
        for plot in pool.map(lambda tree: Plot(tree, file), trees[: len(chosen)]):
            free.put(stack.enter_context(contextlib.closing(plot)))
        alive = [trial for trial, lives in zip(chosen, pool.map(lambda trial: _survives(trial, free), chosen)) if lives]
    print(f"   {file}: {len(chosen)} mutants, {len(alive)} survivors, {time.monotonic() - began:.0f} s", flush=True)
    for trial in alive:
        print(f"   SURVIVED line {trial.mutant.line}: {trial.name}", flush=True)
    return alive


def _survives(trial: Trial, free: queue.Queue[Plot]) -> bool:
    plot = free.get()
    try:
        return plot.passes(trial.mutant.source)
    finally:
        free.put(plot)


class Plot:
    """A copy of the collection in which one file is changed, and a process that runs the tests of that file."""

    def __init__(self, tree: Path, file: str) -> None:
        self._file = tree / file
        self._original = self._file.read_text()
        folder = "tests/unit/" + str(Path(file).parent)
        environment = {**os.environ, **ENVIRONMENT, "PYTHONPATH": f"{tree.parents[2]}:{ROOT}"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hard.nursery", *(f"{folder}/{name}" for name in TESTS[file])],
            cwd=tree,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        began = time.monotonic()
        self._limit = 600.0
        if not self.passes(self._original):
            raise RuntimeError(f"the tests of {file} fail without a mutant")
        self._limit = LIMIT + TIMES * (time.monotonic() - began)

    def passes(self, source: str) -> bool:
        """Whether the tests pass with this source in place of the file."""
        assert self._process.stdin
        self._file.write_text(source)
        try:
            self._process.stdin.write(f"{self._limit}\n")
            self._process.stdin.flush()
            return self._answer() == "passed"
        finally:
            self._file.write_text(self._original)

    def _answer(self) -> str:
        assert self._process.stdout
        answer = self._process.stdout.readline().strip()
        if not answer:
            raise RuntimeError("the process that runs the tests ended")
        return answer

    def close(self) -> None:
        """End its process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
