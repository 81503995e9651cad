# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every ending of the actions that wait returns what the documentation says."""

from __future__ import annotations

import importlib

import pytest
import yaml

from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.tests.unit.plugins.action.upgrade_bench import AWAY, observed
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import INVALID, answered_with_error

OLD, NEW = observed(), observed("15.7(3)M9", up=60)
WORKING = observed(started="2026-03-01T10:00:00")
ENDED = dict(started="2026-03-01T10:00:00", ended="2026-03-01T10:00:09")
FAILED, NOTHING = observed(word="FAILED", failed=1, **ENDED), observed(word="NO_NEW_IMAGE", **ENDED)
MUTE = Refused("The device refused 'show version'.", device_said="%")
TYPES = {"str": str, "dict": (dict, type(None)), "int": int, "float": float, "list": list, "bool": bool}
OF_ANY_TASK = {"changed", "failed", "msg", "diff"}
TARGET = dict(target_version="15.7(3)M9")
URL = dict(server="http://h/")
LINES = "show running-config | include ^cns image|^version |^hostname |^end$"
WHOLE = "show running-config"

# what the device says, the options, how the task ends
BOTH = [
    ([NEW], TARGET, "up_to_date"),
    ([WORKING, AWAY, NEW], TARGET, "success"),
    ([OLD, NOTHING], {}, "no_new_image"),
    ([OLD, FAILED], {}, "failed"),
    ([OLD, observed("15.5(1)T", up=0)], TARGET, "failed"),
    ([OLD], dict(timeout=30), "timeout"),
    ([OLD, AWAY], dict(timeout=30), "unknown"),
    ([observed(agent=False)], TARGET, "failed"),
    ([OLD], dict(timeout=0), "failed"),
    ([OLD], dict(interval="often"), "failed"),
    ([OLD], dict(nonsense=1), "failed"),
    ([OLD], dict(connection="ssh"), "failed"),
    ([MUTE], dict(timeout=30), "unknown"),
    ([AWAY], dict(timeout=30), "unknown"),
]
RETRIEVE = [
    ([OLD], dict(wait=False), "started"),
    ([OLD], dict(check=True), "started"),
    ([WORKING], dict(check=True), "started"),
    ([OLD], dict(status="http://s/"), "failed"),
    ([OLD], dict(server="http://h/ x"), "failed"),
    ([OLD, NEW], dict(URL, answers={"cns image retrieve server http://h/": ""}), "success"),
    ([OLD], dict(URL, answers={line: answered_with_error(line, INVALID, "R1>") for line in (LINES, WHOLE)}), "failed"),
    ([OLD], dict(answers={"cns image retrieve": "% CNS image agent is not enabled"}), "failed"),
    ([OLD], dict(mode="config", answers={"cns image retrieve": answered_with_error("cns image retrieve", INVALID)}), "failed"),
]
WAIT = [
    ([NEW], dict(before=OLD), "success"),
    ([AWAY, NEW], dict(before=OLD), "success"),
    ([AWAY, FAILED], dict(before=OLD), "failed"),
]
ENDINGS = [("cns_image_retrieve", *ending) for ending in BOTH + RETRIEVE] + [
    ("cns_image_wait", *ending) for ending in BOTH + WAIT
]


@pytest.mark.parametrize("name, looks, options, outcome", ENDINGS)
def test_what_is_returned_is_what_is_documented(bench, name, looks, options, outcome):
    module = importlib.import_module("ansible_collections.cns.image_agent.plugins.modules." + name)
    documented = yaml.safe_load(module.RETURN)
    device = bench(*looks)
    device.connection.answers.update(options.get("answers", {}))
    result = device.run(name, **{option: value for option, value in options.items() if option != "answers"})
    assert result["outcome"] == outcome
    assert {key for key, doc in documented.items() if doc["returned"] == "always"} | {"changed"} <= set(result)
    assert set(result) - OF_ANY_TASK <= set(documented)
    for key in set(result) & set(documented):
        assert isinstance(result[key], TYPES[documented[key]["type"]]), key
    for look in (result["before"], result["after"]):
        assert look is None or set(look) == set(documented["before"]["contains"])
    assert result.get("failed", False) is (outcome in ("failed", "timeout", "unknown")) is ("msg" in result)
