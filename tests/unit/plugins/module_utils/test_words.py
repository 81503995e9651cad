# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import words
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError


@pytest.mark.parametrize("value", ["abctext", "https://10.21.2.3/cns/imgsvr", "!\"#$%&'()*+,-./:;<=>@[\\]^_`{|}~", 240])
def test_a_word_stays_as_it_is(value):
    assert words.word("server", value) == str(value)


@pytest.mark.parametrize(
    "value",
    [
        "two words",
        "line\nreload",
        "line\r",
        "nul\0",
        "help?",
        "tab\there",
        "ctrl-z\x1a",
        "ctrl-v\x16?",
        "del\x7f",
        "caf\u00e9",
        "\u2028",
        "\u00a0",
    ],
)
def test_what_could_wake_the_command_line_is_refused(value):
    with pytest.raises(InputError) as raised:
        words.word("image.server", value)
    assert raised.value.message.startswith("image.server cannot be sent")
    assert "Nothing was sent" in raised.value.message
    assert value not in raised.value.message


def test_an_empty_word_is_refused():
    with pytest.raises(InputError, match="^password is empty: give a value, or leave the option out"):
        words.word("password", "")


@pytest.mark.parametrize(
    "name, spelled",
    [
        ("fastethernet 0/1", "FastEthernet0/1"),
        ("FastEthernet0/1", "FastEthernet0/1"),
        ("fa0/1", "FastEthernet0/1"),
        ("Fas 0/1", "FastEthernet0/1"),
        ("GIGABITETHERNET0/1/1", "GigabitEthernet0/1/1"),
        ("gi 0/0/0.100", "GigabitEthernet0/0/0.100"),
        ("te1/1/1", "TenGigabitEthernet1/1/1"),
        ("e0", "Ethernet0"),
        ("port-channel 10", "Port-channel10"),
        ("po10", "Port-channel10"),
        ("vlan1", "Vlan1"),
        ("serial 0/0/0:15", "Serial0/0/0:15"),
        (" Loopback  0 ", "Loopback0"),
        ("lo0", "Loopback0"),
        ("t0", "t0"),  # Tunnel or TenGigabitEthernet: for the device to judge
        ("Wlan-ap 0", "Wlan-ap0"),
        ("10.1.1.1", "10.1.1.1"),
        ("GigabitEthernet", "GigabitEthernet"),
    ],
)
def test_an_interface_is_spelled_as_the_device_does(name, spelled):
    assert words.interface(name) == spelled


@pytest.mark.parametrize(
    "name, spelled",
    [
        ("fastethernet 0/1", "FastEthernet0/1"),
        ("fa0/1", "FastEthernet0/1"),
        (" Loopback0 ", "Loopback0"),
        ("10.1.1.1", "10.1.1.1"),
    ],
)
def test_an_interface_that_a_user_gives(name, spelled):
    assert words.interface_word("source", name) == spelled


@pytest.mark.parametrize(
    "name",
    [
        "Loopback0\nreload",
        "Loopback\n0",
        "Loopback0\n",
        "Loop\tback0",
        "Loopback0\r",
        "Loopback0 reload",
        "Loopback 0 1",
        "Loopback0?",
        "Loopback\u0663",
        "",
    ],
)
def test_an_interface_cannot_smuggle_anything(name):
    with pytest.raises(InputError, match="^gateways.source "):
        words.interface_word("gateways.source", name)


@pytest.mark.parametrize("text, number", [("0", 0), ("007", 7), ("65535", 65535), ("9" * 10, 9999999999)])
def test_a_number_is_made_of_the_ten_digits(text, number):
    assert words.number(text) == number


@pytest.mark.parametrize("text", ["", "\u00b2", "\u0665", "1_0", "+5", "-1", " 5", "5\n", "5.0", "9" * 11, "9" * 5000])
def test_what_only_python_takes_for_a_number_is_none(text):
    assert words.number(text) is None


def test_a_word_has_an_end():
    assert words.word("server", "h" * 1000) == "h" * 1000
    with pytest.raises(InputError, match="^server has 1001 characters"):
        words.word("server", "h" * 1001)
