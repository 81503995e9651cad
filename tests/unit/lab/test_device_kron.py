# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command Scheduler: what runs when, and its traps."""

from __future__ import annotations

import asyncio

import pytest

from ansible_collections.cns.image_agent.tests.unit.lab.device_session import with_session

POLICY = ("kron policy-list p", "cli clear cns image status", "cli cns image retrieve server http://10.0.0.1/x")


def runs_of(device):
    calls = []
    device.image_agent.retrieve = lambda server, status, trigger: calls.append((server, trigger)) or ""
    return calls


def scheduled(*lines, wait=0.03, then=None):
    """Configure and wait: the retrieves that ran, and the kron lines left."""

    async def scenario(session):
        calls = runs_of(session.device)
        errors = await session.configure(*lines)
        if then:
            await session.send(*then)
        await asyncio.sleep(wait)
        return calls, await session.send("show running-config | section kron"), errors

    return with_session(scenario)


def test_a_one_shot_runs_and_disappears():
    calls, left, errors = scheduled(*POLICY, "kron occurrence o in 1 oneshot", "policy-list p", wait=0.1)
    assert errors == ""
    assert calls == [("http://10.0.0.1/x", "KRON")]
    assert left.splitlines() == ["kron policy-list p", *(f" {line}" for line in POLICY[1:])]


def test_a_recurring_one_comes_again():
    calls, left, _errors = scheduled(*POLICY, "kron occurrence o user admin in 1 recurring", "policy-list p", wait=0.15)
    assert len(calls) >= 3
    assert "kron occurrence o user admin in 1 recurring\n policy-list p\n" in left


def test_a_time_of_day_follows_the_clock_of_the_device():
    at = ("kron occurrence o at 6:30 Jun 20 oneshot", "policy-list p")
    calls, _left, _errors = scheduled(*POLICY, *at, then=["clock set 6:29:59 20 June 2026"], wait=1.1)
    assert len(calls) == 1


def test_another_line_does_not_start_the_waiting_anew():
    async def scenario(session):
        await session.configure(*POLICY, "kron occurrence o in 1 oneshot", "policy-list p")
        due = session.device.kron._due["o"]
        await session.configure("kron occurrence other in 5 oneshot", "policy-list p")
        return due, session.device.kron._due["o"]

    due, still = with_session(scenario, kron_minute=60)
    assert due == still


def test_without_a_clock_it_warns_and_waits():
    async def scenario(session):
        session.device.set_fault("clock-unset", True)
        warning = await session.configure("kron occurrence o at 6:30 recurring")
        return warning, await session.send("show kron schedule")

    warning, schedule = with_session(scenario)
    assert "clock is not set" in warning
    assert "o inactive, waits for the clock" in schedule


def test_a_syntax_error_deletes_the_whole_list():
    lines = ("kron policy-list p", "cli show nothing", "cli cns image retrieve")
    calls, left, _errors = scheduled(*lines, "kron occurrence o in 1 oneshot", "policy-list p", wait=0.1)
    assert (calls, left) == ([], "")


@pytest.mark.parametrize(("conditional", "runs"), [(" conditional", 0), ("", 1)])
def test_conditional_lists_stop_at_an_error(conditional, runs):
    lines = (f"kron policy-list p{conditional}", "cli verify /md5 flash:none", "cli cns image retrieve server http://10.0.0.1/x")
    calls, _left, _errors = scheduled(*lines, "kron occurrence o in 1 oneshot", "policy-list p", wait=0.1)
    assert len(calls) == runs


def test_nobody_answers_questions():
    async def scenario(session):
        await session.configure("kron policy-list p", "cli reload", "kron occurrence o in 1 oneshot", "policy-list p")
        await asyncio.sleep(0.1)
        return session.device.state, session.device.reloads

    assert with_session(scenario) == ("up", 0)


def test_31_policy_lists_at_most():
    async def scenario(session):
        lines = [f"policy-list p{number}" for number in range(32)]
        return await session.configure("kron occurrence o in 5 recurring", *lines), session.device.kron.scheduled_policies()

    errors, scheduled_lists = with_session(scenario)
    assert "31 policy lists" in errors
    assert scheduled_lists == 31


def test_system_startup_runs_after_a_boot_only():
    async def scenario(session):
        device = session.device
        calls = runs_of(device)
        await session.configure(*POLICY, "kron occurrence o system-startup", "policy-list p")
        device.save()
        await asyncio.sleep(0.02)
        before = len(calls)
        await device.reload("Reload Command")
        await asyncio.sleep(0.1)
        return before, len(calls)

    assert with_session(scenario) == (0, 1)
