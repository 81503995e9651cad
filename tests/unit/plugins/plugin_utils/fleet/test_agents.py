# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.agents import agents_of


def config(**variables):
    return agents_of(variables.get).config


def test_a_server_turns_the_image_agent_on():
    assert config(cns_image_server_url="http://s/i") == {"image": {"server": "http://s/i", "enabled": True}}


@pytest.mark.parametrize("name", ["cns_image_password", "cns_password", "cns_image_server_url", "cns_image_status_url"])
def test_an_empty_text_is_what_a_field_of_a_controller_is_that_nobody_filled_in(name):
    assert config(**{name: ""}) == {}


def test_zero_and_false_are_given():
    assert config(cns_image_retry=0, cns_image_enabled=False) == {"image": {"retry": 0, "enabled": False}}
