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

from ansible_collections.cns.image_agent.plugins.module_utils import scrub
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
    "JSON in JSON in JSON": lambda text: json.dumps(json.dumps(json.dumps(text)))[7:-7],
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
    "each word on a line": lambda text: text.replace(" ", "\n  "),
}


def encrypt_type7(plain: str, salt: int) -> str:
    return "%02d" % salt + "".join("%02X" % (ord(char) ^ ord(_TYPE7_KEY[salt + place])) for place, char in enumerate(plain))


@given(
    SECRETS, st.sampled_from(sorted(SPELLINGS)), st.sampled_from(["%s", "Bad mask: <%s>.", "x%sy", 'say "%s" again', "(%s %s)"])
)
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


@pytest.mark.parametrize("how", SPELLINGS)
@pytest.mark.parametrize("secret", ["é€/+ %~~~", "a\\nb'\"", "p%41ss>", "\U0001f511 k\uffff", "two 'words'", "\xc2\xa1~?~?"])
def test_it_is_masked_to_the_character(secret, how):
    spelled = SPELLINGS[how](secret)
    shown = Door([secret]).text(f"({spelled}) {spelled}%21 or {spelled}")
    assert shown == f"({MASK}) {MASK}%21 or {MASK}"


@pytest.mark.parametrize("before", [b"", b"a", b"me", b"a:b"])
@pytest.mark.parametrize("raw", [b"s3cret", b"s3crets", b"~~~???>"])
def test_what_base64_has_of_a_secret_whatever_stands_around_it(raw, before):
    around = [(before.translate(bytes([byte]) * 256), bytes([byte]) * 3) for byte in (0, 255)]
    encoded = ["".join(base64.b64encode(first + raw + last).decode()) for first, last in around]
    same = "".join(one if one == other else " " for one, other in zip(*encoded)).strip(" =")
    assert list(scrub._stable(raw, len(before) % 3)) == [same, same.replace("+", "-").replace("/", "_")]


def test_each_line_of_a_secret_is_one():
    assert Door(["-----BEGIN\n  MIIE vQ \r\n\nAg\n"]).text("a MIIE vQ, an Ag\n") == f"a {MASK}, an Ag\n"
    assert Door([" s3cret", "%20%20pass%20word"]).text("s3cret, pass word") == f"{MASK}, {MASK}"
    assert Door(["", "  ", MASK]).text("    ****") == "    ****"


def test_escaped_bytes_may_be_of_either_encoding():
    assert Door(["\xc2\xa1key"]).text("%C2%A1key, %C3%82%C2%A1key") == f"{MASK}, {MASK}"


def test_secrets_beside_each_other():
    assert Door(["aaaa"]).text("aaaaa") == MASK


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
        ("Hunter2Hun", "********"),
        ("aHunter2Hun...", "a********..."),
        ("xyHunter2Hun\n", "xyHunter2Hun\n"),  # a longer word
        ("it ends with $er2Hunter.", "it ends with $********."),
        ("it ends with …er2Hunter…", "it ends with …********…"),
        ("it ends with ...er2Hunters", "it ends with ...er2Hunters"),
        ("it ends with ...er2Hunters.", "it ends with ...er2Hunters."),
        ("…nter2Hunter is its end", "…******** is its end"),
        ("it ends with ...er2Hunter2", "it ends with ...er2Hunter2"),
        ("a Hu... an ...er", "a Hu... an ...er"),
        ("Hun", "Hun"),
        ("Hunter", "Hunter"),  # less than half of it, and nothing tells that it was cut
    ],
)
def test_a_piece_that_a_cut_has_left_is_hidden(said, shown):
    assert Door(["Hunter2Hunter"]).text(said) == shown


def test_more_than_half_of_a_secret_at_the_end_of_a_line_is_hidden():
    assert Door(["abcd1234"]).text("it is abcd\nit is abcd1") == f"it is abcd\nit is {MASK}"


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


@pytest.mark.parametrize("short", ["a", "ab", "cab"])
def test_a_short_secret_is_hidden_only_where_it_is_a_text_of_its_own(short):
    assert Door([short]).data({"x": short, "y": "a cab of the cabs"}) == {"x": MASK, "y": "a cab of the cabs"}
