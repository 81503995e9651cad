# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import refusal

DENIALS = [
    "Command authorization failed.",
    "Command authorization failed: show version",
    "Per-command authorization failed",
    "% Authorization failed.",
    "Authorization denied",
    "% Not authorized",
    "Access denied",
    "Error: You are not authorized",
    "You do not have permission to execute this command",
    "Insufficient permissions",
    "No authorization for this command",
    "AAA: show version denied <bob>",
    "Unable to get configuration. Try again later",
    "Configuration mode is locked by process '3' user 'bob' from terminal '2'. Please try later.",
]
ANSWERS = [
    "",
    "HTTP client status: Enabled",
    "BOOT variable does not exist",
    "Last upgrade ended at 11:45:11.000 UTC Mon May 6 2003 status FAILED",
    "Enter configuration commands, one per line.  End with CNTL/Z.",
    "Configuration mode locked exclusively. The lock will be cleared once you exit out of configuration mode using end/exit",
    "no ip domain lookup",
]
LOGS = [
    "*Nov 25 17:00:00.123: %SEC-6-IPACCESSLOGP: list 101 denied tcp 192.0.2.1(1) -> 192.0.2.2(2), 1 packet",
    "%AAA-3-BADSERVER: Authorization failed for user bob",
    "Nov 25 2026 17:00:00 CET: %TAC-3-X: session has expired, log in again",
]


@pytest.mark.parametrize("said", DENIALS)
def test_denials(said):
    assert refusal.lines("Building configuration...\n%s\n" % said) == [said]
    assert refusal.denial("\n\n%s\nmore" % said) == said
    assert refusal.brief("first\n" + said) == said.strip(" .")


def test_what_is_said_at_length_is_cut():
    assert refusal.brief("% " + "x" * 298) == "% " + "x" * 298
    assert refusal.brief("%" + "x" * 300) == "%" + "x" * 299 + "..."
    assert refusal.brief(" \n ") == "it printed nothing"


@pytest.mark.parametrize("said", ["Session has expired.", "% Your session timed out", "Please log in again", "re-login"])
def test_a_session_that_is_over(said):
    assert refusal.session_over(said)


@pytest.mark.parametrize("said", ["% Invalid input", "Error 5", "connection timed out", "R1#\nImage not found"])
def test_any_word_of_trouble(said):
    assert refusal.in_trouble(said)


@pytest.mark.parametrize("said", ANSWERS)
def test_answers(said):
    assert refusal.lines(said) == []
    assert refusal.denial(said) is None
    assert not refusal.session_over(said)


@pytest.mark.parametrize("said", LOGS)
@pytest.mark.parametrize("before", ["", "Retrieving ima"])
def test_the_log_refuses_nothing(said, before):
    assert refusal.lines(before + said) == []
    assert not refusal.in_trouble(before + said)
    assert before or (not refusal.session_over(said) and not refusal.denial(said))


@pytest.mark.parametrize(
    "said",
    [
        "startup-config file open failed (Device or resource busy)",
        "NVRAM configuration is being accessed by another session",
        "Configuration is in use by process 3",
        "Unable to read configuration. Try again later",
    ],
)
def test_busy(said):
    assert refusal.busy(said)
    assert not refusal.busy("%Error opening nvram:/startup-config (No such device)")
