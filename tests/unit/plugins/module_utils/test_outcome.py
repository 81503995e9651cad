# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import outcome

OLD, NEW = "flash:c2900-universalk9-mz.SPA.154-3.M.bin", "flash:c2900-universalk9-mz.SPA.157-3.M9.bin"
NONE = outcome.Target(None, None)
WANTED = outcome.Target("15.7(3)M9", None)
DAY = 86400


def at(clock):
    return "2026-03-01T%s+00:00" % clock


def agent(started="never", ended="never", word=None, failed=0, successful=0, received=0):
    """The status of an image agent."""
    return {
        "last_upgrade": {"started": started, "ended": ended, "status": word},
        "failed": failed,
        "successful": successful,
        "messages_received": received,
    }


def links(never_connected=0, abrupt=0):
    """Its connections."""
    return {"attempts": 5, "never_connected": never_connected, "abrupt_disconnects": abrupt}


BEFORE = {
    "version": "15.4(3)M",
    "xe_version": None,
    "image_file": OLD,
    "uptime_seconds": 7 * DAY,
    "restarted_at": "2026-02-22T10:00:00+00:00",
    "status": agent(at("08:00:00"), at("08:00:09"), "FAILED", failed=2, successful=6, received=12),
    "connections": links(3, 1),
    "asked_at": 1000.0,
}


def but(observed, after=0, **changes):
    """The observation some seconds later, when it has changed so."""
    later = copy.deepcopy(observed)
    later["asked_at"] += after
    if later["uptime_seconds"] is not None:
        later["uptime_seconds"] += after // 60 * 60
    later.update(changes)
    return later


def booted(observed, after, up=60, **changes):
    """The observation after a reload, whose statistics begin anew."""
    fresh = dict(uptime_seconds=up, restarted_at=at("10:05:00"), status=agent(), connections=links())
    return but(observed, after, **dict(fresh, **changes))


PACKAGES = dict(BEFORE, version="17.3.5", xe_version="17.03.05", image_file="flash:packages.conf")
# The name of a list of packages tells from which image it was expanded at first, not what runs now.
EXPANDED = dict(BEFORE, version="03.06.06E", image_file="flash:cat3k_caa-universalk9.SPA.03.03.03.SE.150-1.EZ3.conf")
CLOCKLESS = dict(BEFORE, restarted_at=None)
YOUNG = dict(CLOCKLESS, uptime_seconds=0, status=agent(received=3))
STARTED = at("10:00:00")
WORKING = but(BEFORE, 30, status=agent(STARTED, at("08:00:09"), "FAILED", 2, 6, 13))


def ended(word, failed=2, successful=6, **changes):
    return but(BEFORE, 90, status=agent(STARTED, at("10:01:00"), word, failed, successful, 14), **changes)


