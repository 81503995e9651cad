# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import time

import pytest

from ansible.plugins.loader import init_plugin_loader, terminal_loader

pytest.importorskip("asyncssh")

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline import session as sessions
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.session import Session
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.terminal import Terminal, terminal_from
from ansible_collections.cns.image_agent.tests.unit.plugins.connection.fake_device import ENABLE, PASSWORD, FakeDevice

SETUP = ["terminal length 0", "terminal width 0"]
DROP, HANG = FakeDevice.DROP, FakeDevice.HANG


@pytest.fixture
def terminal() -> Terminal:
    init_plugin_loader()
    return terminal_from(terminal_loader.get("cisco.ios.ios", class_only=True))


def login_to(device: FakeDevice, **more) -> Login:
    options = dict(password=PASSWORD, host_key_checking=False, look_for_keys=False, connect_timeout=3, command_timeout=3)
    return Login("127.0.0.1", device.port, "cisco", **{**options, **more})


def talk(device: FakeDevice, terminal: Terminal, conversation, **more):
    """Run ``conversation(session)`` and close the session."""

    async def run():
        session = await Session.open(login_to(device, **more), terminal)
        try:
            return await conversation(session)
        finally:
            await session.close()

    return asyncio.run(run())


def test_sends_the_setup_and_the_command_and_nothing_else(terminal):
    with FakeDevice({"show clock": "12:00:00 UTC"}) as device:
        assert talk(device, terminal, lambda session: session.get("show clock")) == "12:00:00 UTC"
        assert device.commands == SETUP + ["show clock"]
        assert device.closed_politely == 1


def test_a_refused_command_is_told_without_echo_and_prompt_and_the_session_goes_on(terminal):
    async def conversation(session):
        with pytest.raises(sessions.Rejected) as caught:
            await session.get("show nothing")
        return caught.value.said, await session.get("show x")

    with FakeDevice({"show x": "text"}) as device:
        said, then = talk(device, terminal, conversation)
    assert said.splitlines() == ["^", "% Invalid input detected at '^' marker."]
    assert then == "text"


def test_questions_are_answered(terminal):
    with FakeDevice() as device:
        saved = talk(device, terminal, lambda session: session.get("write memory", prompt=r"\[confirm\]", answer="y"))
        assert "[OK]" in saved
        assert device.commands[-2:] == ["write memory", "y"]


def test_what_is_only_sent_is_answered_in_front_of_the_next(terminal):
    async def conversation(session):
        assert await session.get("show x", sendonly=True) == ""
        return await session.get("show y")

    with FakeDevice({"show x": "first", "show y": "second"}) as device:
        answer = talk(device, terminal, conversation)
    assert "first" in answer and "second" in answer


def test_enable_takes_the_secret_and_shows_it_in_no_error(terminal):
    with FakeDevice(privileged=False) as device:
        prompt = talk(device, terminal, _prompt, enable=True, enable_secret=ENABLE)
        assert prompt == "R1#"
        with pytest.raises(sessions.EnableRefused, match="'enable' failed for user cisco: the enable password is wrong") as caught:
            talk(device, terminal, _prompt, enable=True, enable_secret="not-the-secret")
        assert "not-the-secret" not in str(caught.value)


def test_no_enable_password_is_said_at_once(terminal):
    with FakeDevice(privileged=False) as device:
        started = time.monotonic()
        with pytest.raises(sessions.EnableRefused, match="it asks for a password, and none is given. Set ansible_become_password"):
            talk(device, terminal, _prompt, enable=True)
        assert time.monotonic() - started < 2.5


async def _prompt(session):
    return session.prompt


def test_a_wrong_password_is_said_with_user_host_port_and_advice(terminal):
    with FakeDevice() as device:
        said = r"^127\.0\.0\.1 port %d: the device did not let user cisco in.*Check ansible_user and ansible_password" % device.port
        with pytest.raises(sessions.LoginRefused, match=said):
            talk(device, terminal, _prompt, password="wrong")
        assert device.logins == 0


def test_a_refused_port_is_said(terminal):
    with FakeDevice() as device:
        pass
    with pytest.raises(sessions.Unreachable, match=r"port %d: connection refused. Nothing listens" % device.port):
        talk(device, terminal, _prompt)


def test_a_timeout_names_the_command_and_the_session_is_not_used_again(terminal):
    async def conversation(session):
        with pytest.raises(sessions.TimedOut, match="command timeout triggered.*'show x'"):
            await session.get("show x")
        with pytest.raises(sessions.SessionLost, match="command timeout triggered.*'show x'"):
            await session.get("show y")
        return "over"

    with FakeDevice({"show x": [HANG]}) as device:
        assert talk(device, terminal, conversation, command_timeout=1) == "over"
        assert "show y" not in device.commands


def test_a_lost_session_is_said(terminal):
    with FakeDevice({"show x": ["half", DROP]}) as device:
        with pytest.raises(sessions.SessionLost, match="the session was lost before the answer to 'show x'"):
            talk(device, terminal, lambda session: session.get("show x"))


@pytest.mark.parametrize("where", ["login", "command"])
def test_a_session_that_waits_can_be_cancelled_at_once(terminal, where):
    async def run(device):
        async def work():
            session = await Session.open(login_to(device, connect_timeout=30, command_timeout=30), terminal)
            await session.get("show x")

        task = asyncio.create_task(work())
        await asyncio.sleep(1)
        assert not task.done()
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - started

    with FakeDevice({"show x": [HANG]}, banner=[HANG] if where == "login" else []) as device:
        assert asyncio.run(run(device)) < 0.5


def test_many_sessions_share_a_loop_and_its_files(terminal):
    async def run(device):
        files = sessions.load_files()
        opened = await asyncio.gather(*(Session.open(login_to(device), terminal, files) for _number in range(20)))
        answers = await asyncio.gather(*(session.get("show x") for session in opened))
        await asyncio.gather(*(session.close() for session in opened))
        return answers

    with FakeDevice({"show x": [0.3, "text"]}) as device:
        assert asyncio.run(run(device)) == ["text"] * 20
