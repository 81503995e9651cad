# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.cns.image_agent.plugins.filter import show

FILTERS = show.FilterModule().filters()


@pytest.mark.parametrize(
    "name, text, key, value",
    [
        ("cns_image_status", "Number of failed upgrades: 2", "failed", 2),
        ("cns_image_connections", "Connection attempts   5", "attempts", 5),
        ("cns_image_inventory", "<imageID>R1</imageID>", "image_id", "R1"),
    ],
)
def test_filter_parses_text(name, text, key, value):
    assert FILTERS[name](text)[key] == value


@pytest.mark.parametrize("name", sorted(FILTERS))
@pytest.mark.parametrize("value", [None, ["text"], 7, b"text"])
def test_filter_says_what_it_needs(name, value):
    with pytest.raises(AnsibleFilterError, match=name + " needs the text of 'show " + name.replace("_", " ")):
        FILTERS[name](value)
