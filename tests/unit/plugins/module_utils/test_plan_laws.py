# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Laws of parsing and planning that hold for any configuration, checked with random ones."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils import plan, secret
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES, AGENTS, BY_NAME
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.configurations import OF_FEATURE, everything
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.ios_lines import Ios, type7

STATES = ("merged", "replaced", "overridden", "deleted")
few = settings(max_examples=30, deadline=None)
each_feature = pytest.mark.parametrize("feature", AGENTS, ids=AGENT_NAMES)


def given_by_user(value):
    """As configure hands it on: without what is null."""
    if isinstance(value, dict):
        return {key: given_by_user(entry) for key, entry in value.items() if entry is not None}
    return [given_by_user(entry) for entry in value] if isinstance(value, list) else value


def configs_of(lines, names=AGENT_NAMES):
    return {name: reading.config for name, reading in plan.read(lines, names).items()}


@st.composite
def wishes(draw):
    """What a user may ask for: some features, some of their options."""
    want = draw(everything)
    for name in AGENT_NAMES:
        config = given_by_user(want.pop(name))
        if draw(st.booleans()):
            want[name] = {key: value for key, value in config.items() if draw(st.booleans())}
    return want


@each_feature
@few
@given(data=st.data())
def test_lines_of_a_configuration_are_parsed_to_it(feature, data):
    config = data.draw(OF_FEATURE[feature.name])
    assert feature.settle(copy.deepcopy(config)) == config
    lines = plan.lines({feature.name: config})
    reading = feature.parse(lines)
    assert feature.slots(reading.config) == feature.slots(config)
    assert sorted(sum(reading.shown.values(), [])) == sorted(lines)
    # Where a value is the default its line may be printed or not, so only what is printed is compared.
    assert plan.lines({feature.name: reading.config}) == lines


def in_any_order(config):
    """Lists are sets to a device."""
    return {
        key: sorted(json.dumps(entry, sort_keys=True) for entry in value) if isinstance(value, list) else value
        for name in config
        for key, value in ((name + "." + option, entry) for option, entry in config[name].items())
    }


def printed(lines, draw):
    """The same configuration in another of the ways in which devices print it."""
    told = []
    for line in lines:
        words = line.split()
        if words[:3] == ["cns", "image", "server"] and draw(st.booleans()):
            told += ["cns image"] + ["cns image %s %s" % pair for pair in zip(words[2::2], words[3::2])]
            continue
        if "password" in words[1:3] and draw(st.booleans()):
            words[-1:] = draw(st.sampled_from([["0", words[-1]], ["7", type7(words[-1])]]))
        if words[1] == "id" and words[2] != "string" and words[2][-1].isdigit() and draw(st.booleans()):
            start = next(at for at, char in enumerate(words[2]) if char.isdigit())
            words[2:3] = [words[2][:start].lower(), words[2][start:]]
        told.append(draw(st.sampled_from([" ", "  "])).join(words) + draw(st.sampled_from(["", " ", "\r"])))
    noise = ["hostname R1", " cns", "cns", "cns aaa enable", "no cns aaa enable", "cns unknown 3", "ip http client cns", "end"]
    return draw(st.permutations(told + noise[: draw(st.integers(0, len(noise)))]))


@few
@given(config=everything, data=st.data())
def test_order_spelling_and_foreign_lines_do_not_matter(config, data):
    lines = plan.lines(config)
    assert in_any_order(configs_of(printed(lines, data.draw))) == in_any_order(configs_of(lines))


@pytest.mark.parametrize("state", STATES)
@settings(max_examples=50, deadline=None)
@given(have=everything, want=wishes(), seed=st.integers(0, 3), drops_defaults=st.booleans())
def test_a_plan_leads_to_what_it_says_and_then_to_nothing(state, have, want, seed, drops_defaults):
    several, forgets = seed == 1, seed == 2
    device = Ios(random.Random(seed).sample(plan.lines(have), len(plan.lines(have))), forgets=forgets)
    readings = plan.read(device.show(several), AGENT_NAMES)
    try:
        planned = plan.plan(readings, copy.deepcopy(want), state)
    except InputError:
        reject()
    assert planned.before == configs_of(device.show())
    for line in planned.commands:
        assert all(" " <= char <= "~" and char != "?" for char in line) and secret.MASK not in line
        device.take(line)
    readings = plan.read(device.show(several), AGENT_NAMES)
    assert plan.differences(planned.after, readings) == []
    assert plan.unseen_passwords(planned.after, readings) == []
    gathered = configs_of(device.show(several, drops_defaults=drops_defaults))
    assert in_any_order(plan.plain(planned.after)) == in_any_order(plan.plain(gathered))
    assert plan.plan(readings, want, state).commands == []
    if state == "overridden" or (state == "deleted" and not want):
        # All that the device had before is forgotten.
        afresh = plan.plan(plan.read([], AGENT_NAMES), want, "merged")
        assert plan.differences(afresh.after, readings) == []


