# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.line import Line
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import (
    INVALID,
    FakeConnection,
    answered_with_error,
)
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.talk import Talk

TIMED_OUT = TransportError("timeout value 30 seconds reached while trying to send command: b'cns image password s3cret'", code=1)


@pytest.fixture
def connection(monkeypatch):
    fake = FakeConnection()
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
    return fake


@pytest.fixture
def device(connection):
    return Talk()


# -- what is sent


@pytest.mark.parametrize(
    "line", ["no cns x\rreload", "no cns x\nreload", "no cns \x03", "no cns x?", "no cns \u2028x", "no cns \x7f"]
)
@pytest.mark.parametrize("way", ["show", "execute"])
def test_what_could_be_a_second_command_is_not_sent(connection, device, line, way):
    try:
        assert getattr(device, way)(line) == ""
    except Refused as refused:
        assert "was not sent" in refused.message
    assert connection.sent == []


# -- asking


def test_what_is_shown_comes_back_as_it_is(connection, device):
    connection.answers["show version"] = "Cisco IOS Software\n% is no refusal here\n ERROR: none\n"
    assert device.show("show version") == "Cisco IOS Software\n% is no refusal here\n ERROR: none\n"


@pytest.mark.parametrize(
    "said, kept",
    [
        (INVALID, "          ^\n% Invalid input detected at '^' marker."),
        ("Last upgrade ended at never status ERROR: 17", "Last upgrade ended at never status ERROR: 17"),
        ("image 'x' not found\r\nnext line", "image 'x' not found\nnext line"),
    ],
)
@pytest.mark.parametrize("form", ["bytes", "text"])
def test_an_answer_that_the_connection_takes_for_an_error_is_shown_too(connection, device, form, said, kept):
    error = answered_with_error("show cns image status", said)
    if form == "text":
        error = TransportError("show cns image status\r\n%s\r\nR1#" % said, code=1)
    connection.answers["show cns image status"] = error
    assert device.show("show cns image status") == kept


def two(text):
    return {"lines": len(text.splitlines())}


@pytest.mark.parametrize(
    ("between", "again"),
    [
        (lambda device: None, []),
        (lambda device: device.show("show clock"), []),
        (lambda device: device.execute("clear counters"), ["show boot"]),
        (lambda device: device.configure(["cns image"]), ["show boot"]),
        (lambda device: device.save(), ["show boot"]),
    ],
)
def test_what_was_said_is_recalled_until_a_command_may_have_changed_it(connection, device, between, again):
    connection.answers.update({"show boot": "a\nb\n", "show version": "a\n", "show clock": "10:00\n", "clear counters": ""})
    device.ask("show boot", two)
    device.ask("show version", two)
    between(device)
    connection.sent.clear()
    assert (device.recall("show boot", two), device.recall("show version", two)) == ({"lines": 2}, {"lines": 1})
    assert connection.sent == again


def test_what_was_never_said_or_is_asked_for_is_no_memory(connection, device):
    connection.answers["show boot"] = "a\n"
    assert device.recall("show boot", two) == {"lines": 1}
    connection.answers["show boot"] = "a\nb\n"
    assert (device.ask("show boot", two), device.recall("show boot", two)) == ({"lines": 2}, {"lines": 2})
    assert connection.sent == ["show boot", "show boot"]


def test_a_command_that_wants_more_words_is_no_sign_that_the_release_lacks_it(connection, device):
    connection.answers["show cns image status"] = "% Incomplete command."
    with pytest.raises(Refused, match="Incomplete command"):
        device.ask("show cns image status", lambda text: None)


def test_a_refusal_is_not_remembered(connection, device):
    connection.answers["show boot"] = "a\n"
    device.ask("show boot", two)
    connection.answers["show boot"] = "% Authorization failed."
    for ask in (device.ask, device.recall):
        with pytest.raises(Refused):
            ask("show boot", lambda text: None)


