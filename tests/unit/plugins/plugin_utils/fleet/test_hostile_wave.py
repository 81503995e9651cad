# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wave of virtual devices over SSH in which each has another thing wrong: each ends for itself, and none is triggered twice."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import resource
import shutil
import time
from typing import NamedTuple

import pytest

pytest.importorskip("asyncssh")

from ansible.plugins.loader import init_plugin_loader

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.preflight.checks import Wanted
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions.fleet import DeviceScene
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import engine
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Request
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.course import Course, Order
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.link import SshLink, ios_terminal
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.notes import Notes
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.teller import Teller
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.witness import Ear, Witness
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.session import load_files
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import private
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.journal import Journal
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.targets import Image
from ansible_collections.cns.image_agent.tests.unit.lab.live_fleet import LiveFleet

TARGET = outcome.Target("15.7(3)M9", None)
TIMEOUT, PATIENCE = 9, 5  # seconds for an upgrade that takes one, and for a login or an answer

init_plugin_loader()


class Kind(NamedTuple):
    """What is wrong with a device, how it is to end, how often it is triggered."""

    faults: str
    outcome: str
    reason: str
    triggers: int


ENDLESS = "printed more than 16 MB|did not come to the end of the answer"
GOOD = Kind("", "success", r"runs 15\.7\(3\)M9 .* after a reload", 1)
KINDS = (
    GOOD,
    Kind("no-free-line", "unknown", "no line is free", 0),
    Kind("drop=login", "unknown", "closed the connection during the login", 0),
    Kind("drop=banner", "unknown", "the session was lost before the login", 0),
    Kind("hang=login", "unknown", "no login to", 0),
    Kind("hang=banner", "unknown", "did not come to the end of the login", 0),
    Kind("hang=answer", "unknown", "did not come to the end of the answer to", 0),
    Kind("drip=0.2", "unknown", "did not come to the end of the login", 0),
    Kind("flood=show~version", "unknown", ENDLESS, 0),
    Kind("flood=1*show~cns~image~status", "unknown", ENDLESS, 0),
    Kind("flood=1*cns~image~retrieve", "success", r"runs 15\.7\(3\)M9 .* after a reload", 1),
    Kind("demote=show~cns", "failed", "The device refused to show its configuration. That takes privileged EXEC", 0),
    Kind("demote=1*cns~image~retrieve", "failed", "privilege level 1, which the session has", 1),
    Kind("rename=cns~image~retrieve", "success", GOOD.reason, 1),
    Kind("rename=show~version", "success", GOOD.reason, 1),
    Kind("look-alike", "success", GOOD.reason, 1),
    Kind("look-alike garbage stall=0.3:prompt", "success", GOOD.reason, 1),
    Kind("garbage", "success", GOOD.reason, 1),
    Kind("drop=retrieve", "success", GOOD.reason, 1),
    Kind("hang=poll", "unknown", "could not be asked again within", 1),
    GOOD,
)


def order():
    request = Request(target=TARGET, timeout=TIMEOUT, interval=1)
    return Order(image=Image(TARGET), request=request, wanted=Wanted(target=TARGET, accept=["saved"]), ping=False)


def upgrade(fleet, path, warnings):
    """Take all devices of a fleet through a wave; return the report of each."""
    notes, witness = Notes(Journal(path), warnings.append), Witness(None)
    hosts = {device.name: device for device in fleet.devices}
    teller = Teller(lambda text: None, len(hosts), time.monotonic)
    scenes = {host: DeviceScene(host, TARGET, notes, False, teller, Ear(witness, host)) for host in hosts}
    terminal, files = ios_terminal(), load_files()

    async def wave():
        gate = asyncio.Semaphore(10)

        def work(host):
            link = SshLink(fleet.login(hosts[host], connect_timeout=PATIENCE, command_timeout=PATIENCE), terminal, files, gate)
            return lambda: Course(order(), link, scenes[host]).run()

        return await engine.run({host: work(host) for host in hosts}, at_fault)

    return asyncio.run(wave())


def at_fault(host, fault):
    raise AssertionError("%s: %r" % (host, fault)) from fault