@few
@given(have=everything)
def test_what_was_gathered_can_be_given_back(have):
    device = Ios(plan.lines(have))
    readings = plan.read(device.show(), AGENT_NAMES)
    gathered = secret.mask({name: reading.config for name, reading in readings.items()})
    for state in ("overridden", "replaced", "merged"):
        for form in (gathered, plan.plain(gathered)):
            planned = plan.plan(readings, given_by_user(form), state)
            assert planned.commands == []
            assert planned.after == planned.before


@few
@given(have=everything, want=wishes(), state=st.sampled_from(STATES))
def test_other_features_stay_untouched(have, want, state):
    name = next(iter(want), None)
    if name is None or state == "overridden":
        reject()
    readings = plan.read(plan.lines(have), AGENT_NAMES)
    try:
        planned = plan.plan(readings, {name: want[name]}, state)
    except InputError:
        reject()
    others = set(AGENT_NAMES) - {name}
    assert {other: planned.after[other] for other in others} == {other: planned.before[other] for other in others}
    only = plan.plan({name: readings[name]}, {name: want[name]}, state)
    assert only.commands == planned.commands


NO_NUMBERS = ["\u00b2", "\u0665", "9" * 3000, "1_0", "+5"]
STRANGE = [*NO_NUMBERS, "\u0661:\u0660\u0660", "-1", "5", "h", "Loopback", "caf\u00e9", "7", "00", "02:15"]
HEADS = [
    "cns event h",
    "cns event h source Loopback",
    "cns exec h",
    "cns image",
    "cns image retry",
    "cns image server",
    "cns image password",
    "cns id",
    "cns password",
    "cns trusted-server",
    "cns config partial h",
    "cns config notify",
    "cns config notify all interval",
    "kron policy-list",
    "kron occurrence",
]
FOLLOWING = [
    "retry",
    "interval",
    "all",
    "diff",
    "failover-time",
    "keepalive",
    "source",
    "reconnect",
    "clock-timeout",
    "string",
    "ipaddress",
    "at",
    "in",
    "recurring",
    "user",
]
strange_words = st.lists(st.sampled_from(STRANGE + FOLLOWING), max_size=6)
strange_lines = st.builds(lambda head, rest: " ".join([head, *rest]), st.sampled_from(HEADS), strange_words)


@pytest.mark.parametrize("feature", BY_NAME.values(), ids=list(BY_NAME))
@settings(max_examples=200, deadline=None)
@given(lines=st.lists(strange_lines, max_size=4))
def test_no_line_of_a_device_raises(feature, lines):
    reading = feature.parse(lines)
    assert feature.settle(copy.deepcopy(reading.config)) == reading.config
    feature.slots(reading.config)


@pytest.mark.parametrize("number", NO_NUMBERS, ids=["superscript", "Arabic", "long", "underscore", "sign"])
def test_a_number_that_is_none_is_not_read_as_one(number):
    lines = ["cns image retry " + number, "cns config notify all interval " + number, "cns event h failover-time " + number]
    configs = configs_of(lines)
    assert configs["image"]["retry"] == 60
    assert configs["config"]["notify"] == {"changes": "all", "interval": None, "unknown": ["interval", number]}
    assert [gateway["unknown"] for gateway in configs["event"]["gateways"]] == [["failover-time", number]]
    assert plan.read(["cns image password %s p" % number], ["image"])["image"].unparsed == ["cns image password %s p" % number]
    gateway = configs_of(["cns event h keepalive %s 3" % number])["event"]["gateways"][0]
    assert (gateway["keepalive"], gateway["port"]) == (None, None)


