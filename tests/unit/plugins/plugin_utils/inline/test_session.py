# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import subprocess
import time

import pytest
from ansible.plugins.loader import init_plugin_loader, terminal_loader

asyncssh = pytest.importorskip("asyncssh")

from ansible_collections.cns.image_agent.plugins.plugin_utils.inline import session as sessions
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.login import Jump, Login
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.quiet import be_quiet
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.session import Session
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.ssh import Shell
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.terminal import Terminal, terminal_from
from ansible_collections.cns.image_agent.tests.unit.plugins.connection.fake_device import ENABLE, PASSWORD, FakeDevice

SETUP = ["terminal length 0", "terminal width 0"]
DROP, HANG = FakeDevice.DROP, FakeDevice.HANG


@pytest.fixture
def terminal() -> Terminal:
    init_plugin_loader()
    return terminal_from(terminal_loader.get("cisco.ios.ios", class_only=True))


def login_to(device: FakeDevice, **more) -> Login:
    options = dict(password=PASSWORD, host_key_checking=False, look_for_keys=False, connect_timeout=15, command_timeout=15)
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
        with pytest.raises(
            sessions.EnableRefused, match="'enable' failed for user cisco: the enable password is wrong"
        ) as caught:
            talk(device, terminal, _prompt, enable=True, enable_secret="not-the-secret")
        assert "not-the-secret" not in str(caught.value)


def test_no_enable_password_is_said_at_once(terminal):
    with FakeDevice(privileged=False) as device:
        started = time.monotonic()
        with pytest.raises(
            sessions.EnableRefused, match="it asks for a password, and none is given. Set ansible_become_password"
        ):
            talk(device, terminal, _prompt, enable=True)
        assert time.monotonic() - started < 10


def test_the_terminal_is_wide_from_the_start_and_can_be_resized(terminal):
    async def run(device):
        shell = await Shell.open(login_to(device), sessions.load_files())
        heard = b""
        while b"R1#" not in heard:
            heard += await shell.read(5)
        shell.resize(80, 50)
        shell.write(b"show x\r")
        while b"text" not in heard:
            heard += await shell.read(5)
        await shell.close()

    with FakeDevice({"show x": "text"}) as device:
        asyncio.run(asyncio.wait_for(run(device), 20))
        assert device.sizes == [(511, 24), (80, 50)]


async def _prompt(session):
    return session.prompt


def test_a_wrong_password_is_said_with_user_host_port_and_advice(terminal):
    with FakeDevice() as device:
        said = (
            r"^127\.0\.0\.1 port %d: the device did not let user cisco in.*Check ansible_user and ansible_password" % device.port
        )
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


def test_what_a_device_says_before_it_hangs_up_is_said(terminal):
    with FakeDevice({"show x": ["line 1\r\nToken 12 is used up.\r\n", 0.2, DROP]}) as device:
        with pytest.raises(sessions.SessionLost, match=r"\. The last it said: 'Token 12 is used up\.'"):
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


# -- what stands behind the prompt, before it, and in too long an answer ----------------------------------------------

LOG = "*Nov 25 17:00:00.123: %SYS-5-CONFIG_I: Configured from console by bob on vty1"


@pytest.mark.parametrize(
    "behind", ["\r\n%s\r\n" % LOG, "\r\n\r\n***\r\n*** --- SHUTDOWN ABORTED ---\r\n***\r\n\r\n", LOG + "\r\n"]
)
def test_text_behind_the_prompt_does_not_keep_a_command_waiting(terminal, behind):
    async def conversation(session):
        return await session.get("show x"), await session.get("configure terminal"), await session.get("cns image")

    with FakeDevice({"show x": "text"}, behind_prompt=behind) as device:
        shown, _configure, configured = talk(device, terminal, conversation)
        assert device.commands == SETUP + ["show x", "configure terminal", "cns image"]
    assert shown.splitlines()[0] == "text"
    assert "Invalid" not in configured


def test_text_behind_the_prompt_ends_a_dialogue_too(terminal):
    with FakeDevice(behind_prompt="\r\n%s\r\n" % LOG) as device:
        saved = talk(device, terminal, lambda session: session.get("write memory", prompt=r"\[confirm\]", answer="y"))
        assert "[OK]" in saved
        assert device.received[-2:] == ["write memory", "y"]