@pytest.mark.parametrize(
    "answer, why",
    [
        (lambda: None, "the session ended"),
        ("None", "the session ended"),
        (TransportError("Connection type None is not valid", code=1), "Connection type None is not valid"),
        (TransportError("", code=1), "session lost"),
        (TransportError("socket path /x does not exist or cannot be found", code=1), "socket path"),
        (TIMED_OUT, "timeout value 30 seconds"),
        (TransportError("b'half an answer\\r\\nand no prompt'", code=1), "half an answer and no prompt"),
        (TransportError("b'broken \\x'", code=1), "broken"),
        (TransportError("no prompt in the window: b'show all\\r\\nR2#'", code=1), "no prompt in the window: show all R2#"),
        (TransportError("no prompt in b\"it's\\r\\n\" and b'more'", code=1), "no prompt in it's and more"),
    ],
)
@pytest.mark.parametrize("ask", ["show", "execute"])
def test_no_answer_is_never_taken_for_one(connection, device, ask, answer, why):
    connection.answers["show version"] = answer
    with pytest.raises(DeviceAway) as raised:
        getattr(device, ask)("show version")
    assert raised.value.message.startswith("No answer to 'show version': ")
    assert why in raised.value.message
    assert "s3cret" not in Door().text(raised.value.message)


FILTERED = "show running-config | include ^cns|^version |^hostname |^end$"
SECTION = "show running-config | section ^kron|^version |^hostname |^end$"


def test_running_config_is_filtered_on_the_device(connection, device):
    connection.answers[FILTERED] = "version 15.7\r\nhostname R1\r\ncns image\r\ncns image retry 240\r\nend\r\n"
    assert device.running_config("^cns") == ["cns image", "cns image retry 240"]
    assert connection.sent == [FILTERED]


def test_running_config_without_the_filter(connection, device):
    connection.answers[FILTERED] = answered_with_error(FILTERED, INVALID)
    connection.answers["show running-config"] = "hostname R1\ncns image\n description cns\nend\n"
    assert device.running_config("^cns") == ["cns image"]


def test_running_config_needs_privileges(connection, device):
    for command in (FILTERED, "show running-config"):
        connection.answers[command] = answered_with_error(command, INVALID, "R1>")
    with pytest.raises(Refused) as raised:
        device.running_config("^cns")
    assert "ansible_become_method: enable" in raised.value.message
    assert "Invalid input" in raised.value.details["device_said"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "\n",
        "Command authorization failed.\n",
        "% Authorization failed.\n",
        "% Access denied\n",
        "This command is not authorized\n",
        "Unable to get configuration. Try again later\n",
        "Building configuration...\nUnable to get configuration. Try again later\n",
        "version 15.7\nhostname R1\nUnable to get configuration. Try again later\n",
        "Building configuration...\n\nCurrent configuration : 69 bytes\n!\nboot-start-marker\nboot-end-marker\n!\nend\n",
        "**** Authorized use only ****\n",
    ],
)
@pytest.mark.parametrize("ask", [lambda device: device.running_config("^cns"), lambda device: device.running_section("^kron")])
def test_a_configuration_that_does_not_prove_itself_is_a_refusal(connection, device, ask, said):
    connection.answers.update({FILTERED: said, SECTION: said})
    with pytest.raises(Refused) as raised:
        ask(device)
    assert raised.value.message.startswith("The device refused 'show running-config")
    assert not said.strip() or raised.value.details["device_said"]
    assert len(connection.sent) == 1


def test_a_session_that_is_over_is_no_answer(connection, device):
    connection.answers[FILTERED] = "TACACS+ session has expired.Please re-login to continue.\n"
    with pytest.raises(DeviceAway, match="the session is over. The device says: TACACS.* session has expired"):
        device.running_config("^cns")


SECTIONS = "hostname R1\nkron policy-list a\n cli one\n!\nkron occurrence a in 5\n policy-list a\nline vty 0 4\n login\nend\n"
KRON = ["kron policy-list a", " cli one", "kron occurrence a in 5", " policy-list a"]


def test_sections(connection, device):
    connection.answers[SECTION] = "\n".join(["version 15.7", *KRON, "end"])
    assert device.running_section("^kron") == KRON


def test_sections_without_the_filter(connection, device):
    connection.answers[SECTION] = answered_with_error(SECTION, INVALID)
    connection.answers["show running-config"] = SECTIONS
    assert device.running_section("^kron") == KRON


LOG = "*Nov 25 17:00:00.123: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: x]"


def in_turn(*answers):
    left = list(answers)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    "broken",
    [
        "version 15.7\ncns im%s\nage\nend\n" % LOG,
        "version 15.7\ncns image\n%s\ncns image retry 240\nend\n" % LOG,
        "version 15.7\ncns im\n%s\nage\nend\n" % LOG,
    ],
)
def test_an_answer_into_which_the_log_printed_is_asked_for_again(connection, device, broken):
    whole = "version 15.7\ncns image\ncns image retry 240\nend\n"
    connection.answers[FILTERED] = in_turn(broken, broken, whole)
    assert device.running_config("^cns") == ["cns image", "cns image retry 240"]
    assert len(connection.sent) == 3


