# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.plugins.module_utils import trigger
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, InputError, Refused
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import (
    INVALID,
    FakeConnection,
    answered_with_error,
)

RETRIEVE = "cns image retrieve"
UNKNOWN_HERE = answered_with_error(RETRIEVE, INVALID)


@pytest.fixture
def connection(monkeypatch):
    fake = FakeConnection()
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
    return fake


def send(mode, command=RETRIEVE):
    device = device_file.Device(device_file.NetworkCli("/socket"))
    device_file.converse(trigger.send(device, command, mode))


@pytest.mark.parametrize(
    "server, status, command",
    [
        (None, None, "cns image retrieve"),
        ("", "", "cns image retrieve"),
        ("https://10.19.2.3/cns/", None, "cns image retrieve server https://10.19.2.3/cns/"),
        (
            "https://10.19.2.3/cns/",
            "https://10.19.2.3/cnsstatus/",
            "cns image retrieve server https://10.19.2.3/cns/ status https://10.19.2.3/cnsstatus/",
        ),
    ],
)
def test_command_line(server, status, command):
    assert trigger.command_line(server, status) == command


@pytest.mark.parametrize(
    "server, status, said",
    [
        (None, "http://h/", "status is given without server"),
        ("http://h/ x", None, "server cannot be sent"),
        ("http://h/", "http://h/\nreload", "status cannot be sent"),
        ("http://h/?a=b", None, "server cannot be sent"),
    ],
)
def test_command_line_refused(server, status, said):
    with pytest.raises(InputError) as raised:
        trigger.command_line(server, status)
    assert said in raised.value.message


@pytest.mark.parametrize("mode", ["auto", "exec"])
def test_privileged_exec(connection, mode):
    connection.answers[RETRIEVE] = ""
    send(mode)
    assert connection.sent == [RETRIEVE]


def test_a_mode_that_wants_more_words_knows_the_command(connection):
    connection.answers[RETRIEVE] = answered_with_error(RETRIEVE, "% Incomplete command.\n")
    with pytest.raises(Refused, match="Incomplete command"):
        send("auto")
    assert connection.sent == [RETRIEVE]


def in_configuration_only(connection):
    """A release that knows the command in global configuration alone."""

    def answer():
        if not connection.configuring:
            raise UNKNOWN_HERE
        return ""

    return answer


@pytest.mark.parametrize(
    "mode, sent",
    [
        ("auto", [RETRIEVE, "configure terminal", RETRIEVE, "end"]),
        ("config", ["configure terminal", RETRIEVE, "end"]),
    ],
)
def test_global_configuration(connection, mode, sent):
    connection.answers[RETRIEVE] = in_configuration_only(connection)
    send(mode)
    assert connection.sent == sent


def test_exec_alone_does_not_fall_back(connection):
    connection.answers[RETRIEVE] = UNKNOWN_HERE
    with pytest.raises(Refused, match="Invalid input"):
        send("exec")
    assert connection.sent == [RETRIEVE, "show privilege"]


@pytest.mark.parametrize(
    "answer",
    [
        "% CNS image agent is not enabled\n",
        "CNS Image Agent: not configured\n",
        "Error: no server\n",
        "retrieve failed\n",
        answered_with_error(RETRIEVE, "% Command authorization failed."),
    ],
)
@pytest.mark.parametrize("mode", ["auto", "exec"])
def test_any_other_no_is_final(connection, mode, answer):
    connection.answers[RETRIEVE] = answer
    with pytest.raises(Refused) as raised:
        send(mode)
    assert connection.sent == [RETRIEVE]
    assert raised.value.message.startswith("The device refused 'cns image retrieve': ")
    assert raised.value.details["device_said"]


def test_refused_everywhere(connection):
    connection.answers[RETRIEVE] = UNKNOWN_HERE
    with pytest.raises(Refused) as raised:
        send("auto")
    assert connection.sent[-2:] == ["end", "show privilege"]
    assert raised.value.details["failed_command"] == RETRIEVE


