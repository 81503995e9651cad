# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No text in any option of the actions that take a whole fleet is another command or line of the journal, or acts on a terminal.

The options are those that the modules document, numbers and lists included, so one that is added is tried as well.
"""

from __future__ import annotations

import asyncio
import copy
import functools
import json
import os
import re

import pytest
from hypothesis import HealthCheck, given, settings

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import fleet as fleet_file
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import options as options_file
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.options import Options
from ansible_collections.cns.image_agent.tests.unit.plugins.action.fleet_bench import Fleet
from ansible_collections.cns.image_agent.tests.unit.plugins.action.hostile_texts import WORD, hostile_to_actions
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.trust.test_certificate import pem, x509
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.fleet.test_course import NEW, Played

ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
TARGET = {"version": NEW, "image": None}
PLAN = {"waves": [["R1"]], "done": ["R2"], "target": TARGET, "closed": None}
ENDS = {"R1": {"outcome": "failed", "reason": "because", "elapsed": 1.0, "msg": "Upgrade of R1 failed"}}
FINDING = {"check": "duplicate_id", "severity": "warn", "what": "R2 has it", "why": "same ID", "fix": "change it"}
GIVEN = {
    "cns_image_upgrade": {"hosts": ["R1"], "target_version": NEW, "timeout": 60, "wave": 1, "of": 1, "fleet_target": TARGET},
    "cns_rollout plan": {"action": "plan", "hosts": ["R1"], "target_version": NEW},
    "cns_rollout sum_up": {"action": "sum_up", "begun": ["R1"]},
    "cns_rollout finish": {"action": "finish", "plan": PLAN, "ends": ENDS},
}
# What the role agent would be given, for O(configure).
VARIABLES = {
    "cns_image_server_url": "http://h/",
    "cns_image_status_url": "http://h/",
    "cns_image_password": "p",
    "cns_image_retry": 90,
    "cns_update_password": "always",
    "cns_ids": [{"agent": "image", "type": "string", "value": "r1"}],
    "cns_trusted_servers": [{"agent": "image", "host": "h"}],
    "cns_event_gateways": [{"host": "h"}],
    "cns_exec": {"host": "h"},
    "cns_config": {"partial": {"host": "h"}},
    "cns_trustpoint": "CA",
    "cns_ca_certificate": pem(x509()),
}
OF_TRUST = ("cns_trustpoint", "cns_ca_certificate")
# What an option takes that is no word alone.
FORMS = {
    "server": "http://{}/",
    "status": "http://{}/",
    "target_image": "usbflash0:/{}/x.bin",
    "journal": "journal-{}",
    "status_journal": "heard-{}",
}
# Texts inside what an option takes as a dictionary, or what a variable holds.
INSIDE = {
    "cns_ids": (0, "value"),
    "cns_trusted_servers": (0, "host"),
    "cns_event_gateways": (0, "host"),
    "cns_exec": ("host",),
    "cns_config": ("partial", "host"),
    "cns_image_upgrade": [
        *(("known", "R1", 0, name) for name in FINDING),
        ("fleet_target", "version"),
        ("tolerances", "routes"),
        ("tolerances", WORD),
    ],
    "cns_rollout finish": [
        *(("plan", *path) for path in (("waves", 0, 0), ("done", 0), ("target", "version"), ("closed",))),
        *(("ends", "R1", name) for name in ("outcome", "reason", "elapsed", "msg")),
    ],
}


@functools.cache
def spec_of(name):
    return Options("cns.image_agent." + name.split()[0])._spec


DOCUMENTATION = functools.cache(options_file.get_docstring)  # which takes longer to read than all the rest


def places():
    for name in GIVEN:
        for option, one in spec_of(name).items():
            if option != "action":
                yield from ((name, (option, 0, inner)) for inner in one.get("options", ()))
                yield name, (option,)
        yield from ((name, path) for path in INSIDE.get(name, ()))
    yield from (("cns_image_upgrade", ("variables", variable, *INSIDE.get(variable, ()))) for variable in VARIABLES)


PLACES = list(places())


def options_with(name, path, text):
    """The options with a text in some place of them."""
    options = copy.deepcopy(GIVEN[name])
    if path[0] == "targets":
        options.pop("target_version", None)
        options["targets"] = [{"models": ["*"], "version": NEW}]
    options.setdefault("known", {"R1": [dict(FINDING)]} if "known" in spec_of(name) else None)
    options.setdefault("tolerances", {"routes": "1"} if "tolerances" in spec_of(name) else None)
    options = {option: value for option, value in options.items() if value is not None}
    if path[0] == "variables":
        others = () if path[1] in OF_TRUST else OF_TRUST  # a certificate takes a dialogue, with which all else would end here
        given = {variable: value for variable, value in VARIABLES.items() if variable not in others}
        options.update(configure=True, variables=copy.deepcopy(given))
    inner = options
    for step in path[:-1]:
        inner = inner[step]
    value = FORMS.get(path[-1], "{}").replace("{}", text)
    is_list = (len(path) == 1 and spec_of(name)[path[0]].get("type") == "list") or path[-1] == "models"
    inner[path[-1]] = [value] if is_list else value
    return options


class Configured(Played):
    """One that takes whatever line it is sent."""

    configuring = False

    async def get(self, command, **asking):
        self.configuring = command == "configure terminal" or (self.configuring and command != "end")
        if command == "configure terminal":
            self.answers[command] = "Enter configuration commands, one per line.  End with CNTL/Z."
        elif self.configuring or command == "end":
            self.answers[command] = ""
        return await super().get(command, **asking)


class Clock:
    """Only sleeping moves it."""

    now = 1000.0

    def time(self):
        return self.now

    async def pause(self, seconds):
        self.now += seconds


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs an action over devices that are played; returns what they were sent, the result, what was printed, the journal."""

    def act(name, options):
        clock, played, printed = Clock(), {}, []
        journal = tmp_path / ("journal-%d" % len(os.listdir(tmp_path)))
        options = dict({"journal": str(journal)}, **options)
        for option in ("journal", "status_journal"):
            if option in options and not options[option].startswith("/"):
                options[option] = "%s/%s" % (tmp_path, options[option])
        if "files" in options:
            options["files"] = ["%s/%s" % (tmp_path, file) for file in options["files"]]

        def for_each(hosts, work, at_fault):
            async def one(host):
                played[host] = Configured()
                try:
                    return await work(host, played[host])
                except Exception as fault:
                    return at_fault(host, fault)

            return {host: asyncio.run(one(host)) for host in hosts}

        for module, name_of in ((fleet_file.DeviceScene, "time"), (fleet_file.DeviceScene, "monotonic")):
            monkeypatch.setattr(module, name_of, lambda self: clock.now)
        monkeypatch.setattr(fleet_file.Ear, "pause", lambda self, seconds: clock.pause(seconds))
        for level in ("display", "warning", "vv", "vvv", "vvvv", "error", "deprecated"):
            monkeypatch.setattr(fleet_file.Display, level, lambda self, text, *more, **named: printed.append(text))
        monkeypatch.setattr(options_file, "get_docstring", DOCUMENTATION)
        bench = Fleet(monkeypatch, None, R1=options.pop("variables", {}))
        bench.for_each = for_each
        result = bench.run(name.split()[0], **options)
        return [device.sent for device in played.values()], result, printed, journal

    return act


