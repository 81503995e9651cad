# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import query

ROWS = [{"host": "R1", "version": "15.7(3)M9", "uptime_seconds": 60}, {"host": "R2", "version": None, "uptime_seconds": 5}]


@pytest.mark.parametrize(
    "expression, found",
    [
        ("[?version=='15.7(3)M9'].host", ["R1"]),
        ("[?uptime_seconds < `60`].host", ["R2"]),
        ("[?version && contains(version, '(3)')].host", ["R1"]),
        ("length(@)", 2),
        ("[0].{name: host}", {"name": "R1"}),
    ],
)
def test_query(expression, found):
    assert query.select(expression, ROWS) == found


@pytest.mark.parametrize("expression", ["[?", "nosuch(@)", "length(`5`)", "[?contains(version, `15`)]"])
def test_query_that_cannot_be_evaluated(expression):
    with pytest.raises(InputError, match="cannot be evaluated"):
        query.select(expression, ROWS)


class Tagged(str):
    """As ansible-core marks the strings that it hands to plugins."""


def test_query_knows_the_strings_of_ansible():
    data = query.plain([{Tagged("host"): Tagged("R1")}])
    assert query.select("[?contains(host, 'R')].host", data) == ["R1"]
    assert not any(isinstance(text, Tagged) for row in data for pair in row.items() for text in pair)


def test_query_without_its_library(monkeypatch):
    monkeypatch.setattr(query, "jmespath", None)
    with pytest.raises(InputError, match="pip install jmespath"):
        query.select("[0]", ROWS)