def test_whole_lines_of_the_log_are_left_out_at_last(connection, device):
    connection.answers[FILTERED] = "version 15.7\ncns image\n%s\nend\n" % LOG
    assert device.running_config("^cns") == ["cns image"]


def test_lines_that_the_log_keeps_breaking_are_not_guessed(connection, device):
    connection.answers[FILTERED] = "version 15.7\ncns im%s\nage\nend\n" % LOG
    with pytest.raises(Refused, match="log of the device was printed into its answer"):
        device.running_config("^cns")


# -- telling


def test_execute(connection, device):
    connection.answers["clear cns image status"] = ""
    assert device.execute("clear cns image status") == ""


@pytest.mark.parametrize(
    "answer, said",
    [
        ("% CNS image agent is not enabled\n", "% CNS image agent is not enabled"),
        ("\r\n%Error opening nvram", "%Error opening nvram"),
        (answered_with_error("cns image retrieve", INVALID), "% Invalid input detected at '^' marker"),
    ],
)
def test_a_refusal(connection, device, answer, said):
    connection.answers["cns image retrieve"] = answer
    with pytest.raises(Refused) as raised:
        device.execute("cns image retrieve")
    assert raised.value.message == "The device refused 'cns image retrieve': %s." % said
    assert said in raised.value.details["device_said"]
    assert "R1#" not in raised.value.details["device_said"]


@pytest.mark.parametrize(
    "message",
    [
        "%SYS-5-CONFIG_I: Configured from console by vty0",
        "%LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/1, changed state to up",
        "%SEC_LOGIN-SW1_SP-4-LOGIN_FAILED: Login failed",
        "*Mar  1 00:01:00.003: %SYS-5-RESTART: System restarted --",
    ],
)
def test_a_message_of_the_system_log_is_no_refusal(connection, device, message):
    connection.answers["cns image retrieve"] = message + "\n"
    assert device.execute("cns image retrieve") == message + "\n"


@pytest.mark.parametrize(
    "message",
    [
        "*Nov 25 17:00:00.123: %DNS-3-NOTFOUND: name host.example not found",
        "Nov 25 2026 17:00:00 CET: %PKI-3-X: % Error in certificate",
        "%TCP-6-BADAUTH: connection timed out",
        "000123: 1w2d: %SYS-5-X: % Invalid input detected",
    ],
)
def test_what_the_connection_takes_for_an_error_in_the_log_is_no_refusal(connection, device, message):
    connection.answers["clear cns image status"] = answered_with_error("clear cns image status", message)
    assert device.execute("clear cns image status") == message
    begins = "Enter configuration commands, one per line.  End with CNTL/Z.\r\n" + message
    connection.answers["configure terminal"] = answered_with_error("configure terminal", begins, "R1(config)#")
    connection.answers["cns image retry 7"] = answered_with_error("cns image retry 7", message, "R1(config)#")
    assert device.configure(["cns image retry 7"]) == [message]
    assert connection.sent[-3:] == ["configure terminal", "cns image retry 7", "end"]


def test_a_question_that_ends_in_an_error_is_refused(connection, device):
    removal = Line("no crypto pki trustpoint CNS", ((r"\[yes/no\]: ?$", "yes"),))
    said = "% Removing an enrolled trustpoint will destroy all certificates\r\n% Error in removing"
    connection.answers[removal.text] = answered_with_error(removal.text, said, "R1(config)#")
    with pytest.raises(Refused, match="refused 'no crypto pki trustpoint CNS'.*% Error in removing"):
        device.configure([removal])
    undone = Line("crypto pki authenticate CNS", ((r"\[yes/no\]: ?$", "yes"),), done="accepted")
    connection.answers[undone.text] = "Fingerprint SHA1: 0\n% Do you accept this certificate? [yes/no]: no"
    with pytest.raises(Refused, match="refused 'crypto pki authenticate CNS'"):
        device.configure([undone])


def test_a_refusal_beside_the_log_is_one(connection, device):
    said = "%TCP-6-BADAUTH: connection timed out\r\nimage 'x' not found"
    connection.answers["clear cns image status"] = answered_with_error("clear cns image status", said)
    with pytest.raises(Refused, match="image 'x' not found"):
        device.execute("clear cns image status")


def test_a_refusal_that_ends_with_the_command_is_no_echo(connection, device):
    connection.answers["clear cns image status"] = "Command authorization failed: clear cns image status"
    with pytest.raises(Refused, match="refused 'clear cns image status': Command authorization failed: clear"):
        device.execute("clear cns image status")


