# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module that talks to a device runs inside the worker, and not in a Python of its own for each device."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.cns.image_agent.plugins.modules import cns_image

ACTIONS = (Path(cns_image.__file__).parents[1] / "action").glob("*.py")
IN_PROCESS = sorted(path.stem for path in ACTIONS if "plugin_utils.actions.device" in path.read_text(encoding="utf-8"))


class Handed(Exception):
    """The module took what it was handed."""


class Another(AnsibleModule):
    """As the action of ansible.netcommon puts it into the namespace of a module; one without is run outside the worker."""

    def __init__(self, **_options):
        raise Handed


@pytest.mark.parametrize("name", IN_PROCESS)
def test_the_module_takes_the_ansible_module_of_its_namespace(name, monkeypatch):
    module = importlib.import_module("ansible_collections.cns.image_agent.plugins.modules." + name)
    monkeypatch.setattr(module, "AnsibleModule", Another)
    with pytest.raises(Handed):
        module.main()


def test_all_of_them_are_tried():
    assert {"cns_agents", "cns_image", "cns_image_info", "cns_snapshot", "cns_trustpoint"} <= set(IN_PROCESS)
