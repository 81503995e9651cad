# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action that shows a fleet, from what its hosts registered or from a journal."""

from __future__ import annotations

import json
import os
from unittest import mock

import pytest
from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader

from ansible_collections.cns.image_agent.plugins.action.cns_fleet_report import ActionModule
from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import variables
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.artifact import artifact
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import ended, plan

SECRET = "Plain-Secret-1"
STATUS = {
    "R1": {"cns_image": {"version": {"version": "15.7(3)M9", "uptime_seconds": 60}, "config": {"image": {"enabled": False}}}},
    "R2": {"failed": True, "msg": "No answer from http://user:%s@127.0.0.1/x" % SECRET},
    "R3": None,
}


@pytest.fixture
def show(monkeypatch):
    """Runs the action over hosts that registered something; returns its result."""

    def run(results=None, shown_as="json", check=False, **options):
        monkeypatch.setattr(constants.config, "get_config_value", lambda *_args, **_kwargs: shown_as)
        hosts = {host: {} if result is None else {"registered": result} for host, result in (results or {}).items()}
        task = mock.Mock(args=dict(options), check_mode=check, async_val=0)
        task.action = "cns.image_agent.cns_fleet_report"
        module = ActionModule(task, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())
        groups = {"all": [], "ungrouped": [], "ios": []}
        return module.run(task_vars={"hostvars": hosts, "ansible_play_hosts_all": list(hosts), "groups": groups})

    return run


def test_a_table_names_every_host_also_those_that_said_nothing(show):
    result = show(STATUS, of="status", registered="registered")
    assert [line.split()[0] for line in result["msg"]] == ["HOST", "R1", "R2", "R3"]
    assert result["msg"][1].split()[1:3] == ["15.7(3)M9", "off"]
    assert "No answer" in result["msg"][2] and "not asked" in result["msg"][3]
    assert result["_ansible_verbose_always"] is True and result["changed"] is False
    assert SECRET not in str(result)


def test_results_shown_as_yaml_are_one_text(show):
    assert show(STATUS, "yaml", of="status", registered="registered", hosts=["R1"])["msg"].splitlines()[1].startswith("R1")


def test_a_misspelled_variable_is_said(monkeypatch):
    said = []
    monkeypatch.setattr(constants.config, "get_config_value", lambda *_args, **_kwargs: "json")
    path = str(variables._COLLECTION / "roles" / "upgrade" / "tasks" / "report.yml") + ":7"
    task = mock.Mock(args=dict(of="status", registered="registered"), check_mode=False, async_val=0, get_path=lambda: path)
    task.action = "cns.image_agent.cns_fleet_report"
    module = ActionModule(task, mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock(), mock.Mock())
    module._display = mock.Mock(warning=said.append)
    module.run(task_vars={"hostvars": {}, "ansible_play_hosts_all": [], "cns_report_htlm": "x", "cns_report_html": "x"})
    assert said == ["The variable cns_report_htlm is set, and nothing here reads it. Did you mean cns_report_html?"]


def test_nothing_to_show_is_said(show):
    assert show({}, of="status", registered="registered")["msg"] == ["There is nothing to show."]


def test_a_query_narrows_the_table_and_the_files(show, tmp_path):
    written = tmp_path / "folder" / "status.json"
    options = dict(of="status", registered="registered", query="[?agent=='off'].{name: host}", json=str(written))
    assert show(STATUS, **options)["msg"] == ["NAME", "R1"]
    assert json.loads(written.read_text(encoding="utf-8")) == [{"name": "R1"}]
    assert os.stat(str(written)).st_mode & 0o777 == 0o640


def test_a_file_that_is_as_it_should_be_is_no_change(show, tmp_path):
    options = dict(of="status", registered="registered", csv=str(tmp_path / "status.csv"))
    assert show(STATUS, check=True, **options)["changed"] is False
    assert list(tmp_path.iterdir()) == []
    assert [show(STATUS, **options)["changed"] for _time in range(2)] == [True, False]
    assert [path.name for path in tmp_path.iterdir()] == ["status.csv"]


def test_data_instead_of_a_table(show):
    result = show(STATUS, of="upgrades", registered="registered", show=False)
    assert [row["host"] for row in result["report"]] == ["R1", "R2", "R3"]
    assert "msg" not in result and "_ansible_verbose_always" not in result


def test_a_fleet_that_is_not_ready_fails_if_that_is_asked(show):
    finding = dict(check="saved", severity="block", what="unsaved", why="lost", fix="save")
    results = {"R1": {"findings": [finding]}, "R2": {"findings": []}, "R3": None}
    options = dict(of="preflight", registered="registered")
    assert show(results, **options)["msg"][-1] == "3 devices: 1 ready, 0 on the target already, 2 blocked (R1, R3)."
    with pytest.raises(AnsibleActionFail, match=r"2 of 3 devices are not ready: R1, R3\. The findings say why"):
        show(results, fail_if_blocked=True, **options)
    assert show({"R2": results["R2"]}, fail_if_blocked=True, show=False, **options)["report"]["blocked"] == []