def test_a_secret_beside_words_of_error_is_read_as_it_is(connection, device):
    said = "version 15.7\r\nhostname R1\r\nbanner motd ^C host not found ^C\r\ncns image password s3cret\r\nend"
    for command in ("show running-config | include ^cns|^version |^hostname |^end$", "show running-config"):
        connection.answers[command] = answered_with_error(command, said)
    assert device.running_config("^cns") == ["cns image password s3cret"]


def test_the_mode_is_looked_at_again_when_the_log_broke_the_answer(connection, device):
    broken = "Enter confi*Nov 25 17:00:00.123: %SYS-5-X: y\r\nguration commands, one per line.\r\n"
    answers = iter([broken, "Enter configuration commands, one per line.  End with CNTL/Z."])

    def enter():
        connection.configuring = True
        return next(answers)

    connection.answers["configure terminal"] = enter
    device.configure(["cns image retry 7"])
    assert connection.sent == ["configure terminal", "end", "configure terminal", "cns image retry 7", "end"]


def test_configuration_mode_that_locks_itself_is_one(connection, device):
    locked = (
        "Configuration mode locked exclusively. The lock will be cleared once you exit out of configuration mode using end/exit"
    )
    connection.answers["configure terminal"] = locked + "\n\nEnter configuration commands, one per line.  End with CNTL/Z."
    connection.configuring = True
    assert device.configure(["cns image retry 7"]) == [""]


def test_configure(connection, device):
    device.configure(["cns image retry 240", "cns image"])
    assert connection.sent == ["configure terminal", "cns image retry 240", "cns image", "end"]
    assert connection.ios.show() == ["cns image retry 240", "cns image"]
    assert not connection.configuring


def test_a_refused_line_ends_the_configuration_and_is_named(connection, device):
    line = "cns image server http://u:s3cret@h/"
    connection.answers[line] = answered_with_error(line, INVALID, "R1(config)#")
    with pytest.raises(Refused) as raised:
        device.configure(["cns image password s3cret", line, "cns image retry 240"])
    assert connection.sent[-1] == "end" and "cns image retry 240" not in connection.sent
    error, door = raised.value, Door(["s3cret"])
    assert door.text(error.message) == (
        "The device refused 'cns image server http://u:********@h/': % Invalid input detected at '^' marker. "
        "Applied before it, and still in the running configuration: 1 of 3 lines (cns image password ********)."
    )
    assert door.data(error.details) == {
        "failed_command": "cns image server http://u:********@h/",
        "applied": ["cns image password ********"],
        "device_said": "          ^\n% Invalid input detected at '^' marker.",
    }


def test_a_line_that_is_refused_without_an_error_of_the_connection(connection, device):
    connection.answers["cns id udi"] = "% UDI is not supported on this platform\n"
    with pytest.raises(Refused) as raised:
        device.configure(["cns id udi"])
    assert "Nothing was applied before it." in raised.value.message
    assert raised.value.details["applied"] == []
    assert connection.sent[-1] == "end"


@pytest.mark.parametrize("end", [TransportError("gone", code=1), answered_with_error("end", INVALID)])
def test_the_first_error_is_the_one_that_is_told(connection, device, end):
    connection.answers["cns image"] = "% No\n"
    connection.answers["end"] = end
    with pytest.raises(Refused, match="refused 'cns image': % No"):
        device.configure(["cns image"])


def test_a_session_that_ends_in_the_middle(connection, device):
    connection.answers["cns image password s3cret"] = TIMED_OUT
    with pytest.raises(DeviceAway) as raised:
        device.configure(["cns image retry 240", "cns image password s3cret", "cns image"])
    assert connection.sent[-1] == "cns image password s3cret"
    message = Door(["s3cret"]).text(raised.value.message)
    assert message.startswith("The session ended while 'cns image password ********' was sent: it is unknown")
    assert "1 of 3 lines (cns image retry 240)" in raised.value.message
    assert "timeout value 30 seconds" in raised.value.message
    assert "s3cret" not in message
    assert Door().data(raised.value.details) == {
        "failed_command": "cns image password ********",
        "applied": ["cns image retry 240"],
    }


