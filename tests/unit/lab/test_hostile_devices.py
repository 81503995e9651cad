# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Devices that drip, flood, hang, take privileges back or lie, over the connection of a task and over the link of the engine."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import socket
import threading
import time
from types import SimpleNamespace

import pytest
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader, init_plugin_loader

pytest.importorskip("asyncssh")

from ansible_collections.cns.image_agent.plugins.module_utils import trigger
from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, NetworkCli, converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.observation import observe
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.link import SshLink, ios_terminal
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Login
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.session import load_files
from ansible_collections.cns.image_agent.tests.unit.lab.live_fleet import LiveFleet

NAME = "cns.image_agent.network_cli"
READER = "ansible_collections.cns.image_agent.plugins.plugin_utils.inline.reader"
PATIENCE = 2  # seconds for an answer that does not come,
LONG = 20  # and for one that does, on a machine that is busy

init_plugin_loader()


def over_connection(fleet, device, conversation, patience):
    """Over the inline connection of a task, as the modules speak."""
    context = PlayContext()
    context.remote_addr, context.port, context.remote_user = device.address, device.port, "lab"
    context.network_os, context.connection = "cisco.ios.ios", NAME
    connection = connection_loader.get(NAME, context, os.devnull, task_uuid="1", ansible_playbook_pid="1")
    options = dict(host=device.address, remote_addr=device.address, port=device.port, remote_user="lab", ssh_type="asyncssh")
    timeouts = dict(persistent_connect_timeout=patience, persistent_command_timeout=patience)
    connection.set_options(direct=dict(options, password="lab-password", host_key_checking=False, **timeouts))
    try:
        return converse(conversation(Device(NetworkCli(connection.socket_path))))
    finally:
        connection.close()


def over_link(fleet, device, conversation, patience):
    """Over the link of the engine."""

    async def run():
        login = fleet.login(device, connect_timeout=patience, command_timeout=patience)
        link = SshLink(login, ios_terminal(), load_files(), asyncio.Semaphore(1))
        try:
            return await conversation(await link.device())
        finally:
            await link.close()

    return asyncio.run(run())


