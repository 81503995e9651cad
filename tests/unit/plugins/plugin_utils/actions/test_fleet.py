# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions about many devices say and do when they are ended from outside."""

from __future__ import annotations

import os
import signal
from types import SimpleNamespace
from unittest import mock

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import fleet
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login


@pytest.fixture
def action(monkeypatch):
    """An action whose devices are asked for nothing; ``said()`` is what people see of it."""
    one = fleet.FleetAction(*[mock.Mock() for _part in range(6)])
    reader, writer = os.pipe()
    one.said = lambda: os.read(reader, 4096).decode()
    one.options = {"logins": 50}
    one.door = Door()
    device = SimpleNamespace(login=lambda: Login("R1"))
    one.known_hosts = SimpleNamespace(device=lambda host: device, forget=lambda: None)
    monkeypatch.setattr(fleet, "_TERMINAL", writer)
    monkeypatch.setattr(fleet, "ios_terminal", lambda: None)
    monkeypatch.setattr(fleet, "_files", lambda: None)
    yield one
    os.close(reader)
    os.close(writer)


def test_a_terminal_that_was_closed_is_no_trouble(monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr(fleet, "_TERMINAL", writer)
    assert fleet._say("how to go on") is None
    os.close(writer)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_interrupts_it_is_told_how_to_go_on(action, monkeypatch, number):
    real, sent, handlers = os.kill, [], []
    monkeypatch.setattr(fleet, "signal", SimpleNamespace(SIG_DFL=signal.SIG_DFL, signal=lambda *how: handlers.append(how)))

    async def work(host, _link):
        real(os.getpid(), number)
        await fleet.asyncio.sleep(60)

    monkeypatch.setattr(fleet.os, "kill", lambda pid, which: sent.append((pid, which)))
    with pytest.raises(AnsibleActionFail):
        action.for_each(["R1"], work, None)
    text = action.said()
    assert text.startswith("Interrupted. What was begun on the devices goes on there. Run the same command again: it waits")
    assert "triggers nothing twice" in text
    assert (handlers, sent) == ([(number, signal.SIG_DFL)], [(os.getpid(), number)])  # and it ends as core would have ended it
