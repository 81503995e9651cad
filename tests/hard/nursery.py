# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m tests.hard.nursery TESTS``: runs tests once for each line that comes in, in a fork of a process that is warm.

A line says how many seconds they may take; the answer is C(passed), C(failed) or C(late). Libraries are imported once, and what
is below the folder in which this runs each time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from types import ModuleType

import pytest

# What measures time is slow, and says nothing of a mutant when the machine is busy.
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "-k", "not linear_time")


def main(tests: list[str]) -> None:
    """Answer every line until there is none."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    pytest.main([*OPTIONS, "--collect-only", *tests])
    for name in [name for name, module in sys.modules.items() if name != "__main__" and _is_here(module)]:
        del sys.modules[name]
    answers.write("ready\n")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(int(pytest.main([*OPTIONS, *tests])))
        answers.write(_outcome(child, time.monotonic() + float(line)) + "\n")


def _is_here(module: ModuleType) -> bool:
    """Whether it is a file or a folder below this one; a folder still knows what was imported from it."""
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(place and place.startswith(os.getcwd()) for place in places)


def _outcome(child: int, end: float) -> str:
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "passed" if status == 0 else "failed"
        time.sleep(0.01)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "late"


if __name__ == "__main__":
    main(sys.argv[1:])
