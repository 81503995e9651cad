# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from types import SimpleNamespace
from unittest import mock

import pytest
from ansible_collections.ansible.netcommon.plugins.action.network import ActionModule as NetworkAction

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.device import ActionModule
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.run_module import run_module

URL = "http://agent:s3cretword@h/cns/imgsvr"


@pytest.mark.parametrize(
    "name, options",
    [
        ("cns_image", dict(config={"server": URL, "retry": "often"})),
        ("cns_image", dict(config={"server": [URL], "status": URL, "nonsense": URL})),
        ("cns_agents", dict(config={"image": {"server": URL, "retry": "often"}})),
        ("cns_image_schedule", dict(config={"server": URL}, state="sometimes")),
        ("cns_image_schedule", dict(config=URL)),
        ("cns_image_preflight", dict(server=URL, status=URL, nonsense=1)),
    ],
)
def test_an_error_in_the_options_does_not_tell_the_password_of_a_url(capsys, monkeypatch, name, options):
    failed = run_module(capsys, name, **options)
    assert failed["failed"] is True and "invocation" in failed
    monkeypatch.setattr(NetworkAction, "run", lambda self, tmp=None, task_vars=None: failed)
    task = mock.Mock(action="cns.image_agent." + name)
    context = SimpleNamespace(connection="cns.image_agent.network_cli")
    result = ActionModule(task, mock.Mock(), context, mock.Mock(), mock.Mock(), mock.Mock()).run(task_vars={})
    assert result["failed"] is True and result["msg"]
    # A config that is no dictionary is masked as a whole.
    shown = "http://agent:********@h/cns/imgsvr" if options.get("config") != URL else '"config": "********"'
    assert shown in json.dumps(result["invocation"])
    assert "s3cretword" not in json.dumps(result)
