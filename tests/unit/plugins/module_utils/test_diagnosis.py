# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the diagnosis: a table of what a device said before and after, and what a person is told."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import diagnosis
from ansible_collections.cns.image_agent.plugins.module_utils.preflight.checks import worst_first

T1, T2, T3 = ("2026-11-22T20:1%d:00+00:00" % minute for minute in (1, 2, 3))


def look(started=None, ended=None, word=None, version="15.5(3)M2", attempts=0, lost=0, cut=0, receive_errors=0):
    return {
        "supported": True,
        "version": {"version": version},
        "status": {
            "last_upgrade": {"started": started, "ended": ended, "status": word},
            "receive_errors": receive_errors,
        },
        "connections": {"attempts": attempts, "never_connected": lost, "abrupt_disconnects": cut},
    }


QUIET = look()


def verdict(before, now, lines=()):
    return diagnosis.sentences(worst_first(diagnosis.findings(before, now, lines)))


@pytest.mark.parametrize(
    "before, after, severity, first",
    [
        pytest.param(
            QUIET, look(version="15.7(3)M9"), "ok", "The device upgraded meanwhile, from 15.5(3)M2 to 15.7(3)M9", id="upgraded"
        ),
        pytest.param(
            QUIET, look(T2, T1, "FAILED"), "warn", "The agent is at work: an upgrade that started at " + T2, id="at work"
        ),
        pytest.param(look(T1, T2, "SUCCESS"), look(T1, T2, "SUCCESS"), "block", "The retrieve left no trace", id="no trace"),
        pytest.param(
            QUIET, look(T1, T2, "NO_NEW_IMAGE"), "warn", "The agent reached its server, which has no new image", id="nothing new"
        ),
        pytest.param(QUIET, look(T1, T2, "SUCCESS"), "ok", "The agent's last upgrade ended well (SUCCESS)", id="success"),
        pytest.param(QUIET, look(T1, T2, "FAILED(MD5)"), "block", "The agent's last upgrade failed: FAILED(MD5)", id="failed"),
        pytest.param(None, look(T1, T2, "FAILED(MD5)"), "warn", "The agent's last upgrade failed: FAILED(MD5)", id="once failed"),
    ],
)
def test_the_most_telling_sentence_comes_first(before, after, severity, first):
    found = worst_first(diagnosis.findings(before, after))
    assert found[0]["severity"] == severity
    assert verdict(before, after)[0].startswith(first)
    assert all(one["check"] in diagnosis.NAMES for one in found)
    assert all(one["why"] and one["fix"] for one in found if one["severity"] != "ok")


@pytest.mark.parametrize(
    "after, sentence",
    [
        pytest.param(look(T1, T2, "FAILED", attempts=6, lost=6), "6 of 6 connections never reached the server", id="lost"),
        pytest.param(look(T1, T2, "FAILED", attempts=2, cut=1), "1 of 2 connections ended abruptly", id="cut"),
        pytest.param(look(T1, T2, "FAILED", attempts=3), "connected to its server 3 times without trouble", id="fine"),
        pytest.param(look(T1, T2, "FAILED", receive_errors=1), "messages that it could not use", id="other protocol"),
    ],
)
def test_counters_are_put_into_words(after, sentence):
    assert any(sentence in said for said in verdict(QUIET, after))


def test_only_what_rose_meanwhile_counts():
    before, after = look(attempts=5, lost=5, receive_errors=3), look(T1, T2, "FAILED", attempts=6, lost=5, receive_errors=3)
    said = " ".join(verdict(before, after))
    assert "never reached" not in said and "could not use" not in said and "1 times without trouble" in said


def test_a_server_that_was_never_reached_is_named_without_a_retrieve():
    at_work = look(T2, T1, "FAILED", attempts=2, lost=2)
    said = verdict(None, at_work)
    assert said[0].startswith("2 of 2 connections never reached the server")
    assert said[1].startswith("The agent is at work")
    fine = look(T1, T2, "SUCCESS", attempts=50, lost=5)
    assert verdict(None, fine) == ["The agent's last upgrade ended well (SUCCESS)."]


@pytest.mark.parametrize(
    "attempts, lost, told", [(2, 1, True), (3, 2, True), (5, 2, False), (2, 0, False), (2, None, False), (None, None, False)]
)
def test_where_half_went_wrong_the_counters_of_all_time_are_told(attempts, lost, told):
    said = " ".join(verdict(None, look(T1, T2, "SUCCESS", attempts=attempts, lost=lost)))
    assert ("%s of %s connections never reached" % (lost, attempts) in said) is told
    assert told or ("connections" not in said and "connected" not in said)


def test_counters_that_were_cleared_meanwhile_tell_nothing():
    before, after = look(attempts=9, lost=1, cut=1, receive_errors=3), look(T1, T2, "SUCCESS", receive_errors=1)
    said = " ".join(verdict(before, after))
    assert said == "The agent's last upgrade ended well (SUCCESS)."


def test_what_is_told_of_a_device_that_is_away_or_refuses():
    gone = diagnosis.away("No route to host.")
    assert (gone["check"], gone["severity"]) == ("device_away", "warn")
    assert gone["what"] == "The device does not answer any more. No route to host." and "reloading" in gone["why"]
    kept = diagnosis.refused("warn", "It does not show the log.")
    assert (kept["check"], kept["severity"], kept["what"]) == ("rights", "warn", "It does not show the log.")
    assert "AAA" in kept["fix"]


def test_a_finding_with_a_refusal_in_it_is_told():
    found = [{"check": "other", "severity": "warn", "what": f"It refuses {what}.", "fix": ""} for what in ("x", "y")]
    assert diagnosis.sentences(found, ["refuses x"]) == ["It refuses x."]
    assert diagnosis.sentences(found) == [diagnosis.NOTHING]


def test_of_what_the_agent_printed_the_first_errors_are_told():
    lines = ["CNS Image Agent: polls", *("CNS Image Agent: %s %d" % (word, at) for at in range(2) for word in ("Error", "FAIL"))]
    found = [one["what"] for one in diagnosis.findings(QUIET, look(T1, T2, "SUCCESS"), lines) if one["check"] == "debugging"]
    assert found == ["The agent printed: CNS Image Agent: " + what for what in ("Error 0", "FAIL 0", "Error 1")]


def test_what_blocks_and_what_was_printed_is_quoted():
    preflight = [
        {"check": "agent_enabled", "severity": "block", "what": "No server is known.", "why": "x", "fix": "Configure one."},
        {"check": "server_trusted", "severity": "warn", "what": "Not trusted.", "why": "y", "fix": ""},
    ]
    lines = ["May 1: CNS Image Agent: distribution failed: MD5", "<error>x</error>"]
    said = diagnosis.sentences(diagnosis.findings(QUIET, look(T1, T2, "FAILED"), lines) + preflight)
    assert "No server is known. Configure one." in said
    assert any(one.startswith("The agent printed: May 1: CNS Image Agent: distribution failed: MD5") for one in said)
    assert not any("Not trusted" in one or "<error>" in one for one in said)


def test_without_a_retrieve_an_old_status_is_no_accusation():
    assert verdict(None, QUIET) == [
        "Nothing is wrong that the device could tell. See the log of the image server for what it answered."
    ]
