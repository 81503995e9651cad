# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import outcome, wait
from ansible_collections.cns.image_agent.plugins.module_utils.device import converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway, Refused

TARGET = outcome.Target("15.7(3)M9", None)
ENDED = {"last_upgrade": {"started": "2026-03-01T10:00:00", "ended": "2026-03-01T10:01:00", "status": "FAILED"}, "failed": 1}


def observed(version="15.4(3)M", up=86400, status=None):
    return {
        "version": version,
        "image_file": "flash:%s.bin" % version,
        "uptime_seconds": up,
        "restarted_at": None,
        "status": status or {"last_upgrade": {}, "failed": 0},
        "connections": None,
        "asked_at": 0,
    }


OLD, NEW = observed(), observed("15.7(3)M9", up=60)
WORKING = observed(status={"last_upgrade": {"started": "2026-03-01T10:00:00", "ended": None}})


class Bench:
    """A clock that only sleeping and answering move, and a device that answers from a list, its last entry for ever."""

    def __init__(self, *answers, takes=0.0):
        self.now = 5000.0
        self.answers = list(answers)
        self.takes = takes
        self.slept = []
        self.told = []

    def clock(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(round(seconds, 3))
        self.now += seconds

    async def observe(self):
        self.now += self.takes
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def tell(self, phase, elapsed, detail):
        self.told.append((phase, round(elapsed, 3), detail))

    def wait(self, before=..., timeout=900, interval=15, random=0.5, **more):
        before = OLD if before is ... else before
        return self.follow(wait.Waiting(before, TARGET, timeout, interval, self.clock(), **more), random)

    def follow(self, waiting, random=0.5):
        return converse(wait.wait_for(waiting, self.observe, self.clock, self.sleep, lambda: random, self.tell))


AWAY = DeviceAway("No answer to 'show version': it is booting")


def test_pauses_grow_to_the_interval():
    bench = Bench(OLD, OLD, AWAY, AWAY, AWAY, NEW)
    waited = bench.wait()
    assert bench.slept == [2, 4, 8, 15, 15, 15]
    assert waited.verdict.outcome == "success"
    assert (waited.polls, waited.reloads, waited.elapsed, waited.last_seen) == (6, 1, 59, NEW)


def test_a_short_interval_is_never_exceeded():
    bench = Bench(OLD, OLD, OLD, NEW)
    bench.wait(interval=1)
    assert bench.slept == [1, 1, 1, 1]


@pytest.mark.parametrize("random, first", [(0.0, 1.6), (0.5, 2.0), (0.75, 2.2)])
def test_pauses_are_spread(random, first):
    bench = Bench(OLD, NEW)
    bench.wait(random=random)
    assert bench.slept == [first, 2 * first]


@pytest.mark.parametrize("random", [0.0, 0.3, 0.999])
def test_the_deadline_is_met_and_the_last_look_is_at_it(random):
    bench = Bench(OLD)
    waited = bench.wait(timeout=100, random=random)
    assert waited.verdict == (outcome.TIMEOUT, "the agent showed no sign of an upgrade within 100 s")
    assert waited.elapsed == pytest.approx(100)
    assert sum(bench.slept) == pytest.approx(100, abs=0.01)
    assert waited.polls == len(bench.slept)


def test_time_that_answers_take_counts():
    bench = Bench(OLD, takes=30)
    waited = bench.wait(timeout=100)
    assert bench.slept == [2, 4, 8]  # after 104 seconds
    assert waited.elapsed == 104


def test_an_unanswered_last_question_leaves_the_outcome_unknown():
    bench = Bench(WORKING, AWAY)
    waited = bench.wait(timeout=60)
    assert waited.verdict.outcome == "unknown"
    assert "it is booting" in waited.verdict.reason and "60 s" in waited.verdict.reason
    assert waited.last_seen == WORKING


def test_an_answer_after_silence_is_believed():
    bench = Bench(AWAY, AWAY, WORKING)
    assert bench.wait(timeout=60).verdict.outcome == "timeout"


def test_a_verdict_ends_the_wait_at_once():
    waited = Bench(WORKING, NEW).wait()
    assert (waited.verdict.outcome, waited.polls) == ("success", 2)
    waited = Bench(WORKING, observed(up=0)).wait()
    assert (waited.verdict.outcome, waited.polls) == ("failed", 2)


@pytest.mark.parametrize(("retry", "elapsed"), [(0, 29), (1, 29), (60, 89), (None, 89), (240, 269)])
def test_a_failure_is_final_when_the_agent_has_not_tried_again(retry, elapsed):
    bench = Bench(WORKING, observed(status=ENDED))
    waiting = wait.Waiting(OLD, TARGET, 900, 15, bench.clock())
    waiting.retry = retry
    waited = bench.follow(waiting)
    assert (waited.verdict.outcome, waited.elapsed) == ("failed", elapsed)
    (detail,) = {detail for phase, _elapsed, detail in bench.told if phase == "waiting"}
    assert detail == "the attempt failed, and the agent may try again within %d s" % (60 if retry is None else retry)


def test_an_agent_that_tries_again_has_not_failed():
    failed = observed(status=ENDED)
    again = observed(status=dict(ENDED, last_upgrade=dict(ENDED["last_upgrade"], started="2026-03-01T10:02:00")))
    assert Bench(WORKING, failed, failed, failed, again, again, NEW).wait().verdict.outcome == "success"


def test_each_failed_attempt_has_the_interval_anew():
    def failed(minute, count):
        last = dict(ENDED["last_upgrade"], started="2026-03-01T10:%02d:00" % minute, ended="2026-03-01T10:%02d:01" % minute)
        return observed(status=dict(ENDED, last_upgrade=last, failed=count))

    bench = Bench(failed(1, 1), failed(1, 1), failed(2, 2), failed(2, 2), failed(2, 2), failed(3, 3))
    waiting = wait.Waiting(OLD, TARGET, 900, 10, bench.clock())
    waiting.retry = 20
    waited = bench.follow(waiting)
    assert waited.verdict.outcome == "failed"
    assert waited.last_seen == failed(3, 3)
    assert waited.elapsed == 74


def test_time_that_is_up_before_a_failure_is_final():
    waited = Bench(WORKING, observed(status=ENDED)).wait(timeout=50)
    assert waited.verdict.outcome == "timeout"
    assert "last attempt failed with FAILED, and it may try again within 60 s" in waited.verdict.reason


def test_a_server_that_is_not_reached_is_told_at_once():
    lost = dict(WORKING, connections={"never_connected": 2, "abrupt_disconnects": 0})
    bench = Bench(WORKING, lost, NEW)
    bench.wait(before=dict(OLD, connections={"never_connected": 0, "abrupt_disconnects": 0}))
    assert bench.told[1] == ("working", 6, "2 connection attempts never reached the image server")


def test_without_a_before_the_first_look_is_the_baseline():
    for before in (None, {}):
        bench = Bench(AWAY, observed(status=ENDED))
        waited = bench.wait(before=before, timeout=60)
        assert waited.verdict.outcome == "timeout"  # what ended before the first look is another story
        assert waited.reloads == 0
        assert waited.last_seen == observed(status=ENDED)


def test_a_device_that_never_answers():
    waited = Bench(AWAY).wait(before=None, timeout=60)
    assert waited.verdict.outcome == "unknown"
    assert waited.last_seen is None


def test_time_is_up_when_it_is_up_and_not_before():
    waiting = wait.Waiting(OLD, TARGET, timeout=60, interval=15, begun=1000.0)
    assert waiting.pause(1059.5, 0.5) == 0.5
    assert waiting.verdict is None
    assert waiting.pause(1060.0, 0.5) is None
    assert waiting.verdict.outcome == "timeout"


def test_what_went_wrong_before_is_no_reason_for_what_came_after():
    lost = dict(OLD, connections={"never_connected": 5, "abrupt_disconnects": 2})
    assert "connection" not in Bench(lost).wait(before=lost, timeout=60).verdict.reason
    again = dict(OLD, connections={"never_connected": 6, "abrupt_disconnects": 2})
    assert "1 connection attempts never reached the image server" in Bench(again).wait(before=lost, timeout=60).verdict.reason


def test_each_reload_is_counted_once():
    first, second = observed("15.5(1)T", up=0), observed("15.6(1)T", up=0)
    bench = Bench(OLD, first, first, second)
    waited = bench.follow(wait.Waiting(None, outcome.Target("16", None), 20, 5, bench.clock()))
    assert waited.verdict.outcome == "failed"
    assert waited.reloads == 1
    assert waited.last_seen == first


def test_without_expecting_a_reload_the_word_of_the_agent_ends_it():
    done = observed(status=dict(ENDED, last_upgrade=dict(ENDED["last_upgrade"], status="SUCCESS"), failed=0))
    assert Bench(done).wait(expect_reload=False).verdict.outcome == "success"
    assert Bench(done).wait(timeout=30).verdict.outcome == "timeout"


def test_every_poll_is_told():
    bench = Bench(OLD, WORKING, AWAY, NEW)
    bench.wait()
    assert bench.told == [("waiting", 2, ""), ("working", 6, ""), ("away", 14, "No answer to 'show version': it is booting")]


def test_other_errors_are_not_swallowed():
    with pytest.raises(Refused):
        Bench(Refused("no", device_said="%")).wait()
