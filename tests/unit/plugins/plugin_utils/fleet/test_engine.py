# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import engine


def run(work, at_fault=None):
    return asyncio.run(engine.run(work, at_fault or (lambda host, fault: "%s: %s" % (host, fault))))


def test_all_at_once():
    async def everything():
        together, arrived = asyncio.Event(), []

        async def work():
            arrived.append(1)
            if len(arrived) == 3:
                together.set()
            await asyncio.wait_for(together.wait(), 5)
            return "met"

        return await engine.run({"r1": work, "r2": work, "r3": work}, None)

    assert asyncio.run(everything()) == {"r1": "met", "r2": "met", "r3": "met"}


def test_the_fault_of_one_does_not_concern_the_others():
    async def good():
        await asyncio.sleep(0.01)
        return "well"

    async def bad():
        raise KeyError("ours")

    assert run({"r1": bad, "r2": good}) == {"r1": "r1: 'ours'", "r2": "well"}


def test_a_device_that_hangs_costs_its_own_time_only():
    async def everything():
        ended = asyncio.Event()

        async def hangs():
            await asyncio.wait_for(ended.wait(), 5)  # for ever, as long as the other has not come to its end
            return "gave up"

        async def works():
            for _step in range(50):
                await asyncio.sleep(0)
            ended.set()
            return "done"

        return await engine.run({"r1": hangs, "r2": works}, None)

    assert asyncio.run(everything()) == {"r1": "gave up", "r2": "done"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_politely(number):
    closed = []

    async def work():
        try:
            os.kill(os.getpid(), number)
            await asyncio.sleep(60)
        finally:
            closed.append("closed")

    former = signal.getsignal(number)
    with pytest.raises(engine.Interrupted) as raised:
        run({"r1": work, "r2": work})
    assert raised.value.signal == number
    assert closed
    assert signal.getsignal(number) is former


def test_it_ends_with_its_playbook(monkeypatch):
    parents = [1, 1, 2]
    monkeypatch.setattr(engine, "_WATCH", 0.01)
    monkeypatch.setattr(engine.os, "getppid", lambda: parents.pop(0) if len(parents) > 1 else parents[0])

    async def work():
        await asyncio.sleep(60)

    with pytest.raises(engine.Interrupted) as raised:
        run({"r1": work})
    assert raised.value.signal is None
