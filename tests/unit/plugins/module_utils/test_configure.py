# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the configuration modules have in common, tried through those of the image agent and of all agents."""

from __future__ import annotations

import pytest
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import (
    INVALID,
    FakeConnection,
    answered_with_error,
)
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.ios_lines import type7
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.run_module import run_module

SERVER, STATUS = "https://10.21.2.3/cns/imgsvr", "https://10.21.2.3/cns/status/"
BOTH = "cns image server %s status %s" % (SERVER, STATUS)
SECRET = "s3cretword"
READ = "show running-config | include ^cns|^version |^hostname |^end$"
OFF = {"enabled": False, "server": None, "status": None, "password": None, "retry": 60}
ON = dict(OFF, enabled=True, server=SERVER, status=STATUS, retry=240)
LINES = [BOTH, "cns image retry 240"]


@pytest.fixture
def device(monkeypatch):
    """Makes the device that the module will find."""

    def make(lines=(), **how):
        fake = FakeConnection(lines, **how)
        monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
        return fake

    return make


@pytest.fixture
def image(capsys):
    return lambda **options: run_module(capsys, "cns_image", **options)


@pytest.fixture
def agents(capsys):
    return lambda **options: run_module(capsys, "cns_agents", **options)


# -- the states


def test_merged(device, image):
    fake = device(["cns image retry 120"])
    result = image(config=dict(server=SERVER, status=STATUS, retry=240))
    assert fake.sent == [READ, "configure terminal", BOTH, "cns image retry 240", "end", READ]
    assert result["changed"] is True
    assert result["commands"] == [BOTH, "cns image retry 240"]
    assert result["before"] == dict(OFF, retry=120)
    assert result["after"] == ON
    assert result["saved"] is False
    assert "diff" not in result and "failed" not in result
    assert not {"gathered", "rendered", "parsed"} & set(result)


def test_a_second_run_changes_nothing(device, image):
    fake = device(LINES)
    result = image(config=dict(server=SERVER, status=STATUS, retry=240))
    assert fake.sent == [READ]
    assert (result["changed"], result["commands"]) == (False, [])
    assert result["before"] == result["after"] == ON


@pytest.mark.parametrize("state", ["replaced", "overridden"])
def test_replaced(device, image, state):
    fake = device(LINES)
    result = image(config=dict(server=SERVER), state=state)
    assert result["commands"] == ["no cns image retry 240", "no " + BOTH, "cns image server " + SERVER]
    assert result["after"] == dict(OFF, enabled=True, server=SERVER)
    assert fake.ios.show() == ["cns image server " + SERVER]


def test_deleted(device, image):
    fake = device(LINES + ["cns exec"])
    result = image(state="deleted")
    assert result["after"] == OFF
    assert fake.ios.show() == ["cns exec"]


@pytest.mark.parametrize("config", [None, {"status": STATUS}, {"password": "x"}])
def test_nothing_to_delete(device, image, config):
    fake = device(["cns exec"])
    result = image(state="deleted", config=config)
    assert fake.sent == [READ]
    assert (result["changed"], result["commands"], result["saved"]) == (False, [], False)


def test_gathered(device, image):
    fake = device(LINES + ["cns image password " + SECRET])
    result = image(state="gathered")
    assert fake.sent == [READ]
    assert (result["changed"], result["commands"]) == (False, [])
    assert result["gathered"] == dict(ON, password="********")
    assert not {"before", "after", "saved"} & set(result)


@pytest.mark.parametrize("passwords", ["plain", "7", "hidden", "absent"])
@pytest.mark.parametrize("state", ["merged", "replaced", "overridden"])
def test_what_was_gathered_can_be_given_back(device, image, state, passwords):
    fake = device(["cns image server http://u:%s@h/" % SECRET, "cns image password " + SECRET], passwords=passwords)
    gathered = image(state="gathered")["gathered"]
    assert gathered["server"] == "http://u:********@h/"
    result = image(config=gathered, state=state)
    assert (result["changed"], result["commands"]) == (False, [])
    assert result["before"] == result["after"] == gathered
    assert set(fake.sent) == {READ}
    assert SECRET not in result["text"]


@pytest.mark.parametrize("run", ["image", "agents"])
def test_rendered_needs_no_device(monkeypatch, request, run):
    monkeypatch.setattr(device_file, "Connection", None)
    config = dict(server="http://u:%s@h/" % SECRET, password=SECRET, retry=240)
    result = request.getfixturevalue(run)(config=config if run == "image" else {"image": config}, state="rendered")
    assert result["rendered"] == ["cns image server http://u:********@h/", "cns image password ********", "cns image retry 240"]
    assert (result["changed"], result["commands"]) == (False, [])
    assert SECRET not in result["text"]


