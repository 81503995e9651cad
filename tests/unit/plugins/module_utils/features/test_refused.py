# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What no device is sent: values that could wake its command line, and settings that do not fit."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import plan
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features import registry

SMUGGLED = {
    "line feed": "x\nreload",
    "line feed at the end": "x\n",
    "carriage return": "x\rreload",
    "null": "x\0",
    "question mark": "x?",
    "space": "x reload",
    "tab": "x\treload",
    "non-ASCII": "caf\u00e9",
    "line separator": "x\u2028reload",
    "no-break space": "x\u00a0reload",
    "ctrl-Z": "x\x1a",
    "ctrl-C": "\x03x",
    "escape": "x\x1b[A",
    "delete": "x\x7f",
    "nothing": "",
}

# Every option of every agent that is free text: where it goes, and the name an error calls it by.
TEXTS = {
    "image.server": lambda text: {"image": {"server": text}},
    "image.status": lambda text: {"image": {"server": "http://h/", "status": text}},
    "image.password": lambda text: {"image": {"password": text}},
    "id.value": lambda text: {"id": {"ids": [{"agent": "image", "type": "string", "value": text}]}},
    "id.interface": lambda text: {"id": {"ids": [{"agent": "image", "type": "ipaddress", "interface": text}]}},
    "id.password": lambda text: {"id": {"password": text}},
    "event.host": lambda text: {"event": {"gateways": [{"host": text}]}},
    "event.source": lambda text: {"event": {"gateways": [{"host": "h", "source": text}]}},
    "trusted_server.host": lambda text: {"trusted_server": {"servers": [{"agent": "image", "host": text}]}},
    "exec.host": lambda text: {"exec": {"host": text}},
    "exec.source": lambda text: {"exec": {"source": text}},
    "config.host": lambda text: {"config": {"partial": {"host": text}}},
    "config.source": lambda text: {"config": {"partial": {"host": "h", "source": text}}},
}


def free_texts(options, path):
    for name, option in options.items():
        if "options" in option:
            yield from free_texts(option["options"], path)
        elif option["type"] == "str" and "choices" not in option:
            yield "%s.%s" % (path, name)


def test_every_free_text_is_tried():
    options = [path for feature in registry.AGENTS for path in free_texts(feature.options(), feature.name)]
    assert sorted(options) == sorted(TEXTS)


@pytest.mark.parametrize("text", list(SMUGGLED.values()), ids=list(SMUGGLED))
@pytest.mark.parametrize("option", sorted(TEXTS))
def test_smuggling_is_refused(option, text):
    readings = plan.read(["cns image", "cns id string a image", "cns event h"], registry.AGENT_NAMES)
    for state in ("merged", "replaced", "overridden"):
        with pytest.raises(InputError) as raised:
            plan.plan(readings, TEXTS[option](text), state)
        assert option.split(".")[1] in raised.value.message.split(" ")[0]
        assert "Nothing was sent" in raised.value.message or "is empty" in raised.value.message
        assert not text or text not in raised.value.message


@pytest.mark.parametrize("option", sorted(TEXTS))
def test_an_ordinary_word_is_not(option):
    assert plan.plan(plan.read([], registry.AGENT_NAMES), TEXTS[option]("Loopback0"), "merged").commands


@pytest.mark.parametrize(
    "want, said",
    [
        ({"image": {"retry": -1}}, "retry is -1: the device takes 0 to 65535 seconds"),
        ({"image": {"retry": 65536}}, "retry is 65536"),
        ({"image": {"enabled": False, "server": "http://h/"}}, "enabled is false, yet a server or status URL is given"),
        ({"image": {"enabled": False, "status": "http://h/"}}, "enabled is false"),
        ({"image": {"status": "http://h/"}}, "status is given without server"),
        ({"id": {"ids": [{"agent": "image"}]}}, "the image agent needs type"),
        ({"id": {"ids": [{"agent": "image", "type": "string"}]}}, "type string of the image agent needs value"),
        ({"id": {"ids": [{"agent": "event", "type": "ipaddress"}]}}, "type ipaddress of the event agent needs interface"),
        ({"id": {"ids": [{"agent": "image", "type": "udi", "value": "x"}]}}, "type udi of the image agent takes no value"),
        ({"id": {"ids": [{"agent": "image", "type": "string", "value": "x", "interface": "Vlan1"}]}}, "takes no interface"),
        (
            {"id": {"ids": [{"agent": "image", "type": "udi"}, {"agent": "image", "type": "hostname"}]}},
            "names the image agent twice",
        ),
        ({"event": {"gateways": [{"host": "a"}, {"host": "a", "port": 1}]}}, "names the same host twice"),
        ({"exec": {"enabled": False, "port": 80}}, "enabled is false, yet other options are given"),
        ({"config": {"partial": {"port": 80}}}, "partial needs host"),
        ({"config": {"notify": {"interval": 5}}}, "notify needs changes: all or diff"),
        (
            {"config": {"notify": {"changes": "all", "interval": 35792}}},
            "notify.interval is 35792: the device takes 0 to 35791 minutes",
        ),
        ({"config": {"notify": {"changes": "all", "interval": -1}}}, "notify.interval is -1"),
    ],
)
def test_settings_that_do_not_fit(want, said):
    with pytest.raises(InputError) as raised:
        plan.plan(plan.read([], registry.AGENT_NAMES), want, "merged")
    assert said in raised.value.message


def test_a_part_may_be_left_out_where_the_device_has_it():
    readings = plan.read(["cns config partial ce", "cns config notify diff", "cns image server http://h/"], registry.AGENT_NAMES)
    want = {"config": {"partial": {"port": 8080}, "notify": {"interval": 9}}, "image": {"status": "http://s/"}}
    assert plan.plan(readings, want, "merged").commands == [
        "cns config notify diff interval 9",
        "no cns config partial ce",
        "cns config partial ce 8080",
        "cns image server http://h/ status http://s/",
    ]