VERDICTS = {
    # -- nothing has happened
    "nothing yet": (BEFORE, but(BEFORE, 15), WANTED, None),
    "minutes of uptime lag behind": (CLOCKLESS, dict(but(CLOCKLESS, 59), uptime_seconds=7 * DAY), WANTED, None),
    "the old end is not a new one": (BEFORE, but(BEFORE, 600), NONE, None),
    "started and not ended": (BEFORE, WORKING, WANTED, None),
    "first upgrade ever, started": (
        dict(BEFORE, status=agent()),
        but(dict(BEFORE, status=agent()), 30, status=agent(STARTED)),
        WANTED,
        None,
    ),
    "at work, but times are no times": (
        dict(BEFORE, status=agent("a", "b", "FAILED")),
        but(dict(BEFORE, status=agent("a", "b", "FAILED")), 30, status=agent("c", "b", "FAILED")),
        WANTED,
        None,
    ),
    "zero times mean never": (BEFORE, but(BEFORE, 30, status=agent("00:00:00", "00:00:00.000 UTC", None)), WANTED, None),
    "statistics cleared": (BEFORE, but(BEFORE, 30, status=agent()), WANTED, None),
    "statistics cleared, no clock": (CLOCKLESS, but(CLOCKLESS, 30, status=agent()), WANTED, None),
    "status is gone": (CLOCKLESS, but(CLOCKLESS, 30, status=None), WANTED, None),
    "the clock was set": (BEFORE, but(BEFORE, 30, restarted_at="2026-02-22T11:00:07+00:00"), WANTED, None),
    "summer time": (
        dict(BEFORE, restarted_at="2026-02-22T10:00:00"),
        but(BEFORE, 3600, restarted_at="2026-02-22T11:00:00"),
        NONE,
        None,
    ),
    "restart time is off by a second": (
        dict(YOUNG, restarted_at=at("10:00:00")),
        but(YOUNG, 30, restarted_at=at("10:00:01")),
        WANTED,
        None,
    ),
    "counters rise": (YOUNG, but(YOUNG, 30, status=agent(received=4)), WANTED, None),
    "minutes of uptime lag behind, young": (YOUNG, dict(but(YOUNG, 59), uptime_seconds=0), WANTED, None),
    "the clock became known": (CLOCKLESS, but(CLOCKLESS, 30, restarted_at=at("10:00:00")), WANTED, None),
    "does not say what it runs": (BEFORE, booted(BEFORE, 120, version=None, image_file=None), NONE, None),
    "failed, and trying again": (
        BEFORE,
        but(BEFORE, 90, status=agent(at("10:02:00"), at("10:01:00"), "FAILED", 3, 6, 14)),
        WANTED,
        None,
    ),
    # -- it runs the target
    "new release after a reload": (
        BEFORE,
        booted(BEFORE, 120, version="15.7(3)M9", image_file=NEW),
        WANTED,
        ("success", "runs 15.7(3)M9 (%s) after a reload" % NEW),
    ),
    "new release, statistics survive": (
        BEFORE,
        booted(BEFORE, 120, version="15.7(3)M9", image_file=NEW, status=BEFORE["status"]),
        WANTED,
        ("success", "after a reload"),
    ),
    "target without a reload": (
        dict(BEFORE, version="15.7(3)M9", image_file=NEW),
        but(dict(BEFORE, version="15.7(3)M9", image_file=NEW), 15),
        WANTED,
        ("success", "without a reload"),
    ),
    "target image": (
        BEFORE,
        booted(BEFORE, 120, image_file="flash0:/x/new.BIN"),
        outcome.Target(None, "new.bin"),
        ("success", ""),
    ),
    "release as IOS XE spells it": (
        BEFORE,
        booted(BEFORE, 300, version="17.3.4", xe_version="17.03.04", image_file="bootflash:packages.conf"),
        outcome.Target("17.3.4", None),
        ("success", "17.3.4"),
    ),
    "no target, another image": (
        BEFORE,
        booted(BEFORE, 120, version="15.7(3)M9", image_file=NEW),
        NONE,
        ("success", "after a reload; before it ran 15.4(3)M"),
    ),
    "no target, other release in the same file": (
        BEFORE,
        booted(BEFORE, 120, version="15.7(3)M9"),
        NONE,
        ("success", "15.7(3)M9"),
    ),
    # -- it came back on something else
    "old image again": (
        BEFORE,
        booted(BEFORE, 120),
        WANTED,
        ("failed", "old image 15.4(3)M (%s): the new one did not boot (wanted 15.7(3)M9)" % OLD),
    ),
    "old image again, no target": (BEFORE, booted(BEFORE, 120), NONE, ("failed", "the new one did not boot")),
    "old image again, target image": (BEFORE, booted(BEFORE, 120), outcome.Target(None, NEW), ("failed", "wanted c2900")),
    "right release, wrong image": (
        BEFORE,
        booted(BEFORE, 120, version="15.7(3)M9", image_file="flash:other.bin"),
        outcome.Target("15.7(3)M9", NEW),
        ("failed", "not what was wanted (15.7(3)M9): the image is other.bin, not c2900-universalk9-mz.spa.157-3.m9.bin"),
    ),
    "another release than wanted": (
        BEFORE,
        booted(BEFORE, 120, version="15.5(1)T", image_file="flash:x.bin"),
        WANTED,
        ("failed", "came back on 15.5(1)T (flash:x.bin), which is not what was wanted (15.7(3)M9)"),
    ),
    "other release than wanted in the same file": (
        BEFORE,
        booted(BEFORE, 120, version="15.5(1)T"),
        WANTED,
        ("failed", "which is not what was wanted"),
    ),
    "install mode, the version decides": (
        PACKAGES,
        booted(PACKAGES, 120, version="17.9.4", xe_version="17.09.04"),
        outcome.Target("17.9.4", "cat9k_iosxe.17.09.04.SPA.bin"),
        ("success", "after a reload"),
    ),
    "install mode, the name of the image has a version": (
        PACKAGES,
        booted(PACKAGES, 120, version="17.9.4", xe_version="17.09.04"),
        outcome.Target(None, "flash:cat9k_iosxe.17.09.04.SPA.bin"),
        ("success", "after a reload"),
    ),
    "install mode, another version than the image has": (
        PACKAGES,
        booted(PACKAGES, 120, version="17.6.1", xe_version="17.06.01"),
        outcome.Target(None, "cat9k_iosxe.17.09.04.SPA.bin"),
        ("failed", "the version is 17.6.1, not 17.09.04"),
    ),
    "install mode, nobody can tell": (
        PACKAGES,
        booted(PACKAGES, 120, version="17.9.4", xe_version="17.09.04"),
        outcome.Target(None, "golden.bin"),
        ("success", "In install mode it is unknown whether that is golden.bin: name target_version as well"),
    ),
    "install mode, the old one again": (
        PACKAGES,
        booted(PACKAGES, 120),
        outcome.Target(None, "golden.bin"),
        ("failed", "the new one did not boot (wanted golden.bin)"),
    ),
    "reload without a clock": (CLOCKLESS, booted(CLOCKLESS, 300, up=120, restarted_at=None), WANTED, ("failed", "old image")),
    "reload, known by statistics": (YOUNG, booted(YOUNG, 40, up=0, restarted_at=None), WANTED, ("failed", "old image")),
    "reload, known by the restart time": (
        dict(YOUNG, restarted_at=at("10:00:00")),
        booted(YOUNG, 40, up=0, restarted_at=at("10:00:30")),
        WANTED,
        ("failed", "old image"),
    ),
    "reload while the word is success": (
        BEFORE,
        booted(BEFORE, 120, status=agent(STARTED, at("10:01:00"), "SUCCESS", 2, 7)),
        WANTED,
        ("failed", "old image"),
    ),
    # -- the agent has ended it
    "success, reload to come": (BEFORE, ended("SUCCESS", successful=7), WANTED, None),
    "success after a failed try, reload to come": (BEFORE, ended("SUCCESS", failed=3, successful=7), WANTED, None),
    "failed": (BEFORE, ended("FAILED", failed=3), WANTED, ("failed", "the agent ended the upgrade with FAILED")),
    "failed, not counted": (BEFORE, ended("FAILED(ERROR-17)"), NONE, ("failed", "with FAILED(ERROR-17)")),
    "failed, though a success is counted": (BEFORE, ended("FAILED", successful=7), NONE, ("failed", "FAILED")),
    "says success, counts a failure": (BEFORE, ended("SUCCESS", failed=3), NONE, ("failed", "SUCCESS")),
    "unknown word": (BEFORE, ended("NO_SPACE_LEFT"), NONE, ("failed", "NO_SPACE_LEFT")),
    "no word, nothing counted": (BEFORE, ended(None), NONE, None),
    "no word, a failure counted": (BEFORE, ended(None, failed=3), NONE, ("failed", "no status")),
    "an end that is no time": (
        BEFORE,
        but(BEFORE, 30, status=agent(STARTED, "17:27:00.100 UTC Mon Oct 26 2026 status", None, 2, 6, 13)),
        NONE,
        None,
    ),
    "no word, a success counted": (BEFORE, ended(None, successful=7), NONE, None),
    "completed with errors": (BEFORE, ended("COMPLETE_WITH_ERRORS", successful=7), NONE, ("failed", "COMPLETE_WITH_ERRORS")),
    "failed for want of a server": (
        BEFORE,
        ended("FAILED", failed=3, connections=links(8, 2)),
        WANTED,
        ("failed", "FAILED: 5 connection attempts never reached the image server, 1 connections ended abruptly"),
    ),
    "no new image": (
        BEFORE,
        ended("NO_NEW_IMAGE"),
        WANTED,
        ("no_new_image", "no new image for this device (the agent says NO_NEW_IMAGE)"),
    ),
    "no new image after a failed try": (BEFORE, ended("NO_NEW_IMAGE", failed=3), WANTED, ("no_new_image", "")),
    "nothing": (BEFORE, ended("NOTHING-TO-DO"), NONE, ("no_new_image", "NOTHING-TO-DO")),
    "up to date": (BEFORE, ended("UP_TO_DATE"), NONE, ("no_new_image", "UP_TO_DATE")),
    "unknown before": ({}, dict(BEFORE, status=agent()), WANTED, None),
}