@pytest.mark.parametrize("mode", ["auto", "exec", "config"])
def test_a_missing_privilege_is_called_that(connection, mode):
    for command in (RETRIEVE, "configure terminal"):
        connection.answers[command] = answered_with_error(command, INVALID, "R1>")
    connection.answers["show privilege"] = "Current privilege level is 1\n"
    with pytest.raises(Refused, match="privilege level 1.*ansible_become"):
        send(mode)


LOG = "*Nov 25 17:00:00.123: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: x] [Reason: not enabled]"


@pytest.mark.parametrize(
    "answer",
    [
        "%s\n" % LOG,
        "\n%s\n%s\n" % (LOG, LOG),
        "cns image retr%s\n" % LOG,
        LOG.split(": ", 1)[1] + "\n",
        "000123: " + LOG,
        "retrieve failed%s" % LOG,
    ],
)
@pytest.mark.parametrize("mode", ["auto", "exec", "config"])
def test_the_log_is_no_answer(connection, mode, answer):
    connection.answers[RETRIEVE] = answer
    send(mode)
    assert connection.sent.count(RETRIEVE) == 1


@pytest.mark.parametrize("mode", ["auto", "exec", "config"])
def test_what_else_is_said_is_no_refusal(connection, mode):
    connection.answers[RETRIEVE] = "The image agent polls its server now.\n"
    send(mode)
    assert connection.sent.count(RETRIEVE) == 1


def test_after_the_trigger_line_was_taken_nothing_is_a_refusal(connection):
    connection.answers.update({RETRIEVE: "", "end": TransportError("timeout", code=1)})
    send("config")
    assert connection.sent == ["configure terminal", RETRIEVE, "end"]


def test_a_locked_configuration_is_not_taken_for_configuration_mode(connection):
    connection.answers["configure terminal"] = (
        "Configuration mode is locked by process '3' user 'bob' from terminal '2'. Please try later.\n"
    )
    with pytest.raises(Refused, match="locked by process '3' user 'bob'"):
        send("config")
    assert connection.sent == ["configure terminal"]


def test_a_session_that_is_over_leaves_it_open_whether_the_trigger_was_taken(connection):
    connection.answers[RETRIEVE] = "TACACS+ session has expired.Please re-login to continue.\n"
    with pytest.raises(DeviceAway, match="session has expired"):
        send("exec")


@pytest.mark.parametrize("mode", ["auto", "exec"])
def test_a_lost_trigger_is_not_sent_again(connection, mode):
    connection.answers[RETRIEVE] = TransportError("timeout", code=1)
    with pytest.raises(DeviceAway):
        send(mode)
    assert connection.sent == [RETRIEVE]


def test_what_is_refused_is_masked(connection):
    command = trigger.command_line("http://u:s3cret@h/", None)
    connection.answers[command] = "Error: http://u:s3cret@h/ is not there\n"
    with pytest.raises(Refused) as raised:
        send("exec", command)
    door = Door()
    assert "s3cret" not in door.text(raised.value.message) + str(door.data(raised.value.details))
    assert "http://u:********@h/ is not there" in door.text(raised.value.message)


def test_of_several_refusals_the_first_is_told(connection):
    connection.answers[RETRIEVE] = "retrieve failed\nError: no server\n"
    with pytest.raises(Refused) as raised:
        send("exec")
    assert raised.value.message == "The device refused 'cns image retrieve': retrieve failed"


@pytest.mark.parametrize(
    "said, mode, told",
    [
        ("% Authorization failed", "auto", "Give the user the right to this command"),
        ("CNS image agent is NOT enabled", "exec", "Configure the image agent first"),
        ("% Incomplete command.", "auto", "This release wants the URLs in the command"),
        (INVALID, "exec", "Try mode: config"),
        (INVALID, "config", "Try mode: exec"),
        (INVALID, "auto", "Neither mode takes it"),
        ("Error: no server", "auto", "See 'show cns image status' and the log of the device"),
    ],
)
def test_what_to_do_about_a_refusal(said, mode, told):
    assert trigger.advice(said, mode).startswith("Nothing was started. " + told)
