# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from ansible.plugins.loader import action_loader, callback_loader, connection_loader, init_plugin_loader

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.preload import preload

MODULE = "ansible_collections.cisco.ios.plugins.modules.ios_command"

init_plugin_loader()


@pytest.fixture(autouse=True)
def not_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, MODULE, raising=False)


def test_loads_the_module_of_the_action():
    preload("cisco.ios.ios_command")
    assert MODULE in sys.modules


def test_loads_the_action_plugin_that_the_modules_of_a_platform_share(mocker):
    get = mocker.spy(action_loader, "get")
    preload("cisco.ios.ios_command")
    assert get.spy_return.__module__ == "ansible_collections.cisco.ios.plugins.action.ios"


def test_loads_the_connection_through_the_loader_which_reads_its_options_too(mocker):
    get = mocker.spy(connection_loader, "get")
    preload()
    get.assert_any_call("cns.image_agent.network_cli", class_only=True)
    assert None not in get.spy_return_list


@pytest.mark.parametrize("action", ["debug", "ansible.builtin.debug", "cisco.ios.no_such_module", None])
def test_takes_any_action(action):
    preload(action)
    assert MODULE not in sys.modules


def test_the_callback_loads_before_the_task_starts():
    callback = callback_loader.get("cns.image_agent.preload")
    callback.v2_playbook_on_task_start(SimpleNamespace(resolved_action="cisco.ios.ios_command"), False)
    assert MODULE in sys.modules