def test_words_of_error_and_prompts_in_a_banner_do_no_harm(terminal):
    banner = [
        "\r\nERROR: private\r\nAnyone not found on the access list will be prosecuted. % Invalid\r\nR9#\r\n",
        0.2,
        "R1>",
        0.2,
        "\r\n",
    ]
    with FakeDevice({"show x": "text"}, banner=banner) as device:
        assert talk(device, terminal, lambda session: session.get("show x")) == "text"


def test_an_answer_without_end_is_given_up(terminal, mocker):
    mocker.patch("ansible_collections.cns.image_agent.plugins.plugin_utils.inline.reader.LONGEST", 1024 * 1024)
    with FakeDevice({"show x": ["x" * 70 + "\r\n"] * 20000}) as device:
        with pytest.raises(sessions.SessionLost, match="printed more than 1 MB as the answer to 'show x'"):
            talk(device, terminal, lambda session: session.get("show x"), command_timeout=20)


def test_the_work_on_an_answer_is_within_the_command_timeout(terminal):
    line = "%" * 1000 + "\r\n"
    with FakeDevice({"show x": [line * 500] * 20}) as device:
        started = time.monotonic()
        with pytest.raises(sessions.TimedOut):
            talk(device, terminal, lambda session: session.get("show x"), command_timeout=2)
        assert time.monotonic() - started < 8


# -- old devices ------------------------------------------------------------------------------------------------------

GENERATIONS = {
    "legacy": (2048, "diffie-hellman-group14-sha1", "aes128-cbc"),
    "ancient": (1024, "diffie-hellman-group1-sha1", "3des-cbc"),
}


def old_device(generation: str, **more) -> FakeDevice:
    bits, kex, cipher = GENERATIONS[generation]
    algorithms = dict(kex_algs=[kex], encryption_algs=[cipher], mac_algs=["hmac-sha1"])
    return FakeDevice(host_key=asyncssh.generate_private_key("ssh-rsa", key_size=bits), algorithms=algorithms, **more)


@pytest.mark.parametrize("generation", GENERATIONS)
def test_an_old_device_is_reached_with_one_option_and_without_a_warning(terminal, generation, recwarn):
    be_quiet()  # pytest has put its own filters in front
    with old_device(generation, answers={"show x": "text"}) as device:
        assert talk(device, terminal, lambda session: session.get("show x"), legacy_algorithms=True) == "text"
    assert [str(warning.message) for warning in recwarn if "deprecated" in str(warning.message)] == []


class Log(logging.Handler):
    """What reaches the log of Ansible, which hangs at the root of all loggers."""

    def __init__(self):
        super().__init__()
        self.names = []

    def emit(self, record):
        self.names.append(record.name)


def test_the_library_writes_nothing_to_the_log_of_ansible(terminal, monkeypatch):
    """A worker that is forked while another thread writes there would wait for the lock of that file for ever."""
    root, log = logging.getLogger(), Log()
    monkeypatch.setattr(root, "handlers", [log])
    monkeypatch.setattr(root, "level", logging.DEBUG)
    with FakeDevice(answers={"show x": "text"}) as device:
        assert talk(device, terminal, lambda session: session.get("show x")) == "text"
    logging.getLogger("another").info("This one is heard.")
    assert [name for name in log.names if name.startswith("asyncssh")] == [] and "another" in log.names


@pytest.mark.parametrize("generation", GENERATIONS)
def test_without_it_the_error_says_what_is_offered_and_what_allows_it(terminal, generation):
    _bits, kex, cipher = GENERATIONS[generation]
    with old_device(generation) as device:
        with pytest.raises(sessions.NoSharedAlgorithms) as caught:
            talk(device, terminal, _prompt)
    said = str(caught.value)
    assert "key exchange: %s; host key: ssh-rsa; cipher: %s)" % (kex, cipher) in said
    assert "ansible_network_cli_legacy_algorithms: true" in said


# -- host keys --------------------------------------------------------------------------------------------------------