@pytest.mark.parametrize("before, now, target, expected", list(VERDICTS.values()), ids=list(VERDICTS))
def test_judge(before, now, target, expected):
    verdict = outcome.judge(before, now, target)
    if expected is None:
        assert verdict is None
    else:
        assert verdict.outcome == expected[0]
        assert expected[1] in verdict.reason


@pytest.mark.parametrize(
    "now, expected",
    [
        (ended("SUCCESS", successful=7), ("success", "ended the upgrade with SUCCESS; the device still runs 15.4(3)M")),
        (ended("SUCCESS", failed=3, successful=7), ("success", "")),
        (ended(None, successful=7), ("success", "no status")),
        (ended("DONE", successful=7), ("success", "DONE")),
        (ended("FAILED", successful=7), ("failed", "")),
        (ended("NO_NEW_IMAGE"), ("no_new_image", "")),
        (booted(BEFORE, 120), ("failed", "old image")),
    ],
)
def test_without_a_reload_the_word_of_the_agent_counts(now, expected):
    verdict = outcome.judge(BEFORE, now, NONE, expect_reload=False)
    assert verdict.outcome == expected[0]
    assert expected[1] in verdict.reason


def test_a_crowded_history_cannot_pass_for_a_success():
    """All a device may have done before it is asked to upgrade says nothing about this upgrade."""
    for word in ("SUCCESS", "FAILED", "NO_NEW_IMAGE", None):
        past = dict(BEFORE, status=agent(at("08:00:00"), at("08:00:09"), word, 2, 6, 12))
        for expect_reload in (True, False):
            assert outcome.judge(past, but(past, 3600), NONE, expect_reload) is None


