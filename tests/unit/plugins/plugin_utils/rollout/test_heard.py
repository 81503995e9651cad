# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Verdict
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import heard
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.heard import Heard

OLD = "15.5(3)M2 (flash:old.bin)"


def message(state="failed", operation="distribution", at=1000.0, device="R1", **more):
    return dict(at=at, device=device, state=state, operation=operation, **more)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = ["at", "device", "state", "operation", "status", "image", "version", "reason", "form", "from", "host_name", "raw"]


@given(st.lists(JSON | st.dictionaries(st.sampled_from(KEYS), JSON | st.sampled_from(heard.STATES), max_size=12), max_size=5))
def test_nothing_that_a_journal_holds_raises(entries):
    found = Heard(entries)
    for one in [*found.last(), *found.nameless]:
        assert all(value.isprintable() for value in one.values() if isinstance(value, str))
        assert heard.in_words(one).isprintable()
    json.dumps(found.last())


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "now"},
        {"at": True},
        {"at": -1},
        {"at": 1e300},
        {"state": "splendid"},
        {"device": 5},
        {"device": ""},
        {"device": "R1\nR2"},
        {"reason": ["x"]},
        {"image": {"a": 1}},
    ],
    ids=str,
)
def test_a_line_that_is_no_message_is_left_out(wrong):
    assert not heard.is_sound(dict(message(), **wrong))
    assert not Heard([dict(message(), **wrong)]).last()


def test_the_last_messages_of_each_device_are_kept():
    found = Heard([message(at=float(at), device=device) for at in range(50) for device in ("R1", "r2")], keep=3)
    assert [one["at"] for one in found.of(["r1"])] == [47.0, 48.0, 49.0]
    assert [one["at"] for one in found.of(["R1", "R1", "R2"], since=49)] == [49.0, 49.0]
    assert [one["device"] for one in found.last()] == ["R1", "r2"]


def test_invented_names_push_out_what_is_oldest():
    found = Heard([message(device="R%d" % number) for number in range(100)], devices=10)
    assert {one["device"] for one in found.last()} == {"R%d" % number for number in range(90, 100)}


@pytest.mark.parametrize(
    "verdict, messages, said",
    [
        ("success", [message("success", "activation")], ""),
        ("success", [], ""),
        ("success", [message("failed"), message("in_progress")], ""),  # it tried again
        ("success", [message("failed"), message("success", "distribution")], ""),
        ("success", [message("failed"), message("unknown")], "told of a failure"),
        ("success", [message("failed", reason="no space")], "told of a failure"),
        ("up_to_date", [message("failed", reason="no space")], "told of a failure"),
        ("failed", [message("failed")], ""),
        ("failed", [message("success", "activation")], "told of a success"),
        ("failed", [message("success", "")], "told of a success"),
        ("failed", [message("success", "distribution")], ""),  # the image is there, and that is all that was said
        ("failed", [], "nothing was posted to the status server: look at the status URL"),
        ("timeout", [message("success", "activation")], "told of a success"),
        ("timeout", [], ""),
        ("unknown", [message("success", "activation")], "told of a success"),
        ("no_new_image", [message("no_new_image", "session")], ""),
    ],
)
def test_what_was_posted_against_what_the_device_shows(verdict, messages, said):
    found = heard.disagreement(Verdict(verdict, "because"), OLD, messages)
    assert (said in found) if said else found == ""
    if "told of" in said:
        assert OLD in found and "1970-01-01" in found


def test_what_is_added_to_the_end_of_a_device():
    assert heard.in_a_sentence(None, "") == heard.in_a_sentence([], "") == ""
    assert heard.in_a_sentence([], "nothing came") == "Nothing came"
    said = heard.in_a_sentence([message(reason="SIZE: short", image="new.bin")], "")
    assert said.startswith("It posted last: ") and said.endswith("distribution failed, new.bin, SIZE: short")
