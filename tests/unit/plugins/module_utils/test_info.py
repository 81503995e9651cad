# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import info, show
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, converse
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.talk import Table

RECORDED = Path(__file__).parent / "fixtures" / "show"
INVALID = "         ^\n% Invalid input detected at '^' marker.\n"
WHERE = {"show cns image connections": "ios-12.3", "show cns image inventory": "ios-12.3", "show boot": "catalyst-15.2"}


class Shows(Device):
    """A device that answers show commands with recorded text, except those in ``unknown``."""

    def __init__(self, *unknown):
        self.unknown = unknown
        self.asked = []
        super().__init__(self)

    async def get(self, command, **asking):
        if command == "show privilege":
            return "Current privilege level is 15"
        if command.startswith("show running-config"):
            return "version 15.7\ncns image server http://u:s3cret@h/\ncns image password s3cret\ncns id udi image\nend\n"
        self.asked.append(command)
        if command in self.unknown:
            return INVALID
        name = "dir" if command.startswith("dir ") else command.replace(" ", "_")
        return (RECORDED / WHERE.get(command, "ios-15.7") / (name + ".txt")).read_text()


AGENT = ("show cns image status", "show cns image connections", "show cns image inventory")


@pytest.mark.parametrize(
    "subset, command",
    [
        ("status", "show cns image status"),
        ("connections", "show cns image connections"),
        ("inventory", "show cns image inventory"),
        ("version", "show version"),
        ("http_client", "show ip http client all"),
        ("event", "show cns event connections"),
        ("boot", "show boot"),
    ],
)
def test_a_subset_is_one_command_parsed(subset, command):
    device = Shows()
    gathered = converse(info.gather(device, [subset]))
    assert device.asked[0] == command
    assert gathered == {"supported": True, subset: show.parser_for(command)(converse(Shows().show(command)))}
    assert device.asked == [command] if command in AGENT else [command, "show cns image status"]


def test_what_a_release_does_not_know_is_null():
    boot = ("show boot", "show bootvar", "show boot system")
    device = Shows("show ip http client all", "show cns event connections", "show file systems", *boot)
    gathered = converse(info.gather(device, ["http_client", "event", "filesystems", "boot"]))
    assert gathered == dict(dict.fromkeys(["http_client", "event", "filesystems", "boot"]), supported=True)


def test_there_is_no_release_that_does_not_know_its_version():
    with pytest.raises(Refused, match="does not know 'show version'"):
        converse(info.gather(Shows("show version"), ["version"]))


def test_boot_has_more_than_one_name():
    device = Shows("show boot")
    assert converse(info.gather(device, ["boot"]))["boot"] == show.boot(converse(Shows().show("show bootvar")))
    assert device.asked[:2] == ["show boot", "show bootvar"]


BOOT = "BOOT variable = flash:a.bin,1;\n"
INCOMPLETE = "% Incomplete command.\n"


@pytest.mark.parametrize(
    "answers",
    [
        {"show boot": INCOMPLETE, "show bootvar": BOOT},
        {"show boot": INCOMPLETE, "show boot system": BOOT},
        {"show boot": '% Ambiguous command:  "show boot"\n', "show boot system": BOOT},
        {"show boot": "Command authorization failed.\n", "show bootvar": BOOT},
    ],
)
def test_boot_is_asked_by_its_other_names_where_one_says_nothing(answers):
    device = Device(Table({"show privilege": "Current privilege level is 15", **answers}))
    assert converse(info.boot(device)) == show.boot(BOOT)


@pytest.mark.parametrize("said", [INCOMPLETE, "Command authorization failed.\n"])
def test_boot_is_not_told_where_the_device_says_no_to_the_name_that_it_knows(said):
    device = Device(Table({"show privilege": "Current privilege level is 15", "show boot": said}))
    with pytest.raises(Refused, match=said.strip(".\n ")):
        converse(info.boot(device))


def test_the_configuration_is_that_of_every_agent_without_secrets():
    gathered = Door().data(converse(info.gather(Shows(), ["config"])))
    assert set(gathered["config"]) == set(AGENT_NAMES)
    assert gathered["config"]["image"] == {
        "enabled": True,
        "server": "http://u:********@h/",
        "status": None,
        "password": "********",
        "retry": 60,
    }
    assert gathered["config"]["id"]["ids"] == [{"agent": "image", "type": "udi", "interface": None, "value": None}]
    assert "s3cret" not in str(gathered)


def test_file_systems_come_with_the_files_on_flash():
    device = Shows()
    filesystems = converse(info.gather(device, ["filesystems"]))["filesystems"]
    flash = [filesystem for filesystem in filesystems if filesystem["type"] in ("disk", "flash")]
    others = [filesystem for filesystem in filesystems if filesystem not in flash]
    assert flash and others
    assert all(filesystem["files"] for filesystem in flash)
    assert all(filesystem["files"] is None for filesystem in others)
    assert [command for command in device.asked if command.startswith("dir")] == ["dir " + entry["prefix"] for entry in flash]


def test_a_flash_that_cannot_be_listed():
    flash = [entry for entry in converse(info.gather(Shows(), ["filesystems"]))["filesystems"] if entry["files"]]
    device = Shows(*["dir " + entry["prefix"] for entry in flash])
    assert all(entry["files"] is None for entry in converse(info.gather(device, ["filesystems"]))["filesystems"])


@pytest.mark.parametrize(
    "subsets, unknown, supported",
    [
        (["status"], [], True),
        (["status"], AGENT, False),
        (["status", "connections", "inventory"], AGENT, False),
        (["status", "inventory"], ["show cns image inventory"], True),
        (["version"], [], True),
        (["version"], AGENT, False),
        ([], AGENT, False),
    ],
)
def test_supported(subsets, unknown, supported):
    gathered = converse(info.gather(Shows(*unknown), subsets))
    assert gathered["supported"] is supported
    assert set(gathered) == set(subsets) | {"supported"}


def test_the_default_subsets_exist():
    assert set(info.DEFAULT) <= set(info.SUBSETS)
