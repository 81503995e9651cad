# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every function that is given text of somebody else takes time in proportion to its length, also one that is written later.

They are found by the names of their parameters (C(functions.NAMES)). In a pure module a function is tried as it is. One that
needs more than a text, or has effects, is in OWN_WAY with how it is tried, or in EXEMPT with the reason.
"""

from __future__ import annotations

from types import ModuleType
from xml.parsers.expat import ExpatError

import pytest
from ansible_collections.cisco.ios.plugins.terminal.ios import TerminalModule

from ansible_collections.cns.image_agent import plugins
from ansible_collections.cns.image_agent.plugins.action import cns_fleet_report
from ansible_collections.cns.image_agent.plugins.connection import network_cli
from ansible_collections.cns.image_agent.plugins.module_utils import advice, diagnosis, info, outcome, show
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES
from ansible_collections.cns.image_agent.plugins.module_utils.plan import read
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import post
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import witness
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline import answer, sentences, terminal
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login, Unsupported
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver import message, server
from ansible_collections.cns.image_agent.tests.unit.plugins.growth import functions, measure, patterns

MODULES = {module.__name__.rpartition(".plugins.")[2]: module for module in patterns.modules(plugins)}
LENGTH = 1024
HARMLESS = 0.004  # seconds for a text of that length
REFUSES = (CnsError, ValueError, IndexError, SyntaxError, ExpatError, Unsupported)  # what a function may say of a text

READINGS = read(["cns image server https://h/ status http://h/"], AGENT_NAMES)
CONFIGURED = {name: reading.config for name, reading in READINGS.items()}
IOS = terminal.terminal_from(TerminalModule)


def _hear(text):
    heard = answer.Answer(IOS.prompt_at_end, b"show version", b"\nR1#")
    heard.hear(b"a line\n" * 1200, 1.0)  # more than what is looked at for an echo
    for begin in range(0, len(text), 16):
        heard.hear(text[begin : begin + 16].encode(), 1.0)
        heard.verdict(2.0)
    heard.content()


OWN_WAY = {
    "action.cns_fleet_report _seconds": cns_fleet_report._seconds,
    "connection.network_cli _is_empty": network_cli._is_empty,
    "module_utils.advice about": lambda text: advice.about(CONFIGURED, CONFIGURED, text.splitlines()),
    "module_utils.advice _unverifiable_https": lambda text: advice.about(CONFIGURED, CONFIGURED, text.splitlines()),
    "module_utils.diagnosis findings": lambda text: diagnosis.findings({}, {}, text.splitlines()),
    "module_utils.door Door._without_secrets": Door(["s3cret word", "a=", "://a"], ["R1"]).text,
    "module_utils.info _mentions": lambda text: info._mentions("cpu", {"unparsed": text.splitlines()}),
    "module_utils.outcome _runs": lambda text: outcome._runs({"version": text}, text),
    "module_utils.show _answer": lambda text: show._answer(show._VERSION, text),
    "module_utils.show _with_unread": lambda text: show._with_unread({"unparsed": []}, text),
    "module_utils.show _parse": lambda text: show._parse(show._VERSION, text.splitlines()),
    "module_utils.show _scan": lambda text: show._scan(show._IMAGE_STATUS, text, {}),
    "module_utils.show _try": lambda text: [show._try(template, text, {}) for template in show._VERSION],
    "plugin_utils.actions.post _login": post._login,
    "plugin_utils.actions.post _place": post._place,
    "plugin_utils.fleet.witness _parsed": lambda text: list(witness._parsed(text.encode())),
    "plugin_utils.inline.answer Answer.hear": _hear,
    "plugin_utils.inline.terminal Terminal.prompt_at_end": lambda text: IOS.prompt_at_end(text.encode()),
    "plugin_utils.inline.terminal Terminal.without_escapes": lambda text: IOS.without_escapes(text.encode()),
    "plugin_utils.inline.terminal Terminal.is_error": lambda text: list(map(IOS.is_error, terminal.blocks(text.encode()))),
    "plugin_utils.inline.terminal blocks": lambda text: terminal.blocks(text.encode()),
    "plugin_utils.inline.sentences plain": lambda text: sentences.plain(Login("R1"), text),
    "plugin_utils.receiver.message _state": lambda text: message._state(text, text, [], text),
    "plugin_utils.receiver.server _of_http": server._of_http,
}
_FILE = "the name of a file, which its user chose"
_USERS = "what the user wrote into an option"
_OURS = "what we write, or the user"
_HANDS_ON = "hands on what it is given, or puts it into a sentence"
_PART = "sees a part of what another function here is tried with"
EXEMPT = {
    "action.cns_fleet_report _message": _HANDS_ON,
    "module_utils.features.unknown _sentence": _HANDS_ON,
    "module_utils.preflight.checks _on_flash": "placed and folder_of are tried",
    "module_utils.show _store": _OURS,
    "plugin_utils.actions.files write_text": _FILE,
    "plugin_utils.fleet.rows _at": _OURS,
    "plugin_utils.inline.algorithms explain": "offered_by is tried",
    "plugin_utils.inline.algorithms missing": "offered_by is tried",
    "plugin_utils.inline.answer Answer._echo": _PART,
    "plugin_utils.inline.answer _drop_last": _PART,
    "plugin_utils.inline.dialogue _compiled": _OURS,
    "plugin_utils.inline.login _pattern": _USERS,
    "plugin_utils.inline.sentences refused": _HANDS_ON,
    "plugin_utils.inline.ssh _Client._answer": "its patterns are tried",
    "plugin_utils.rollout.private append": _HANDS_ON,
    "module_utils.configure _Module.fail_json": _HANDS_ON,
    "plugin_utils.receiver.message _shown": "understand is tried",
}


READERS = {name: list(functions.readers(module)) for name, module in MODULES.items()}


@pytest.mark.parametrize("module", [name for name, readers in READERS.items() if readers])
def test_no_text_takes_long(module):
    for reader in READERS[module]:
        name = f"{module} {reader.name}"
        if name not in EXEMPT and name not in OWN_WAY:
            assert functions.is_pure(MODULES[module]), f"{name} is given text: try it in OWN_WAY, or exempt it"
            try_with_texts(name, reader.on, functions.texts(MODULES[module], reader.of_one_line))


@pytest.mark.parametrize("name", OWN_WAY)
def test_no_text_takes_long_for_what_needs_more(name):
    try_with_texts(name, OWN_WAY[name], functions.texts(MODULES[name.split()[0]], False))


def try_with_texts(name, function, texts):
    def read_it(text):
        try:
            function(text)
        except REFUSES:
            pass

    for text in texts:
        if measure.seconds(read_it, text(LENGTH)) > HARMLESS:
            assert not measure.grows(read_it, text, LENGTH * 8), (name, text(40))


def test_what_is_exempt_is_there():
    assert {f"{module} {reader.name}" for module, readers in READERS.items() for reader in readers} >= EXEMPT.keys()


def test_a_reader_that_is_new_is_found():
    module = ModuleType("new", "Pure.")
    exec(
        "import re\ndef slow(text: str) -> bool:\n    return bool(re.search('a+b', text))\n"
        "def other(number: int) -> int:\n    return number\n",
        vars(module),
    )
    module.slow.__module__ = module.other.__module__ = "new"
    (reader,) = functions.readers(module)
    assert reader.name == "slow"
    assert measure.grows(reader.on, lambda size: "a" * size, LENGTH * 8)
