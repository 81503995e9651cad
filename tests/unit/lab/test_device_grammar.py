# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command grammar: abbreviations, errors and where they point, the no form, help."""

from __future__ import annotations

import pytest

from lab.device.grammar import AmbiguousCommand, Grammar, IncompleteCommand, InvalidInput


@pytest.fixture(scope="module")
def grammar():
    built = Grammar()
    for pattern in (
        "show running-config",
        "show version",
        "configure terminal",
        "copy running-config startup-config",
        "cns image ~ [server <server> [status <status>]]",
        "cns image retry ~ <seconds:0-65535>",
        "cns event ~ <host:host> [encrypt | <port:0-65535> | keepalive <seconds:0-9> <retries:0-9>]*",
        "description ~ <text:line>",
    ):
        built.add(pattern, pattern)
        built.add(pattern, f"no {pattern}", negated=True)
    return built


@pytest.mark.parametrize("line", ["show version", "sh ver", "SHOW VERSION", "  sho  vers"])
def test_keywords_may_be_shortened(grammar, line):
    found, match = grammar.parse(line)
    assert (found, match.words) == ("show version", ("show", "version"))


def test_values_come_by_name(grammar):
    _found, match = grammar.parse("cns im server http://a/b?c status X")
    assert match.values == {"server": "http://a/b?c", "status": "X"}


def test_a_line_value_takes_the_rest_as_it_is(grammar):
    assert grammar.parse("desc  to  the   core ")[1]["text"] == "to  the   core"


@pytest.mark.parametrize(
    ("line", "position"),
    [
        ("shw version", 2),
        ("cns image retry 70000", 16),
        ("cns image retry x", 16),
        ("cns image server U extra", 19),
        ("cns event h keepalive 1 2 keepalive 1 2", 26),
        ("cns event h 80 81", 15),
        ("configure terminals", 18),
    ],
)
def test_errors_point_at_where_it_stops_making_sense(grammar, line, position):
    with pytest.raises(InvalidInput) as refused:
        grammar.parse(line)
    assert refused.value.position == position


@pytest.mark.parametrize("line", ["show", "cns image server", "cns event h keepalive 1", "no cns"])
def test_incomplete(grammar, line):
    with pytest.raises(IncompleteCommand):
        grammar.parse(line)


def test_ambiguous_lines_are_quoted(grammar):
    with pytest.raises(AmbiguousCommand) as refused:
        grammar.parse("co x")
    assert refused.value.text == '% Ambiguous command:  "co x"'


def test_options_in_any_order(grammar):
    _found, match = grammar.parse("cns event 10.1.1.1 keepalive 1 2 11012 encrypt")
    assert match.values == {"host": "10.1.1.1", "seconds": 1, "retries": 2, "port": 11012}
    assert match.has("encrypt")


@pytest.mark.parametrize("line", ["no cns image", "no cns image server U", "no cns image server U status S"])
def test_the_no_form_may_end_after_the_mark(grammar, line):
    assert grammar.parse(line)[0] == "no cns image ~ [server <server> [status <status>]]"


def test_the_no_form_needs_what_is_before_the_mark(grammar):
    grammar.parse("no cns event")
    with pytest.raises(IncompleteCommand):
        grammar.parse("no show")


def test_help_lists_what_may_follow(grammar):
    assert [word for word, _help in grammar.complete("cns image ")] == ["<cr>", "retry", "server"]
    assert [word for word, _help in grammar.complete("cns image retry ")] == ["<0-65535>"]
    assert [word for word, _help in grammar.complete("co")] == ["configure", "copy"]


def test_two_commands_for_one_line_are_a_mistake(grammar):
    built = Grammar()
    built.add("show version", 1)
    with pytest.raises(ValueError, match="two commands"):
        built.add("show version", 2)
