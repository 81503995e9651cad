# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import rows as fleet_rows

INFO = {
    "cns_image": {
        "supported": True,
        "status": {"last_upgrade": {"ended": "2003-05-06T11:45:11+00:00", "status": "SUCCESS"}},
        "config": {"image": {"enabled": True, "server": "http://lab:secret@images.example.net:8080/cns/imgsvr"}},
        "version": {
            "model": "CISCO2911/K9",
            "version": "15.7(3)M9",
            "xe_version": None,
            "image_file": "flash:/images/new.bin",
            "uptime_seconds": 120,
        },
    }
}


def row_of(result):
    (row,) = fleet_rows.status_rows({"R1": result})
    return row


def test_status_row():
    assert row_of(INFO) == {
        "host": "R1",
        "model": "CISCO2911/K9",
        "version": "15.7(3)M9",
        "image": "new.bin",
        "last_upgrade": "2003-05-06T11:45:11+00:00",
        "result": "SUCCESS",
        "agent": "on",
        "server": "images.example.net",
        "uptime_seconds": 120,
        "problem": None,
    }


def test_an_agent_that_forgot_its_upgrade_in_the_reload_is_not_said_to_have_had_none():
    info = {"cns_image": {"supported": True, "status": {"last_upgrade": {"ended": "never", "status": None}}}}
    assert row_of(info)["last_upgrade"] == "not since boot"


def test_status_row_of_ios_xe_has_the_release_users_know():
    info = {"cns_image": {"supported": True, "version": {"version": "16.6.4", "xe_version": "16.06.04", "image_file": "new.bin"}}}
    assert (row_of(info)["version"], row_of(info)["image"]) == ("16.06.04", "new.bin")


def test_status_row_says_what_the_problem_is():
    unsupported = {"cns_image": {"supported": False, "status": None, "config": {"image": {"enabled": False}}, "version": None}}
    assert row_of(unsupported)["problem"] == "this release has no CNS image agent"
    assert row_of(unsupported)["agent"] == "off"
    assert row_of({"failed": True, "msg": "No answer"})["problem"] == "No answer"
    assert row_of({"unreachable": True, "msg": "Refused"})["problem"] == "Refused"
    assert row_of(None)["problem"] == "not asked"


def test_rows_show_no_secret():
    failed = {"failed": True, "msg": "refused 'cns image password 7 070C285F4D06' at http://lab:geheim@images/"}
    shown = str(Door().data(fleet_rows.status_rows({"R1": failed}) + fleet_rows.outcome_rows({"R1": failed})))
    assert "070C285F4D06" not in shown and "geheim" not in shown and "refused" in shown


def test_rows_come_in_the_order_of_the_devices():
    assert [row["host"] for row in fleet_rows.status_rows({"R2": None, "R1": INFO})] == ["R2", "R1"]


def test_outcome_row():
    result = {
        "outcome": "success",
        "before": {"version": "15.5(3)M2"},
        "after": {"version": "15.7(3)M9"},
        "elapsed": 83.4,
        "reason": "it says so",
    }
    assert fleet_rows.outcome_rows({"R1": result}) == [
        {
            "host": "R1",
            "outcome": "success",
            "old_version": "15.5(3)M2",
            "new_version": "15.7(3)M9",
            "time_seconds": 83.4,
            "reason": "it says so",
        }
    ]


def test_outcome_row_claims_no_new_version_where_nobody_looked():
    seen = {"version": "15.5(3)M2"}
    (row,) = fleet_rows.outcome_rows({"R1": {"outcome": "started", "before": seen, "after": seen}})
    assert (row["old_version"], row["new_version"]) == ("15.5(3)M2", None)


def test_outcome_row_of_a_task_that_ended_without_one():
    rows = fleet_rows.outcome_rows({"R1": {"failed": True, "msg": "bad option"}, "R2": None})
    assert [(row["outcome"], row["reason"]) for row in rows] == [("failed", "bad option"), ("failed", "not asked")]
