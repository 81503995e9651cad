# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.secret import _TYPE7_KEY, MASK

SECRETS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=4, max_size=24).filter(
    lambda text: text == text.strip() and "  " not in text
)
SPELLINGS = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, lower case": lambda text: quote(text, safe="").lower() if text.lower() == text else quote(text, safe=""),
    "percent, slashes kept": quote,
    "percent, plus": quote_plus,
    "percent, every byte": lambda text: "".join("%%%02x" % byte for byte in text.encode()),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "XML": escape,
    "numbers of HTML": lambda text: "".join("&#%d;" % ord(char) for char in text),
    "hex numbers of HTML": lambda text: "".join("&#x%x;" % ord(char) for char in text),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, no escapes of letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "JSON of JavaScript": lambda text: text.replace("\\", "\\\\").replace("/", "\\/"),
    "repr": lambda text: repr(text + "'")[1:-2].removesuffix("\\"),
    "repr of bytes": lambda text: repr(text.encode())[2:-1],
    "ascii": lambda text: ascii(text)[1:-1],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of user and password": lambda text: base64.b64encode(b"me:" + text.encode()).decode(),
    "base64 of a long user": lambda text: base64.b64encode(b"agent4:" + text.encode() + b"\n").decode(),
    "base64 in a URL": lambda text: quote(base64.b64encode(b"a:" + text.encode()), safe=""),
    "hex": lambda text: text.encode().hex(),
    "over two lines": lambda text: text[:3] + "\r\n   " + text[3:],
}


def encrypt_type7(plain: str, salt: int) -> str:
    return "%02d" % salt + "".join("%02X" % (ord(char) ^ ord(_TYPE7_KEY[salt + place])) for place, char in enumerate(plain))


@given(
    SECRETS, st.sampled_from(sorted(SPELLINGS)), st.sampled_from(["%s", "Bad mask: <%s>.", "x%sy", 'say "%s" again', "(%s %s)"])
)
@example("é€/+ %", "percent", "%s")
@example("a\\nb", "JSON", "%s")
@example("p%41ss", "percent", "x%sy")
@example("00 ?", "percent, plus", "%s")
@example("&lt;\\0", "JSON", "%s")
@example("00\xc2\xa1", "ascii", "%s")
def test_a_secret_is_found_however_it_is_spelled(secret, how, around):
    spelled = SPELLINGS[how](secret)
    assume(MASK not in spelled and "*" not in secret)
    text = around.replace("%s", spelled)
    shown = Door([secret]).text(text)
    assert secret not in shown and spelled not in shown
    assert MASK in shown


@example("00{{", 0)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=24), st.integers(0, 15))
def test_type_7_of_a_secret_is_found_with_any_salt(secret, salt):
    assume("*" not in secret)
    encoded = encrypt_type7(secret, salt)
    assert encoded not in Door([secret]).text("it has 7 %s here" % encoded)


@pytest.mark.parametrize(
    "said, shown",
    [
        ("$ge password Hunter2Hunter", "$ge password ********"),
        ("R1(config)#$nter2Hunter", "R1(config)#$********"),
        ("as password Hunter2Hun...", "as password ********..."),
        ("as password Hunter2H$", "as password ********$"),
        ("as password Hunter2H\nnext", "as password ********\nnext"),
        ("it ends with ...er2Hunter", "it ends with ...********"),
        ("a Hunter hunts", "a Hunter hunts"),
        ("Hun", "Hun"),
        ("Hunter", "Hunter"),  # less than half of it, and nothing tells that it was cut
    ],
)
def test_a_piece_that_a_cut_has_left_is_hidden(said, shown):
    assert Door(["Hunter2Hunter"]).text(said) == shown


@pytest.mark.parametrize(
    "secret, said", [("00$00{", "on $00{\n"), ("abc...xyz", "it was abc... and"), ("abc...xyz", "... ...xyz")]
)
def test_a_secret_may_have_the_mark_of_a_cut_in_it(secret, said):
    shown = Door([secret]).text(said)
    assert MASK in shown and "00{" not in shown and "abc" not in shown and "xyz" not in shown


@given(st.text(st.characters(exclude_categories=["C"]), max_size=60), SECRETS)
def test_what_is_no_secret_stays(text, secret):
    assume(secret[:3] not in text and secret[-3:] not in text)
    assert Door([secret]).text(text) == Door().text(text)


def test_a_short_secret_is_hidden_only_where_it_is_a_text_of_its_own():
    assert Door(["ab"]).data({"x": "ab", "y": "a cab"}) == {"x": MASK, "y": "a cab"}


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