@pytest.mark.parametrize("rest", ["retry 30", "password p", "enabled x"])
def test_of_the_line_with_the_server_only_its_urls_are_taken(rest):
    config = configs_of(["cns image server http://h/ " + rest])["image"]
    assert config == dict(configs_of(["cns image server http://h/"])["image"], unknown=rest.split())


# -- what only the device understands

KNOWN_WORDS = [
    *("encrypt", "backup", "inventory", "failover-time", "keepalive", "source"),
    *("clock-timeout", "reconnect-time", "interval", "status", "5", "240"),
]
UNKNOWN_WORDS = ["init-retry", "force-fmt1", "no_cns_events", "old-format", "vrf", "7", "65535"]
some_words = st.lists(st.sampled_from(KNOWN_WORDS + UNKNOWN_WORDS), max_size=8)
our_lines = st.builds(
    lambda head, rest: " ".join([head, *rest]),
    st.sampled_from(
        [
            "cns event 10.1.1.1",
            "cns event",
            "cns exec 10.1.1.1",
            "cns exec",
            "cns config partial ce",
            "cns config notify all",
            "cns config notify diff",
            "cns config notify",
            "cns image server http://h/",
            "cns image server",
            "cns image",
            "cns image retry",
            "cns trusted-server image h",
            "cns trusted-server",
            "cns id string a",
            "cns id GigabitEthernet0/1 ipaddress",
            "cns id udi",
        ]
    ),
    some_words,
)


def all_lines(readings):
    """What is known of a device, as lines."""
    return plan.lines({name: reading.config for name, reading in readings.items()}) + [
        line for reading in readings.values() for line in reading.unparsed
    ]


@settings(max_examples=1000, deadline=None)
@given(line=our_lines)
@example(line="cns event 10.1.1.1 5 5 source interval")
def test_no_word_of_a_line_is_lost_and_reading_it_again_says_the_same(line):
    readings = plan.read([line], AGENT_NAMES)
    shown = all_lines(readings)
    # The type of an interface and its number may stand apart on the device, and are one word here.
    assert sorted("".join(shown).replace(" ", "")) == sorted(line.replace(" ", ""))
    again = plan.read(shown, AGENT_NAMES)
    assert all_lines(again) == shown
    assert again == {name: reading._replace(shown=again[name].shown) for name, reading in readings.items()}


@st.composite
def with_unknown_words(draw):
    """Lines of a random configuration, some with words that the collection does not know, and lines that it cannot read."""
    lines = []
    for line in plan.lines(draw(everything)):
        theirs = line.startswith(("cns event", "cns exec", "cns config"))
        words = draw(st.lists(st.sampled_from(UNKNOWN_WORDS), max_size=3)) if theirs else []
        lines.append(" ".join([line, *words]))
    return lines + draw(st.sampled_from([[], ["cns config notify some"], ["cns trusted-server ftp h"]]))


def words_unknown(readings):
    return sorted(word for line in plan.unparsed(readings) for word in line.split() if word in UNKNOWN_WORDS[:5])


class AnyNotify(Ios):
    """Takes a C(cns config notify) of any form."""

    def _config(self, words, negated, line):
        self._put(tuple(words[:3]), words, negated, line, once=words[2] == "partial")


@pytest.mark.parametrize("state", STATES)
@settings(max_examples=50, deadline=None)
@given(lines=with_unknown_words(), want=wishes())
def test_a_plan_keeps_what_only_the_device_understands_or_removes_it(state, lines, want):
    device = AnyNotify(lines)
    readings = plan.read(device.show(), AGENT_NAMES)
    try:
        planned = plan.plan(readings, copy.deepcopy(want), state)
    except InputError:
        reject()
    assert len([sentence for sentence in planned.warnings if "not known" in sentence]) == len(plan.unparsed(readings))
    for line in planned.commands:
        device.take(line)
    after = plan.read(device.show(), AGENT_NAMES)
    assert plan.differences(planned.after, after) == []
    assert plan.plan(after, want, state).commands == []
    if state == "merged" and (want.get("exec") or {}).get("enabled") is not False:
        assert words_unknown(after) == words_unknown(readings)
    if state == "overridden" or (state == "deleted" and not want):
        assert plan.unparsed(after) == []
