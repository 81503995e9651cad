# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible.errors import AnsibleActionFail
from ansible.module_utils.connection import ConnectionError as TransportError

from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import upgrade as upgrade_action
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal, JournalError
from ansible_collections.cns.image_agent.tests.unit.plugins.action.upgrade_bench import AWAY, observed
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import INVALID, answered_with_error

RETRIEVE = "cns image retrieve"
OLD, NEW = observed(), observed("15.7(3)M9", up=60)
WORKING = observed(started="2026-03-01T10:00:00")
FAILED = observed(started="2026-03-01T10:00:00", ended="2026-03-01T10:00:09", word="FAILED", failed=1)
NOTHING_NEW = observed(started="2026-03-01T10:00:00", ended="2026-03-01T10:00:09", word="NO_NEW_IMAGE")
TARGET = dict(target_version="15.7(3)M9")
ALWAYS = {"outcome", "reason", "before", "after", "elapsed", "polls", "reloads", "changed", "commands"}


def retrieve(bench, **options):
    return bench.run("cns_image_retrieve", **options)


@pytest.mark.parametrize(
    ("keep", "looks", "sessions"),
    [
        (True, [OLD, WORKING, AWAY, AWAY, AWAY, NEW], 5),  # one for the first three looks: the third finds it lost, and asks anew
        (False, [OLD, WORKING, AWAY, AWAY, NEW], 6),
    ],
)
def test_an_upgrade(bench, keep, looks, sessions):
    device = bench(OLD, *looks)
    result = retrieve(device, keep_session=keep, **TARGET)
    assert device.connection.sent == [RETRIEVE]
    assert set(result) >= ALWAYS
    assert (result["outcome"], result["changed"], result["commands"]) == ("success", True, [RETRIEVE])
    assert (result["before"], result["after"]) == (OLD, NEW)
    assert (result["polls"], result["reloads"], result["elapsed"]) == (5, 1, 44.0)
    assert "failed" not in result and "msg" not in result
    assert device.sessions == sessions


@pytest.mark.parametrize(
    "target",
    [
        dict(target_version="15.7(3)M9"),
        dict(target_image="flash:15.7(3)M9.bin"),
        dict(target_version="15.7(3)m9", target_image="15.7(3)M9.bin"),
    ],
)
@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("agent", [True, False])
def test_nothing_is_sent_to_a_device_on_the_target(bench, target, check, agent):
    device = bench(observed("15.7(3)M9", agent=agent))
    result = retrieve(device, check=check, **target)
    assert device.connection.sent == []
    assert (result["outcome"], result["changed"], result["commands"], result["polls"]) == ("up_to_date", False, [], 0)
    assert result["before"] == result["after"]
    assert "failed" not in result


def test_check_mode_sends_nothing(bench):
    device = bench(OLD)
    result = retrieve(device, check=True, server="http://u:s3cret@h/", **TARGET)
    assert device.connection.sent == []
    assert (result["outcome"], result["changed"]) == ("started", True)
    assert result["commands"] == ["cns image retrieve server http://u:********@h/"]
    assert "check mode" in result["reason"]
    assert device.clock.now == 1000


def test_without_waiting(bench):
    device = bench(OLD)
    result = retrieve(device, wait=False, **TARGET)
    assert device.connection.sent == [RETRIEVE]
    assert (result["outcome"], result["changed"], result["polls"], result["elapsed"]) == ("started", True, 0, 0.0)
    assert device.clock.now == 1000


def test_a_running_upgrade_is_only_followed(bench):
    device = bench(WORKING, WORKING, NEW)
    result = retrieve(device, **TARGET)
    assert device.connection.sent == []
    assert (result["outcome"], result["changed"], result["commands"]) == ("success", False, [])
    assert "an upgrade is running already" in device.warnings[0]


def test_a_running_upgrade_is_not_waited_for_in_check_mode(bench):
    device = bench(WORKING)
    result = retrieve(device, check=True)
    assert (result["outcome"], result["changed"]) == ("started", False)
    assert device.clock.now == 1000


