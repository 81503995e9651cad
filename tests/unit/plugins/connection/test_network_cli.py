# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time

import asyncssh
import pytest
from ansible.errors import AnsibleConnectionFailure
from ansible.module_utils.connection import Connection as Rpc
from ansible.module_utils.connection import ConnectionError as RpcError
from ansible.playbook.play_context import PlayContext
from ansible.plugins.loader import connection_loader, init_plugin_loader

from ansible_collections.cns.image_agent.tests.unit.plugins.connection.fake_device import ENABLE, PASSWORD, FakeDevice

NAME = "cns.image_agent.network_cli"
PARENT = "ansible.netcommon.network_cli"
DISPLAY = "ansible_collections.cns.image_agent.plugins.connection.network_cli.display"
SETUP = ["terminal length 0", "terminal width 0"]
DROP, HANG = FakeDevice.DROP, FakeDevice.HANG
MISHAPS = [FakeDevice.REFUSED, FakeDevice.CUT_IN_LOGIN, FakeDevice.CUT_BEFORE_SHELL, FakeDevice.NO_SHELL, [DROP], [HANG]]
# Seconds for what happens at once, unless the machine is busy with something else.
PATIENCE = 20

init_plugin_loader()


@pytest.fixture(params=["asyncssh", "libssh", "paramiko"])
def ssh_type(request):
    pytest.importorskip({"asyncssh": "asyncssh", "libssh": "pylibsshext", "paramiko": "paramiko"}[request.param])
    return request.param


@pytest.fixture
def connect(ssh_type, tmp_path, monkeypatch):
    """Return a function(device, become, **options) that makes a connection plugin as core does; all are closed at the end."""
    monkeypatch.setenv("HOME", str(tmp_path))
    made = []

    def make(device, become=None, **options):
        context = PlayContext()
        context.remote_addr, context.port, context.remote_user = "127.0.0.1", device.port, "cisco"
        context.network_os, context.connection = "cisco.ios.ios", NAME
        context.become, context.become_pass = become is not None, become
        connection = connection_loader.get(NAME, context, os.devnull, task_uuid="1", ansible_playbook_pid="1")
        direct = dict(host="127.0.0.1", remote_addr="127.0.0.1", port=device.port, remote_user="cisco", ssh_type=ssh_type)
        direct.update(password=PASSWORD, host_key_checking=False)
        connection.set_options(direct=dict(direct, **options))
        made.append(connection)
        return connection

    yield make
    for connection in made:
        connection.close()


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen within %s seconds" % PATIENCE
        time.sleep(0.02)


# -- answers --------------------------------------------------------------------------------------------------------


def test_sends_the_setup_and_the_command_and_nothing_else(connect):
    with FakeDevice({"show clock": "12:00:00 UTC"}) as device:
        rpc = Rpc(connect(device).socket_path)
        assert rpc.get("show clock") == "12:00:00 UTC"
        assert rpc.get("show clock") == "12:00:00 UTC"
        assert device.commands == SETUP + ["show clock"] * 2
        assert device.logins == 1


def test_configuration_lines_cost_no_empty_lines(connect):
    with FakeDevice() as device:
        rpc = Rpc(connect(device).socket_path)
        rpc.edit_config(["cns id hostname", "cns image"])
        received = device.received
        assert received[received.index("cns id hostname") :] == ["cns id hostname", "cns image", "end"]


def test_a_stall_in_the_middle_of_an_answer_is_not_its_end(connect):
    script = ["line 1\r\n", 0.3, "R1", 0.3, "#", 0.4, " banner\r\nR1#", 0.5, "\r\nlast"]
    with FakeDevice({"show x": script, "show y": "other"}) as device:
        rpc = Rpc(connect(device).socket_path)
        assert rpc.get("show x") == "line 1\nR1# banner\nR1#\nlast"
        assert rpc.get("show y") == "other"