@pytest.mark.parametrize(
    "said",
    [
        "Command authorization failed.",
        "R1#show running-config\nCommand authorization failed: show running-config\nR1#",
        "         ^\n% Invalid input detected at '^' marker.",
        "Unable to get configuration. Try again later",
        "TACACS+ session has expired.Please re-login to continue.",
        "*Nov 25 17:00:00.123: %SYS-5-CONFIG_I: x\nAccess denied",
    ],
)
def test_a_refusal_is_not_parsed_as_an_empty_configuration(image, said):
    result = image(running_config=said, state="parsed")
    assert result["failed"] and "the refusal of a device" in result["msg"]
    assert "parsed" not in result


def test_parsed_needs_no_device(monkeypatch, image):
    monkeypatch.setattr(device_file, "Connection", None)
    text = "\n".join(["hostname R1", "cns image password " + SECRET, "enable secret 0 " + SECRET, BOTH, "end"])
    result = image(running_config=text, state="parsed")
    assert result["parsed"] == dict(ON, retry=60, password="********")
    assert (result["changed"], result["commands"]) == (False, [])
    assert SECRET not in result["text"]


@pytest.mark.parametrize(
    "options, missing",
    [
        ({}, "config"),
        (dict(state="replaced"), "config"),
        (dict(state="overridden"), "config"),
        (dict(state="rendered"), "config"),
        (dict(state="parsed"), "running_config"),
    ],
)
def test_what_a_state_requires(device, image, options, missing):
    fake = device()
    result = image(**options)
    assert result["failed"] is True
    assert result["msg"].endswith("but all of the following are missing: " + missing)
    assert fake.sent == []


# -- check mode and diff


@pytest.mark.parametrize("state", ["merged", "replaced", "overridden", "deleted"])
@pytest.mark.parametrize("save_when", ["never", "changed", "always"])
def test_check_mode_sends_nothing_and_tells_the_same(device, image, state, save_when):
    lines = LINES + ["cns image password old"]
    options = dict(config=dict(server="http://h/"), state=state, save_when=save_when)
    fake = device(lines)
    told = image(check=True, diff=True, **options)
    assert fake.sent == [READ]
    assert told["saved"] is False
    fake = device(lines)
    done = image(diff=True, **options)
    for key in ("changed", "commands", "before", "after", "diff"):
        assert told[key] == done[key]
    assert done["changed"] is True
    assert done["saved"] is (save_when != "never")


def test_diff(device, image):
    device(["cns image password " + SECRET, "cns image server " + SERVER])
    result = image(config=dict(status=STATUS, password="another"), diff=True)
    assert result["diff"] == {
        "before": "cns image server %s\ncns image password ********\n" % SERVER,
        "after": BOTH + "\ncns image password ********\n",
    }
    assert SECRET not in result["text"] and "another" not in result["text"]


# -- saving


@pytest.mark.parametrize(
    "save_when, lines, saved, changed",
    [
        ("never", [], False, True),
        ("changed", [], True, True),
        ("always", [], True, True),
        ("never", LINES, False, False),
        ("changed", LINES, False, False),
        ("always", LINES, True, True),
    ],
)
def test_save_when(device, image, save_when, lines, saved, changed):
    fake = device(lines)
    result = image(config=dict(server=SERVER, status=STATUS, retry=240), save_when=save_when)
    assert (result["saved"], result["changed"]) == (saved, changed)
    assert fake.saved == (fake.ios.show() if saved else None)


def test_a_failure_to_save_is_told(device, image):
    fake = device()
    fake.answers["write memory"] = "startup-config file open failed (No space left on device)\n"
    result = image(config=dict(enabled=True), save_when="changed")
    assert result["failed"] is True
    assert "refused 'write memory': startup-config file open failed" in result["msg"]


# -- passwords


@pytest.mark.parametrize(
    "update_password, passwords, old, commands",
    [
        ("when_changed", "plain", SECRET, []),
        ("when_changed", "7", SECRET, []),
        ("when_changed", "plain", "old", ["cns image password ********"]),
        ("when_changed", "7", "old", ["cns image password ********"]),
        ("when_changed", "hidden", "old", []),
        ("when_changed", "absent", "old", ["cns image password ********"]),
        ("always", "hidden", "old", ["cns image password ********"]),
        ("always", "7", SECRET, []),
        ("on_create", "plain", "old", []),
        ("on_create", "hidden", "old", []),
        ("on_create", "plain", None, ["cns image password ********"]),
    ],
)
def test_update_password(device, image, update_password, passwords, old, commands):
    fake = device(["cns image password " + old] if old else [], passwords=passwords)
    result = image(config=dict(password=SECRET), update_password=update_password)
    assert result["commands"] == commands
    assert result["changed"] is bool(commands)
    assert fake.ios.show() == ["cns image password " + (SECRET if commands else old)]
    warned = [warning for warning in result["warnings"] if "password" in warning]
    assert len(warned) == ((passwords, update_password) in [("hidden", "when_changed"), ("absent", "when_changed")])
    assert SECRET not in result["text"] and type7(SECRET) not in result["text"]