@pytest.mark.parametrize(
    "no, mode, remedy",
    [
        ("% CNS image agent is not enabled\n", "auto", "Configure the image agent first"),
        (answered_with_error(RETRIEVE, "% Authorization failed"), "auto", "Give the user the right to this command"),
        (answered_with_error(RETRIEVE, INVALID), "exec", "Try mode: config"),
        ("% Error: busy\n", "exec", "See 'show cns image status' and the log of the device"),
    ],
)
def test_a_refused_trigger(bench, no, mode, remedy):
    device = bench(OLD)
    device.connection.answers[RETRIEVE] = no
    result = retrieve(device, mode=mode)
    assert ". Nothing was started. " + remedy in result["msg"]
    assert "status URL" not in result["msg"]
    assert device.commands == [RETRIEVE]
    assert (result["failed"], result["outcome"], result["changed"], result["commands"]) == (True, "failed", False, [])
    assert "The device refused 'cns image retrieve'" in result["msg"] and "R1" in result["msg"]
    assert result["device_said"]
    assert set(result) >= ALWAYS
    assert device.clock.now == 1000


def test_a_release_that_knows_it_in_configuration_mode(bench):
    device = bench(OLD, NEW)

    def answer():
        if not device.connection.configuring:
            raise answered_with_error(RETRIEVE, INVALID)
        return ""

    device.connection.answers[RETRIEVE] = answer
    assert retrieve(device)["outcome"] == "success"
    assert device.connection.sent == [RETRIEVE, "configure terminal", RETRIEVE, "end"]


def test_mode_exec_alone(bench):
    device = bench(OLD)
    device.connection.answers[RETRIEVE] = answered_with_error(RETRIEVE, INVALID)
    result = retrieve(device, mode="exec")
    assert result["outcome"] == "failed"
    assert device.commands == [RETRIEVE]


def test_a_lost_trigger_is_never_sent_again(bench):
    device = bench(OLD, OLD, WORKING, NEW)
    device.connection.answers[RETRIEVE] = TransportError("timed out", code=1)
    result = retrieve(device)
    assert device.connection.sent == [RETRIEVE]
    assert (result["outcome"], result["changed"], result["commands"]) == ("success", True, [RETRIEVE])
    assert "Waiting for what the device will say" in device.warnings[0]


def test_a_release_without_the_agent(bench):
    device = bench(observed(agent=False))
    result = retrieve(device, **TARGET)
    assert device.connection.sent == []
    assert result["failed"] is True and result["outcome"] == "failed" and result["changed"] is False
    assert "15.4(3)M" in result["msg"] and "has no CNS image agent" in result["msg"]


def test_a_device_that_does_not_answer_at_first(bench):
    device = bench(AWAY)
    result = retrieve(device)
    assert device.connection.sent == []
    assert result["failed"] is True and result["outcome"] == "unknown" and result["changed"] is False
    assert result["msg"] == result["reason"] == AWAY.message
    assert (result["before"], result["after"]) == (None, None)
    assert device.clock.now == 1000


def test_a_device_that_refuses_show_version(bench):
    result = retrieve(bench(Refused("The device refused 'show version'.", device_said="%")))
    assert (result["failed"], result["outcome"]) == (True, "unknown")
    assert "show version" in result["msg"]


@pytest.mark.parametrize(
    "looks, outcome, failed, said",
    [
        ([OLD, NOTHING_NEW], "no_new_image", True, "A target was named, and the device does not run it"),
        ([OLD, FAILED], "failed", True, "Upgrade of R1 failed: the agent ended the upgrade with FAILED. See the status messages"),
        ([OLD, observed(up=0)], "failed", True, "did not boot"),
        ([OLD, observed("15.5(1)T", up=0)], "failed", True, "which is not what was wanted"),
        (
            [OLD, WORKING],
            "timeout",
            True,
            "did not end in time: the agent was still at work after 600 s. The upgrade may still go on",
        ),
        (
            [OLD, WORKING, AWAY],
            "unknown",
            True,
            "has an unknown outcome: the device could not be asked again within 600 s, so what it did is unknown: "
            "No answer to 'show version': it is booting. Check the device",
        ),
    ],
)
def test_outcomes(bench, looks, outcome, failed, said):
    device = bench(*[dict(look, asked_at=100.0 * at) if isinstance(look, dict) else look for at, look in enumerate(looks)])
    result = retrieve(device, timeout=600, **TARGET)
    assert (result["outcome"], result.get("failed")) == (outcome, failed)
    assert set(result) >= ALWAYS
    assert said is None or said in result["msg"]
    assert device.connection.sent == [RETRIEVE]


def test_nothing_new_is_a_normal_answer_if_no_target_was_named(bench):
    result = retrieve(bench(OLD, NOTHING_NEW))
    assert (result["outcome"], result.get("failed")) == ("no_new_image", None)


def test_the_word_of_the_agent_is_enough_without_a_reload(bench):
    done = observed(started="2026-03-01T10:00:00", ended="2026-03-01T10:00:09", word="SUCCESS")
    assert retrieve(bench(OLD, done), expect_reload=False)["outcome"] == "success"
    assert retrieve(bench(OLD, done), timeout=30)["outcome"] == "timeout"