def test_a_stall_in_a_banner_with_something_like_a_prompt_is_not_the_login(connect):
    with FakeDevice({"show x": "text"}, banner=["Welcome to\r\nR1#", 0.5, "\r\nprivate property\r\nR2>", 0.4, "\r\n"]) as device:
        rpc = Rpc(connect(device).socket_path)
        assert rpc.get("show x") == "text"
        assert rpc.get_prompt().strip() == "R1#"
        assert device.commands == SETUP + ["show x"]


def test_a_slow_echo_is_waited_for(connect):
    with FakeDevice({"show x": "text"}, echo_delay=0.2) as device:
        assert Rpc(connect(device).socket_path).get("show x") == "text"


def test_a_device_without_echo_is_waited_for_once(connect):
    with FakeDevice({"show x": "text"}, echo=False) as device:
        rpc = Rpc(connect(device).socket_path)
        rpc.get("show x")
        started = time.monotonic()
        assert rpc.get("show x") == "text"
        assert time.monotonic() - started < 0.5


def test_a_changed_hostname_is_followed(connect):
    with FakeDevice({"show x": "text"}) as device:
        rpc = Rpc(connect(device).socket_path)
        rpc.edit_config(["hostname R2", "cns image"])
        assert rpc.get("show x") == "text"
        assert rpc.get_prompt().strip() == "R2#"


def test_an_error_of_the_device_comes_with_its_text_and_the_session_goes_on(connect):
    with FakeDevice({"show x": "text"}) as device:
        rpc = Rpc(connect(device).socket_path)
        with pytest.raises(RpcError, match=r"(?s)^b[\"']show nothing\\r\\n.*% Invalid input.*R1#[\"']$"):
            rpc.get("show nothing")
        assert rpc.get("show x") == "text"
        assert device.logins == 1


def test_a_long_answer_is_complete(connect):
    text = "\r\n".join("interface Ethernet%d" % number for number in range(20000))
    with FakeDevice({"show x": text}) as device:
        assert Rpc(connect(device).socket_path).get("show x") == text.replace("\r\n", "\n")


def test_questions_are_answered(connect):
    with FakeDevice() as device:
        rpc = Rpc(connect(device).socket_path)
        assert "[OK]" in rpc.get("write memory", prompt=r"\[confirm\]", answer="y")
        assert device.commands[-2:] == ["write memory", "y"]


def test_a_set_buffer_read_timeout_means_silence_and_no_empty_lines(connect):
    with FakeDevice({"show x": ["line 1\r\nR1#", 0.05, " line 2"]}) as device:
        rpc = Rpc(connect(device, persistent_buffer_read_timeout=0.2).socket_path)
        assert rpc.get("show x") == "line 1\nR1# line 2"
        assert device.received == SETUP + ["show x"]


def test_lines_that_are_only_sent_do_not_confuse_what_follows(connect):
    with FakeDevice({"banner": [0.1, "Enter TEXT message"], "show x": "text"}) as device:
        rpc = Rpc(connect(device).socket_path)
        rpc.get("banner", sendonly=True)
        rpc.get("\n")
        assert rpc.get("show x") == "text"


def test_single_user_mode_asks_the_device_once(connect):
    with FakeDevice({"show x": "text"}) as device:
        rpc = Rpc(connect(device, single_user_mode=True).socket_path)
        assert [rpc.get("show x"), rpc.get("show x")] == ["text", "text"]
        assert device.commands.count("show x") == 1


# -- logging in -----------------------------------------------------------------------------------------------------


def test_become_takes_the_enable_password(connect):
    with FakeDevice({"show x": "text"}, privileged=False) as device:
        rpc = Rpc(connect(device, become=ENABLE).socket_path)
        assert rpc.get("show x") == "text"
        assert rpc.get_prompt().strip() == "R1#"
        assert device.commands == ["enable", "show privilege"] + SETUP + ["show x"]