@pytest.mark.parametrize(
    "said",
    [
        "Configuration mode is locked by process '3' user 'bob' from terminal '2'. Please try later.\n",
        "Configuration mode locked exclusively by user 'bob' process '3' from terminal '2'. Please try later.\n",
        "Command authorization failed.\n",
        "% Authorization failed.\n",
        "This command is not authorized\n",
        "",
        "\n%s\n" % LOG,
        answered_with_error("configure terminal", INVALID, "R1>"),
    ],
)
def test_without_configuration_mode_no_line_is_sent(connection, device, said):
    connection.answers["configure terminal"] = said
    with pytest.raises(Refused, match="refused 'configure terminal'") as raised:
        device.configure(["cns image"])
    assert connection.sent == ["configure terminal"]
    assert not isinstance(said, str) or " ".join(said.split()).strip(" .") in raised.value.message.replace(
        "it printed nothing", ""
    )


@pytest.mark.parametrize("said", ["Command authorization failed.\n", "This command is not authorized\n", "Access denied\n"])
def test_a_line_that_aaa_refuses(connection, device, said):
    connection.answers["cns image"] = said
    with pytest.raises(Refused) as raised:
        device.configure(["cns image"])
    assert said.strip(" .\n") in raised.value.message
    assert connection.sent[-1] == "end"


@pytest.mark.parametrize("end", [TransportError("gone", code=1), answered_with_error("end", INVALID)])
def test_lines_that_were_taken_stay_taken_whatever_comes_later(connection, device, end):
    connection.answers["end"] = end
    assert device.configure(["cns image"]) == [""]


def test_save_says_yes_where_it_is_asked(connection, device):
    device.save()
    assert connection.saved == []
    assert connection.prompts == [([r"\[confirm\]"], [""])]


@pytest.mark.parametrize(
    "answer",
    [
        "Building configuration...\n[OK]\n",
        "Compressed configuration from 1234 bytes to 567 bytes[OK]\n",
        "Building configuration...\n[OK]\n%s\n" % LOG,
        "Building configuration...\n[OK]*Nov 27 10:00:00.123: %SSH-3-BAD_PACK_LEN: an error in another session\n",
        "Overwrite the previous NVRAM configuration?[confirm]\nBuilding configuration...\n[OK]\n",
    ],
)
def test_saved(connection, device, answer):
    connection.answers["write memory"] = answer
    device.save()
    assert connection.sent == ["write memory"]


@pytest.mark.parametrize(
    "answer",
    [
        "%Error opening nvram:/startup-config (No such device)\n",
        "Building configuration...\nError writing startup-config\n",
        "Building configuration...\n",
        "Command authorization failed.\n",
        "",
    ],
)
def test_what_was_not_saved_is_not_called_saved(connection, device, answer):
    connection.answers["write memory"] = answer
    with pytest.raises(Refused) as raised:
        device.save()
    assert connection.sent == ["write memory"]
    assert raised.value.message.endswith("The running configuration is not saved.")
    assert not answer or answer.split("\n")[-2].strip(".") in raised.value.message


BUSY = "startup-config file open failed (Device or resource busy)\n"


def test_a_busy_device_is_asked_to_save_again(connection, device, monkeypatch):
    slept = []
    monkeypatch.setattr(device_file.time, "sleep", slept.append)
    connection.answers["write memory"] = in_turn(BUSY, BUSY, "[OK]\n")
    device.save()
    assert (len(connection.sent), slept) == (3, [2, 2])
    connection.answers["write memory"] = BUSY
    with pytest.raises(Refused, match="Device or resource busy"):
        device.save()
    assert len(connection.sent) == 3 + 4


# -- the wire


def test_nothing_is_answered_from_the_cache_of_single_user_mode(connection, device):
    connection.single_user_mode = True
    connection.answers["show version"] = "one"
    device.show("show version")
    device.save()
    never, confirm = connection.prompts
    assert never[0] and never[1] == [""]
    assert not any(re.search(pattern, text) for pattern in never[0] for text in ("R1#", "Password:", "", "[confirm]"))
    assert confirm[0] == [r"\[confirm\]"]


def test_without_it_no_prompt_is_given(connection, device):
    connection.answers["show version"] = "one"
    device.show("show version")
    assert connection.prompts == [(None, None)]


# -- sending only


@pytest.mark.parametrize("nothing", [None, "None", ""])
def test_a_command_that_is_only_sent_has_no_answer_that_could_be_missing(connection, device, monkeypatch, nothing):
    sent = []
    monkeypatch.setattr(connection, "get", lambda command, sendonly=False: sent.append((command, sendonly)) or nothing)
    device.say("no debug cns image agent")
    assert sent == [("no debug cns image agent", True)]