def test_a_password_that_the_device_does_not_show_is_said_to_be_unverified(device, image):
    device(passwords="absent")
    (warning,) = image(config=dict(password=SECRET))["warnings"]
    assert "does not show it" in warning and "update_password: on_create" in warning


# -- what goes wrong


def test_what_the_device_said_to_a_line_that_it_did_not_take_is_told(device, image):
    fake = device()
    fake.answers["cns image retry 240"] = "Retry is out of order today"
    result = image(config=dict(retry=240))
    assert "expected 'cns image retry 240', found 'no line'" in result["msg"]
    assert result["msg"].endswith("It said: Retry is out of order today.")


def test_a_refused_line(device, image):
    fake = device(["cns image password " + SECRET])
    fake.answers["cns image retry 240"] = answered_with_error("cns image retry 240", INVALID, "R1(config)#")
    result = image(config=dict(server="http://u:%s@h/" % SECRET, retry=240), save_when="always")
    assert result["failed"] is True
    assert "The device refused 'cns image retry 240': % Invalid input detected at '^' marker" in result["msg"]
    assert result["failed_command"] == "cns image retry 240"
    assert result["applied"] == ["cns image server http://u:********@h/"]
    assert "% Invalid input detected" in result["device_said"]
    assert fake.sent[-1] == "end" and fake.saved is None
    assert SECRET not in result["text"]


def test_a_line_that_does_not_show_is_named(device, image):
    fake = device()
    fake.ignored = ["cns image retry 240"]
    result = image(config=dict(server=SERVER, retry=240, password=SECRET), save_when="always")
    assert result["failed"] is True
    assert "expected 'cns image retry 240', found 'no line'" in result["msg"]
    assert SERVER not in result["msg"]
    assert result["commands"] == ["cns image server " + SERVER, "cns image password ********", "cns image retry 240"]
    assert fake.saved is None
    assert SECRET not in result["text"]


def test_a_password_that_does_not_take_is_named_without_its_value(device, image):
    fake = device(["cns image password oldword"])
    fake.ignored = ["cns image password " + SECRET]
    result = image(config=dict(password=SECRET))
    assert "expected 'cns image password ********', found 'cns image password ********'" in result["msg"]
    assert SECRET not in result["text"] and "oldword" not in result["text"]


def test_a_lost_session(device, image):
    fake = device()
    fake.answers["cns image retry 240"] = TransportError("command timeout triggered, timeout value is 30 secs.", code=1)
    result = image(config=dict(server=SERVER, retry=240))
    assert result["failed"] is True
    assert "it is unknown whether the device took it" in result["msg"]
    assert result["failed_command"] == "cns image retry 240"
    assert result["applied"] == ["cns image server " + SERVER]


@pytest.mark.parametrize(
    "config, said",
    [
        (dict(server="http://h/ status"), "server cannot be sent"),
        (dict(password="a\nreload"), "password cannot be sent"),
        (dict(status=STATUS), "status is given without server"),
        (dict(password="********"), "a secret is given as ********"),
    ],
)
def test_nothing_is_sent_of_what_cannot_be_used(device, image, config, said):
    fake = device(["cns exec"])
    result = image(config=config)
    assert result["failed"] is True
    assert said in result["msg"]
    assert fake.sent == [READ]


def test_an_unprivileged_session(device, image):
    fake = device()
    for command in (READ, "show running-config"):
        fake.answers[command] = answered_with_error(command, INVALID, "R1>")
    result = image(state="gathered")
    assert result["failed"] is True and "ansible_become" in result["msg"]


# -- all agents in one pass


EVERYTHING = {
    "trusted_server": {"servers": [{"agent": "image", "host": "10.21.2.3"}]},
    "id": {"ids": [{"agent": "image", "type": "hardware_serial"}], "password": SECRET},
    "event": {"gateways": [{"host": "10.21.9.7"}]},
    "config": {"partial": {"host": "10.21.9.7"}},
    "exec": {"port": 80},
    "image": {"server": "http://u:%s@10.21.2.3/" % SECRET, "status": "http://10.21.2.3/status"},
}


def test_all_agents_in_one_pass(device, agents):
    fake = device()
    result = agents(config=EVERYTHING)
    assert [command for command in fake.sent if command.startswith("show")] == [fake.sent[0]] * 2
    assert fake.sent.count("configure terminal") == 1
    assert len(result["commands"]) == 7
    assert set(result["after"]) == set(EVERYTHING)
    assert SECRET not in result["text"]
    second = agents(config=EVERYTHING)
    assert (second["changed"], second["commands"]) == (False, [])
    assert second["before"] == result["after"]
    assert second["warnings"] == []