def test_a_wrong_enable_password_is_said_and_never_shown(connect):
    with FakeDevice(privileged=False) as device:
        rpc = Rpc(connect(device, become="not-the-secret").socket_path)
        with pytest.raises(
            RpcError, match="^127.0.0.1 port [0-9]+: 'enable' failed for user cisco: the enable password is wrong"
        ) as caught:
            rpc.get("show x")
        assert "not-the-secret" not in str(caught.value)
        wait_until(lambda: device.open == 0)
        assert device.commands == ["enable"]


def test_a_rejected_login_is_said(connect):
    with FakeDevice() as device:
        with pytest.raises(
            RpcError, match="^127.0.0.1 port %d: the device did not let user cisco in.*Check ansible_user" % device.port
        ):
            Rpc(connect(device, password="wrong").socket_path).get("show x")
        assert device.logins == 0


def test_a_refused_port_is_said(connect):
    with FakeDevice() as device:
        pass
    with pytest.raises(RpcError, match="^127.0.0.1 port %d: connection refused. Nothing listens" % device.port):
        Rpc(connect(device).socket_path).get("show x")


def old_device(**more):
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    algorithms = dict(kex_algs=["diffie-hellman-group14-sha1"], encryption_algs=["aes128-cbc"], mac_algs=["hmac-sha1"])
    return FakeDevice(host_key=key, algorithms=algorithms, **more)


def test_an_old_device_is_said_to_be_one_and_what_reaches_it(connect, ssh_type):
    with old_device() as device:
        with pytest.raises(RpcError) as caught:
            Rpc(connect(device).socket_path).get("show x")
    for part in ("diffie-hellman-group14-sha1", "aes128-cbc", "ansible_network_cli_legacy_algorithms: true"):
        assert part in str(caught.value)
    assert ("pip install asyncssh" in str(caught.value)) is (ssh_type != "asyncssh")


def test_an_old_device_is_reached_with_one_option(connect, ssh_type):
    if ssh_type != "asyncssh":
        pytest.skip("only asyncssh can")
    with old_device(answers={"show x": "text"}) as device:
        assert Rpc(connect(device, legacy_algorithms=True).socket_path).get("show x") == "text"


def test_a_missing_enable_password_is_said_at_once(connect):
    with FakeDevice(privileged=False) as device:
        with pytest.raises(RpcError, match="it asks for a password, and none is given. Set ansible_become_password"):
            Rpc(connect(device, become="").socket_path).get("show x")
        assert device.commands == ["enable"]


def test_a_refused_set_up_is_told_in_the_words_of_the_device(connect):
    with FakeDevice({"terminal length 0": "Command authorization failed.\r\n"}) as device:
        with pytest.raises(
            RpcError, match="the login worked, but the device refused 'terminal length 0': Command authorization failed"
        ):
            Rpc(connect(device).socket_path).get("show x")


def test_words_of_error_in_a_banner_do_no_harm(connect):
    banner = ["\r\nERROR: private\r\nAnyone not found on the access list will be prosecuted. % Invalid\r\nR9#\r\n", 0.2, "\r\n"]
    with FakeDevice({"show x": "text"}, banner=banner) as device:
        rpc = Rpc(connect(device).socket_path)
        assert rpc.get("show x") == "text"
        assert device.logins == 1


def test_text_behind_the_prompt_does_not_keep_a_command_waiting(connect):
    behind = "\r\n*Nov 25 17:00:00.123: %SYS-5-CONFIG_I: Configured from console by bob on vty1\r\n"
    with FakeDevice({"show x": "text"}, behind_prompt=behind) as device:
        assert Rpc(connect(device).socket_path).get("show x").startswith("text")


def test_a_hanging_login_is_interrupted_at_once(connect, ssh_type, silent_port):
    """libssh cannot: its login ends with the process."""
    if ssh_type != "asyncssh":
        pytest.skip("only asyncssh can")
    connection = connect(silent_port, persistent_connect_timeout=30)
    rpc = Rpc(connection.socket_path)
    threading.Thread(target=_ask, args=(rpc,), daemon=True).start()
    time.sleep(1)
    started = time.monotonic()
    connection.close()
    assert time.monotonic() - started < 1


