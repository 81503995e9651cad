# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every regular expression takes time in proportion to the length of a text, whatever the text, also one that is written later.

They are found wherever a module keeps one or a function writes one down. Each is tried with texts that are made of itself:
those that it can go through in several ways, and a repetition of every character that it repeats.
"""

from __future__ import annotations

import functools
import re

import pytest

import lab
from ansible_collections.cns.image_agent import plugins
from ansible_collections.cns.image_agent.plugins.module_utils.advice import TRUSTPOINT_LINES
from ansible_collections.cns.image_agent.plugins.module_utils.trust.certificate import TRUST_SECTIONS
from ansible_collections.cns.image_agent.tests.unit.plugins.growth import attacks, measure, patterns
from ansible_collections.cns.image_agent.tests.unit.plugins.growth.pumps import Loops

MODULES = {module.__name__.rpartition(".plugins.")[2]: module for module in [*patterns.modules(plugins), *patterns.modules(lab)]}
KEPT = {name: sorted(set(patterns.kept(module)), key=repr) for name, module in MODULES.items()}

_USERS = "the user wrote it into an option"
_LITERAL = "all of it is escaped, but for blanks beside it"
# What a function makes of something that only a run knows: where, and its source; examples of it, or the reason for none.
MADE = {
    ("module_utils.device", "line.done"): "a text of trust/trustpoint.py",
    ("module_utils.device", "pattern"): [".", "^cns id|^hostname", "^cns|" + TRUSTPOINT_LINES, TRUST_SECTIONS],
    ("module_utils.secret", "'(?<!\\\\w)%s(?!\\\\w)' % re.escape(password)"): _LITERAL,
    ("module_utils.device", "'(?:\\\\S*[>#])? *%s *' % re.escape(command.strip())"): [r"\A(?:\S*[>#])? *show *\Z"],
    ("module_utils.door", "'(?<![\\\\w.-])%s(?![\\\\w-])' % re.escape(name)"): _LITERAL,
    ("module_utils.show", "pattern + ending"): "kept in the tables of templates",
    ("module_utils.show", "'<' + name + '(?:\\\\s[^<>]*)?>([^<]*)'"): [r"<imageID(?:\s[^<>]*)?>([^<]*)"],
    ("plugin_utils.inline.answer", "b'\\\\n' + re.escape(self._prompt)"): [rb"\nR1#"],
    (
        "plugin_utils.inline.answer",
        "b'[\\\\r\\\\n]%s(?:\\\\([^()\\\\r\\\\n]{1,64}\\\\))?[>#](?![ ]*%s)' % (name, command)",
    ): [rb"[\r\n]R1(?:\([^()\r\n]{1,64}\))?[>#](?![ ]*show)"],
    ("plugin_utils.inline.answer", "before + b'(%s)[ ]*[\\\\r\\\\n]+' % re.escape(self._command)"): [
        rb"(?:^|[\r\n])(?:R1#)?[ ]*(show)[ ]*[\r\n]+"
    ],
    ("plugin_utils.inline.dialogue", "_bytes(prompt)"): "from the prompts of its caller, or of the user",
    ("plugin_utils.inline.login", "text"): _USERS,
    ("plugin_utils.inline.ssh", "pattern"): _USERS,
}


def check(name, used):
    automaton, call = attacks.automaton(used), attacks.call(used)
    loops = Loops(automaton)
    assert not [pump for pump in loops.pumps() if pump.exponential], (name, used)
    for longest, kind in ((8192, attacks.pumped), (512, attacks.simple)):
        for parts in kind(loops):
            text = functools.partial(attacks.text, parts, automaton.is_bytes)
            assert not measure.grows(call, text, longest // len(parts[1])), (name, used, parts)


@pytest.mark.parametrize("module", [name for name, kept in KEPT.items() if kept])
def test_no_pattern_takes_long(module):
    for name, used in KEPT[module]:
        check(name, used)


def is_digits_of_any_script(chars):
    return "\u0661" in chars and "\u00e9" not in chars and set("0123456789") <= chars


@pytest.mark.parametrize("module", [name for name, kept in KEPT.items() if kept])
def test_digits_are_those_of_ascii(module):
    """What a device or a user writes in other digits is no number: C(int) would take it."""
    for name, used in KEPT[module]:
        assert not any(map(is_digits_of_any_script, attacks.automaton(used).atoms)), (name, used)


@pytest.mark.parametrize("place", MADE, ids=lambda place: place[0])
def test_no_pattern_that_is_made_takes_long(place):
    for example in MADE[place] if isinstance(MADE[place], list) else ():
        check(place, patterns.Used(re.compile(example), "search"))


def test_every_pattern_that_is_made_is_known():
    made = {place for name, module in MODULES.items() if not name.startswith("lab") for place in patterns.made(module)}
    assert made == {patterns.Made(*place) for place in MADE}


@pytest.mark.parametrize(
    "pattern, method",
    [
        (r"a*a*b", "match"),
        (r"[a-z]+x", "search"),
        (r"version \S[\s\S]*^end", "search"),
        (r"err(?!.*none)", "search"),
        (r"cisco \S+[ =]+.*with", "match"),
        (r"(\S+)\s+(\S+):.*!", "fullmatch"),
        (rb"%\s*\S+ ?Error", "search"),
    ],
)
def test_what_takes_long_is_found(pattern, method):
    with pytest.raises(AssertionError):
        check("", patterns.Used(re.compile(pattern, re.MULTILINE), method))


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(a|a)*b", r"(\w+ ?)*:", r"(?:[^<]|<|a)*>", r"(?i:x+Y*)*z"])
def test_what_takes_for_ever_is_found_without_running_it(pattern):
    assert any(pump.exponential for pump in Loops(attacks.automaton(patterns.Used(re.compile(pattern), "match"))).pumps())


@pytest.mark.parametrize(
    "pattern, method",
    [(r"(?:a|b)*c", "match"), (r"\bwith \d{1,9}K", "search"), (r"(?<![ :])[ :]+(?![ :])x", "search"), (r"[^:]*:.*", "match")],
)
def test_what_takes_no_long_is_let_pass(pattern, method):
    check("", patterns.Used(re.compile(pattern), method))
