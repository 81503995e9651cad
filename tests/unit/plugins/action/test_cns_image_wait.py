# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

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