def test_each_device_of_a_hostile_wave_ends_for_itself(tmp_path):
    path = tmp_path / "rollout" / "journal.jsonl"
    with LiveFleet(tmp_path, *(kind.faults for kind in KINDS)) as fleet:
        begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        reports = upgrade(fleet, str(path), warnings := [])
        took = time.monotonic() - begun
        counted = fleet.triggers()
    told = []
    for kind, (host, report), triggers in zip(KINDS, reports.items(), counted):
        ended = report.ended.verdict
        right = ended.outcome == kind.outcome and re.search(kind.reason, ended.reason)
        if not right or triggers != kind.triggers or not ended.reason.isprintable() or "Traceback" in ended.reason:
            told.append("%s: triggered %d times, %s: %s; expected %s" % (host, triggers, ended.outcome, ended.reason, kind))
    assert told == [] and warnings == []
    assert took < 60
    ends = {entry["host"]: entry["outcome"] for entry in Journal(str(path)).entries() if entry["step"] == "ended"}
    assert ends == {host: report.ended.verdict.outcome for host, report in reports.items()}
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10 < 300  # MB


# -- a journal that cannot be written any more ------------------------------------------------------------------------


class Disk:
    """What happens to the journal once the first device is about to be triggered, and that is written down."""

    def __init__(self, path, monkeypatch):
        self.path = path
        self._patch = monkeypatch
        self._write, self._open = os.write, os.open
        self.happens = None
        write_down = Journal.write

        def written(journal, host, step, **data):
            write_down(journal, host, step, **data)
            if step == "triggering" and self.happens:
                happens, self.happens = self.happens, None
                happens()

        monkeypatch.setattr(Journal, "write", written)

    def is_full(self):
        """It takes ten bytes more."""
        left = [10]

        def write(handle, data):
            if not left[0]:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            part, left[0] = data[: left[0]], max(0, left[0] - len(data))
            return self._write(handle, part)

        self._patch.setattr(private.os, "write", write)

    def is_full_elsewhere(self):
        """A file server says so late."""

        def fsync(handle):
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

        self._patch.setattr(private.os, "fsync", fsync)

    def cannot_be_written(self):
        def opened(path, flags, *mode, **more):
            if str(path) == str(self.path) and flags & os.O_RDWR:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            return self._open(path, flags, *mode, **more)

        self._patch.setattr(private.os, "open", opened)

    def is_deleted(self):
        shutil.rmtree(self.path.parent)

    def is_cut(self):
        os.truncate(self.path, 7)


FULL = {
    "is_full": "cannot be used: No space left on device.",
    "is_full_elsewhere": "cannot be used: Disk quota exceeded.",
    "cannot_be_written": "cannot be used: Read-only file system.",
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "rollout" / "journal.jsonl"


@pytest.fixture
def disk(path, monkeypatch):
    return Disk(path, monkeypatch)


@pytest.mark.parametrize("trouble, said", FULL.items(), ids=FULL)
def test_what_cannot_be_written_down_first_is_not_triggered_and_what_is_in_progress_is_followed(
    tmp_path, path, disk, monkeypatch, trouble, said
):
    disk.happens = getattr(disk, trouble)
    with LiveFleet(tmp_path, "", "", "") as fleet:
        reports = upgrade(fleet, str(path), warnings := [])
        ends = sorted(report.ended.verdict.outcome for report in reports.values())
        assert ends == ["failed", "failed", "success"] and sum(fleet.triggers()) == 1
        for report in reports.values():
            if report.ended.verdict.outcome == "failed":
                assert said in report.ended.message and "Nothing was triggered" in report.ended.message
        assert len(warnings) == 1 and said in warnings[0] and "followed all the same" in warnings[0]
        monkeypatch.undo()
        before = path.read_bytes()
        assert before.endswith(b"\n") and len(Journal(str(path)).entries()) == before.count(b"\n")

        again = upgrade(fleet, str(path), warnings := [])
        assert fleet.triggers() == [1, 1, 1] and warnings == []
        assert {report.ended.verdict.outcome for report in again.values()} == {"success", "up_to_date"}


@pytest.mark.parametrize("trouble", ["is_deleted", "is_cut"])
def test_a_journal_that_is_lost_in_the_middle_is_told_and_the_wave_goes_on(tmp_path, path, disk, trouble):
    disk.happens = getattr(disk, trouble)
    with LiveFleet(tmp_path, "", "", "") as fleet:
        reports = upgrade(fleet, str(path), warnings := [])
        assert {report.ended.verdict.outcome for report in reports.values()} == {"success"}
        assert fleet.triggers() == [1, 1, 1]
        assert len(warnings) == 1 and "The journal was deleted or cut while it was in use" in warnings[0]
    ends = [entry["host"] for entry in Journal(str(path)).entries() if entry["step"] == "ended"]
    assert sorted(ends) == ["R1", "R2", "R3"]