@pytest.mark.parametrize(
    "observed, target, expected",
    [
        (BEFORE, NONE, False),
        (BEFORE, outcome.Target("15.4(3)M", None), True),
        (BEFORE, outcome.Target("15.4(3)m", None), True),
        (BEFORE, outcome.Target("15.4(3)M1", None), False),
        (BEFORE, outcome.Target("15.4(3)", None), False),
        (BEFORE, outcome.Target(None, OLD), True),
        (BEFORE, outcome.Target(None, "c2900-universalk9-mz.SPA.154-3.M.bin"), True),
        (BEFORE, outcome.Target("15.4(3)M", NEW), False),
        (BEFORE, outcome.Target("15.7(3)M9", OLD), False),
        (dict(BEFORE, version="17.3.4", xe_version="17.03.04"), outcome.Target("17.03.04", None), True),
        (dict(BEFORE, version="15.2(7)E", xe_version="17.03.04a"), outcome.Target("17.3.4a", None), True),
        (dict(BEFORE, xe_version="17.03.04"), outcome.Target("17.3.4a", None), False),
        (dict(BEFORE, version=None), outcome.Target("15.4(3)M", None), False),
        (dict(BEFORE, version=None), outcome.Target("-", None), False),
        (dict(BEFORE, image_file=None), outcome.Target(None, "flash:"), False),
        (dict(BEFORE, xe_version="16.06.04"), outcome.Target("16.6.4", None), True),
        (dict(BEFORE, xe_version="03.09.02.S"), outcome.Target("3.9.2S", None), True),
        (dict(BEFORE, version="03.06.08E"), outcome.Target("3.6.8.E", None), True),
        (dict(BEFORE, version="03.06.05bE"), outcome.Target("03.06.05b.E", None), True),
        (dict(BEFORE, version="03.06.05bE"), outcome.Target("03.06.05.E", None), False),
        (dict(BEFORE, version="03.06.05bE"), outcome.Target("03.06.05aE", None), False),
        (dict(BEFORE, version="15.2(4)E8"), outcome.Target("15.2(4)E9", None), False),
        (dict(BEFORE, version="16.2.2"), outcome.Target("Denali 16.2.2", None), True),
        (dict(BEFORE, version="16.2.2"), outcome.Target("16.2.2 [Denali]", None), True),
        (dict(BEFORE, version="16.2.2"), outcome.Target("Denali", None), False),
        (dict(BEFORE, version="\u0661\u0665.4"), outcome.Target("15.4", None), False),
        (PACKAGES, outcome.Target(None, "cat9k_iosxe.17.03.05.SPA.bin"), True),
        (PACKAGES, outcome.Target(None, "cat9k_iosxe.17.03.06.SPA.bin"), False),
        (PACKAGES, outcome.Target("17.3.5", "anything.bin"), True),
        (PACKAGES, outcome.Target("17.3.6", "packages.conf"), False),
        (PACKAGES, outcome.Target(None, "packages.conf"), False),
        (EXPANDED, outcome.Target(None, "cat3k_caa-universalk9.SPA.03.06.06.E.152-2.E6.bin"), True),
        (EXPANDED, outcome.Target(None, "cat3k_caa-universalk9.SPA.03.03.03.SE.150-1.EZ3.bin"), False),
        (EXPANDED, outcome.Target(None, "golden.bin"), False),
        (dict(EXPANDED, version="03.06.05bE"), outcome.Target(None, "cat3k_caa-universalk9.SPA.03.06.05b.E.152-2.E5b.bin"), True),
        (dict(EXPANDED, version="03.03.05SE"), outcome.Target(None, "cat3k_caa-universalk9.SPA.03.03.05.SE.150-1.EZ5.bin"), True),
        (dict(EXPANDED, version="03.03.05SE"), outcome.Target(None, "cat3k_caa-universalk9.SPA.03.03.05SE.150-1.EZ5.bin"), True),
    ],
)
def test_on_target(observed, target, expected):
    assert outcome.on_target(observed, target) is expected