def known_hosts(tmp_path, device: FakeDevice, key: asyncssh.SSHKey | None) -> tuple[str]:
    file = tmp_path / "known"
    file.write_text("[127.0.0.1]:%d %s" % (device.port, key.export_public_key().decode()) if key else "")
    return (str(file),)


def test_a_known_host_key_is_accepted(terminal, tmp_path):
    with FakeDevice() as device:
        hosts = known_hosts(tmp_path, device, device.host_key)
        assert talk(device, terminal, _prompt, host_key_checking=True, known_hosts=hosts) == "R1#"


def test_an_unknown_host_key_is_refused_with_its_fingerprint(terminal, tmp_path):
    with FakeDevice() as device:
        hosts = known_hosts(tmp_path, device, None)
        with pytest.raises(sessions.HostKeyRefused) as caught:
            talk(device, terminal, _prompt, host_key_checking=True, known_hosts=hosts)
        assert device.logins == 0
    for part in (
        "its host key is unknown",
        device.host_key.get_fingerprint(),
        hosts[0],
        "ssh-keyscan -p %d 127.0.0.1" % device.port,
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
@pytest.mark.parametrize("add", [False, True])
def test_a_changed_host_key_is_refused_even_where_unknown_ones_are_added(terminal, tmp_path, kind, add):
    with FakeDevice() as device:
        hosts = known_hosts(tmp_path, device, asyncssh.generate_private_key(kind))
        with pytest.raises(sessions.HostKeyRefused, match="its host key has changed. It shows .* known is"):
            talk(device, terminal, _prompt, host_key_checking=True, known_hosts=hosts, add_host_keys=add)
        assert device.logins == 0


def test_an_unknown_host_key_is_added_on_request_and_then_known(terminal, tmp_path):
    with FakeDevice() as device:
        hosts = (str(tmp_path / "new" / "known"),)
        assert talk(device, terminal, _prompt, host_key_checking=True, known_hosts=hosts, add_host_keys=True) == "R1#"
        assert talk(device, terminal, _prompt, host_key_checking=True, known_hosts=hosts) == "R1#"
    assert (tmp_path / "new" / "known").read_text().startswith("[127.0.0.1]:%d ssh-ed25519 " % device.port)


def test_host_keys_are_not_looked_at_on_request(terminal, tmp_path):
    with FakeDevice() as device:
        hosts = known_hosts(tmp_path, device, asyncssh.generate_private_key("ssh-ed25519"))
        assert talk(device, terminal, _prompt, host_key_checking=False, known_hosts=hosts) == "R1#"


# -- who logs in ------------------------------------------------------------------------------------------------------


def test_a_jump_host_in_front_of_ten_devices(terminal):
    async def run(jump, devices):
        hop = Jump("127.0.0.1", jump.port, "")
        opened = await asyncio.gather(*(Session.open(login_to(device, jumps=(hop,)), terminal) for device in devices))
        answers = await asyncio.gather(*(session.get("show x") for session in opened))
        await asyncio.gather(*(session.close() for session in opened))
        return answers

    with contextlib.ExitStack() as stack:
        jump = stack.enter_context(FakeDevice())
        devices = [stack.enter_context(FakeDevice({"show x": "text %d" % number})) for number in range(10)]
        assert asyncio.run(run(jump, devices)) == ["text %d" % number for number in range(10)]
        assert jump.forwarded == 10


def test_a_jump_host_that_refuses_is_named_as_such(terminal):
    with FakeDevice() as device, FakeDevice(mishaps=[FakeDevice.CUT_IN_LOGIN]) as jump:
        with pytest.raises(sessions.SessionLost, match=r"port %d \(jump host to 127.0.0.1\)" % jump.port):
            talk(device, terminal, _prompt, jumps=(Jump("127.0.0.1", jump.port),))


@pytest.fixture
def key(tmp_path):
    """A private key with the passphrase "open"; returns its file and the public key."""
    private = asyncssh.generate_private_key("ssh-ed25519")
    private.write_private_key(str(tmp_path / "key"), passphrase="open", rounds=16)
    return str(tmp_path / "key"), private.export_public_key()


def test_a_key_with_a_passphrase_logs_in(terminal, key):
    file, public = key
    with FakeDevice(public_key=public) as device:
        assert talk(device, terminal, _prompt, password=None, key_files=(file,), passphrase="open") == "R1#"


@pytest.mark.parametrize("passphrase, said", [(None, "it has a passphrase"), ("shut", "its passphrase is wrong")])
def test_a_key_that_cannot_be_opened_is_said(terminal, key, passphrase, said):
    with FakeDevice(public_key=key[1]) as device:
        with pytest.raises(sessions.LoginRefused, match="key cannot be used: %s. Set ansible_private_key_passphrase" % said):
            talk(device, terminal, _prompt, password=None, key_files=key[:1], passphrase=passphrase, agent=False)


def test_an_agent_logs_in(terminal, tmp_path, monkeypatch):
    if not shutil.which("ssh-agent"):
        pytest.skip("no ssh-agent")
    private = asyncssh.generate_private_key("ssh-ed25519")
    private.write_private_key(str(tmp_path / "key"))
    (tmp_path / "key").chmod(0o600)
    socket = str(tmp_path / "agent")
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        end = time.monotonic() + 10
        while not os.path.exists(socket) and time.monotonic() < end:
            time.sleep(0.02)
        subprocess.run(["ssh-add", "-q", str(tmp_path / "key")], check=True)
        with FakeDevice(public_key=private.export_public_key()) as device:
            assert talk(device, terminal, _prompt, password=None) == "R1#"
    finally:
        agent.kill()
        agent.wait()


# -- configuration files ----------------------------------------------------------------------------------------------


@pytest.fixture
def configuration(tmp_path, monkeypatch):
    """Writes ~/.ssh/config, with what it says of the host R1."""
    monkeypatch.setenv("HOME", str(tmp_path))

    def write(*lines):
        (tmp_path / ".ssh").mkdir(mode=0o700, exist_ok=True)
        (tmp_path / ".ssh" / "config").write_text("\n".join(["Host other", "  Port 1", "Host r1", *lines, ""]))

    return write


def log_in_by_name(terminal, **more):
    """The prompt of the host R1, of which only a configuration file says where it is."""
    options = dict(password=PASSWORD, host_key_checking=False, look_for_keys=False, connect_timeout=15, command_timeout=15)
    login = Login("r1", config_files=("~/.ssh/config",), **{**options, **more})

    async def run():
        session = await Session.open(login, terminal)
        try:
            return session.prompt
        finally:
            await session.close()

    return asyncio.run(run())


def test_a_configuration_file_says_where_the_device_is_and_who_logs_in(terminal, configuration):
    with FakeDevice() as device:
        configuration("HostName 127.0.0.1", "Port %d" % device.port, "User cisco")
        assert log_in_by_name(terminal) == "R1#"


def test_a_configuration_file_names_a_jump_host(terminal, configuration):
    with FakeDevice() as device, FakeDevice() as jump:
        configuration("HostName 127.0.0.1", "Port %d" % device.port, "ProxyJump 127.0.0.1:%d" % jump.port)
        assert log_in_by_name(terminal, user="cisco") == "R1#"
        assert jump.forwarded == 1


def test_a_jump_for_every_host_is_not_taken_on_the_way_to_the_jump_host(terminal, configuration):
    with FakeDevice() as device, FakeDevice() as jump:
        configuration("HostName 127.0.0.1", "Port %d" % device.port, "Host *", "ProxyJump 127.0.0.1:%d" % jump.port)
        assert log_in_by_name(terminal, user="cisco") == "R1#"
        assert jump.forwarded == 1


def test_a_jump_host_may_be_a_name_of_the_configuration_file(terminal, configuration):
    with FakeDevice() as device, FakeDevice() as jump:
        here = ["HostName 127.0.0.1", "Port %d" % device.port, "ProxyJump bastion"]
        configuration(*here, "Host bastion", "HostName 127.0.0.1", "Port %d" % jump.port)
        assert log_in_by_name(terminal, user="cisco") == "R1#"
        assert jump.forwarded == 1


def test_a_configuration_file_names_a_key(terminal, configuration, tmp_path):
    private = asyncssh.generate_private_key("ssh-ed25519")
    private.write_private_key(str(tmp_path / "key"))
    with FakeDevice(public_key=private.export_public_key()) as device:
        configuration("HostName 127.0.0.1", "Port %d" % device.port, "IdentityFile ~/key", "IdentitiesOnly yes")
        assert log_in_by_name(terminal, user="cisco", password=None, look_for_keys=True) == "R1#"


def test_a_configuration_file_allows_an_algorithm(terminal, configuration):
    old = dict(kex_algs=["diffie-hellman-group14-sha1"])
    with FakeDevice(algorithms=old) as device:
        here = ["HostName 127.0.0.1", "Port %d" % device.port]
        configuration(*here)
        with pytest.raises(sessions.NoSharedAlgorithms):
            log_in_by_name(terminal, user="cisco")
        configuration(*here, "KexAlgorithms +diffie-hellman-group14-sha1")
        assert log_in_by_name(terminal, user="cisco") == "R1#"


@pytest.mark.parametrize("known", [True, False])
def test_host_keys_are_those_of_the_address_that_a_configuration_file_gives(terminal, configuration, tmp_path, known):
    with FakeDevice() as device:
        configuration("HostName 127.0.0.1", "Port %d" % device.port, "UserKnownHostsFile %s" % (tmp_path / "known"))
        key = device.host_key if known else asyncssh.generate_private_key("ssh-ed25519")
        known_hosts(tmp_path, device, key)
        options = dict(user="cisco", host_key_checking=True, add_host_keys=True)
        if known:
            assert log_in_by_name(terminal, **options) == "R1#"
        else:
            with pytest.raises(sessions.HostKeyRefused, match="its host key has changed"):
                log_in_by_name(terminal, **options)


def test_what_the_inventory_says_wins_over_a_configuration_file(terminal, configuration):
    with FakeDevice() as device:
        configuration("HostName 127.0.0.1", "Port 1", "User nobody", "KexAlgorithms diffie-hellman-group1-sha1")
        assert log_in_by_name(terminal, port=device.port, user="cisco", kex="curve25519-sha256") == "R1#"


@pytest.mark.parametrize("lines, said", [(["Port many"], "Invalid Port value|Port"), (None, "No such file")])
def test_a_configuration_file_that_cannot_be_read_is_named(terminal, configuration, lines, said):
    if lines:
        configuration(*lines)
    with pytest.raises(sessions.LoginRefused, match=r"r1 port 22: ~/.ssh/config cannot be read: .*(%s)" % said):
        log_in_by_name(terminal)


FACTOR = ("Verification code: ", "246810")


@pytest.mark.parametrize(
    "questions, answers",
    [
        ([("Password: ", PASSWORD)], ()),
        ([("Enter PASSCODE: ", PASSWORD)], ()),
        ([("PIN for cisco> ", "77")], ((r"^PIN\b", "77"),)),
        ([("Password: ", PASSWORD), FACTOR], (("code", "246810"),)),
    ],
)
def test_what_a_keyboard_interactive_login_asks_is_answered(terminal, questions, answers):
    with FakeDevice(questions=questions) as device:
        assert talk(device, terminal, _prompt, answers=answers) == "R1#"


@pytest.mark.parametrize(
    "questions, said",
    [
        ([("Password: ", PASSWORD), FACTOR], "the login asks 'Verification code:'.*ansible_network_cli_keyboard_interactive"),
        ([("Your password has expired. New password: ", "")], "the password of user cisco has expired"),
        ([("Password: ", "another")], "did not let user cisco in"),
    ],
)
def test_what_has_no_answer_is_said(terminal, questions, said):
    with FakeDevice(questions=questions) as device:
        with pytest.raises(sessions.LoginRefused, match=said):
            talk(device, terminal, _prompt)
        assert device.logins == 0


def test_no_free_line_is_said(terminal):
    with FakeDevice(mishaps=[FakeDevice.REFUSED]) as device:
        with pytest.raises(sessions.Unreachable, match="closed the connection before the login.*no line is free"):
            talk(device, terminal, _prompt)


def test_a_refused_set_up_is_told_in_the_words_of_the_device(terminal):
    with FakeDevice({"terminal length 0": "Command authorization failed.\r\n"}) as device:
        with pytest.raises(sessions.LoginRefused, match="refused 'terminal length 0': Command authorization failed"):
            talk(device, terminal, _prompt)
