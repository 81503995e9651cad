# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import json
import os
import time

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import witness
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.witness import Ear, Witness


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(witness, "LOOK", 0.02)
    monkeypatch.setattr(witness, "PACE", 0.05)


def line(device="R1", at=1000.0, state="failed"):
    return json.dumps(dict(at=at, device=device, state=state)) + "\n"


def posted(ear, since=0):
    return [message["at"] for message in ear.posted(since)]


def test_what_is_written_is_heard(tmp_path):
    path = tmp_path / "heard.jsonl"
    ear = Ear(Witness(str(path)), "core-1", None, "R1")
    assert posted(ear) == []
    path.write_text(line(at=1.0) + line("R2", at=2.0) + "no JSON\n" + line("CORE-1", at=3.0) + line(at=4.0)[:-9])
    assert posted(ear) == [1.0, 3.0]
    with path.open("a") as file:
        file.write(line(at=4.0)[-9:] + line(at=5.0))
    assert posted(ear) == [1.0, 3.0, 4.0, 5.0] and posted(ear, since=4) == [4.0, 5.0]


def test_a_journal_that_was_put_aside_goes_on_in_a_new_file(tmp_path):
    path = tmp_path / "heard.jsonl"
    path.write_text(line(at=1.0) * 5)
    ear = Ear(Witness(str(path)), "R1")
    os.replace(path, tmp_path / "heard.jsonl.1")
    path.write_text(line(at=2.0) * 20)
    assert posted(ear)[-1] == 2.0
    path.write_text(line(at=3.0))
    assert posted(ear)[-1] == 3.0


def test_of_a_large_journal_the_end_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(witness, "_MOST", 1000)
    path = tmp_path / "heard.jsonl"
    path.write_text("".join(line("R%d" % number, at=float(number)) for number in range(1000)))
    known = Witness(str(path))
    assert posted(Ear(known, "R999")) == [999.0] and posted(Ear(known, "R1")) == []


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_file_has_nothing(tmp_path, make):
    make(tmp_path / "heard.jsonl")
    assert posted(Ear(Witness(str(tmp_path / "heard.jsonl")), "R1")) == []


def test_without_a_journal_nothing_is_heard():
    ear = Ear(Witness(None), "R1")
    assert ear.posted(0) is None and not ear.listens
    asyncio.run(ear.pause(0))


def pauses(tmp_path, work, seconds=5.0):
    """Seconds that the pause of R1 takes while ``work(file)`` is awaited."""

    async def everything():
        ear = Ear(Witness(str(tmp_path / "heard.jsonl")), "R1")
        with (tmp_path / "heard.jsonl").open("a") as file:
            begun = time.monotonic()
            await asyncio.gather(ear.pause(seconds), work(file))
            return time.monotonic() - begun

    return asyncio.run(everything())


def test_a_message_ends_the_pause_of_its_device(tmp_path):
    async def post(file):
        await asyncio.sleep(0.2)
        file.write(line())
        file.flush()

    assert 0.2 <= pauses(tmp_path, post) < 2


def test_a_message_of_another_device_or_none_does_not(tmp_path):
    async def post(file):
        file.write(line("R2") + "garbage\n")
        file.flush()

    assert pauses(tmp_path, post, 0.3) >= 0.3


def test_a_device_that_posts_all_the_time_is_not_polled_all_the_time(tmp_path):
    async def everything():
        path = tmp_path / "heard.jsonl"
        ear = Ear(Witness(str(path)), "R1")
        polls, begun = 0, time.monotonic()
        while time.monotonic() - begun < 0.5:
            with path.open("a") as file:
                file.write(line() * 10)
            await ear.pause(5.0)
            polls += 1
        return polls

    assert 1 <= asyncio.run(everything()) <= 11


def test_what_was_posted_during_a_poll_ends_the_next_pause(tmp_path):
    async def everything():
        path = tmp_path / "heard.jsonl"
        ear = Ear(Witness(str(path)), "R1")
        await ear.pause(0.1)
        path.write_text(line())
        await asyncio.sleep(0.1)  # the poll
        begun = time.monotonic()
        await ear.pause(5.0)
        return time.monotonic() - begun

    assert asyncio.run(everything()) < 2


def test_a_pause_in_parts_is_as_long_as_asked():
    for seconds in (0.01, 0.05, 0.3, 15.0):
        assert sum(witness.parts(seconds)) == pytest.approx(seconds)
