# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils import secret, url


@pytest.mark.parametrize(
    "text, parts",
    [
        ("http://u:p@ss:w@host/x", ("http", "u", "p@ss:w", "host", None)),
        ("http://u:p/ss@host/x", ("http", "u", "p/ss", "host", None)),
        ("http://u:p@ss/w@host/x", ("http", "u", "p@ss/w", "host", None)),
        ("http://u:p#x?y@h.example:80/", ("http", "u", "p#x?y", "h.example", "80")),
        ("http://u:a%40b@h/x", ("http", "u", "a%40b", "h", None)),
        ("http://u:12/34@h.example/", ("http", "u", "12/34", "h.example", None)),
        ("http://:s3cret@host", ("http", None, "s3cret", "host", None)),
        ("http://dom/u:pw@host/", ("http", "dom/u", "pw", "host", None)),
        ("http://u:p@[2001:db8::1]:8080/x", ("http", "u", "p", "[2001:db8::1]", "8080")),
        ("u:s3cret@10.1.1.1/x", (None, "u", "s3cret", "10.1.1.1", None)),
        ("u:pw@host", (None, "u", "pw", "host", None)),
        ("http://u:S3/cr3t@server", ("http", "u", "S3/cr3t", "server", None)),
        ("http://u:a#b?c@server", ("http", "u", "a#b?c", "server", None)),
        ("http://user@10.1.1.1:8080/", ("http", "user", None, "10.1.1.1", "8080")),
        ("http://u:p@host/path@v1", ("http", "u", "p", "host", None)),
        ("http://10.1.1.1:8080/cns/x@y", ("http", None, None, "10.1.1.1", "8080")),
        ("http://[2001:db8::1]:80/x@y", ("http", None, None, "[2001:db8::1]", "80")),
        ("10.2.2.8", (None, None, None, "10.2.2.8", None)),
        ("images.example.net:80/cns", (None, None, None, "images.example.net", "80")),
        ("", (None, None, None, None, None)),
        (None, (None, None, None, None, None)),
    ],
)
def test_the_parts_of_a_url(text, parts):
    assert tuple(url.split(text)) == parts


@pytest.mark.parametrize(
    "text, masked",
    [
        ('copy "u:s3cret@10.1.1.1/x" flash:', 'copy "u:********@10.1.1.1/x" flash:'),
        ("<url>http://a:b@h/</url>", "<url>http://a:********@h/</url>"),
        ("at 12:00:01 mail me@x.example", "at 12:00:01 mail me@x.example"),
        ("http://a:b@h/ http://c:d/e@i/", "http://a:********@h/ http://c:********@i/"),
        ("@ http://a:b@h/", "@ http://a:********@h/"),
        ("http://a:@h/ and http://@h:8/", "http://a:@h/ and http://@h:8/"),  # no password
        ('{"servers":"http://h/,http://a:b@i/"}', '{"servers":"http://h/,http:********@i/"}'),
        ('{"server":"http://a:b@h/"}', '{"server":"http://a:********@h/"}'),
        (":s3cret@h/", ":********@h/"),
        ("u:s3cret@h,http://i/", "u:********@h,http://i/"),
        ('u:s3cret@h"http://a:b@i/', "u:********@i/"),
    ],
)
def test_passwords_are_masked_in_a_text(text, masked):
    assert secret.mask(text) == masked


words = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)
names = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,2}", fullmatch=True)


@settings(max_examples=300, deadline=None)
@given(
    scheme=st.sampled_from(["http://", "https://", ""]),
    user=st.from_regex(r"[A-Za-z][\w.-]{0,9}", fullmatch=True),
    password=words,
    host=names,
    port=st.sampled_from(["", ":8080"]),
    path=st.sampled_from(["", "/", "/cns/imgsvr"]),
)
@example(scheme="http://", user="A", password="#$", host="a.a", port="", path="")  # a prompt, and what it echoes
def test_no_piece_of_a_password_is_shown(scheme, user, password, host, port, path):
    written = "%s%s:%s@%s%s%s" % (scheme, user, password, host, port, path)
    parts = url.split(written)
    a_host_and_its_port = "." in user and re.match(r"[0-9]{1,5}[/?#]", password)  # and a path with an @
    assert secret.mask(written) == "%s%s:%s@%s%s%s" % (scheme, user, secret.MASK, host, port, path)
    if (scheme or "://" not in password) and not a_host_and_its_port:  # a scheme in the middle begins the URL
        assert (parts.user, parts.password, parts.host) == (user, password, host)
        assert secret.url_passwords({"server": written}) == {password}


@given(text=st.text(st.sampled_from("ab:@/.?#[]http \n\"'")))
def test_no_text_raises(text):
    parts = url.split(text)
    assert parts.host is None or parts.host in text
    assert all(password in text for password in url.passwords(text))


UNITS = [
    "a:@",
    "@",
    ":",
    "http://",
    "a:b@c ",
    "u:@x/",
    "cns image password ",
    "username x ",
    "$ password ",
    "<passWord>",
    "<a:passWord ",
    "enable ",
    "$",
    "$d ",
    "#$",
    "cns image server ",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----END A PRIVATE KEY-----",
    "BEGIN ",
    "A ",
    "-",
    "</passWord",
    "<passWord a='",
    "&lt;passWord ",
    "&lt;a",
    "a.",
    "password",
    "password=",
    'password="',
    "password: '\\",
    "authorization: ",
    "level 1 ",
    "http://a://",
]
HEADS = ["http://u:", "", "$", "<passWord>", "<passWord ", "cns image retrieve ", 'password="', "-----BEGIN "]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("unit", UNITS)
def test_masking_takes_linear_time(unit, head):
    def seconds(count):
        begin = time.process_time()
        secret.mask(head + unit * (count // len(unit) + 1))
        return time.process_time() - begin

    # Eight times the text; a square would take 64 times. Again only where something else has held it up.
    assert any(seconds(16000) < 24 * max(seconds(2000), 0.002) for _attempt in range(3))