WAYS = {"connection": over_connection, "link": over_link}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def converse_with(request, tmp_path, monkeypatch):
    """Returns a function(fault, conversation) that runs a conversation with a device that has the fault."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(READER + ".LONGEST", 1024 * 1024)

    def run(fault, conversation, patience=LONG):
        with LiveFleet(tmp_path, fault) as fleet:
            (device,) = fleet.devices
            device.port = device.setup.port
            begun = time.monotonic()
            try:
                return request.param(fleet, device, conversation, patience)
            finally:
                assert time.monotonic() - begun < patience + LONG
                until(lambda: not device.connections or device.state == "hung")

    return run


def until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "a session was left open"
        time.sleep(0.02)


# -- what is no SSH server --------------------------------------------------------------------------------------------


def _says(*pieces, pause=0.0):
    """A server that sends these, again and again if there is a pause, and closes the connection."""

    def serve(client):
        for piece in itertools.cycle(pieces) if pause else pieces:
            client.sendall(piece)
            time.sleep(pause)

    return serve


CLOSED, WRONG, LATE = "closed the connection before the login", "does not speak SSH as it should", "connect timeout triggered"
NO_SSH = {
    "nothing": _says(),
    "http": _says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
    "bytes": _says(bytes(range(256)) * 20),
    "acting": _says(b"SSH-2.0-\x1b]0;taken\x07\x1b[2J\xff\xfe\r\n", b"\x00" * 400),
    "long": _says(b"SSH-2.0-" + b"x" * 100_000 + b"\r\n"),
    "packet": _says(b"SSH-2.0-x\r\n", b"\xff" * 4000),
    "disconnect": _says(b"SSH-2.0-x\r\n", b"\0\0\0\x2c\x06\x01\0\0\0\x02\0\0\0\x18\x1b[2J\xff\xfe" + b"z" * 60),
    "drip": _says(b"S", pause=0.1),
    "flood": _says(b"welcome " * 1000 + b"\r\n", pause=0.0001),
}


@pytest.fixture
def listener():
    """Returns a function(serve) that has serve(client) called for each connection; it returns the port."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def accept(serve):
            with contextlib.suppress(OSError):
                while True:
                    client, _address = server.accept()
                    threading.Thread(target=handle, args=(serve, client), daemon=True).start()

        def handle(serve, client):
            with client, contextlib.suppress(OSError):
                serve(client)

        def listen(serve):
            threading.Thread(target=accept, args=(serve,), daemon=True).start()
            return server.getsockname()[1]

        yield listen
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("serve", NO_SSH.values(), ids=NO_SSH)
def test_what_is_no_ssh_server_is_said_in_a_sentence_and_in_time(listener, way, serve, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    port = listener(serve)
    options = dict(user="lab", password="x", host_key_checking=False, look_for_keys=False, agent=False)
    fleet = SimpleNamespace(login=lambda _device, **more: Login("127.0.0.1", port, **options, **more))
    begun = time.monotonic()
    with pytest.raises(DeviceAway) as raised:
        way(fleet, SimpleNamespace(address="127.0.0.1", port=port), poll, PATIENCE)
    assert time.monotonic() - begun < LONG
    assert re.search("127.0.0.1 port %d" % port, raised.value.message)
    assert re.search("|".join((CLOSED, WRONG, LATE)), raised.value.message), raised.value.message
    assert is_for_people(raised.value.message), raised.value.message


# -- devices ----------------------------------------------------------------------------------------------------------


def poll(device):
    return observe(device, time.time)


def is_for_people(text):
    """No control characters, no bytes as Python writes them, no traceback; and it ends as a sentence does."""
    return text.isprintable() and not re.search(r"\bb['\"]|\\x|Traceback|Error\(|object at", text) and text.endswith(".")


MUTE = {
    "no-free-line": "the device closed the connection before the login.*Perhaps no line is free",
    "drop=login": "the device closed the connection during the login",
    "drop=banner": "the session was lost before the login: the device closed the session",
    "drop=answer": "the session was lost before the answer to 'show version': the device closed the session",
    "hang": "connect timeout triggered, timeout value is 2 secs: no login to",
    "hang=login": "connect timeout triggered, timeout value is 2 secs: no login to",
    "hang=banner": "command timeout triggered, timeout value is 2 secs: .* did not come to the end of the login",
    "hang=answer": "command timeout triggered, timeout value is 2 secs: .* not come to the end of the answer to 'show version'",
    "drip=0.1": "command timeout triggered, timeout value is 2 secs: .* did not come to the end of the login",
    "flood=show~version": "printed more than 1 MB as the answer to 'show version'",
}


@pytest.mark.parametrize("converse_with", [over_connection], ids=["connection"], indirect=True)
@pytest.mark.parametrize("fault, said", MUTE.items(), ids=MUTE)
def test_no_answer_is_said_in_a_sentence_and_in_time(converse_with, fault, said):
    with pytest.raises(DeviceAway) as raised:
        converse_with(fault, poll, LONG if "flood" in fault else PATIENCE)
    assert re.search(said, raised.value.message), raised.value.message
    assert is_for_people(raised.value.message), raised.value.message


def test_no_answer_of_many_at_once_is_said_in_a_sentence_and_in_time_for_each(tmp_path, monkeypatch):
    """The same over the link of the engine, where nobody waits for another."""
    monkeypatch.setattr(READER + ".LONGEST", 1024 * 1024)

    async def ask(fleet, device):
        patience = LONG if "flood" in device.faults else PATIENCE
        login = fleet.login(device, connect_timeout=patience, command_timeout=patience)
        link = SshLink(login, ios_terminal(), load_files(), asyncio.Semaphore(1))
        try:
            return await poll(await link.device())
        except DeviceAway as away:
            return away.message
        finally:
            await link.close()

    async def everybody(fleet):
        return await asyncio.gather(*(ask(fleet, device) for device in fleet.devices))

    with LiveFleet(tmp_path, *MUTE) as fleet:
        begun = time.monotonic()
        messages = asyncio.run(everybody(fleet))
        assert time.monotonic() - begun < PATIENCE + LONG
        until(lambda: all(not device.connections or device.state == "hung" for device in fleet.devices))
    told = [(fault, message) for (fault, said), message in zip(MUTE.items(), messages) if not re.search(said, str(message))]
    assert told == [] and all(map(is_for_people, messages))


@pytest.mark.parametrize("fault", ["look-alike", "garbage", "look-alike garbage", "look-alike stall=0.4:prompt", "rename=show"])
def test_what_only_looks_like_an_end_is_none(converse_with, fault):
    seen = converse_with(fault, poll)
    assert seen["version"] == "15.5(3)M2" and seen["status"]["failed"] == 0


@pytest.mark.parametrize("demoted", ["show~cns", "cns~image", "configure"])
def test_a_privilege_that_is_taken_back_is_named(converse_with, demoted):
    async def upgrade(device):
        await poll(device)
        await device.configure(["cns image retry 5"])
        await trigger.send(device, "cns image retrieve", "auto")

    with pytest.raises(Refused) as raised:
        converse_with("demote=" + demoted, upgrade)
    assert re.search("privilege level 1, which the session has|refused 'configure terminal'", raised.value.message)
    assert is_for_people(raised.value.message), raised.value.message


def test_a_device_that_is_renamed_in_the_middle_of_a_configuration_takes_all_of_it(converse_with):
    async def configure(device):
        await device.configure(["cns image retry 5", "cns image retry 6", "cns image retry 7"])
        return await device.running_config("^cns image retry")

    assert converse_with("rename=1*retry~6", configure) == ["cns image retry 7"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_device_that_hangs_at_the_exit_keeps_nobody(tmp_path, monkeypatch, way):
    monkeypatch.setenv("HOME", str(tmp_path))
    with LiveFleet(tmp_path, "") as fleet:
        (device,) = fleet.devices
        device.port = device.setup.port

        async def talk(one):
            await poll(one)
            fleet.hang(device)
            return time.monotonic()

        begun = way(fleet, device, talk, LONG)
        assert time.monotonic() - begun < 5
