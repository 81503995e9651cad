# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No text in any option of any module becomes another command: what is sent is what an ordinary word there would have sent.

The options are those that the modules document, so one that is added is tried as well.
"""

from __future__ import annotations

import collections
import copy
import re
from pathlib import Path

import pytest
from ansible.errors import AnsibleError
from hypothesis import HealthCheck, given, settings

from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.options import Options
from ansible_collections.cns.image_agent.tests.unit.plugins.action.hostile_texts import WORD, hostile
from ansible_collections.cns.image_agent.tests.unit.plugins.action.upgrade_bench import Bench, observed
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils import fake_connection
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import FakeConnection
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.run_module import run_module
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.trust.test_certificate import pem, x509

ACTIONS = ("cns_image_retrieve", "cns_image_wait")
AGENTS = {
    "id": {"ids": [{"agent": "image", "type": "string", "value": "r1"}]},
    "image": {"server": "http://h/"},
    "event": {"gateways": [{"host": "h"}]},
    "trusted_server": {"servers": [{"agent": "image", "host": "h"}]},
    "exec": {"enabled": True},
    "config": {"partial": {"host": "h"}},
}
# What else is given, so that a module does something.
GIVEN = {
    "cns_agents": {"config": AGENTS},
    "cns_config": {"config": AGENTS["config"]},
    "cns_event": {"config": AGENTS["event"]},
    "cns_exec": {"config": AGENTS["exec"]},
    "cns_id": {"config": AGENTS["id"]},
    "cns_image": {"config": AGENTS["image"]},
    "cns_image_clear": {},
    "cns_image_debug": {"duration": 0},
    "cns_image_info": {"gather_subset": ["filesystems"]},
    "cns_image_preflight": {"server": "http://h/"},
    "cns_image_retrieve": {"wait": False, "server": "http://h/"},
    "cns_image_schedule": {"config": {"every": "6:00", "server": "http://h/"}},
    "cns_image_troubleshoot": {},
    "cns_image_wait": {"timeout": 1},
    "cns_snapshot": {},
    "cns_trusted_server": {"config": AGENTS["trusted_server"]},
    "cns_trustpoint": {"ca_certificate": pem(x509())},
}


# What an option takes if it is no word alone; the place of the text in it.
FORMS = {
    ("cns_image_preflight", "server"): "http://{}/",
    ("cns_image_preflight", "status"): "http://{}/",
    ("cns_image_preflight", "target_image"): "usbflash0:/{}/x.bin",
}
# How many options of each are words of a command.
REACHING = {
    "cns_agents": 13,
    "cns_config": 2,
    "cns_event": 2,
    "cns_exec": 2,
    "cns_id": 3,
    "cns_image": 3,
    "cns_image_preflight": 1,
    "cns_image_retrieve": 2,
    "cns_image_schedule": 3,
    "cns_trusted_server": 1,
    "cns_trustpoint": 1,
}
READ_ON = ("cns_image_preflight", "cns_image_troubleshoot")  # a step that cannot be asked for is left out, with a finding


def texts(spec, path=()):
    """Where a text may be given that is not one of a list."""
    for name, option in spec.items():
        if "options" in option:
            yield from texts(option["options"], (*path, name))
        elif "choices" not in option and "str" in (option.get("type", "str"), option.get("elements")):
            yield (*path, name)


PLACES = [(name, path) for name in GIVEN for path in texts(Options("cns.image_agent." + name)._spec)]


def given_at(options, path, value):
    """The options with a value in some place of them."""
    options = copy.deepcopy(options)
    inner = options
    for name in path[:-1]:
        inner = inner.setdefault(name, {})
        inner = inner[0] if isinstance(inner, list) else inner
    inner[path[-1]] = value
    if path[-1] == "interface":
        inner.update(type="ipaddress")
        inner.pop("value", None)
    return options


FIXTURES = Path(fake_connection.__file__).parent / "fixtures/show/ios-15.7"


class Talkative(FakeConnection):
    """One that has an answer to whatever is asked."""

    def get(self, command, prompt=None, answer=None, check_all=False):
        words = command.split(" | ")[0].split()
        fixture = FIXTURES / ("_".join(words[:1] if words[0] == "dir" else words) + ".txt")
        if words[0] in ("show", "dir") and fixture.is_file() and command not in self.answers:
            self.answers[command] = fixture.read_text()
        if command == "show clock":
            self.answers[command] = "10:00:00.000 UTC Sun Nov 22 2026"
        if words[0] == "ping":
            self.answers[command] = "Success rate is 100 percent (5/5)"
        if "section" in command:
            self.answers[command] = "version 15.7\nhostname R1\nend\n"
        return super().get(command, prompt, answer)

    def _configure(self, command):
        return "" if self.configuring else super()._configure(command)


@pytest.fixture
def sent(monkeypatch, capsys):
    """Runs a module; returns what was sent to a device, and the result."""

    def run(name, options):
        device = Talkative(["cns image"])
        if name in ACTIONS:
            bench = Bench(monkeypatch, [observed()])
            device = bench.connection
            try:
                return device.sent, bench.run(name, **options)
            except AnsibleError as error:
                return device.sent, {"failed": True, "msg": str(error)}
        monkeypatch.setattr(device_file, "Connection", lambda socket_path: device)
        return device.sent, run_module(capsys, name, **options)

    return run


def options_with(name, path, text):
    value = FORMS.get((name, path[-1]), "{}").format(text)
    return given_at(GIVEN[name], path, [value] if path[-1] in ("models", "lines") else value)


@pytest.mark.parametrize("name, path", PLACES, ids=["%s %s" % (name, ".".join(path)) for name, path in PLACES])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=hostile)
def test_no_text_is_another_command(sent, name, path, text):
    ordinary, _result = sent(name, options_with(name, path, WORD))
    commands, result = sent(name, options_with(name, path, text))
    for command in commands:
        assert re.fullmatch("[ -~]*", command) and "?" not in command
        assert not command.lstrip().startswith(("!", "do ", "reload"))
        assert WORD not in command or "|" not in command or not command.startswith(("show", "dir", "ping", "more"))
    if name in READ_ON:
        assert len(commands) <= len(ordinary)
    elif any(WORD in command for command in commands):
        assert commands == [command.replace(WORD, meant(path, text)) for command in ordinary]
    elif any(WORD in command for command in ordinary):
        assert result["failed"] and path[-1] in result["msg"], result
        assert "Nothing was sent" in result["msg"] or not set(commands) - set(ordinary)


def meant(path, text):
    """Blanks around an interface are none of it."""
    return text.strip(" ") if path[-1] in ("interface", "source") else text


def test_texts_reach_the_device_here(sent):
    """Otherwise the test above would compare nothing with nothing."""
    ordinary = {place: sent(place[0], options_with(*place, WORD))[0] for place in PLACES}
    reaching = [name for (name, _path), commands in ordinary.items() if any(WORD in command for command in commands)]
    assert collections.Counter(reaching) == REACHING