def leaves(value):
    if isinstance(value, dict):
        return [leaf for pair in value.items() for part in pair for leaf in leaves(part)]
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, (list, tuple)) else [value]


@pytest.mark.parametrize("name, path", PLACES, ids=["%s %s" % (name, ".".join(map(str, path))) for name, path in PLACES])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=hostile_to_actions)
def test_no_text_acts(run, name, path, text):
    sent, result, printed, journal = run(name, options_with(name, path, text))
    for command in (command for commands in sent for command in commands):
        assert re.fullmatch("[ -~]*", command) and "?" not in command, command
        assert not command.lstrip().startswith(("!", "do ", "reload"))
        assert WORD not in command or "|" not in command or not command.startswith(("show", "dir", "ping", "more"))
    for leaf in leaves(result):
        assert not isinstance(leaf, str) or not ACTS.search(leaf), leaf
    json.dumps(result).encode()
    for line in printed:
        assert not ACTS.search(line) and "\n" not in line, line
    assert "a fault of this collection" not in str(result) + str(printed)
    assert not re.search("Traceback|embedded null|codec can't|object has no|not supported between", result.get("msg", ""))
    if result.get("failed") and not result.get("ends"):
        assert re.search("Nothing was (?:sent|started)|cannot be used", result["msg"]), result["msg"]
    lines = journal.read_bytes().split(b"\n")[:-1] if journal.exists() else []
    for line in lines:
        entry = json.loads(line)
        assert entry["step"] and not re.search(rb"[^ -~]", line)


def test_texts_reach_devices_and_journals_here(run):
    """Otherwise the test above would show nothing."""
    reaching = {"sent": set(), "journal": set(), "result": set()}
    for name, path in PLACES:
        sent, result, _printed, journal = run(name, options_with(name, path, WORD))
        said = {"sent": str(sent), "result": str(result), "journal": journal.read_text() if journal.exists() else ""}
        for where, text in said.items():
            reaching[where] |= {(name, path)} if WORD in text else set()
    assert {where: len(found) for where, found in reaching.items()} == {"sent": 10, "journal": 28, "result": 68}
