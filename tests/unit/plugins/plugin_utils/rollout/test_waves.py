# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the waves: tables, and what holds for every fleet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.waves import groups_apart, limit, plan_waves

TEN = ["r%d" % number for number in range(1, 11)]


@pytest.mark.parametrize(
    "sizes, expected",
    [
        pytest.param([1, "10%", "100%"], [1, 1, 8], id="canary, a tenth, the rest"),
        pytest.param([4], [4, 4, 2], id="the last size repeats"),
        pytest.param(["25%"], [2, 2, 2, 2, 2], id="percentages are rounded down"),
        pytest.param(["1%"], [1] * 10, id="but to no less than one"),
        pytest.param(["3", "100%"], [3, 7], id="numbers as text"),
        pytest.param([], [10], id="no size is one wave"),
        pytest.param([50], [10], id="larger than the fleet"),
    ],
)
def test_sizes(sizes, expected):
    assert [len(wave) for wave in plan_waves(TEN, sizes)] == expected


def test_hosts_are_taken_in_their_order():
    assert plan_waves(["c", "a", "b"], [2]) == [["c", "a"], ["b"]]


def test_two_of_a_group_wait_for_each_other():
    apart = {"r1": "north", "r2": "north", "r3": "south", "r4": "south"}
    assert plan_waves(["r1", "r2", "r3", "r4"], ["100%"], apart) == [["r1", "r3"], ["r2", "r4"]]


def test_no_hosts_are_no_waves():
    assert plan_waves([], [1, "100%"]) == []


@pytest.mark.parametrize(
    "size", ["many", "", "-1", "inf", "nan%", None, "1_0", "1e1", "+1", "\u0661", "0x1", "1" * 5000, "5 0", "5%%"]
)
def test_what_is_no_size_is_refused(size):
    with pytest.raises(ValueError, match="neither a number nor a percentage"):
        plan_waves(TEN, [size])


@pytest.mark.parametrize(
    "value, of, expected",
    [
        ("10%", 60, 6),
        ("10%", 9, 0),
        (0, 5, 0),
        ("2", 5, 2),
        ("100%", 7, 7),
        ("12.5%", 16, 2),
        ("50%", 199, 99),
        ("99%", 200, 198),
    ],
)
def test_limit(value, of, expected):
    assert limit(value, of) == expected


SIZES = st.lists(st.one_of(st.integers(0, 30), st.integers(0, 100).map("{}%".format)), max_size=4)


@given(st.lists(st.integers(), unique=True, max_size=40), SIZES, st.data())
def test_every_host_is_in_one_wave_and_groups_stay_apart(hosts, sizes, data):
    apart = {host: data.draw(st.sampled_from([None, "a", "b", "c"])) for host in hosts}
    waves = plan_waves(hosts, sizes, apart)
    assert sorted(host for wave in waves for host in wave) == sorted(hosts)
    for wave in waves:
        groups = [apart[host] for host in wave if apart[host] is not None]
        assert wave and len(groups) == len(set(groups))


def test_the_canary_comes_first():
    assert plan_waves(["r1", "r2", "r3", "r4"], [1, "100%"], canary=["r3"]) == [["r3"], ["r1", "r2", "r4"]]
    assert plan_waves(["r1", "r2", "r3"], [2], canary=["r3", "r2", "done"]) == [["r3", "r2"], ["r1"]]


@pytest.mark.parametrize("name", ["DC1:edge", "Branch R1", "!r1", "&r2", "~r", "r[1:3]", "r1,r2"])
def test_names_are_only_names(name):
    assert plan_waves([name, "r1"], [1]) == [[name], ["r1"]]


@pytest.mark.parametrize(
    "named, variables, groups",
    [
        pytest.param(
            {"r1": "site", "r2": "site"}, {"r1": {"site": "north"}, "r2": {}}, {"r1": "north"}, id="the name of a variable"
        ),
        pytest.param(
            {"r1": "north", "r2": "south"}, {"r1": {}, "r2": {}}, {"r1": "north", "r2": "south"}, id="the groups themselves"
        ),
        pytest.param({"r1": "north", "r2": ""}, {"r1": {}, "r2": {}}, {"r1": "north"}, id="a group for some"),
        pytest.param({"r1": "", "r2": None}, {"r1": {}, "r2": {}}, {}, id="nothing"),
        pytest.param(
            {"r1": 1, "r2": 1, "r3": 2}, {"r1": {}, "r2": {}, "r3": {}}, {"r1": "1", "r2": "1", "r3": "2"}, id="numbers"
        ),
    ],
)
def test_groups_that_are_kept_apart(named, variables, groups):
    assert groups_apart(named, variables) == groups


def test_a_variable_that_no_device_has():
    with pytest.raises(ValueError, match="cns_apart is stie, but no device has a variable of that name"):
        groups_apart({"r1": "stie", "r2": "stie"}, {"r1": {"site": "north"}, "r2": {}})
