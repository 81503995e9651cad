# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import show
from ansible_collections.cns.image_agent.plugins.sub_plugins.cli_parser.cns_parser import CliParser


def parse(command, text):
    task_args = {"text": text, "parser": {"name": "cns.image_agent.cns", "command": command}}
    return CliParser(task_args=task_args, task_vars={}, debug=lambda msg: None).parse(template_contents=None)


@pytest.mark.parametrize("command", ["show cns image connections", "sh cns im con", "show cns image connections | begin Conn"])
def test_command_chooses_the_parser(command):
    text = "Connection attempts   5\n"
    assert parse(command, text) == {"parsed": show.image_connections(text)}


@pytest.mark.parametrize("command", ["show running-config", "", None])
def test_unknown_command_lists_the_known_ones(command):
    (error,) = parse(command, "")["errors"]
    assert "no parser for the command '%s'" % (command or "") in error
    assert all(known in error for known in show.PARSERS)


def test_text_must_be_a_string():
    (error,) = parse("show version", ["a", "b"])["errors"]
    assert "needs the text of 'show version' as a string, not list" in error
