# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ast
import copy
import html
import json
import re

import pytest
from hypothesis import assume, given, settings
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
        (["0", "abctext", "more"], "abctext"),
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


@pytest.mark.parametrize(
    "words, whether",
    [([], True), (["x"], True), (["7"], True), (["7", "x"], True), (["x", "y"], False), (["7", "x", "y"], False)],
)
def test_the_words_of_a_password(words, whether):
    assert secret.is_password(words) is whether


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
        # Of two readings of a URL the one is masked that has more to hide.
        ("http://10.1.1.1:8080/cns/x@y", "http://10.1.1.1:********@y"),
        ("http://a.b:1/2@host", "http://a.b:********@host"),
        ("http://user@10.1.1.1:8080/", "http://user@10.1.1.1:8080/"),
        ("cns image retry 240", "cns image retry 240"),
        ("cns image password \ncns image retry 240", "cns image password \ncns image retry 240"),
        ("cns image password 7\ncns image retry 240", "cns image password ********\ncns image retry 240"),
    ],
)
def test_masked_text(text, masked):
    assert secret.mask(text) == masked
    assert secret.mask(masked) == masked


# ``{}``: where the password stands, and where the mask is to stand. What takes the place of a type is behind it.
SPELLINGS = """
cns image password {} | cns image password 7 {} | no cns image password 0 {} | CNS Image PassWord\t8 {} | cns password 14 {}
cns image-password {} | image-password {} | image-password 7 {} | cns-password {}
cns image retrieve server http://10.1.1.1/a status http://10.1.1.1/b password {}
cns image server http://10.1.1.1/a status http://10.1.1.1/b password 7 {} | kron: cli cns image retrieve server x password {}
$assword {} | $ssword 7 {} | $sword {} | $word {} | $ord {} | $rd {} | $d {} | R1(config)#$assword {} | R1#$cret 5 {}
$ge password {} | $ password 7 {} | $ http://10.1.1.1/ status x password {} | R1(config)#$tatus x password {}
enable secret {} | enable secret 9 {} | enable password level 7 {} | enable secret level 15 5 {} | no enable secret {}
username a secret {} | username a privilege 15 password 7 {} | username a.b-c role x one-time secret 9 {}
""".replace("\n", "|").split("|")
XML_SPELLINGS = """
<passWord>{}</passWord> | <password>{}</password> | <a:passWord>{}</a:passWord> | <PASSWORD  >{}</PASSWORD>
<passWord>{} | <imagePassword>{}</imagePassword> | <passWord value="{}"/> | <x passWord="{}" y="z"/> | <x y="z" a:passWord = "{}">
passWord="{}" | passWord='{}' | <passWord\t>{}</passWord>
&lt;passWord&gt;{}&lt;/passWord&gt; | <a passwd="{}">
""".replace("\n", "|").split("|")


def masked_form(spelling):
    """Without the type, and the level, which go with the password."""
    return re.sub(r"(?<=\s)(?:level [0-9]+ |[0-9]{1,2} )+(?=\{\})", "", spelling).format(secret.MASK)


@pytest.mark.parametrize("spelling", [each.strip() for each in SPELLINGS if each.strip()])
@settings(max_examples=40, deadline=None)
@given(
    password=printable,
    before=st.sampled_from(["", "R1(config)#", "x\n"]),
    after=st.sampled_from(["", "\nnext", " \r\n", "  next"]),
)
def test_no_spelling_of_a_line_shows_the_password(spelling, password, before, after):
    assume(
        not re.fullmatch("(?i)[0-9]{1,2}|.*(password|secret)", password) or not after.strip()
    )  # then what follows is taken for the password, too
    before = before if "$" not in spelling and "#" not in spelling else ""
    shown = secret.mask(before + spelling.format(password) + after)
    assert shown == before + masked_form(spelling) + after
    assert secret.mask(shown) == shown


@pytest.mark.parametrize("spelling", ["$ {}", "${}", "R1(config)#$ 7 {}", "R1#${}", "${}@10.1.1.1/a status x"])
@given(password=printable.filter(lambda text: "$" not in text))
def test_what_is_left_of_a_scrolled_line_is_no_piece_of_a_password(spelling, password):
    assert secret.mask("x\n" + spelling.format(password) + "\nnext") == "x\n" + masked_form(spelling) + "\nnext"


@pytest.mark.parametrize("spelling", [each.strip() for each in XML_SPELLINGS if each.strip()])
@settings(max_examples=40, deadline=None)
@given(password=printable.filter(lambda text: "\\" not in text))
def test_no_spelling_of_an_element_shows_the_password(spelling, password):
    shown = secret.mask(spelling.format(html.escape(password)))
    assert shown == spelling.format(secret.MASK) and secret.mask(shown) == shown


@pytest.mark.parametrize(
    "inside",
    [
        "{}",
        "a<b type='c'>{}</b>",
        "<![CDATA[{}]]>",
        "a\nb<c d='e'>{}",
        "<!-- x -->{}",
        "&amp;{}&#120;",
        "<a:b xmlns:a='c'>{}</a:b>",
    ],
)
def test_an_element_of_a_password_shows_nothing_that_is_inside(inside):
    assert "s3cret" not in secret.mask("<passWord type=\"s3cret\" a='s3cret'>%s</passWord>" % inside)
    assert "s3cret" not in secret.mask('<passWord value="s3cret')
    text = "<r:passWord>%s</r:passWord><next>x</next>" % inside.format("s3cret")
    assert secret.mask(text) == "<r:passWord>********</r:passWord><next>x</next>"


