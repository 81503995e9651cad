# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet import preflight as fleet_preflight


def finding(check, severity, what="what"):
    return dict(check=check, severity=severity, what=what, why="why", fix="fix")


def result(*findings, **more):
    return dict(dict(findings=list(findings), on_target=False, image_id=None, running={}), **more)


def checks(report, host):
    return {found["check"]: found["severity"] for found in report["hosts"][host]["findings"]}


def test_each_device_is_in_one_list():
    report = fleet_preflight.report(
        {
            "R1": result(finding("saved", "warn")),
            "R2": result(finding("on_target", "ok"), on_target=True),
            "R3": result(finding("saved", "block")),
            "R4": None,
            "R5": dict(failed=True, msg="ssh: connect\n to host refused"),
            "R6": dict(unreachable=True, msg="timed out"),
        }
    )
    assert (report["ready"], report["on_target"], report["blocked"]) == (["R1"], ["R2"], ["R3", "R4", "R5", "R6"])
    assert [host for host, entry in report["hosts"].items() if entry["ready"]] == ["R1", "R2"]
    assert "ssh: connect to host refused" in report["hosts"]["R5"]["findings"][0]["what"]


def test_devices_that_share_an_image_id_block_each_other():
    report = fleet_preflight.report(
        {
            "R1": result(image_id="same"),
            "R2": result(image_id="other"),
            "R3": result(image_id="same", on_target=True),
            "R4": result(image_id=None),
            "R5": result(image_id=None),
            "R6": result(image_id="SAME"),
        }
    )
    assert report["blocked"] == ["R1", "R3"]
    assert checks(report, "R1") == checks(report, "R3") == {"image_id_unique": "block"}
    assert "same is shared by R1, R3." in report["hosts"]["R1"]["findings"][0]["what"]


def test_the_results_are_left_as_they_are():
    given = {"R1": result(image_id="same"), "R2": result(image_id="same")}
    fleet_preflight.report(given)
    assert given["R1"]["findings"] == []


def test_secrets_in_an_error_are_masked():
    report = Door().data(fleet_preflight.report({"R1": dict(failed=True, msg="refused http://me:secret-1@127.0.0.1/")}))
    assert "secret-1" not in str(report)
    assert "http://me:********@" in str(report)


def test_lines():
    report = fleet_preflight.report(
        {
            "R1": result(finding("model", "ok", "fine"), finding("fallback_image", "warn", "one image")),
            "R2": result(finding("fallback_image", "warn", "one image"), finding("saved", "block", "not saved")),
        }
    )
    assert fleet_preflight.lines(report) == [
        "BLOCK  R2: not saved",
        "       why: why",
        "       fix: fix",
        "",
        "WARN   R1, R2: one image",
        "       why: why",
        "       fix: fix",
        "",
        "2 devices: 1 ready, 0 on the target already, 1 blocked (R2).",
    ]


def test_long_texts_and_many_devices_stay_legible():
    results = {"router-%d.example.net" % number: result(finding("saved", "block", "word " * 60)) for number in range(50)}
    lines = fleet_preflight.lines(fleet_preflight.report(results))
    assert max(map(len, lines)) <= 250 and all(len(line) <= 110 for line in lines[:-1])
    assert "and 42 more" in " ".join(lines)
    assert " ".join(lines).count("word") == 60