def test_agents_that_are_not_named_stay(device, agents):
    fake = device(["cns exec 80", "cns image"])
    result = agents(config={"image": {}}, state="deleted")
    assert result["commands"] == ["no cns image"]
    assert fake.ios.show() == ["cns exec 80"]


def test_settings_that_do_not_fit_together_are_warned_of(device, agents):
    device()
    result = agents(config={"image": {"server": "https://10.21.2.3/"}}, check=True)
    warnings = " ".join(result["warnings"])
    assert "status messages of the image agent are lost" in warnings
    assert "no trustpoint" in warnings


def test_a_trustpoint_is_seen(device, agents):
    fake = device(foreign=["crypto pki trustpoint CA"])
    warnings = agents(config={"image": {"server": "https://10.21.2.3/"}}, check=True)["warnings"]
    assert not any("no trustpoint" in warning for warning in warnings)
    assert "trustpoint" in fake.sent[0]


def test_everything_goes(device, agents):
    fake = device(["cns exec 80", "cns image", "cns id udi image", "cns password " + SECRET])
    agents(state="deleted")
    assert fake.ios.show() == []


# -- what only the device understands

OLD_EVENT = "cns event 10.1.1.1 11012 init-retry 5 force-fmt1"


def test_words_that_are_not_known_stay_on_a_line_that_is_written_again(device, agents):
    fake = device([OLD_EVENT])
    result = agents(config=dict(event=dict(gateways=[dict(host="10.1.1.1", failover_time=9)])))
    new = "cns event 10.1.1.1 11012 failover-time 9 init-retry 5 force-fmt1"
    assert result["commands"] == ["no " + OLD_EVENT, new]
    assert fake.ios.show() == [new]
    assert "unknown" not in str(result["after"])
    assert [text for text in result["warnings"] if "'init-retry 5 force-fmt1'" in text and "end of the new line" in text]


TWO = ["cns exec 80", "cns exec ce 8080"]


def test_a_second_line_of_one_setting_stays_until_it_is_removed(device, agents):
    fake = device(["cns password one two"])
    fake.foreign = TWO
    told = agents(state="gathered")
    assert told["gathered"]["exec"]["host"] == "ce" and told["gathered"]["id"]["password"] is None
    assert told["unparsed"] == ["cns password ******** two", "cns exec 80"]
    merged = agents(config={"exec": dict(port=8080, host="ce")}, check=True)
    assert merged["commands"] == []
    assert [text for text in merged["warnings"] if "'cns exec 80'" in text and "It stays as it is" in text]
    removed = agents(state="deleted", check=True)["commands"]
    assert sorted(removed) == ["no cns exec 80", "no cns exec ce 8080", "no cns password ******** two"]


@pytest.mark.parametrize("options", [dict(state="deleted"), dict(state="replaced", config=dict(event=dict(gateways=[])))])
def test_deleted_and_replaced_remove_what_is_not_known(device, agents, options):
    fake = device([OLD_EVENT, "cns trusted-server image h"])
    fake.ios.slots["odd"] = "cns event 7"
    sent = agents(**options, check=True)
    assert sent["commands"][:2] == ["no cns event 7", "no " + OLD_EVENT]
    assert len([text for text in sent["warnings"] if "It is removed" in text]) == 2
    assert OLD_EVENT in agents(**options, check=True, diff=True)["diff"]["before"]


def test_what_is_not_known_is_told_by_gathered_and_parsed_without_secrets(device, agents):
    lines = [OLD_EVENT, "cns image server http://u:%s@h/ vrf m" % SECRET]
    shown = [OLD_EVENT, "cns image server http://u:********@h/ vrf m"]
    device([], foreign=lines)
    for result in (agents(state="gathered"), agents(state="parsed", running_config="\n".join(lines))):
        assert result["unparsed"] == shown
        assert "init-retry 5" in result["warnings"][0] and SECRET not in str(result)


def test_a_second_run_leaves_what_is_not_known(device, agents):
    fake = device([OLD_EVENT])
    result = agents(config=dict(event=dict(gateways=[dict(host="10.1.1.1", port=11012)])))
    assert (result["changed"], result["commands"]) == (False, [])
    assert fake.ios.show() == [OLD_EVENT]
    assert "It stays as it is" in result["warnings"][0]


def test_a_line_that_would_act_on_the_command_line_is_not_sent_back(device, agents):
    fake = device(["cns event 10.1.1.1 what?"])
    result = agents(state="deleted")
    assert "characters that cannot be sent" in result["msg"]
    assert len(fake.sent) == 1
