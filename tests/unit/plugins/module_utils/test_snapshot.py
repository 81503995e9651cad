# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils import snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device as BareDevice
from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.talk import Table

BEFORE = {
    "version": "15.5(3)M2",
    "image": "flash:old.bin",
    "boot_list": ["flash:old.bin"],
    "config_register": "0x2102",
    "interfaces_up": 20,
    "interfaces_total": 24,
    "routes": 1000,
    "neighbors": 2,
}
ANSWERS = {
    "show version": 'R1 uptime is 5 minutes\nSystem image file is "flash:new.bin"\n'
    "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M9, RELEASE SOFTWARE (fc1)\n"
    "Configuration register is 0x2102\n",
    "show boot": "% Invalid input detected at '^' marker.\n",
    "show bootvar": "BOOT variable = flash:new.bin,1;flash:old.bin,1;\nConfiguration register is 0x2102\n",
    "show ip interface brief": "Interface  IP-Address  OK? Method Status  Protocol\n"
    "GigabitEthernet0/0  127.0.0.1  YES NVRAM  up  up\nGigabitEthernet0/1  unassigned  YES unset  administratively down down\n",
    "show ip route summary": "Total           3           4           0           448\n",
    "show cdp neighbors": "% CDP is not enabled\n",
}


class Device(BareDevice):
    """Answers from a table, and with a refusal to the rest."""

    def __init__(self, answers):
        super().__init__(Table({"show privilege": "Current privilege level is 15\n", **answers}))


def verdicts(after, tolerances=None):
    return {found["what"]: found["verdict"] for found in snapshot.compare(BEFORE, dict(BEFORE, **after), tolerances)}


def test_take():
    assert converse(snapshot.take(Device(ANSWERS))) == {
        "version": "15.7(3)M9",
        "image": "flash:new.bin",
        "boot_list": ["flash:new.bin", "flash:old.bin"],
        "config_register": "0x2102",
        "interfaces_up": 1,
        "interfaces_total": 2,
        "routes": 7,
        "neighbors": None,
    }


def test_what_a_release_does_not_know_is_null():
    taken = converse(snapshot.take(Device({"show version": ANSWERS["show version"]})))
    assert {name for name, value in taken.items() if value is not None} == {"version", "image", "config_register"}


@pytest.mark.parametrize(
    "command, said, told",
    [
        ("show cdp neighbors", "% CDP is not enabled\n", False),
        (
            "show ip route summary",
            "Default gateway is 10.0.0.1\n\nHost  Gateway  Last Use\nICMP redirect cache is empty\n",
            False,
        ),
        ("show ip route summary", "Default gateway is not set\n\nHost  Gateway  Last Use\nICMP redirect cache is empty\n", False),
        ("show ip route summary", "Command authorization failed.\n", True),
    ],
)
def test_what_is_off_is_no_reason_to_warn(command, said, told):
    sentences = []
    taken = converse(snapshot.take(Device(dict(ANSWERS, **{command: said})), sentences.append))
    assert taken["neighbors" if "cdp" in command else "routes"] is None
    assert bool(sentences) is told


def test_five_commands_where_the_boot_list_is_shown_at_once():
    device = Device(dict(ANSWERS, **{"show boot": "BOOT variable = flash:new.bin,1;\n"}))
    assert converse(snapshot.take(device))["boot_list"] == ["flash:new.bin"]
    assert device._transport.asked == [command for command in ANSWERS if command != "show bootvar"]


@pytest.mark.parametrize(
    "after, tolerances, expected",
    [
        (dict(version="15.7(3)M9", image="flash:new.bin"), None, {"version": "expected", "image": "expected"}),
        (dict(boot_list=["flash:new.bin", "flash:old.bin"]), None, {"boot_list": "expected"}),
        (dict(boot_list=[]), None, {"boot_list": "worse"}),
        (dict(image=None), None, {"image": "worse"}),
        (dict(config_register="0x2142"), None, {"config_register": "worse"}),
        (dict(config_register=None), None, {"config_register": "ok"}),
        (dict(interfaces_up=19), None, {"interfaces_up": "worse"}),
        (dict(interfaces_up=21), None, {"interfaces_up": "ok"}),
        (dict(interfaces_up=0), None, {"interfaces_up": "worse"}),
        (dict(interfaces_up=19), {"interfaces_up": 1}, {"interfaces_up": "ok"}),
        (dict(interfaces_up=18), {"interfaces_up": 1}, {"interfaces_up": "worse"}),
        (dict(interfaces_up=18), {"routes": 100}, {"interfaces_up": "worse"}),
        (dict(routes=950), {"routes": "5%"}, {"routes": "ok"}),
        (dict(routes=949), {"routes": " 5 % "}, {"routes": "worse"}),
        (dict(neighbors=None), {"neighbors": 2}, {"neighbors": "worse"}),
        (dict(neighbors=0), {"neighbors": "100%"}, {"neighbors": "ok"}),
    ],
)
def test_compare(after, tolerances, expected):
    assert verdicts(after, tolerances) == expected


def test_what_was_not_known_before_cannot_be_worse():
    (found,) = snapshot.compare(dict(BEFORE, neighbors=None), BEFORE, {"neighbors": "50%"})
    assert found == {"what": "neighbors", "before": None, "after": 2, "verdict": "ok"}


@pytest.mark.parametrize(
    "tolerances",
    [{"version": 1}, *({"routes": given} for given in ("many", -1, True, "%", 1.5, "\u00b2", "9" * 5000))],
    ids=["unknown", "word", "negative", "truth", "percent", "fraction", "superscript", "long"],
)
def test_tolerances_that_mean_nothing_are_refused(tolerances):
    with pytest.raises(InputError):
        snapshot.compare(BEFORE, BEFORE, tolerances)


snapshots = st.fixed_dictionaries(
    {
        name: st.one_of(st.none(), st.integers(0, 5) if name in snapshot.NUMBERS else st.sampled_from(["a", "b"]))
        for name in BEFORE
    }
)


@given(snapshots, snapshots)
def test_what_differs_is_listed_and_nothing_else(before, after):
    found = snapshot.compare(before, after)
    assert {entry["what"] for entry in found} == {name for name in BEFORE if before[name] != after[name]}
    assert all(entry["verdict"] in ("expected", "ok", "worse") for entry in found)
    untold = {entry["what"]: entry["verdict"] for entry in found if entry["after"] is None}
    assert untold.pop("config_register", "ok") == "ok"
    assert set(untold.values()) <= {"worse"}


@given(snapshots)
def test_a_device_that_is_as_it_was_differs_in_nothing(before):
    assert snapshot.compare(before, dict(before), {"routes": "5%"}) == []
