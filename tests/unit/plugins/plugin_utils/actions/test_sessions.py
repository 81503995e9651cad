# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace
from unittest import mock

import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import sessions as sessions_file


@pytest.fixture
def opened(monkeypatch):
    """The inline connections that were opened, in order."""
    connections = []

    def get(name, play_context, new_stdin, **more):
        assert name == "cns.image_agent.network_cli"
        assert play_context == "play context" and more["task_uuid"] == "uuid"
        connections.append(mock.Mock(socket_path="/inline/%d" % len(connections)))
        return connections[-1]

    monkeypatch.setattr(sessions_file, "connection_loader", SimpleNamespace(get=get))
    monkeypatch.setattr(sessions_file, "Device", lambda transport, door: transport)
    monkeypatch.setattr(sessions_file, "NetworkCli", lambda socket_path: socket_path)
    return connections


def first(persistent):
    connection = mock.Mock(socket_path="/first", force_persistence=persistent)
    connection.get_options.return_value = {"host": "127.0.0.9", "password": "s3cret"}
    return connection


def sessions_of(connection):
    return sessions_file.Sessions(
        SimpleNamespace(_play_context="play context", _task=SimpleNamespace(_uuid="uuid"), _connection=connection)
    )


def test_the_first_session_is_that_of_the_task(opened):
    sessions = sessions_of(first(False))
    assert [converse(sessions.device()), converse(sessions.device())] == ["/first", "/first"]
    assert opened == []


def test_the_next_ones_are_inline_with_the_same_options(opened):
    connection = first(False)
    sessions = sessions_of(connection)
    converse(sessions.close())
    connection.close.assert_called_once_with()
    assert [converse(sessions.device()), converse(sessions.device())] == ["/inline/0", "/inline/0"]
    opened[0].set_options.assert_called_once_with(direct={"host": "127.0.0.9", "password": "s3cret"})
    converse(sessions.close())
    opened[0].close.assert_called_once_with()
    assert converse(sessions.device()) == "/inline/1"
    assert opened[1].close.call_count == 0


def test_closing_twice_is_closing_once(opened):
    connection = first(False)
    sessions = sessions_of(connection)
    for _time in range(3):
        converse(sessions.close())
    assert connection.close.call_count == 1
    converse(sessions.device())
    for _time in range(3):
        converse(sessions.close())
    assert opened[0].close.call_count == 1


@pytest.mark.parametrize("ended", [False, True])
def test_a_helper_process_is_asked_to_end(monkeypatch, opened, ended):
    asked = []

    class Rpc:
        def __init__(self, socket_path):
            asked.append(socket_path)

        def reset(self):
            asked.append("reset")
            if ended:
                raise TransportError("gone", code=1)

    monkeypatch.setattr(sessions_file, "Rpc", Rpc)
    connection = first(True)
    sessions = sessions_of(connection)
    converse(sessions.close())
    assert asked == ["/first", "reset"]
    assert connection.close.call_count == 0
    assert converse(sessions.device()) == "/inline/0"


def test_a_session_that_cannot_be_opened_is_a_device_that_is_away(monkeypatch, opened):
    def get(*args, **more):
        connection = mock.Mock()
        connection.set_options.side_effect = AnsibleConnectionFailure("no route")
        return connection

    monkeypatch.setattr(sessions_file, "connection_loader", SimpleNamespace(get=get))
    sessions = sessions_of(first(False))
    converse(sessions.close())
    with pytest.raises(DeviceAway, match="^No session: no route"):
        converse(sessions.device())
