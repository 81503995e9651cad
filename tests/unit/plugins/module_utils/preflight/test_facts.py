# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.device import Device as BareDevice
from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks as preflight
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import facts as preflight_facts
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.preflight.test_checks import WANTED
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.talk import Table
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.trust.test_certificate import chain

INVALID = "          ^\n% Invalid input detected at '^' marker.\n"
VERSION = (
    "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.5(3)M2, RELEASE SOFTWARE (fc1)\n"
    'R1 uptime is 5 minutes\nSystem image file is "flash:old.bin"\nConfiguration register is 0x2102\n'
)
DIRECTORY = (
    "Directory of flash:/\n\n    1  -rw-      1000   Mar 1 2022 10:00:00 +00:00  old.bin\n\n9000 bytes total (8000 bytes free)\n"
)
COMMANDS = ["show version", "show running-config", "show startup-config", "show cns image status", "show boot", "dir flash:"]


class Device(BareDevice):
    """Answers from a table; what is not in it is invalid input."""

    def __init__(self, running=("hostname R1",), startup=None, **answers):
        table = {
            "show version": VERSION,
            "show running-config": shown(running),
            "show startup-config": shown(running if startup is None else startup),
            "show cns image status": "Number of failed upgrades: 0\n",
            "show boot": "BOOT variable = flash:old.bin,1;\n",
            "dir flash:": DIRECTORY,
            "show clock": "10:00:00.000 UTC Sun Nov 22 2026",
            "show privilege": "Current privilege level is 15\n",
            "ping 127.0.0.1": "Success rate is 80 percent (4/5), round-trip min/avg/max = 1/1/4 ms",
        }
        table.update(answers)
        super().__init__(Table(table))

    @property
    def asked(self):
        return [command for command in self._transport.asked if command != "show privilege"]


def shown(lines):
    return "\n".join([*lines, "version 15.5", "end"]) + "\n"


def gather(device, ping=True, **wanted):
    return converse(preflight_facts.gather(device, WANTED._replace(**wanted), ping))


def test_six_commands():
    device = Device()
    facts = gather(device)
    assert sorted(device.asked) == sorted(COMMANDS)
    assert facts["version"]["version"] == "15.5(3)M2"
    assert facts["supported"] is True
    assert facts["status"]["failed"] == 0
    assert facts["image_id"] == "R1"
    assert facts["unsaved"] == 0
    assert facts["boot"]["images"] == ["flash:old.bin"]
    assert facts["folders"]["flash:"]["free"] == 8000
    assert (facts["clock"], facts["ping"]) == (None, None)


@pytest.mark.parametrize(
    "line, ignored",
    [
        ("system ignore startupconfig switch all", True),
        ("system ignore startupconfig switch 2", True),
        ("system ignore startupconfig", True),
        ("no system ignore startupconfig switch all", False),
        (" description system ignore startupconfig", False),
    ],
)
def test_a_switch_may_be_configured_to_ignore_its_startup_configuration(line, ignored):
    facts = gather(Device(running=["hostname R1", line]))
    assert facts["ignores_startup"] is ignored
    (found,) = [finding for finding in preflight.findings(facts, WANTED) if finding["check"] == "config_register"]
    assert found["severity"] == ("block" if ignored else "ok")


PAIR = "BOOT variable = flash:old.bin;\nMANUAL_BOOT variable = no\nStandby BOOT variable = flash:old.bin;\n"
ROWS = "*1       Active   0000.5e00.5301     1      V02     Ready\n 2       Standby  0000.5e00.5302     1      V02     %s\n"