@pytest.mark.parametrize(
    "status, expected",
    [
        (None, False),
        (agent(), False),
        (agent(None, None), False),
        (agent(STARTED), True),
        (agent(STARTED, None), True),
        (agent(STARTED, at("08:00:00")), True),
        (agent(STARTED, at("10:00:01")), False),
        (agent(STARTED, STARTED), False),
        (agent("some day", "later"), True),
        (agent(STARTED, "10:00:01.000 UTC Sun Mar 1 2026 status"), True),  # what is no time is no end
        (agent(STARTED, "2026-03-01T08:00:00"), True),  # one with a zone, one without
        (agent("2003-05-06T00:00:00+00:00", "2003-04-16T00:00:00+00:00", None), False),  # 00:00:00 is never, with any date
        (agent("2003-05-06T00:00:00.001+00:00", "2003-04-16T00:00:00+00:00", None), True),
        (agent("2003-05-06T00:00:00+00:00", "2003-04-16T00:00:07+00:00", None), True),
        (agent("2003-05-06T00:00:00+00:00", "2003-04-16T00:00:00+00:00", "SUCCESS"), True),
    ],
)
def test_in_progress(status, expected):
    assert outcome.in_progress({"status": status}) is expected


@pytest.mark.parametrize(
    "now, expected",
    [
        (but(BEFORE, 600), False),
        (WORKING, True),
        (ended("FAILED"), True),
        (booted(BEFORE, 300), True),
    ],
)
def test_touched(now, expected):
    assert outcome.touched(BEFORE, now) is expected


@pytest.mark.parametrize(
    "last_seen, away, expected",
    [
        (
            WORKING,
            "No answer to 'show version'",
            ("unknown", "could not be asked again within 900 s", "No answer to 'show version'"),
        ),
        (WORKING, None, ("timeout", "still at work after 900 s", "")),
        (dict(WORKING, connections=links(4, 1)), None, ("timeout", "still at work", ": 1 connection attempts never reached")),
        (ended("SUCCESS", successful=7), None, ("timeout", "ended with SUCCESS, but the device did not reload within 900 s", "")),
        (but(BEFORE, 900), None, ("timeout", "showed no sign of an upgrade within 900 s", "")),
        ({}, None, ("timeout", "showed no sign", "")),
        ({}, "booting", ("unknown", "what it did is unknown", "booting")),
    ],
)
def test_out_of_time(last_seen, away, expected):
    verdict = outcome.out_of_time(BEFORE, last_seen, away, 900)
    assert verdict.outcome == expected[0]
    assert expected[1] in verdict.reason and expected[2] in verdict.reason


def test_bad_outcomes_are_those_that_nobody_wants():
    assert set(outcome.BAD) == {"failed", "timeout", "unknown"}


@pytest.mark.parametrize(
    "image, version",
    [
        ("isr4300-universalk9.16.09.08.SPA.bin", "16.09.08"),
        ("bootflash:asr1001-adventerprisek9.03.09.02.S.153-2.S2.bin", "03.09.02.s"),
        ("cat3k_caa-universalk9.SPA.03.06.08.E.152-2.E8.bin", "03.06.08.e"),
        ("cat9k_lite_iosxe.17.03.02a.SPA.bin", "17.03.02a"),
        ("cat3k_caa-universalk9.SPA.03.06.05b.E.152-2.E5b.bin", "03.06.05b.e"),
        ("cat3k_caa-universalk9.SPA.03.03.05SE.150-1.EZ5.bin", "03.03.05se"),
        ("cat4500e-universalk9.SPA.03.04.06.SG.151-2.SG6.bin", "03.04.06.sg"),
        ("asr900rsp2-universalk9_npe.03.18.02.SP.156-2.SP2-ext.bin", "03.18.02.sp"),
        ("c1100-universalk9_ias.17.12.03a.SPA.bin", "17.12.03a"),
        ("cat9k_iosxe.16.12.10.SPA.bin", "16.12.10"),
        ("cat9k_iosxe.17.15.01prd9.SPA.bin", None),
        ("golden-2024.1.2.bin", None),
        ("c2900-universalk9-mz.SPA.157-3.M9.bin", None),
        ("packages.conf", None),
    ],
)
def test_the_version_in_the_name_of_an_image(image, version):
    assert outcome.version_in(image) == version