def _ask(rpc):
    with contextlib.suppress(RpcError):
        rpc.get("show x")


def test_a_missing_network_os_is_said_with_the_value_to_set():
    context = PlayContext()
    context.remote_addr, context.network_os = "192.0.2.1", None
    with pytest.raises(AnsibleConnectionFailure, match="^192.0.2.1: ansible_network_os is not set.*cisco.ios.ios"):
        connection_loader.get(NAME, context, os.devnull)


def test_no_library_is_said_with_the_one_to_install(connect, mocker):
    mocker.patch("importlib.util.find_spec", return_value=None)
    with FakeDevice() as device:
        with pytest.raises(AnsibleConnectionFailure, match="^No SSH library is installed.*pip install asyncssh"):
            connect(device, ssh_type="auto").ssh_type


def test_a_key_logs_in(connect, tmp_path):
    asyncssh = pytest.importorskip("asyncssh")
    key = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
    key.write_private_key(str(tmp_path / "key"), format_name="pkcs1-pem")
    with FakeDevice({"show x": "text"}, public_key=key.export_public_key()) as device:
        connection = connect(device, password=None, private_key_file=str(tmp_path / "key"))
        connection._play_context.private_key_file = str(tmp_path / "key")
        assert Rpc(connection.socket_path).get("show x") == "text"


RELAY = """
import os, socket, sys, threading
open(sys.argv[2], "w").write(str(os.getpid()))
device = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def upstream():
    while data := os.read(0, 4096):
        device.sendall(data)
    device.shutdown(socket.SHUT_WR)
threading.Thread(target=upstream, daemon=True).start()
while data := device.recv(4096):
    os.write(1, data)
"""


def test_a_proxy_command_leads_to_the_device_and_ends_with_the_session(connect, tmp_path):
    relay, pid = tmp_path / "relay.py", tmp_path / "pid"
    relay.write_text(RELAY)
    with FakeDevice({"show x": "text"}) as device:
        proxy = "%s %s %d %s" % (sys.executable, relay, device.port, pid)
        connection = connect(device, proxy_command=proxy)
        assert Rpc(connection.socket_path).get("show x") == "text"
        connection.close()
        wait_until(lambda: not os.path.exists("/proc/%s/cmdline" % pid.read_text()) or _is_zombie(pid.read_text()))


def _is_zombie(pid):
    with open("/proc/%s/stat" % pid, encoding="utf-8") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] == "Z"


def test_an_unknown_host_key_is_refused_without_asking(connect):
    with FakeDevice() as device:
        options = dict(host_key_checking=True, host_key_auto_add=False)
        with pytest.raises(
            RpcError, match="(?i)authenticity|host is unknown|host file not found|not found|its host key is unknown"
        ):
            Rpc(connect(device, **options).socket_path).get("show x")
        assert device.logins == 0


# -- a device in trouble --------------------------------------------------------------------------------------------


def test_a_hung_device_fails_in_time_and_the_error_names_the_command(connect):
    with FakeDevice({"show x": ["line 1\r\n", HANG], "show y": "text"}) as device:
        rpc = Rpc(connect(device, persistent_command_timeout=1).socket_path)
        started = time.monotonic()
        with pytest.raises(
            RpcError, match="command timeout triggered, timeout value is 1 secs.*'show x'.*'line 1'.*ansible_command_timeout"
        ):
            rpc.get("show x")
        assert 0.9 < time.monotonic() - started < 4
        assert rpc.get("show y") == "text"
        assert device.logins == 2