@pytest.mark.parametrize(
    "switches, states, severity",
    [
        (ROWS % "Ready", ["Ready", "Ready"], "ok"),
        (ROWS % "V-Mismatch", ["Ready", "V-Mismatch"], "block"),
        (Table.unknown, None, "ok"),  # two supervisors in one chassis
        ("% Incomplete command.\n", None, "warn"),
    ],
)
def test_a_pair_that_prints_no_table_of_switches_is_asked_for_its_states(switches, states, severity):
    facts = gather(Device(**{"show boot": PAIR, "show switch": switches}))
    assert facts["version"]["members"] == []
    assert (facts["switches"] and [one["state"] for one in facts["switches"]]) == states
    (found,) = [finding for finding in preflight.findings(facts, WANTED) if finding["check"] == "stack"]
    assert found["severity"] == severity


def test_two_commands_for_a_device_on_its_target():
    device = Device()
    facts = gather(device, target=WANTED.target._replace(version="15.5(3)M2"))
    assert device.asked == ["show version", "show running-config"]
    assert facts["image_id"] == "R1"


def test_what_is_gathered_can_be_judged():
    found = preflight.findings(gather(Device(["hostname R1", "cns image server https://127.0.0.1"])), WANTED)
    assert {finding["check"] for finding in found} == set(preflight.NAMES)


def test_a_release_without_the_agent():
    device = Device(["cns image server http://127.0.0.1"], **{"show cns image status": INVALID})
    facts = gather(device)
    assert (facts["supported"], facts["status"], facts["ping"]) == (False, None, None)
    assert not [command for command in device.asked if command.startswith("ping")]


def test_a_device_that_does_not_show_its_version():
    with pytest.raises(Refused, match="show version"):
        gather(Device(**{"show version": INVALID}))


def heading(source):
    """What exec prompt timestamp puts in front of a configuration."""
    return ["Load for five secs: 1%/0%; one minute: 2%; five minutes: 3%", source + ":56:04.554 EST Mon Oct 17 2016", "", "a"]


@pytest.mark.parametrize(
    "running, startup, unsaved",
    [
        (["a", "b"], ["a", "b"], 0),
        (["a", "b"], ["a"], 1),
        (["a"], ["b"], 2),
        (["a", "b"], ["b", "a"], 1),
        (["interface X", " shutdown", "interface Y"], ["interface X", "interface Y", " shutdown"], 1),
        (
            [
                "Building configuration...",
                "Current configuration : 10 bytes",
                "! Last configuration change",
                "a",
                "ntp clock-period 1",
                "end",
            ],
            ["Using 9 out of 255 bytes", "!", "", "a ", "ntp clock-period 2", "end"],
            0,
        ),
        (chain(b"one") + ["a"], ["crypto pki certificate chain CNS", " certificate ca 0F nvram:CNS.cer", "a"], 0),
        (chain(b"one") + ["a", " b"], ["crypto pki certificate chain CNS", " certificate ca 0F nvram:CNS.cer", "a"], 1),
        (
            ["a"],
            [
                "Using 1200 out of 262136 bytes, uncompressed size = 3417 bytes",
                "Uncompressed configuration from 1200 bytes to 3417 bytes",
                "a",
            ],
            0,
        ),
        (heading("Time source is NTP, 18"), heading("No time source, *18"), 0),
        (["a"], ["*Nov 25 17:00:00.123: %SYS-5-CONFIG_I: Configured from console by lab on vty0", "a"], 0),
        (["a"], ["Using 1200 beautiful bytes", "a"], 1),
    ],
)
def test_unsaved(running, startup, unsaved):
    assert gather(Device(running, startup))["unsaved"] == unsaved


def test_no_startup_configuration():
    assert gather(Device(["a"], **{"show startup-config": "startup-config is not present\n"}))["unsaved"] == 2


def test_a_startup_configuration_that_is_not_shown():
    assert gather(Device(**{"show startup-config": INVALID}))["unsaved"] is None


@pytest.mark.parametrize(
    "lines, inventory, image_id",
    [
        (["hostname R7"], None, "R7"),
        (["hostname R7", "cns id string seven image"], None, "seven"),
        (["hostname R7", "cns id string seven event"], None, "R7"),
        (["hostname R7", "cns id hardware-serial image"], "Inventory Report\n<a><imageID>FTX1</imageID></a>", "FTX1"),
        (["hostname R7", "cns id hardware-serial image"], INVALID, None),
        ([], None, "R1"),
    ],
)
def test_image_id(lines, inventory, image_id):
    device = Device(lines, **{"show cns image inventory": inventory or INVALID})
    assert gather(device)["image_id"] == image_id
    assert ("show cns image inventory" in device.asked) == (inventory is not None)