BOOTED = at("00:00:00")


def by_the_clock(word, end, up=36000, started=None, **changes):
    """A device that booted at midnight, whose agent ended something then and there."""
    return but(BEFORE, restarted_at=BOOTED, uptime_seconds=up, status=agent(started or end, end, word, 2, 6, 13), **changes)


@pytest.mark.parametrize(
    "word, success, nothing_new",
    [
        ("SUCCESS", True, False),
        ("Successful", True, False),
        ("OK", True, False),
        ("COMPLETED", True, False),
        ("OKAPI", False, False),
        ("SUCCESS WITH ERRORS", False, False),
        ("FAILED", False, False),
        ("NOT OK", False, False),
        ("NO_NEW_IMAGE", False, True),
        ("", False, False),
    ],
)
def test_the_word_of_the_agent(word, success, nothing_new):
    assert outcome.says_success(word) is success
    assert outcome.says_nothing_new(word) is nothing_new


@pytest.mark.parametrize(
    "now, failed",
    [
        (ended("FAILED"), True),
        (ended("WHATEVER"), True),
        (ended("SUCCESS"), False),
        (ended("NO_NEW_IMAGE"), False),
        (ended(None), False),
        (WORKING, False),
        (dict(BEFORE, status=None), False),
    ],
)
def test_that_the_agent_failed_is_its_word(now, failed):
    assert outcome.agent_failed(now) is failed


IDLE, DONE = but(BEFORE, 15), booted(BEFORE, 300, version="15.7(3)M9", image_file=NEW)
NO_RELOAD_YET = ended("SUCCESS", successful=7)


@pytest.mark.parametrize(
    "earlier, now, target, step, ends, over",
    [
        pytest.param(None, DONE, WANTED, (outcome.REPORT, DONE), "up_to_date", None, id="it runs it already"),
        pytest.param(BEFORE, DONE, WANTED, (outcome.REPORT, BEFORE), "success", None, id="the upgrade of before has ended well"),
        pytest.param(BEFORE, DONE, NONE, (outcome.REPORT, BEFORE), "success", None, id="so it has if nothing was named"),
        pytest.param(BEFORE, WORKING, WANTED, (outcome.FOLLOW, BEFORE), None, None, id="the upgrade of before is in progress"),
        pytest.param(BEFORE, NO_RELOAD_YET, NONE, (outcome.FOLLOW, BEFORE), None, None, id="its reload is to come"),
        pytest.param(BEFORE, ended("FAILED", 3), WANTED, (outcome.TRIGGER, None), None, "failed", id="it has failed"),
        pytest.param(BEFORE, IDLE, WANTED, (outcome.TRIGGER, None), None, None, id="nothing came of it"),
        pytest.param(None, WORKING, WANTED, (outcome.FOLLOW, None), None, None, id="something is in progress"),
        pytest.param(None, IDLE, WANTED, (outcome.TRIGGER, None), None, None, id="nothing is"),
    ],
)
def test_what_to_do_next(earlier, now, target, step, ends, over):
    found = outcome.next_step(earlier, now, target)
    assert (found.do, found.since) == (step[0], step[1] or now)
    assert (found.verdict and found.verdict.outcome, found.over and found.over.outcome) == (ends, over)


def test_without_expecting_a_reload_the_upgrade_of_before_is_over():
    assert outcome.next_step(BEFORE, NO_RELOAD_YET, NONE, expect_reload=False).verdict.outcome == "success"


def half_a_year_ago(booted, end, minutes, word="FAILED"):
    """A device that booted half a year ago, by the clock of then, and whose agent has ended something by the clock of now."""
    up = 26 * 7 * 86400 + minutes * 60
    return but(BEFORE, restarted_at=booted, uptime_seconds=up, status=agent(end, end, word, 2, 6, 13))


