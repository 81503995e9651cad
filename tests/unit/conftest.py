# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""With CNS_TEST_PROFILE=long the property tests try ten times as many examples: ``python -m tests.hard properties``.

With C(mutants) an example that fails is not made smaller: ``python -m tests.hard mutants``.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import Phase, settings

USUAL = "usual"
TIMES = 10
LONG, MUTANTS = "long", "mutants"

settings.register_profile(LONG, max_examples=100 * TIMES, deadline=None)
# The same examples each time, so that a failure comes from a change; the long profile looks for new ones. No deadline: on a busy
# machine an example takes long, and nothing is wrong.
settings.register_profile(USUAL, deadline=None, derandomize=True)
settings.register_profile(MUTANTS, phases=(Phase.explicit, Phase.generate), database=None, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("CNS_TEST_PROFILE", USUAL))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that says how many examples it takes says so of a usual run: a profile alone would not change it."""
    if os.environ.get("CNS_TEST_PROFILE") != LONG:
        return
    longer = set()
    for item in items:
        test = getattr(item, "function", None)
        said = getattr(test, "_hypothesis_internal_use_settings", None)
        if said is not None and test not in longer and said.max_examples < settings.get_profile(LONG).max_examples:
            longer.add(test)
            test._hypothesis_internal_use_settings = settings(said, max_examples=said.max_examples * TIMES, deadline=None)