# -- URLs


BOTH = "cns image retrieve server http://u:s3cret@h/ status http://s/"


def test_urls_that_overwrite_the_configured_ones_are_shown_as_a_diff(bench):
    device = bench(OLD, NEW, lines=["cns image server http://old/", "cns exec"])

    def answer():
        device.connection.ios.take("cns image server http://u:s3cret@h/ status http://s/")
        return ""

    device.connection.answers[BOTH] = answer
    result = retrieve(device, server="http://u:s3cret@h/", status="http://s/")
    assert result["diff"] == {
        "before": "cns image server http://old/\n",
        "after": "cns image server http://u:********@h/ status http://s/\n",
    }
    assert result["commands"] == ["cns image retrieve server http://u:********@h/ status http://s/"]
    assert "s3cret" not in str(result)


def test_urls_that_leave_the_configuration_alone_have_no_diff(bench):
    device = bench(OLD, NEW)
    device.connection.answers[BOTH] = ""
    assert "diff" not in retrieve(device, server="http://u:s3cret@h/", status="http://s/")


def test_without_urls_the_configuration_is_not_read(bench):
    device = bench(OLD, NEW)
    assert "diff" not in retrieve(device)
    assert device.connection.sent == [RETRIEVE]


@pytest.mark.parametrize(
    "options, said",
    [
        (dict(status="http://s/"), "status is given without server"),
        (dict(server="http://h/\nreload"), "server cannot be sent"),
        (dict(server="http://h/ x"), "server cannot be sent"),
    ],
)
def test_urls_that_cannot_be_used(bench, options, said):
    device = bench(OLD)
    result = retrieve(device, **options)
    assert result["failed"] is True and said in result["msg"]
    assert device.connection.sent == [] and device.sessions == 0


# -- options


@pytest.mark.parametrize(
    "options, said",
    [
        (dict(timeout=0), "timeout is 0"),
        (dict(interval=0), "interval is 0"),
        (dict(mode="sometimes"), "mode"),
        (dict(nonsense=1), "nonsense"),
        (dict(connection="ssh"), "network_cli"),
    ],
)
def test_options_that_make_no_sense(bench, options, said):
    device = bench(OLD)
    result = retrieve(device, **options)
    assert result["failed"] is True and said in result["msg"] and "Nothing was sent." in result["msg"]
    assert device.connection.sent == [] and device.sessions == 0


@pytest.mark.parametrize("connection", ["ansible.netcommon.network_cli", "network_cli"])
def test_any_network_cli_will_do(bench, connection):
    assert retrieve(bench(OLD, NEW), connection=connection)["outcome"] == "success"


# -- an interrupted run


def test_an_interrupted_run_goes_on(bench, tmp_path):
    journal = str(tmp_path / "rollout.jsonl")

    class Interrupted(Exception):
        pass

    with pytest.raises(Interrupted):
        retrieve(bench(OLD, WORKING, Interrupted()), journal=journal, **TARGET)
    device = bench(WORKING, AWAY, NEW)
    result = retrieve(device, journal=journal, **TARGET)
    assert device.connection.sent == []
    assert (result["outcome"], result["before"], result["changed"]) == ("success", OLD, False)
    device = bench(OLD, NEW)
    assert retrieve(device, journal=journal, **TARGET)["commands"] == [RETRIEVE]  # that one had ended


def test_an_interrupted_run_goes_on_with_a_device_that_is_away(bench, tmp_path):
    journal = str(tmp_path / "rollout.jsonl")
    assert retrieve(bench(OLD, WORKING, AWAY), timeout=30, journal=journal, **TARGET)["outcome"] == "unknown"
    device = bench(AWAY, NEW)
    result = retrieve(device, journal=journal, **TARGET)
    assert device.connection.sent == []
    assert (result["outcome"], result["before"]) == ("success", OLD)


def test_a_device_whose_interrupted_attempt_failed_meanwhile_is_taken_again(bench, tmp_path):
    journal = tmp_path / "rollout.jsonl"
    assert retrieve(bench(OLD, WORKING), timeout=30, journal=str(journal), **TARGET)["outcome"] == "timeout"
    device = bench(FAILED, FAILED, FAILED, NEW)
    device.retry = 0
    result = retrieve(device, journal=str(journal), interval=1, **TARGET)
    assert device.connection.sent == [RETRIEVE]
    assert (result["outcome"], result["before"]) == ("success", FAILED)
    ends = [entry["outcome"] for entry in map(json.loads, journal.read_text().splitlines()) if entry["step"] == "ended"]
    assert ends == ["timeout", "failed", "success"]