@pytest.mark.parametrize(
    "images, asked",
    [
        ("flash:a.bin,1;flash:/b.bin,1;", ["dir flash:"]),
        ("flash:/sub/a.bin,1;disk0:b.bin", ["dir flash:", "dir flash:/sub/", "dir disk0:"]),
        ("tftp:a.bin,1;", ["dir flash:"]),
        ("flash:a?b,1;", ["dir flash:"]),
    ],
)
def test_each_folder_with_an_image_is_listed_once(images, asked):
    device = Device(**{"show boot": "BOOT variable = %s\n" % images})
    gather(device)
    assert [command for command in device.asked if command.startswith("dir")] == asked


def test_a_device_that_runs_from_the_network_lists_its_default_folder():
    version = VERSION.replace("flash:old.bin", "tftp://127.0.0.9/old.bin")
    device = Device(dir=DIRECTORY, **{"show version": version, "show boot": "BOOT variable does not exist\n"})
    assert gather(device)["folders"][""]["free"] == 8000


def test_a_folder_that_cannot_be_listed_is_not_known():
    said = "%Error opening flash:/ (No such device)"
    assert gather(Device(**{"dir flash:": said}))["folders"] == {"flash:": None}


SERVER = "cns image server http://127.0.0.1:80/imgsvr"
FROM = "ip http client source-interface Loopback0"


@pytest.mark.parametrize(
    "running, server, answers, pinged, percent",
    [
        ([SERVER], None, {}, ["ping 127.0.0.1"], 80),
        ([SERVER], None, {"ping 127.0.0.1": "% Unrecognized host or address."}, ["ping 127.0.0.1"], None),
        ([SERVER], "http://127.0.0.7/", {}, ["ping 127.0.0.7"], None),
        (["cns image server http://[fd00::1]/x"], None, {}, ["ping fd00::1"], None),
        (["cns image server http://a%b/x"], None, {}, [], None),
        (["cns image server http://a?b/x"], None, {}, ["ping a"], None),
        (
            [SERVER, FROM],
            None,
            {"ping 127.0.0.1 source Loopback0": "Success rate is 0 percent (0/5)"},
            ["ping 127.0.0.1 source Loopback0"],
            0,
        ),
        ([SERVER, FROM], None, {}, ["ping 127.0.0.1 source Loopback0", "ping 127.0.0.1"], 80),
    ],
)
def test_ping(running, server, answers, pinged, percent):
    device = Device(running, **answers)
    found = gather(device, server=server)["ping"]
    assert [command for command in device.asked if command.startswith("ping")] == pinged
    assert (found or {}).get("percent") == percent
    silent = Device(running, **answers)
    assert gather(silent, ping=False, server=server)["ping"] is None
    assert not [command for command in silent.asked if command.startswith("ping")]


@pytest.mark.parametrize(
    "word", ["?", "Loopback0?", "Loopback0\x03reload", "Lo0|x", "-1", "Vlan", "Loopback0 repeat 99999", "é1"]
)
def test_only_the_name_of_an_interface_goes_back_to_the_device(word):
    device = Device([SERVER, "ip http client source-interface " + word])
    assert gather(device)["ping"]["percent"] == 80
    assert [command for command in device.asked if command.startswith("ping")] == ["ping 127.0.0.1"]


@pytest.mark.parametrize("scheme, asked", [("http", False), ("https", True), ("HTTPS", True)])
def test_only_https_needs_the_time(scheme, asked):
    device = Device(["cns image server %s://127.0.0.1/" % scheme])
    assert (gather(device)["clock"] is not None) == asked == ("show clock" in device.asked)
