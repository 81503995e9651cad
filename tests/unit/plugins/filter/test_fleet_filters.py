# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.filter.table import FilterModule


def test_table_and_csv():
    rows = [{"host": "R1"}]
    assert FilterModule().filters()["cns_table"](rows) == ["HOST", "R1"]
    assert FilterModule().filters()["cns_csv"](rows) == '"host"\r\n"R1"\r\n'
