# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A retrieval without a target takes whatever the server has: it is said before anything is sent."""

from __future__ import annotations

import pathlib

import jinja2
import pytest
import yaml
from ansible.plugins.test.core import falsy

from ansible_collections.cns.image_agent.plugins.modules import cns_image_retrieve

PLAYBOOK = pathlib.Path(cns_image_retrieve.__file__).parents[2] / "playbooks" / "retrieve.yml"


@pytest.mark.parametrize(
    "variables, said",
    [
        ({}, True),
        ({"cns_target_version": "", "cns_target_image": None}, True),
        ({"cns_target_version": "15.7(3)M9"}, False),
        ({"cns_target_version": "", "cns_target_image": "new.bin"}, False),
    ],
)
def test_the_first_task_says_that_the_server_decides_unless_a_target_is_named(variables, said):
    first, *others = yaml.safe_load(PLAYBOOK.read_text())[0]["tasks"]
    assert "No target is named (cns_target_version or cns_target_image)" in first["ansible.builtin.debug"]["msg"]
    assert "cns_image_retrieve" in str(others)
    environment = jinja2.Environment()
    environment.tests["falsy"] = falsy
    assert environment.compile_expression(first["when"])(**variables) is said
