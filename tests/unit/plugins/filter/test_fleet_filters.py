# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.cns.image_agent.plugins.filter import cns_csv, cns_outcome_rows, cns_query, cns_status_rows, cns_table

ROWS = [{"host": "R1", "version": "15.7(3)M9", "uptime_seconds": 60}, {"host": "R2", "version": None, "uptime_seconds": 5}]


def query(expression, data=None):
    return cns_query.FilterModule().filters()["cns_query"](ROWS if data is None else data, expression)


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
    assert query(expression) == found


@pytest.mark.parametrize("expression", ["[?", "nosuch(@)", "length(`5`)", "[?contains(version, `15`)]"])
def test_query_that_cannot_be_evaluated(expression):
    with pytest.raises(AnsibleFilterError, match="cannot be evaluated"):
        query(expression)


class Tagged(str):
    """As ansible-core marks the strings that it hands to filters."""


def test_query_knows_the_strings_of_ansible():
    assert query("[?contains(host, 'R')].host", [{Tagged("host"): Tagged("R1")}]) == ["R1"]


def test_query_without_its_library(monkeypatch):
    monkeypatch.setattr(cns_query, "jmespath", None)
    with pytest.raises(AnsibleFilterError, match="pip install jmespath"):
        query("[0]")


@pytest.mark.parametrize("plugin, name", [(cns_status_rows, "cns_status_rows"), (cns_outcome_rows, "cns_outcome_rows")])
def test_rows_need_results_by_name(plugin, name):
    rows = plugin.FilterModule().filters()[name]
    assert rows({"R1": None})[0]["host"] == "R1"
    with pytest.raises(AnsibleFilterError, match=name + " needs a dictionary"):
        rows([{}])


def test_table_and_csv():
    rows = [{"host": "R1"}]
    assert cns_table.FilterModule().filters()["cns_table"](rows) == ["HOST", "R1"]
    assert cns_csv.FilterModule().filters()["cns_csv"](rows) == "host\r\nR1\r\n"