def test_a_timeout_does_not_show_the_secret_of_its_command(connect):
    with FakeDevice({"cns image password s3cret": [HANG]}) as device:
        rpc = Rpc(connect(device, persistent_command_timeout=1).socket_path)
        with pytest.raises(RpcError, match="command timeout") as caught:
            rpc.get("cns image password s3cret")
        assert "s3cret" not in str(caught.value)


def test_a_device_that_never_shows_a_prompt_fails_in_time(connect):
    with FakeDevice(banner=["hello\r\n", HANG]) as device:
        with pytest.raises(RpcError, match="(?s)command timeout triggered, timeout value is 1 secs.*the login"):
            Rpc(connect(device, persistent_command_timeout=1).socket_path).get("show x")


def test_a_device_that_hangs_in_the_setup_costs_one_timeout_and_the_error_tells(connect):
    with FakeDevice({"terminal length 0": [HANG]}) as device:
        started = time.monotonic()
        with pytest.raises(RpcError, match="^command timeout triggered.*'terminal length 0'"):
            Rpc(connect(device, persistent_command_timeout=3).socket_path).get("show x")
        assert time.monotonic() - started < 6


def test_a_port_that_says_nothing_fails_in_time(connect, silent_port):
    started = time.monotonic()
    with pytest.raises(RpcError, match="connect timeout triggered, timeout value is 1 secs.*ansible_connect_timeout"):
        Rpc(connect(silent_port, persistent_connect_timeout=1).socket_path).get("show x")
    assert time.monotonic() - started < 3


def test_a_lost_session_is_said_and_the_next_command_logs_in_again(connect):
    with FakeDevice({"show x": ["line 1\r\n", DROP], "show y": "text"}) as device:
        rpc = Rpc(connect(device).socket_path)
        with pytest.raises(RpcError, match="the session was lost before the answer to 'show x'"):
            rpc.get("show x")
        assert rpc.get("show y") == "text"
        assert device.logins == 2


def test_what_a_device_says_before_it_hangs_up_is_said(connect):
    with FakeDevice({"show x": ["TACACS+ session has expired.Please re-login to continue.\r\n", 0.2, DROP]}) as device:
        with pytest.raises(RpcError, match=r"'show x'.*\. The last it said: 'TACACS. session has expired.Please re-login to"):
            Rpc(connect(device).socket_path).get("show x")


@pytest.mark.parametrize("mishap", MISHAPS, ids=str)
def test_a_login_that_fails_does_not_spoil_the_next_one(connect, mishap):
    with FakeDevice({"show x": "text"}, mishaps=[mishap]) as device:
        rpc = Rpc(connect(device, persistent_command_timeout=1).socket_path)
        with pytest.raises(RpcError) as caught:
            rpc.get("show x")
        assert len(str(caught.value).split()) > 3 and "Unexpected" not in str(caught.value)
        assert rpc.get("show x") == "text"
        assert device.open == 1


@pytest.mark.parametrize("mishap", [FakeDevice.CUT_BEFORE_SHELL, FakeDevice.NO_SHELL])
def test_a_session_lost_in_the_login_is_said(connect, mishap):
    with FakeDevice(mishaps=[mishap]) as device:
        with pytest.raises(
            RpcError, match=r"^127.0.0.1 port %d: the session was lost before the login was complete\b" % device.port
        ):
            Rpc(connect(device).socket_path).get("show x")


@pytest.mark.parametrize("text", ["", "broken pipe"])
def test_an_error_of_the_login_without_a_text_becomes_a_sentence(connect, mocker, text):
    with FakeDevice() as device:
        connection = connect(device)
        mocker.patch.object(connection.ssh_type_conn, "_connect", side_effect=AnsibleConnectionFailure(text))
        with pytest.raises(RpcError) as caught:
            Rpc(connection.socket_path).get("show x")
        lost = "127.0.0.1 port %d: the session was lost before the login was complete." % device.port
        assert str(caught.value) == (text or lost)