def test_hosts_that_would_share_an_image_id_are_a_warning(show):
    ids = [{"agent": "image", "type": "string", "value": "same"}]
    assert show({"R1": ids, "R2": ids, "R3": None}, of="image_ids", registered="registered")["warnings"] == [
        "R1, R2 are all to have the image ID same: the image server could not tell them apart."
    ]
    assert show({"R1": ids}, of="image_ids", registered="registered")["warnings"] == []


@pytest.fixture
def journal(tmp_path):
    """A journal of a rollout that stopped halfway."""
    path = tmp_path / "journal.jsonl"
    entries = [plan(0, ["r1"], ["r2"]), ended(5, "r1", "failed", "<script>")]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return str(path)


def test_a_rollout_becomes_a_page_and_data_and_a_list_of_what_is_left(show, journal, tmp_path):
    files = {kind: tmp_path / "report" / kind for kind in ("html", "json", "csv", "limit")}
    result = show(of="rollout", journal=journal, **{kind: str(path) for kind, path in files.items()})
    assert result["changed"] and result["msg"].startswith("Interrupted. ")
    assert result["msg"].endswith("To take the rest: --limit @%s" % files["limit"])
    assert files["limit"].read_text(encoding="utf-8") == "r1\nr2\n"
    assert json.loads(files["json"].read_text(encoding="utf-8"))["total"] == 2
    assert files["csv"].read_text(encoding="utf-8").splitlines()[1].startswith('"r1",')
    page = files["html"].read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page and "<script>" not in page and journal in page


def test_the_list_of_what_is_left_means_these_hosts_and_no_others(show, tmp_path):
    names = ["!r1", "&r2", "r3", "DC1:edge", "Branch R1", "r*", "~r."]
    journal, limit = tmp_path / "journal.jsonl", tmp_path / "limit"
    journal.write_text(json.dumps(plan(0, names)) + "\n", encoding="utf-8")
    show(of="rollout", journal=str(journal), limit=str(limit))
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": dict.fromkeys([*names, "r1", "r2", "!r10"])}}), encoding="utf-8")
    manager = InventoryManager(DataLoader(), str(inventory))
    for line in limit.read_text(encoding="utf-8").splitlines():
        alone = tmp_path / "alone"
        alone.write_text(line + "\n", encoding="utf-8")
        manager.subset("@%s" % alone)
        assert len(manager.get_hosts()) == 1
    manager.subset("@%s" % limit)
    assert {host.name for host in manager.get_hosts()} == set(names)


def test_no_rollout_is_written_nowhere(show, tmp_path):
    result = show(of="rollout", journal=str(tmp_path / "none.jsonl"), html=str(tmp_path / "page.html"))
    assert (result["changed"], result["msg"]) == (False, "The journal holds no rollout.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "options, wrong",
    [
        (dict(of="status"), "registered is needed"),
        (dict(of="rollout"), "journal is needed"),
        (dict(of="preflight", registered="registered", query="[0]"), "query narrows the rows of status and upgrades"),
        (dict(of="status", registered="registered", query="[?"), "cannot be evaluated"),
        (dict(of="nonsense", registered="registered"), "value of of must be one of"),
        (dict(of="status", registered="registered", colour="red"), "colour.* Supported parameters include"),
        (dict(of="status", registered="registered", json="/dev/null/x"), "cannot be read or written"),
    ],
)
def test_what_cannot_be_done_is_said(show, options, wrong):
    with pytest.raises(AnsibleActionFail, match=wrong):
        show(STATUS, **options)


# -- what was only heard


def heard(path, *messages):
    path.write_text("".join(json.dumps(message) + "\n" for message in messages))
    return str(path)


def posted(device, state, at=1000.0, operation="activation", **more):
    return dict(at=at, device=device, state=state, operation=operation, **more)


def test_a_picture_of_what_was_heard_says_that_nothing_was_seen(show, tmp_path):
    journal = heard(
        tmp_path / "heard.jsonl",
        posted("R1", "success", image="new.bin"),
        posted("R2", "success", operation="distribution"),
        posted("R3", "failed", reason="CHECKSUM_MISMATCH: short"),
        posted("R4", "failed"),
        posted("R4", "in_progress", at=1001.0),
        posted("R5", "unknown"),
        posted(None, "failed"),
    )
    result = show({}, of="heard", journal=journal)
    assert "heard, not seen" in result["msg"][0]
    assert [line.split()[:2] for line in result["msg"][1:]] == [
        ["HOST", "HEARD"],
        ["R1", "success"],
        ["R2", "in_progress"],
        ["R3", "failed"],
        ["R4", "in_progress"],
        ["R5", "unknown"],
    ]
    data = show({}, of="heard", journal=journal, show=False)["report"]
    assert data["seen"] is False and data["nameless"] == 1
    assert data["counts"] == {"success": 1, "failed": 1, "in_progress": 2, "unknown": 1}
    assert data["devices"][2]["reason"] == "CHECKSUM_MISMATCH: short"


