# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.secret import HIDDEN, MASK


@pytest.mark.parametrize(
    "text, shown",
    [
        ("abcdefgh", MASK),  # two that overlap
        ("x abcdefgh, abcdefgh", f"x {MASK}, {MASK}"),
        ("abcdefcdefgh", MASK + MASK),
        ("cdef", MASK),  # in both of the others
        ("nothing", "nothing"),
    ],
)
def test_secrets_that_overlap_are_hidden_as_a_whole(text, shown):
    assert Door(["abcdef", "cdefgh", "cdef"]).text(text) == shown


@pytest.mark.parametrize(
    "data, shown",
    [
        ({5: "a s3cret word", "of s3cret": {"s3cret": None}}, {5: f"a {MASK} word", f"of {MASK}": {"s3cret": None}}),
        ({"password": "x", "secret": 5, "passwd": [1]}, {"password": MASK, "secret": MASK, "passwd": MASK}),
        ({"password": None, "secret": True}, {"password": None, "secret": True}),
        ((HIDDEN, 5, None, 1.5, True), [MASK, 5, None, 1.5, True]),
    ],
)
def test_data_of_any_kind(data, shown):
    assert Door(["s3cret"]).data(data) == shown


def test_only_text_is_a_secret_or_a_name():
    door = Door([None, 5, "", "s3cret"], names=[None, 5, ""])
    assert door.text("5 of None, s3cret") == f"5 of None, {MASK}"


def test_names_are_told_although_a_password_is_the_same_word():
    door = Door(["cisco"], names=["cisco1", "cisco"])
    assert door.text("cisco1: cisco, ciscoX, cisco1-cisco") == "cisco1: cisco, ********X, ********1-********"
    assert door.data({"cisco1": ["cisco"]}) == {"cisco1": ["cisco"]}
    assert Door(["15.7(3)M10"], names=["15.7(3)M1"]).text("it runs 15.7(3)M1") == "it runs 15.7(3)M1"


def test_our_own_words_are_told_although_a_password_is_the_same_word():
    door = Door(["success", "version"])
    told = {"outcome": "success", "version": "1", "reason": "success"}
    assert door.data(told) == dict(told, reason=MASK)


def test_the_devices_of_a_task_have_secrets_of_their_own():
    door = Door()
    door.add_device("R1", Door(["secret-1"], like=door))
    door.add_device("R2", Door(["secret-2"], like=door))
    told = {"ends": {"R1": "secret-1 secret-2", "R2": "secret-1 secret-2"}}
    assert door.data(told) == {"ends": {"R1": MASK + " secret-2", "R2": "secret-1 " + MASK}}
    assert door.of("R1").text("secret-1") == MASK
    assert door.of("R3") is door.of(None) is door


@pytest.mark.parametrize(
    "told, hidden",
    [
        ({"password": "Hunter2"}, {"Hunter2"}),
        ({"ansible_become_pass": "Hunter2", "ansible_password": "{{ vault }}"}, {"Hunter2"}),
        ({"update_password": "always", "cns_update_password": "always"}, set()),
        ({"config": {"image": {"password": 1234567}}}, {"1234567"}),
        (["http://u:Hunter2@h/"], {"Hunter2"}),
        (["cns image password 7 02050D480809"], {"02050D480809", "cisco"}),
        (["cns password Hunter2", "username me privilege 15 secret 9 $9$abc"], {"Hunter2", "$9$abc"}),
        (["% Username or password incorrect", "Enter a password please"], set()),
    ],
)
def test_what_is_learned(told, hidden):
    door = Door()
    door.learn(told)
    assert set(door._secrets._forms) == hidden
