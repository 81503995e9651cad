# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import (
    INVALID,
    FakeConnection,
    answered_with_error,
)
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.run_module import run_module

STATUS = "Last upgrade started at never\nNumber of failed upgrades: 2\nNumber of successful upgrades: 6\n"
VERSION = (
    "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M9, RELEASE SOFTWARE (fc1)\n"
    "R1 uptime is 5 minutes\n"
)


@pytest.fixture
def device(monkeypatch):
    fake = FakeConnection(["cns image server http://u:s3cretword@h/", "cns image password s3cretword"])
    fake.answers.update({"show cns image status": STATUS, "show version": VERSION})
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
    return fake


@pytest.mark.parametrize("check", [False, True])
def test_default_subsets(device, capsys, check):
    result = run_module(capsys, "cns_image_info", check=check)
    assert result["changed"] is False
    assert set(result["cns_image"]) == {"supported", "status", "config", "version"}
    assert result["cns_image"]["supported"] is True
    assert result["cns_image"]["status"]["failed"] == 2
    assert result["cns_image"]["version"]["version"] == "15.7(3)M9"
    assert result["cns_image"]["config"]["image"]["server"] == "http://u:********@h/"
    assert "s3cretword" not in result["text"]
    assert all(command.startswith("show ") for command in device.sent)


def test_a_release_without_the_agent(device, capsys):
    device.answers["show cns image status"] = answered_with_error("show cns image status", INVALID)
    result = run_module(capsys, "cns_image_info", gather_subset=["status"])
    assert result["cns_image"] == {"supported": False, "status": None}
    assert "failed" not in result


def test_a_device_that_does_not_answer(device, capsys):
    device.answers["show cns image status"] = TransportError("timed out", code=1)
    result = run_module(capsys, "cns_image_info", gather_subset=["status"])
    assert result["failed"] is True
    assert result["msg"] == "No answer to 'show cns image status': timed out"


def test_unknown_subset(device, capsys):
    result = run_module(capsys, "cns_image_info", gather_subset=["everything"])
    assert result["failed"] is True and "everything" in result["msg"]
    assert device.sent == []
