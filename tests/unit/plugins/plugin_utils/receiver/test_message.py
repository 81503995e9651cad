# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.message import understand
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import heard
from lab.agent.messages import Message, StatusReport, build

REPORT = StatusReport(
    "core-1",
    "core-1-host",
    "distribution",
    "FAILED",
    "2026-11-22T19:45:02.000+00:00",
    image="c2900.SPA.157-3.M9.bin",
    version="15.7(3)M9",
    code="CHECKSUM_MISMATCH",
    text="the MD5 is not what was announced",
)


def fields(body):
    return understand(body if isinstance(body, bytes) else body.encode()).fields


def test_the_message_of_the_virtual_fleet():
    posted = understand(build(Message("core-1", "core-1_4", REPORT, password="s3cret-word")))
    assert posted.passwords == ("s3cret-word",)
    seen = posted.fields
    assert (seen["device"], seen["host_name"], seen["state"], seen["form"]) == ("core-1", "core-1-host", "failed", "xml")
    assert (seen["operation"], seen["status"]) == ("distribution", "FAILED")
    assert (seen["image"], seen["version"]) == ("c2900.SPA.157-3.M9.bin", "15.7(3)M9")
    assert seen["reason"] == "CHECKSUM_MISMATCH: the MD5 is not what was announced"
    assert "s3cret" not in repr(seen) and "<passWord>********</passWord>" in seen["raw"]


@pytest.mark.parametrize(
    "body, device, state",
    [
        ("<a:imageStatus xmlns:a='x'><a:imageID>R7</a:imageID><a:Status>SUCCESS</a:Status></a:imageStatus>", "R7", "success"),
        ("<status device-id='R8' state='in progress'/>", "R8", "in_progress"),
        ("<config-failure><identifier>1</identifier><deviceName>R9</deviceName></config-failure>", "R9", "failed"),
        ("<response success='0'><udi>PID:X,SN:1</udi></response>", "PID:X,SN:1", "failed"),
        ("<response success='1'><udi>PID:X,SN:1</udi></response>", "PID:X,SN:1", "success"),
        ("<m><imageID>R1</imageID><status>UNSUCCESSFUL</status></m>", "R1", "failed"),
        ("<m><imageID>R1</imageID><status>INCOMPLETE</status></m>", "R1", "failed"),
        ("<m><imageID>R1</imageID><status>NO_NEW_IMAGE</status></m>", "R1", "no_new_image"),
        ("<m><imageID>R1</imageID><status>NO_ERROR</status></m>", "R1", "success"),
        ("<m><imageID>R1</imageID><status>PURPLE</status></m>", "R1", "unknown"),
        ("<m><imageID>R1</imageID><errorInfo/></m>", "R1", "unknown"),
        ('{"imageID": "R2", "status": "DOWNLOADING", "error": null}', "R2", "in_progress"),
        ("device: R3\r\nstatus=failed\r\nreason: 'no space left'", "R3", "failed"),
        ("%CNS-3: upgrade of the image failed", None, "failed"),
        ("hello", None, "unknown"),
        ("<m><imageID>R4</imageID><status>FAILED</status><cut", "R4", "failed"),
    ],
)
def test_what_is_understood(body, device, state):
    assert (fields(body)["device"], fields(body)["state"]) == (device, state)


def test_utf_16_is_read_and_its_password_masked():
    text = (
        "<?xml version='1.0' encoding='utf-16'?><m><imageID>R1</imageID><passWord>s3cret-word</passWord><status>OK</status></m>"
    )
    posted = understand(text.encode("utf-16"))
    assert posted.fields["state"] == "success" and posted.passwords == ("s3cret-word",)
    assert "s3cret" not in posted.fields["raw"] and "s 3 c" not in posted.fields["raw"]


@pytest.mark.parametrize(
    "body",
    [
        "<m><passWord>s3cret-word</passWord></m>",
        "<m><passWord><b>s3cret-word</b></passWord></m>",
        "<m passWord='s3cret-word'/>",
        '<m><n x="1" image-password = "s3cret-word"/></m>',
        "<m><passWord><![CDATA[s3cret-word]]></passWord><text>tried s3cret-word</text></m>",
        "<m><passWord>s3cret-word",
        '{"password": "s3cret-word", "reason": "s3cret-word is wrong"}',
        "password=s3cret-word",
        "cns image password 0 s3cret-word",
        "<m><sourceURL>http://user:s3cret-word@10.0.0.1/image.bin</sourceURL></m>",
        "secret: 's3cret-word",
    ],
)
def test_no_password_is_shown(body):
    assert "s3cret" not in repr(fields(body))


@pytest.mark.parametrize("said", ["tried Hidden/4%You", "tried Hidden%2F4%25You", "SGlkZGVuLzQlWW91", "tried $4%You"])
def test_the_password_of_the_receiver_is_not_shown_wherever_it_stands(said):
    shown = understand(("<m><imageID>R1</imageID><reason>%s, it is wrong</reason></m>" % said).encode(), ["Hidden/4%You"]).fields
    assert said not in repr(shown) and "4%You" not in repr(shown)
    assert shown["device"] == "R1" and shown["reason"].endswith("it is wrong")


BILLION = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><m><imageID>R1</imageID><status>&b;</status></m>'
OUTSIDE = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><m><imageID>R1</imageID><reason>&x;</reason></m>'


@pytest.mark.parametrize("body", [BILLION, OUTSIDE], ids=["expansion", "file"])
def test_entities_stay_what_they_are(body):
    seen = fields(body)
    assert (seen["form"], seen["device"]) == ("text", "R1")
    assert "hahaha" not in repr(seen) and "root:" not in repr(seen)


@pytest.mark.parametrize(
    "body", [b"", b"  \r\n", b"\0\1\2\xff\xfe\xfd", bytes(range(256)) * 4], ids=["empty", "blank", "short", "long"]
)
def test_what_is_no_text(body):
    assert (fields(body)["form"], fields(body)["state"], fields(body)["raw"]) == ("binary", "unknown", "")


def test_nothing_that_is_shown_acts_on_a_terminal():
    seen = fields("<m><imageID>R1</imageID><reason>a&#10;b\x1b[2J\u202e</reason><status>FAILED</status></m>")
    assert all(value.isprintable() for value in seen.values() if isinstance(value, str))


@pytest.mark.parametrize(
    "body",
    [
        "<a>" * 20000,
        "<a x='1'/>" * 6000,
        "<m>" + "<a/>" * 15000 + "</m>",
        "password='" * 6000,
        "[" * 60000,
        "a:" * 30000,
        "<passWord" * 7000,
        "cns image password " * 3400,
        "http://a:b@" * 5900,
    ],
    ids=range(9),
)
def test_a_large_message_takes_no_time(body):
    begun = time.process_time()
    assert fields(body)["size"] == len(body)
    assert time.process_time() - begun < 2


@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/=\"'&;!?[]{}:% abimgeIDstatus\n\0", max_size=300).map(str.encode)))
def test_nothing_raises_and_what_comes_out_is_sound(body):
    seen = fields(body)
    entry = dict(seen, at=1.0, **{"from": "127.0.0.1"})
    assert heard.is_sound(entry)
    assert all(value.isprintable() for value in seen.values() if isinstance(value, str))
