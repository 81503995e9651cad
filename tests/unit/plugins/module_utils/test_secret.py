# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils import secret
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.ios_lines import type7

printable = st.text([chr(code) for code in range(0x21, 0x7F)], min_size=1, max_size=25)


@pytest.mark.parametrize(
    "encoded, plain",
    [
        ("0822455D0A16", "cisco"),
        ("094F471A1A0A", "cisco"),
        ("070c285f4d06", "cisco"),
        ("13061E010803", "cisco"),
        ("094F471A1A0", None),  # half a byte is missing
        ("99", None),
        ("", None),
        ("0822455D0A16\n", None),
        ("no hex at all", None),
        ("0000", None),  # decodes to a control character or not to text
    ],
)
def test_type_7(encoded, plain):
    found = secret.decode_type7(encoded)
    assert found == plain or (encoded == "0000" and found == chr(ord("d")))


@settings(max_examples=60, deadline=None)
@given(plain=printable, salt=st.integers(0, 15))
def test_type_7_of_any_password(plain, salt):
    assert secret.decode_type7(type7(plain, salt)) == plain


@pytest.mark.parametrize(
    "words, password",
    [
        (["abctext"], "abctext"),
        (["0", "abctext"], "abctext"),
        (["7", "0822455D0A16"], "cisco"),
        (["7", "not-type-7"], secret.HIDDEN),
        (["6", "_BBZbHQcXOeRUJ[hLBHTYWNSFNEabgOAAB"], secret.HIDDEN),
        (["8", "$8$dsYGNam3K1SIJO$7nv/35M/"], secret.HIDDEN),
        (["*****"], secret.HIDDEN),
        (["<removed>"], secret.HIDDEN),
        ([], secret.HIDDEN),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_known_of_a_password(words, password):
    assert secret.read_password(words) == password


def test_a_hidden_password_is_one_thing_and_tells_nothing():
    assert copy.deepcopy({"password": secret.HIDDEN})["password"] is secret.HIDDEN
    assert repr(secret.HIDDEN) == "HIDDEN"


@pytest.mark.parametrize(
    "text, masked",
    [
        ("cns image password abctext", "cns image password ********"),
        ("no cns image password abctext", "no cns image password ********"),
        ("cns password 7 0822455D0A16", "cns password ********"),
        ("CNS  Password  0 abctext", "CNS  Password  ********"),
        ("R1(config)#cns image password 6 abc", "R1(config)#cns image password ********"),
        (
            "cns image server https://u:s3cret@10.1.1.1/x status https://u:s3cret@h/",
            "cns image server https://u:********@10.1.1.1/x status https://u:********@h/",
        ),
        ("http://u:p@ss:w@host/x", "http://u:********@host/x"),
        ("http://:s3cret@host", "http://:********@host"),
        ("cns image server u:s3cret@10.1.1.1/x", "cns image server u:********@10.1.1.1/x"),
        ('copy "u:s3cret@10.1.1.1/x"', 'copy "u:********@10.1.1.1/x"'),
        ("enable secret 5 $1$abc", "enable secret ********"),
        ("enable password abc", "enable password ********"),
        ("username admin privilege 15 secret 9 $9$abc", "username admin privilege 15 secret ********"),
        ("username admin password 0 abc", "username admin password ********"),
        ("<userName>R1</userName><passWord>abc</passWord>", "<userName>R1</userName><passWord>********</passWord>"),
        ("http://10.1.1.1:8080/cns/x@y", "http://10.1.1.1:8080/cns/x@y"),
        ("http://user@10.1.1.1:8080/", "http://user@10.1.1.1:8080/"),
        ("cns image retry 240", "cns image retry 240"),
        ("cns image password \ncns image retry 240", "cns image password \ncns image retry 240"),
        ("cns image password 7\ncns image retry 240", "cns image password ********\ncns image retry 240"),
    ],
)
def test_masked_text(text, masked):
    assert secret.mask(text) == masked
    assert secret.mask(masked) == masked


def test_masked_structure():
    assert secret.mask(
        {
            "password": "abc",
            "ids": [{"value": "http://u:pw@h/"}],
            "more": ("cns password x", None, 3, True),
            "hidden": secret.HIDDEN,
        }
    ) == {
        "password": "********",
        "ids": [{"value": "http://u:********@h/"}],
        "more": ["cns password ********", None, 3, True],
        "hidden": "********",
    }
    assert secret.mask({"password": None}) == {"password": None}
    assert secret.mask({"password": secret.HIDDEN}) == {"password": "********"}


@settings(max_examples=60, deadline=None)
@given(password=printable.filter(lambda text: "/" not in text))
def test_nothing_of_a_password_is_left(password):
    url, masked = "http://u:%s@host/" % password, "http://u:********@host/"
    assert secret.mask("cns image server %s status %s" % (url, url)) == "cns image server %s status %s" % (masked, masked)
    assert secret.mask({"server": url, "password": password}) == {"server": masked, "password": "********"}
    assert secret.mask("cns image password " + password) == "cns image password ********"
    assert secret.url_passwords([url]) == {password}


def test_passwords_of_urls():
    config = {
        "server": "https://u:one@h/",
        "partial": {"host": "h"},
        "list": [{"server": "http://u:two@h"}],
        "retry": 3,
        "none": None,
    }
    assert secret.url_passwords(config) == {"one", "two"}
    assert secret.url_passwords(None) == set()


@pytest.mark.parametrize(
    "have, want, kept",
    [
        ({"password": "abc"}, {"password": "********"}, {"password": "abc"}),
        ({"password": secret.HIDDEN}, {"password": "********"}, {"password": secret.HIDDEN}),
        ({"password": None}, {"password": "********"}, {"password": "********"}),
        ({"password": "abc"}, {"password": "new"}, {"password": "new"}),
        ({"server": "http://u:p@h/"}, {"server": "http://u:********@h/"}, {"server": "http://u:p@h/"}),
        ({"server": "http://u:p@h/"}, {"server": "http://u:********@other/"}, {"server": "http://u:********@other/"}),
        ({"server": None}, {"server": "http://u:********@h/"}, {"server": "http://u:********@h/"}),
        ({"partial": None}, {"partial": {"host": "********"}}, {"partial": {"host": "********"}}),
        ({"retry": 60}, {"retry": 240}, {"retry": 240}),
        (
            {"all": [{"name": "a", "server": "http://u:p@h/"}, {"name": "b", "server": "http://u:q@h/"}]},
            {"all": [{"name": "b", "server": "http://u:********@h/"}, {"name": "c", "server": "http://u:********@h/"}]},
            {"all": [{"name": "b", "server": "http://u:q@h/"}, {"name": "c", "server": "http://u:********@h/"}]},
        ),
        ({"all": [{"name": "a"}]}, {"all": ["x", 3]}, {"all": ["x", 3]}),
    ],
)
def test_a_mask_stands_for_what_the_device_has(have, want, kept):
    assert secret.keep_masked(have, want) == kept


@pytest.mark.parametrize(
    "value, masked",
    [
        ("http://u:********@h/", True),
        ({"all": [{"server": "********"}]}, True),
        ({"all": [{"server": "http://u:p@h/"}], "none": None, "retry": 60}, False),
    ],
)
def test_is_masked(value, masked):
    assert secret.is_masked(value) is masked
