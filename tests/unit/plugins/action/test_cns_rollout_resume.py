# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of what an interrupted rollout finds when it is run again."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.tests.unit.plugins.action.upgrade_bench import AWAY, observed

TARGET = {"target_version": "15.7(3)M9"}
OLD = observed()
WORKING = observed(started="2026-01-02T03:04:05")
NEW = observed(version="15.7(3)M9", up=60)


@pytest.fixture
def path(tmp_path):
    """The journal of a run that was killed while R1 was under way."""
    path = str(tmp_path / "rollout.jsonl")
    Journal(path).write("R1", "triggering", target={"version": "15.7(3)M9", "image": None}, before=OLD)
    return path


def test_a_device_that_has_upgraded_meanwhile_is_a_success(bench, path):
    device = bench(NEW)
    result = device.run("cns_image_retrieve", journal=path, **TARGET)
    assert (result["outcome"], result["changed"], result["before"]["version"]) == ("success", False, OLD["version"])
    assert "cns image retrieve" not in device.connection.sent
    assert Journal(path).entries()[-1]["outcome"] == "success"


@pytest.mark.parametrize("look", [WORKING, AWAY], ids=["at work", "away"])
def test_check_mode_knows_what_is_under_way_and_writes_nothing(bench, path, look):
    device = bench(look)
    result = device.run("cns_image_retrieve", check=True, journal=path, **TARGET)
    assert (result["outcome"], result["changed"], result["commands"]) == ("started", False, [])
    assert [entry["step"] for entry in Journal(path).entries()] == ["triggering"]