def test_a_session_that_cannot_be_closed_is_not_used_again(connect, mocker):
    with FakeDevice({"show x": "text"}) as device:
        connection = connect(device)
        Rpc(connection.socket_path).get("show x")
        connection._ssh_shell = mocker.Mock(close=mocker.Mock(side_effect=OSError("broken pipe")))
        connection.close()
        assert Rpc(connect(device).socket_path).get("show x") == "text"
        assert device.logins == 2


@pytest.fixture
def silent_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield type("SilentDevice", (), {"port": listener.getsockname()[1]})


# -- the life of a task ---------------------------------------------------------------------------------------------


def test_close_ends_the_session_politely_and_leaves_nothing_behind(connect):
    with FakeDevice({"show x": "text"}) as device:
        connection = connect(device)
        path = connection.socket_path
        Rpc(path).get("show x")
        connection.close()
        wait_until(lambda: device.closed_politely == 1)
        assert not os.path.exists(os.path.dirname(path))


def test_close_interrupts_a_running_command(connect):
    with FakeDevice({"show x": [HANG]}) as device:
        connection = connect(device)
        path = connection.socket_path
        caller = multiprocessing.get_context("fork").Process(target=_call, args=(path, "show x"))
        caller.start()
        wait_until(lambda: "show x" in device.commands)
        started = time.monotonic()
        connection.close()
        assert time.monotonic() - started < 1
        wait_until(lambda: device.closed_politely == 1)
        caller.join()


def _call(path, command):
    try:
        Rpc(path).get(command)
    except RpcError:
        pass


def test_nothing_is_sent_before_a_module_asks(connect):
    with FakeDevice() as device:
        connect(device).socket_path
        assert device.logins == 0


def test_core_runs_its_modules_on_this_host_while_a_session_is_open(connect):
    with FakeDevice({"show x": "text"}) as device:
        connection = connect(device)
        Rpc(connection.socket_path).get("show x")
        assert connection.exec_command("echo here")[1].strip() == b"here"
        assert "echo here" not in device.commands


def test_reset_closes_the_session_and_the_next_command_opens_one(connect):
    with FakeDevice({"show x": "text"}) as device:
        rpc = Rpc(connect(device).socket_path)
        rpc.get("show x")
        rpc.reset()
        wait_until(lambda: device.closed_politely == 1)
        assert rpc.get("show x") == "text"
        assert device.logins == 2


def test_a_loop_item_for_another_device_does_not_reach_the_first_one(connect):
    with FakeDevice({"show x": "one"}) as one, FakeDevice({"show x": "two"}) as two:
        connection = connect(one)
        assert Rpc(connection.socket_path).get("show x") == "one"
        context = connection._play_context.copy()
        context.port = two.port
        connection._play_context = context  # what core does when it uses the plugin again
        connection.set_options(task_keys={}, var_options=dict(_variables(connection), ansible_port=two.port))
        assert Rpc(connection.socket_path).get("show x") == "two"
        assert (one.open, two.logins) == (0, 1)


def _variables(connection):
    return {
        "ansible_host": "127.0.0.1",
        "ansible_user": "cisco",
        "ansible_password": PASSWORD,
        "ansible_host_key_checking": False,
        "ansible_network_cli_ssh_type": connection.get_option("ssh_type"),
    }


@pytest.mark.parametrize("proto", ["scp", "sftp"])
def test_a_file_is_copied_there_and_back(connect, ssh_type, proto, tmp_path):
    if ssh_type != "asyncssh":
        pytest.skip("that of the parent")
    (tmp_path / "one").write_text("of the controller")
    with FakeDevice({"show x": "text"}) as device:
        rpc = Rpc(connect(device).socket_path)
        rpc.copy_file(source=str(tmp_path / "one"), destination=str(tmp_path / "two"), proto=proto)
        rpc.get_file(source=str(tmp_path / "two"), destination=str(tmp_path / "three"), proto=proto)
        with pytest.raises(RpcError, match="^127.0.0.1 port %d: %s of '/nowhere/file' failed" % (device.port, proto)):
            rpc.get_file(source="/nowhere/file", destination=str(tmp_path / "four"), proto=proto)
        assert rpc.get("show x") == "text"
    assert (tmp_path / "three").read_text() == "of the controller"


