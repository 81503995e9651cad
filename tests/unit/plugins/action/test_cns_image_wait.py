# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest

from ansible_collections.cns.image_agent.tests.unit.plugins.action.upgrade_bench import AWAY, observed

OLD, NEW = observed(), observed("15.7(3)M9", up=60)
WORKING = observed(started="2026-03-01T10:00:00")
FAILED = observed(started="2026-03-01T10:00:00", ended="2026-03-01T10:00:09", word="FAILED", failed=1)
TARGET = dict(target_version="15.7(3)M9")
ALWAYS = {"outcome", "reason", "before", "after", "elapsed", "polls", "reloads", "changed"}


@pytest.mark.parametrize(
    "looks, options, outcome, polls",
    [
        ([NEW], TARGET, "up_to_date", 0),
        ([WORKING, AWAY, NEW], TARGET, "success", 2),
        ([AWAY, AWAY, NEW], TARGET, "success", 2),
        ([WORKING, NEW], {}, "success", 1),
        ([NEW], dict(before=OLD), "success", 0),
        ([NEW], dict(before={name: value for name, value in OLD.items() if name != "asked_at"}), "success", 0),
        ([FAILED], dict(before=OLD), "failed", 8),
        ([AWAY, FAILED], dict(before=OLD), "failed", 8),
        ([FAILED, FAILED, WORKING, NEW], dict(before=OLD), "success", 3),
        ([observed(up=0)], dict(before=OLD), "failed", 0),
        ([FAILED], dict(timeout=30), "timeout", 5),
        ([AWAY], dict(timeout=30), "unknown", 5),
        ([AWAY], dict(timeout=30, before=OLD), "unknown", 5),
    ],
)
def test_outcomes(bench, looks, options, outcome, polls):
    device = bench(*looks)
    result = device.run("cns_image_wait", **options)
    assert set(result) >= ALWAYS
    assert (result["outcome"], result["polls"], result["changed"]) == (outcome, polls, False)
    assert result.get("failed", False) is (outcome in ("failed", "timeout", "unknown"))
    assert result["before"] == (options.get("before") or next((look for look in looks[:1] if look is not AWAY), None))
    assert device.connection.sent == []


def test_what_was_seen_last_comes_back(bench):
    result = bench(OLD, WORKING, AWAY).run("cns_image_wait", timeout=30)
    assert (result["outcome"], result["after"]) == ("unknown", WORKING)


def test_a_release_without_the_agent(bench):
    result = bench(observed(agent=False)).run("cns_image_wait", **TARGET)
    assert result["failed"] is True and "has no CNS image agent" in result["msg"]
    result = bench(observed("15.7(3)M9", agent=False)).run("cns_image_wait", **TARGET)
    assert result["outcome"] == "up_to_date"


def test_it_waits_in_check_mode_too(bench):
    assert bench(WORKING, NEW).run("cns_image_wait", check=True, **TARGET)["outcome"] == "success"


# -- the second witness


def listening(device, path, messages):
    """Have the device post ``{seconds on the clock: state}`` while the task sleeps."""
    waiting, sleep = dict(messages), device.clock.sleep

    def sleep_and_post(seconds):
        sleep(seconds)
        for at in [at for at in waiting if at <= device.clock.now]:
            entry = dict(at=device.clock.now, device="R1", state=waiting.pop(at), operation="activation")
            with path.open("a") as file:
                file.write(json.dumps(entry) + "\n")

    device.clock.sleep = sleep_and_post
    return str(path)


def test_a_device_that_posts_is_polled_at_once(bench, tmp_path):
    device = bench(WORKING, WORKING, WORKING, WORKING, WORKING, NEW)
    journal = listening(device, tmp_path / "heard", {1050.0: "success"})
    result = device.run("cns_image_wait", interval=600, status_journal=journal, before=OLD, **TARGET)
    assert (result["outcome"], result["disagreement"]) == ("success", "")
    assert [message["state"] for message in result["posted"]] == ["success"]
    assert 50 <= result["elapsed"] < 53, "polled after 2, 6, 14 and 30 s, and in the pause of 32 s that followed"


def test_a_message_is_no_proof(bench, tmp_path):
    device = bench(WORKING)
    journal = listening(device, tmp_path / "heard", {1005.0: "success"})
    result = device.run("cns_image_wait", timeout=60, status_journal=journal, before=OLD, **TARGET)
    assert result["outcome"] == "timeout" and result["failed"] is True
    assert "told of a success" in result["disagreement"] and "still runs 15.4(3)M" in result["disagreement"]
    assert "The status server was told of a success" in result["msg"]
    assert any("told of a success" in warning for warning in device.warnings)


def test_a_failure_of_which_nothing_was_posted(bench, tmp_path):
    device = bench(WORKING, FAILED)
    result = device.run("cns_image_wait", status_journal=str(tmp_path / "heard"), before=OLD)
    assert result["outcome"] == "failed" and result["posted"] == []
    assert "look at the status URL" in result["msg"]


def test_what_other_devices_post_is_not_its_own(bench, tmp_path):
    device = bench(WORKING, FAILED)
    path = tmp_path / "heard"
    path.write_text(json.dumps(dict(at=2e9, device="R2", state="failed")) + "\n")
    assert device.run("cns_image_wait", status_journal=str(path), before=OLD)["posted"] == []
    result = bench(WORKING, FAILED).run("cns_image_wait", status_journal=str(path), image_id="R2", before=OLD)
    assert [message["device"] for message in result["posted"]] == ["R2"]
    assert "It posted last: " in result["msg"] and not result["disagreement"]