@settings(max_examples=60, deadline=None)
@given(password=printable, dumps=st.sampled_from([json.dumps, repr, lambda data: json.dumps(data, indent=1)]))
def test_no_spelling_of_data_shows_the_password(password, dumps):
    shown = secret.mask(dumps({"passWord": password, "cns_password": password, "retry": 5}))
    assert ast.literal_eval(shown) == {"passWord": secret.MASK, "cns_password": secret.MASK, "retry": 5}


@pytest.mark.parametrize("kind", ["RSA ", "EC ", "ENCRYPTED ", "OPENSSH ", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n", " "])
def test_a_private_key_is_no_text_to_show(kind, end):
    lines = ["-----BEGIN %sPRIVATE KEY-----" % kind, "MIIEvQ", "AgEA==", "-----END %sPRIVATE KEY-----" % kind]
    shown = secret.mask("before " + end.join(lines) + " after")
    assert shown == "before %s********%s after" % (lines[0], lines[-1])
    assert secret.mask("before " + end.join(lines[:3])) == "before %s********" % lines[0]
    assert secret.mask({"lines": ["before", *lines, "after"]}) == {"lines": ["before", lines[0] + "********", "after"]}
    assert secret.mask(lines[:3]) == [lines[0] + "********"]


def test_a_secret_in_a_key_is_masked_as_well():
    assert secret.mask({"http://u:s3cret@h/": 1, 2: "x"}) == {"http://u:********@h/": 1, 2: "x"}


@pytest.mark.parametrize(
    "data",
    [
        {"update_password": "when_changed", "password_required": True, "secret": False, "password": None},
        "Set ansible_become: true, ansible_become_method: enable and ansible_become_password.",
        "use update_password: on_create where that matters",
        "It costs $5.00, or a$ b",
        "no cns image passwords here",
        "cns image server http://10.1.1.1/ status http://10.1.1.1/",
    ],
)
def test_what_is_no_secret_is_shown(data):
    assert secret.mask(data) == data


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


@given(st.from_regex("[a-zA-Z0-9][a-z0-9@:+-]{2,10}[a-zA-Z0-9]", fullmatch=True))
@settings(max_examples=60, deadline=None)
def test_a_password_that_is_said_beside_its_url_is_masked_as_well(password):
    said = "%% Cannot log in with %s at http://agent:%s@10.0.0.1/, '%s' is wrong" % (password, password, password)
    masked = "% Cannot log in with ******** at http://agent:********@10.0.0.1/, '********' is wrong"
    assert secret.mask(said) == masked and secret.mask(masked) == masked


def test_the_passwords_of_many_urls_are_masked_beside_them():
    urls = ["http://u:s3cret%d@h/" % number for number in range(8)]
    shown = secret.mask(" ".join([*urls, *("of s3cret%d" % number for number in range(8))]))
    assert shown == " ".join(["http://u:********@h/"] * 8 + ["of ********"] * 8)


@pytest.mark.parametrize(
    "password, shown", [("at", "at"), ("cat", "cat"), ("cats", "********"), ("cat's", "********"), ("s/a:cats@h/", "********")]
)
def test_a_password_beside_its_url_is_masked_unless_it_is_as_short_as_any_word(password, shown):
    said = "%s, of http://u:%s@h/ and http://u:cats@h/" % (password, password)
    assert secret.mask(said) == shown + ", of http://u:********@h/ and http://u:********@h/"


@pytest.mark.parametrize(
    "line, passwords",
    [
        ("cns image password s3cret", {"s3cret"}),
        ("cns password 0 s3cret more", {"s3cret"}),
        (" username a privilege 15 password 7 0822455D0A16", {"0822455D0A16", "cisco"}),
        ("enable secret 9 $9$abc", {"$9$abc"}),
        ("enable secret <removed>", set()),
        ("cns image password 7 *****", set()),
        ("cns image retry 5", set()),
    ],
)
def test_the_passwords_of_a_configuration(line, passwords):
    assert set(secret.passwords_in("hostname R1\n%s\nend" % line)) == passwords


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
        (
            {"all": [{"name": "b", "server": "http://u:q@h/", "retry": 1}]},
            {"all": [{"name": "b", "server": "http://u:********@h/", "retry": 2}]},
            {"all": [{"name": "b", "server": "http://u:q@h/", "retry": 2}]},
        ),
        ({"urls": ["http://u:p@h/", "http://u:q@i/"]}, {"urls": ["http://u:********@i/"]}, {"urls": ["http://u:q@i/"]}),
    ],
)
def test_a_mask_stands_for_what_the_device_has(have, want, kept):
    assert secret.keep_masked(have, want) == kept


@pytest.mark.parametrize(
    "have, want, same",
    [
        ("id s3cret of x", "id ******** of x", True),
        ("s3cret, s3cret", "********, ********", True),
        ("s3cret, ", "********, ********", False),  # a mask stands for something
        (", s3cret", "********, ********", False),
        ("a, b", "********, ********", True),
        ("a,, b", "********, ********", True),
        ("ab", "****************", True),
        ("a, b. c", "********, ********. ********", True),
        ("a, bc", "********, ********. ********", False),
        ("a. b, c", "********, ********. ********", False),
        ("id s3cret of x", "id ******** of y", False),
        ("id s3cret of x", "ie ******** of x", False),
        ("id of x", "id ******** of x", False),
        ("id of x", "id ********of x", False),
        (5, "5********", False),
    ],
)
def test_text_with_masks_stands_for_what_may_be_shown_like_it(have, want, same):
    assert secret.keep_masked({"id": have}, {"id": want}) == {"id": have if same else want}


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
