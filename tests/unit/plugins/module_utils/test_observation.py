# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import observe as observe_device
from ansible_collections.cns.image_agent.plugins.module_utils.observation import retry_of
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.talk import Table

RECORDED = Path(__file__).parent / "fixtures" / "show"
INVALID = "show cns image status\n         ^\n% Invalid input detected at '^' marker.\n"


class Shows(Device):
    """A device that answers show commands."""

    def __init__(self, **answers):
        table = Table({"show privilege": "Current privilege level is 15", **{k.replace("_", " "): v for k, v in answers.items()}})
        self.asked = table.asked
        super().__init__(table)


def observe(device, clock, **options):
    return converse(observe_device(device, clock, **options))


def recorded(name, release="ios-15.7"):
    return (RECORDED / release / (name + ".txt")).read_text()


def answers(**changes):
    texts = {name: recorded(name) for name in ("show_version", "show_cns_image_status")}
    return {**texts, "show_cns_image_connections": recorded("show_cns_image_connections", "ios-12.3"), **changes}


def test_everything_is_seen():
    device = Shows(**answers())
    seen = observe(device, iter([1000.5]).__next__)
    assert device.asked == ["show version", "show cns image status", "show cns image connections"]
    assert set(seen) == {
        "version",
        "xe_version",
        "image_file",
        "uptime_seconds",
        "restarted_at",
        "reload_reason",
        "status",
        "connections",
        "asked_at",
    }
    assert seen["asked_at"] == 1000.5
    assert seen["version"] and seen["image_file"] and seen["uptime_seconds"]
    assert set(seen["status"]["last_upgrade"]) == {"started", "ended", "status"}
    assert "never_connected" in seen["connections"]


def test_connections_are_left_out_on_demand():
    device = Shows(**answers())
    assert observe(device, lambda: 0, connections=False)["connections"] is None
    assert "show cns image connections" not in device.asked


def test_a_release_without_the_agent_has_no_status():
    device = Shows(**answers(show_cns_image_status=INVALID))
    seen = observe(device, lambda: 0)
    assert seen["status"] is None and seen["connections"] is None
    assert seen["version"]
    assert device.asked == ["show version", "show cns image status", "show privilege"]


REFUSALS = [
    "Command authorization failed.\n",
    "% Authorization failed.\n",
    "% Access denied\n",
    "This command is not authorized\n",
    "Unable to get configuration. Try again later\n",
    "",
    "**** Authorized use only ****\nCisco IOS Software is used here\n",
]


@pytest.mark.parametrize("said", REFUSALS)
@pytest.mark.parametrize("command", ["show version", "show cns image status"])
def test_what_does_not_prove_itself_is_a_refusal(command, said):
    with pytest.raises(Refused) as raised:
        observe(Shows(**answers(**{command.replace(" ", "_"): said})), lambda: 0)
    assert command in raised.value.message
    assert " ".join(said.split()).strip(" .") in raised.value.message


@pytest.mark.parametrize("said", REFUSALS)
def test_connections_that_are_refused_decide_nothing(said):
    assert observe(Shows(**answers(show_cns_image_connections=said)), lambda: 0)["connections"] is None


def test_a_session_that_is_over_is_no_answer():
    device = Shows(**answers(show_version="TACACS+ session has expired.Please re-login to continue.\n"))
    with pytest.raises(DeviceAway, match="session has expired"):
        observe(device, lambda: 0)


def test_a_missing_privilege_is_no_missing_command():
    device = Shows(**answers(show_cns_image_status=INVALID, show_privilege="Current privilege level is 1\n"))
    with pytest.raises(Refused, match="privilege level 1.*ansible_become"):
        observe(device, lambda: 0)
    device = Shows(**answers(show_cns_image_status=INVALID, show_privilege="Command authorization failed.\n"))
    with pytest.raises(Refused, match="it is unknown whether the release lacks the command"):
        observe(device, lambda: 0)
    device = Shows(
        **answers(show_cns_image_status=INVALID, show_privilege=INVALID, show_parser_view="Current view is 'operators'\n")
    )
    with pytest.raises(Refused, match="does not tell the privilege of the session: Current view is 'operators'"):
        observe(device, lambda: 0)


@pytest.mark.parametrize(
    ("config", "retry"),
    [
        ("version 15.7\ncns image retry 7\nend\n", 7),
        ("version 15.7\ncns image\nend\n", 60),
        ("Command authorization failed.\n", 60),
    ],
)
def test_the_retry_interval(config, retry):
    assert converse(retry_of(Shows(**{"show running-config": config}))) == retry


def test_show_version_unknown():
    with pytest.raises(Refused, match="show version"):
        observe(Shows(show_version=INVALID), lambda: 0)


def test_no_answer():
    with pytest.raises(DeviceAway, match="show version"):
        observe(Shows(show_version=DeviceAway("No answer to 'show version'")), lambda: 0)