def test_an_interrupted_attempt_that_the_agent_itself_tries_again_is_not_triggered_twice(bench, tmp_path):
    journal = str(tmp_path / "rollout.jsonl")
    assert retrieve(bench(OLD, WORKING), timeout=30, journal=journal, **TARGET)["outcome"] == "timeout"
    again = observed(started="2026-03-01T10:01:09", ended="2026-03-01T10:00:09", word="FAILED", failed=1)
    device = bench(FAILED, FAILED, again, NEW)
    result = retrieve(device, journal=journal, **TARGET)
    assert device.connection.sent == []
    assert (result["outcome"], result["before"]) == ("success", OLD)


@pytest.mark.parametrize(
    ("no", "then"),
    [
        ("% CNS Image Agent: an upgrade is already in progress\n", [WORKING, WORKING, NEW]),
        ("Command authorization failed.\n", [WORKING, NEW]),
        ("% Error: busy\n", [AWAY, NEW]),
    ],
)
def test_a_refusal_that_the_device_belies_is_followed(bench, no, then):
    device = bench(OLD, *then)
    device.connection.answers[RETRIEVE] = no
    result = retrieve(device, **TARGET)
    assert (result["outcome"], result["changed"]) == ("success", True)
    assert device.connection.sent == [RETRIEVE]
    assert any(" ".join(no.split()).strip(" .") in warning for warning in device.warnings)


def test_a_first_failure_is_not_the_end_and_its_cause_is_told(bench):
    def lost(look, count):
        return dict(look, connections={"never_connected": count, "abrupt_disconnects": 0})

    again = observed(started="2026-03-01T10:01:09", ended="2026-03-01T10:00:09", word="FAILED", failed=1)
    device = bench(lost(OLD, 0), lost(FAILED, 1), lost(FAILED, 1), lost(again, 1), NEW)
    result = retrieve(device, **TARGET)
    assert result["outcome"] == "success"
    cause = "1 connection attempts never reached the image server"
    assert device.warnings == ["R1: the attempt failed, and the agent may try again within 60 s: " + cause, "R1: " + cause]


def test_a_device_that_is_delegated_to_has_its_own_name(bench):
    result = retrieve(bench(OLD, observed(up=0)), delegate_to="R7", **TARGET)
    assert "Upgrade of R7 failed" in result["msg"]


def test_nobody_waits_for_a_playbook_that_was_killed(bench, monkeypatch):
    device = bench(OLD, WORKING, WORKING, NEW)
    parents = [4711, 4711, 1]
    monkeypatch.setattr(upgrade_action.os, "getppid", lambda: parents.pop(0))
    with pytest.raises(AnsibleActionFail, match="The playbook has ended"):
        retrieve(device, **TARGET)
    assert len(device.looks) == 2  # it looked once after the trigger, and then found itself alone
    assert device.connection.sent == [RETRIEVE]
    assert not device.open_sessions


@pytest.fixture
def full_from(monkeypatch):
    """The disk of the journal is full from a step on: full_from("triggered")."""

    def full(first):
        written, is_full = Journal.write, []

        def write(journal, host, step, **data):
            is_full.extend([True] if step == first else [])
            if is_full:
                raise JournalError("The journal x cannot be used: No space left on device.")
            written(journal, host, step, **data)

        monkeypatch.setattr(Journal, "write", write)

    return full


def test_a_trigger_that_cannot_be_written_down_is_not_sent(bench, tmp_path, full_from):
    full_from("triggering")
    device = bench(OLD)
    result = retrieve(device, journal=str(tmp_path / "rollout.jsonl"), **TARGET)
    assert device.commands == [] and (result["outcome"], result["changed"], result["failed"]) == ("failed", False, True)
    assert result["msg"].startswith("The journal x cannot be used: No space left on device. Nothing was triggered")


@pytest.mark.parametrize("step", ["triggered", "phase", "ended"])
def test_what_was_triggered_is_followed_although_it_cannot_be_written_down(bench, tmp_path, full_from, step):
    full_from(step)
    device = bench(OLD, WORKING, AWAY, NEW)
    result = retrieve(device, journal=str(tmp_path / "rollout.jsonl"), **TARGET)
    assert device.commands == [RETRIEVE] and result["outcome"] == "success"
    (warning,) = device.warnings
    assert "No space left on device. What is in progress is followed all the same" in warning