def test_a_second_connection_of_the_process_closes_the_first(connect):
    with FakeDevice({"show x": "text"}) as device:
        first = connect(device)
        Rpc(first.socket_path).get("show x")
        assert Rpc(connect(device).socket_path).get("show x") == "text"
        wait_until(lambda: device.closed_politely == 1)


def test_wait_for_connection_logs_in_and_out(connect):
    with FakeDevice() as device:
        connect(device).transport_test(1)
        wait_until(lambda: device.closed_politely == 1)
        assert device.commands == SETUP


def test_wait_for_connection_sees_that_the_device_is_away(connect, silent_port):
    with pytest.raises(AnsibleConnectionFailure, match="connect timeout triggered"):
        connect(silent_port, persistent_connect_timeout=1).transport_test(1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_session_politely_before_the_worker(connect, number):
    with FakeDevice({"show x": [HANG]}) as device:
        worker = multiprocessing.get_context("fork").Process(target=_work, args=(connect, device))
        worker.start()
        wait_until(lambda: "show x" in device.commands)
        os.kill(worker.pid, number)
        os.kill(worker.pid, signal.SIGTERM)  # core follows up at once
        worker.join(PATIENCE)
        assert worker.exitcode == -number
        wait_until(lambda: device.closed_politely == 1)


def _work(connect, device):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _call(connect(device).socket_path, "show x")


def test_messages_are_shown_while_the_task_runs(connect, mocker):
    with FakeDevice({"show x": "text"}) as device:
        shown = mocker.patch(DISPLAY, verbosity=4, log_verbosity=4)
        mocker.patch("ansible.constants.DEFAULT_LOG_PATH", "ansible.log")
        connection = connect(device, persistent_log_messages=True)
        Rpc(connection.socket_path).get("show x")
        very_verbose = [call.args[0] for call in shown.vvvv.call_args_list]
        logged = [call.args[0] for call in shown.display.call_args_list if call.kwargs == {"log_only": True}]
        assert "ssh connection has completed successfully" in very_verbose
        assert any(text.startswith("jsonrpc request:") for text in logged)
        assert "command: b'show x'" in logged
        assert "WILL NOT redact" in shown.warning.call_args_list[0].args[0]


@pytest.mark.parametrize(("verbosity", "is_shown"), [(0, False), (3, False), (4, True)])
def test_messages_are_shown_at_the_verbosity_that_they_need(connect, mocker, verbosity, is_shown):
    with FakeDevice({"show x": "text"}) as device:
        shown = mocker.patch(DISPLAY, verbosity=verbosity, log_verbosity=verbosity)
        Rpc(connect(device).socket_path).get("show x")
        assert bool(shown.vvvv.call_args_list) == is_shown
        assert not shown.display.call_args_list  # what is for the log only, and there is none


def test_a_failed_command_is_not_shown_as_a_traceback(connect, mocker):
    with FakeDevice() as device:
        shown = mocker.patch("ansible.utils.jsonrpc.display")
        with pytest.raises(RpcError):
            Rpc(connect(device).socket_path).get("cns image password s3cret")
        assert not shown.method_calls


# -- options --------------------------------------------------------------------------------------------------------


def test_has_every_option_of_the_parent():
    context = PlayContext()
    context.network_os = "cisco.ios.ios"
    ours, theirs = (connection_loader.get(name, context, os.devnull).option_definitions for name in (NAME, PARENT))
    assert len(theirs) > 20
    assert set(ours) > set(theirs)
    differing = {name for name in theirs if ours[name].get("default") != theirs[name].get("default")}
    assert differing == {"persistent_buffer_read_timeout"}