@pytest.mark.parametrize(
    "now, expected",
    [
        # Booted on 1 May, 10:00 in summer; 26 weeks later it is 09:00 in winter, and M minutes past that.
        pytest.param(half_a_year_ago("2026-05-01T10:00:00", "2026-10-30T09:30:00", 30), True, id="failed just now"),
        pytest.param(half_a_year_ago("2026-05-01T10:00:00", "2026-10-30T09:10:00", 30), False, id="failed twenty minutes ago"),
        pytest.param(half_a_year_ago("2026-05-01T10:00:00", "2026-10-30T09:25:00", 30, "SUCCESS"), True, id="reloads soon"),
        pytest.param(half_a_year_ago("2026-05-01T10:00:00", "2026-10-30T09:30:00+00:00", 30), True, id="BST, and GMT now"),
        # Booted on 30 October, 10:00 in winter; 26 weeks later it is 11:00 in summer.
        pytest.param(half_a_year_ago("2026-10-30T10:00:00", "2027-04-30T11:30:00", 30), True, id="the other way round"),
        pytest.param(half_a_year_ago("2026-10-30T10:00:00+00:00", "2027-04-30T11:30:00", 30), True, id="GMT, and BST now"),
        # UTC has no summer time.
        pytest.param(half_a_year_ago(at("10:00:00"), "2026-08-30T09:30:00+00:00", 30), False, id="an hour ago"),
        pytest.param(half_a_year_ago(at("10:00:00"), "2026-08-30T10:30:00+00:00", 30), True, id="just now"),
    ],
)
def test_summer_time_does_not_hide_what_the_agent_has_just_ended(now, expected):
    assert outcome.may_be_at_work(now, True, 60) is expected


@pytest.mark.parametrize(
    "now, expect_reload, retry, expected",
    [
        pytest.param(by_the_clock("SUCCESS", at("09:50:01")), True, 60, True, id="the reload may come within ten minutes"),
        pytest.param(by_the_clock("SUCCESS", at("09:50:00")), True, 60, False, id="not later"),
        pytest.param(by_the_clock("SUCCESS", at("09:55:00")), False, 60, False, id="nor if none is expected"),
        pytest.param(by_the_clock("FAILED", at("09:59:01")), True, 60, True, id="the agent may try again"),
        pytest.param(by_the_clock("FAILED", at("09:59:00")), True, 60, False, id="not after its interval"),
        pytest.param(by_the_clock("FAILED", at("09:55:00")), True, 60, False, id="nor long after"),
        pytest.param(by_the_clock("NO_NEW_IMAGE", at("09:59:59")), True, 60, False, id="there was nothing new"),
        pytest.param(by_the_clock("SUCCESS", at("09:55:00"), started=at("09:56:00")), True, 60, False, id="it is at work"),
        pytest.param(by_the_clock("SUCCESS", at("09:55:00"), up=None), True, 60, False, id="nobody knows how long it is up"),
        pytest.param(dict(by_the_clock("SUCCESS", at("09:55:00")), restarted_at=None), True, 60, False, id="nor since when"),
        pytest.param(by_the_clock("SUCCESS", "never"), True, 60, False, id="it ended nothing"),
        pytest.param(by_the_clock("SUCCESS", "2026-02-28T23:59:59+00:00", up=5), True, 60, False, id="it has booted since"),
        pytest.param(by_the_clock("SUCCESS", BOOTED, up=5), True, 60, True, id="in the second in which it booted"),
        pytest.param(by_the_clock("FAILED", at("10:01:00")), True, 1, True, id="uptime is told in whole minutes"),
        pytest.param(by_the_clock("FAILED", at("10:01:00")), True, 0, False, id="then it is taken for now"),
        pytest.param(by_the_clock("FAILED", at("10:01:01")), True, 60, False, id="a clock that was set tells nothing"),
    ],
)
def test_what_ended_may_go_on_by_itself(now, expect_reload, retry, expected):
    assert outcome.may_be_at_work(now, expect_reload, retry) is expected


@pytest.mark.parametrize(
    "status, counters",
    [
        (agent(STARTED, at("10:01:00"), "FAILED", 2, 6, 14), (1, 6)),
        (agent(STARTED, at("10:01:00"), "SUCCESS", 2, 6, 14), (2, 5)),
        (agent(STARTED, at("10:01:00"), "FAILED", 0, 6), (0, 6)),
        (agent(STARTED, at("10:01:00"), "SUCCESS", 2, None), (2, 0)),
        (None, (None, 0)),
    ],
)
def test_what_a_device_would_have_said_before(status, counters):
    now = dict(BEFORE, status=copy.deepcopy(status))
    said = outcome.before_last_upgrade(now)
    assert (said["status"].get("failed"), said["status"]["successful"]) == counters
    assert said["status"]["last_upgrade"] == {}
    assert dict(said, status=None) == dict(BEFORE, status=None)
    assert now["status"] == status, "what was observed stays as it was"


