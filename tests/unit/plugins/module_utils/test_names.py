# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils.names import in_order, listed


def test_numbers_are_counted():
    ordered = ["core", "r1", "R2", "r2", "r2-aa", "r2-b", "r10", "r10.1", "r10.2", "r10.10"]
    ordered += ["s" + "0" * 9 + "3", "s" + "9" * 5000]
    shuffled = random.Random(7).sample(ordered, len(ordered))
    assert in_order(shuffled) == ordered


def test_of_many_only_the_first_are_named():
    names = ["R%d" % number for number in range(12, 0, -1)]
    assert listed(names[-8:]) == "R1, R2, R3, R4, R5, R6, R7, R8"
    assert listed(names[-9:]) == "R1, R2, R3, R4, R5, R6, R7, R8 and 1 more"
    assert listed(names) == "R1, R2, R3, R4, R5, R6, R7, R8 and 4 more"
    assert listed([]) == ""


@given(st.lists(st.text(max_size=8)))
def test_every_name_has_its_place(names):
    assert sorted(in_order(names)) == sorted(names)
    assert in_order(in_order(names)) == in_order(reversed(names))