def test_devices_that_never_posted_are_in_the_picture(show, tmp_path):
    journal = heard(tmp_path / "heard.jsonl", posted("R1", "success"), posted("R9", "failed"))
    data = show({}, of="heard", journal=journal, hosts=["r1", "R2"], show=False, csv=str(tmp_path / "heard.csv"))["report"]
    assert [(one["host"], one["heard"]) for one in data["devices"]] == [("r1", "success"), ("R2", "not_heard")]
    assert (tmp_path / "heard.csv").read_text().splitlines()[0].startswith('"host","heard",')


def test_what_was_posted_before_is_left_out(show, tmp_path):
    journal = heard(tmp_path / "heard.jsonl", posted("R1", "failed"), posted("R1", "in_progress", at=4e9))
    data = show({}, of="heard", journal=journal, since="2026-05-06 22:00", show=False)["report"]
    assert (data["devices"][0]["heard"], data["devices"][0]["messages"]) == ("in_progress", 1)
    with pytest.raises(AnsibleActionFail, match="since is yesterday"):
        show({}, of="heard", journal=journal, since="yesterday")


def test_a_journal_that_is_not_there_is_no_silence(show, tmp_path):
    with pytest.raises(AnsibleActionFail, match="cannot be read"):
        show({}, of="heard", journal=str(tmp_path / "heard.jsonl"))
    with pytest.raises(AnsibleActionFail, match="that the receiver wrote"):
        show({}, of="heard")


def test_a_report_is_sent_and_a_failure_is_a_warning(show, tmp_path, monkeypatch):
    journal, sent = tmp_path / "journal.jsonl", []
    journal.write_text("".join(json.dumps(entry) + "\n" for entry in (plan(1, ["r1"]), ended(2, "r1", "success"))))
    monkeypatch.setattr(
        "ansible_collections.cns.image_agent.plugins.action.cns_fleet_report.post",
        lambda *given: sent.append(given) or "It failed.",
    )
    result = show(of="rollout", journal=str(journal), url="http://127.0.0.1/", headers={"X-Token": SECRET})
    assert "failed" not in result and SECRET not in str(result)
    ((url, parts, headers),) = sent
    assert (url, headers) == ("http://127.0.0.1/", {"X-Token": SECRET})
    assert json.loads(parts[0][1])["total"] == 1 and "<html" in parts[1][1]
    show(of="rollout", journal=str(journal), url="http://127.0.0.1/", check=True)
    assert len(sent) == 1


def test_journals_and_artifacts_become_one_report(show, tmp_path):
    for name in ("r1", "r2"):
        lines = (plan(1, [name]), ended(2, name, "success"))
        (tmp_path / (name + ".jsonl")).write_text("".join(json.dumps(entry) + "\n" for entry in lines))
    made = artifact([plan(1, ["r3"]), ended(2, "r3", "failed", "why")])
    parts = [str(tmp_path / "r1.jsonl"), str(tmp_path / "r2.jsonl"), {"cns_rollout": made}]
    result = show(of="rollout", parts=parts, show=False)
    assert (result["report"]["total"], result["report"]["limit"]) == (3, ["r3"])
    with pytest.raises(AnsibleActionFail, match="A part of the rollout cannot be used: no artifact of a rollout is in it"):
        show(of="rollout", parts=[{"counts": {}}])


WIDE = ["*", "all", "ungrouped", "ios", "~r.*", "!r1", "&r1", "@/etc/hosts", "r?", "r[0-9]", "ios[0]", "r1\nall", ""]


@pytest.mark.parametrize("name", WIDE)
def test_no_name_in_a_journal_widens_what_is_left(show, tmp_path, monkeypatch, name):
    monkeypatch.setattr(constants, "HOST_PATTERN_MISMATCH", "ignore")
    journal, limit = tmp_path / "journal.jsonl", tmp_path / "limit"
    hosts = ["r1", "DC1:edge", "2001:db8::1"]
    steps = [*(ended(1, host, "failed", "why") for host in hosts), ended(2, name, "failed", "why")]
    journal.write_text("".join(json.dumps(line) + "\n" for line in [plan(0, hosts), plan(0, [*hosts, name]), *steps]))
    show(of="rollout", journal=str(journal), limit=str(limit), show=False)
    inventory = tmp_path / "inventory.json"
    inventory.write_text(json.dumps({"ios": {"hosts": dict.fromkeys([*hosts, "r2", "r3"])}}), encoding="utf-8")
    manager = InventoryManager(DataLoader(), str(inventory))
    manager.subset("@%s" % limit)
    assert {host.name for host in manager.get_hosts()} == set(hosts)