def up(seconds, asked_at, restarted_at=None):
    return {"version": "16.9.5", "image_file": "flash:a.bin", "uptime_seconds": seconds, "restarted_at": restarted_at} | {
        "status": None,
        "connections": None,
        "asked_at": asked_at,
    }


@pytest.mark.parametrize(
    "before, now, reloaded",
    [
        pytest.param(up(50, 0), up(90, 100), False, id="a minute of uptime may be missing"),
        pytest.param(up(50, 0), up(89, 100), True, id="more than a minute is a reload"),
        pytest.param(up(50, 0, BOOTED), up(50, 100, at("00:00:03")), False, id="the time of the restart may differ a little"),
        pytest.param(up(50, 0, BOOTED), up(50, 100, at("00:00:04")), True, id="more is another restart"),
        pytest.param(up(50, 0, BOOTED), up(103, 100, at("01:00:00")), True, id="it may have restarted just after the first poll"),
        pytest.param(up(50, 0, BOOTED), up(104, 100, at("01:00:00")), False, id="a clock that was set is no restart"),
        pytest.param(up(None, 0), up(None, 100), False, id="nothing is known"),
    ],
)
def test_a_reload_is_more_than_what_minutes_and_clocks_make_of_it(before, now, reloaded):
    assert outcome.reloaded(before, now) is reloaded


@pytest.mark.parametrize(
    "version, image, other",
    [
        ("16.9.5", "flash:a.bin", False),
        ("16.09.05", "flash:a.bin", False),
        ("16.09.05", "flash:b.bin", True),
        ("16.9.6", "flash:a.bin", True),
        (None, "flash:a.bin", False),
        (None, "flash:b.bin", True),
        ("16.9.6", None, True),
        (None, None, False),
    ],
)
def test_what_runs_is_another_image_if_release_or_file_differ(version, image, other):
    assert outcome.reloaded(up(900, 0), dict(up(1000, 100), version=version, image_file=image)) is other


def test_after_a_reload_the_release_or_the_image_is_enough():
    for known in ({"version": "15.7(3)M9", "image_file": None}, {"version": None, "image_file": NEW}):
        assert outcome.judge(BEFORE, booted(BEFORE, 300, **known), NONE).outcome == "success"
    assert outcome.judge(BEFORE, booted(BEFORE, 300, version=None, image_file=None), NONE) is None


def test_an_end_before_its_start_is_that_of_an_earlier_attempt():
    assert outcome.in_progress(dict(BEFORE, status=agent(at("10:00:01"), at("10:00:00"))))
    assert not outcome.in_progress(dict(BEFORE, status=agent(at("10:00:00"), at("10:00:00"))))


@pytest.mark.parametrize(
    "before, now, trouble",
    [
        (links(3, 1), links(3, 1), ""),
        (links(3, 1), links(1, 0), ""),
        (None, links(1, 0), "1 connection attempts never reached the image server"),
        (links(3, 1), None, ""),
        (links(3, 1), links(4, 3), "1 connection attempts never reached the image server, 2 connections ended abruptly"),
    ],
)
def test_trouble_is_what_was_counted_meanwhile(before, now, trouble):
    assert outcome.trouble(dict(BEFORE, connections=before), dict(BEFORE, connections=now)) == trouble


@pytest.mark.parametrize("named", ["Fuji 16.9.1", "Fuji-16.09.01", "Denali 16.9.1", "16.9.1"])
def test_the_name_of_a_release_is_none_of_its_number(named):
    assert outcome.same_version(named, "16.9.1")
    assert not outcome.same_version(named, "16.9.2")


@pytest.mark.parametrize("one, other", [("12.2(33)SXI4", "12.2(33)SXH4"), ("15.7(3)M9", "15.7(3)T9"), ("3.9.2S", "3.9.2E")])
def test_the_letters_of_a_train_count(one, other):
    assert not outcome.same_version(one, other)
    assert outcome.same_version(one, one)


@pytest.mark.parametrize(
    "started, failed, successful, told",
    [
        ("never", 0, 0, True),
        (STARTED, 2, 6, True),
        (STARTED, None, None, True),
        (None, 0, 0, True),
        (None, None, 0, True),
        (None, 0, 6, False),
        (None, 2, None, False),
        (None, None, None, False),
    ],
)
def test_an_answer_that_lost_lines_tells_of_an_upgrade_or_that_there_was_none(started, failed, successful, told):
    assert outcome.tells_last_upgrade(agent(started, failed=failed, successful=successful)) is told
