# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import observe as observe_device

RECORDED = Path(__file__).parent / "fixtures" / "show"
INVALID = "show cns image status\n         ^\n% Invalid input detected at '^' marker.\n"


class Shows:
    """A device that answers show commands."""

    def __init__(self, **answers):
        self.answers = {name.replace("_", " "): answer for name, answer in answers.items()}
        self.asked = []

    async def show(self, command):
        self.asked.append(command)
        return self.answers[command]


def observe(device, clock, **options):
    return converse(observe_device(device, clock, **options))


def recorded(name, release="ios-15.7"):
    return (RECORDED / release / (name + ".txt")).read_text()


def answers(**changes):
    texts = {name: recorded(name) for name in ("show_version", "show_cns_image_status")}
    return dict(texts, show_cns_image_connections=recorded("show_cns_image_connections", "ios-12.3"), **changes)


def test_everything_is_seen():
    device = Shows(**answers())
    seen = observe(device, iter([1000.5]).__next__)
    assert device.asked == ["show version", "show cns image status", "show cns image connections"]
    assert set(seen) == {
        "version", "xe_version", "image_file", "uptime_seconds", "restarted_at", "reload_reason", "status", "connections", "asked_at",
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
    assert len(device.asked) == 2


def test_show_version_refused():
    with pytest.raises(Refused) as raised:
        observe(Shows(show_version=INVALID), lambda: 0)
    assert "show version" in raised.value.message
    assert raised.value.details["device_said"] == INVALID


def test_no_answer():
    class Gone:
        async def show(self, command):
            raise DeviceAway("No answer to %r" % command)

    with pytest.raises(DeviceAway, match="show version"):
        observe(Gone(), lambda: 0)
