# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from xml.etree.ElementTree import canonicalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.agent import messages as m

# What XML can carry; the outer blanks of a value mean nothing in these messages.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")).map(str.strip)
lines = st.lists(texts, max_size=3).map("\n".join).map(str.strip)
numbers = st.integers(0, 10**15 - 1)

file_systems = st.lists(st.builds(m.FileSystem, texts, numbers, numbers), max_size=3).map(tuple)
bodies = st.one_of(
    st.builds(m.SessionStart, texts, texts),
    st.builds(m.InventoryRequest, texts),
    st.builds(m.InventoryReport, texts, texts, lines, texts, texts, texts, numbers, file_systems),
    st.builds(
        m.UpgradeRequest,
        texts,
        texts,
        numbers,
        st.text("0123456789abcdef", max_size=32),
        texts.filter(bool),
        st.sampled_from(["none", "as-needed"]),
        st.booleans(),
    ),
    st.builds(m.NothingToDo, texts),
    st.builds(m.StatusReport, texts, texts, texts, texts, texts, texts, texts, texts, lines),
    st.builds(m.Acknowledge, texts),
    st.builds(m.AuthenticationFailure, texts),
)
passwords = st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1)

DOCUMENTED_START = b"""<?xml version="1.0" encoding="UTF-8"?>
<cnsMessage version="1.0">
 <senderCredentials><userName>dvlpr-7200-6</userName></senderCredentials>
 <messageID>dvlpr-7200-6_2</messageID>
 <sessionControl>
  <imageSessionStart version="1.0">
   <initiatorInfo>
    <trigger>EXEC</trigger>
    <initiatorCredentials><userName>dvlpr-7200-6</userName></initiatorCredentials>
   </initiatorInfo>
  </imageSessionStart>
 </sessionControl>
</cnsMessage>
"""

DOCUMENTED_REQUEST = b"""
<cnsMessage version="1.0">
 <senderCredentials><userName>myImageServer.cisco.com</userName><passWord>R0pe5</passWord></senderCredentials>
 <messageID>dvlpr-c2600-2-476456</messageID>
 <request>
  <replyTo><serverReply>http://10.1.36.8:8080/imgsrv/xgate</serverReply></replyTo>
  <imageInventory><inventoryItemList><all/></inventoryItemList></imageInventory>
 </request>
</cnsMessage>
"""


@settings(max_examples=150, deadline=None)
@given(st.builds(m.Message, texts, texts, bodies, passwords))
def test_every_message_survives_the_wire(message):
    assert m.parse(m.build(message)) == message


def test_documented_session_start_is_understood():
    message = m.parse(DOCUMENTED_START)
    assert message == m.Message("dvlpr-7200-6", "dvlpr-7200-6_2", m.SessionStart("dvlpr-7200-6", "EXEC"))


def test_session_start_is_built_as_documented():
    built = m.build(m.parse(DOCUMENTED_START))
    assert canonicalize(built, strip_text=True) == canonicalize(DOCUMENTED_START, strip_text=True)


def test_documented_inventory_request_is_understood():
    message = m.parse(DOCUMENTED_REQUEST)
    assert message.sender == "myImageServer.cisco.com"
    assert message.password == "R0pe5"
    assert message.body == m.InventoryRequest("http://10.1.36.8:8080/imgsrv/xgate")


def test_unknown_elements_are_ignored():
    data = m.build(m.Message("R1", "1", m.UpgradeRequest("a.bin", "http://h/a.bin", 7, "ab")))
    extended = data.replace(b"<distribute>", b"<future deep='1'><x/></future><distribute><colour>red</colour>")
    assert m.parse(extended) == m.parse(data)


def test_a_higher_minor_version_is_accepted_and_another_major_version_refused():
    data = m.build(m.Message("s", "1", m.NothingToDo("up to date")))
    assert m.parse(data.replace(b'imageSessionEnd version="1.0"', b'imageSessionEnd version="1.7"')).body.reason == "up to date"
    with pytest.raises(m.MessageError, match="version 2.0"):
        m.parse(data.replace(b'imageSessionEnd version="1.0"', b'imageSessionEnd version="2.0"'))


def test_control_characters_do_not_break_the_xml():
    message = m.parse(m.build(m.Message("R\x001", "1", m.NothingToDo("a\x1bb\rc"))))
    assert (message.sender, message.body.reason) == ("R?1", "a?b?c")


def test_the_password_is_not_in_the_repr():
    assert "s3cret" not in repr(m.Message("R1", "1", m.NothingToDo(), password="s3cret"))


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "well-formed"),
        (b"<cnsMessage>", "well-formed"),
        (b"<?xml version='1.0' encoding='no-such'?><cnsMessage/>", "well-formed"),
        (b"<html/>", "<html>"),
        (b"<cnsMessage version='1.0'/>", "unknown kind"),
        (
            b"<cnsMessage><request><imageUpgrade><distribute><size>-1</size></distribute></imageUpgrade></request></cnsMessage>",
            "size",
        ),
        (
            b"<cnsMessage><request><imageUpgrade><distribute><size>1e9</size></distribute></imageUpgrade></request></cnsMessage>",
            "size",
        ),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><cnsMessage>&a;</cnsMessage>", "well-formed"),
    ],
)
def test_what_is_not_a_message_is_refused_with_the_reason(data, why):
    with pytest.raises(m.MessageError, match=why):
        m.parse(data)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_noise_raises_nothing_but_message_error(data):
    with pytest.raises(m.MessageError):
        m.parse(data)
