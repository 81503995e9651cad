# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets in every place of what comes to a door: none of them passes, and what is no secret does."""

from __future__ import annotations

import base64
import json
from unittest import mock
from urllib.parse import quote

import pytest
from ansible.utils.display import Display
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils import outcome
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import Refused
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Ended
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.course import Report
from ansible_collections.cns.image_agent.tests.unit.plugins.action.fleet_bench import Fleet
from ansible_collections.cns.image_agent.tests.unit.plugins.action.upgrade_bench import observed

RETRIEVE = "cns image retrieve"
SECRET = "Tr0ub&dor/%3:@é"
SPELLED = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "repr": lambda text: repr(text.encode())[2:-1],
    "base64": lambda text: base64.b64encode(b"me:" + text.encode()).decode(),
    "a piece": lambda text: "$%s\n" % text[-max(3, len(text) // 2) :],
}
# Printable, and no word of what is said around it
SECRETS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=6, max_size=20).filter(
    lambda text: not set(text) <= set("*.0123456789") and "?" not in text
)


@pytest.fixture
def said(monkeypatch):
    """All that is displayed."""
    told = []
    for name in ("display", "warning", "vv"):
        monkeypatch.setattr(Display, name, lambda _display, text, *_args, **_kwargs: told.append(text))
    return told


def leaks(secret, *shown):
    """In which spellings a secret is in what was shown."""
    text = " ".join(part if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in shown)
    return [name for name, spelled in SPELLED.items() if spelled(secret).strip("$\n") in text]


def url(secret):
    return "http://me:%s@10.0.0.1/" % quote(secret, safe="")


# -- an upgrade by a task ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", SPELLED)
def test_a_device_that_repeats_the_password_of_a_url_in_its_words(bench, tmp_path, said, how):
    spelled = SPELLED[how](SECRET)
    failed = observed(ended="2026-03-01T10:00:09", word="LOGIN_FAILED %s, said the server" % spelled, failed=1)
    path = tmp_path / "journal.jsonl"
    device = bench(observed(), observed(), failed)
    result = device.run("cns_image_retrieve", server=url(SECRET), journal=str(path), timeout=300, target_version="2")
    assert result["outcome"] == "failed" and "said the server" in result["reason"] and "LOGIN_FAILED" in result["msg"]
    assert leaks(SECRET, result, path.read_text(), device.warnings, said) == []


@pytest.mark.parametrize("how", SPELLED)
def test_a_refusal_that_repeats_it(bench, tmp_path, said, how):
    path = tmp_path / "journal.jsonl"
    device = bench(observed())
    command = "%s server %s" % (RETRIEVE, url(SECRET))
    device.connection.answers[command] = "Error: cannot log in with %s now\n" % SPELLED[how](SECRET)
    result = device.run("cns_image_retrieve", server=url(SECRET), journal=str(path), mode="exec")
    assert result["failed"] and "cannot log in with" in result["msg"] and "now" in result["device_said"]
    assert leaks(SECRET, result, path.read_text(), device.warnings, said) == []


def test_the_password_in_the_configuration_of_the_device(bench):
    device = bench(observed(), observed(), observed(ended="2026-03-01T10:00:09", word="FAILED with Hidden-4-You", failed=1))
    shown = "version 15\nhostname R1\ncns image server http://u:Hidden-4-You@h/\nend\n"
    for command in ("show running-config | include ^cns image|^version |^hostname |^end$", "show running-config"):
        device.connection.answers[command] = shown
    result = device.run("cns_image_retrieve", server="http://h/", timeout=300)
    assert "FAILED with ********" in result["reason"] and "Hidden-4-You" not in str(result)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SECRETS, st.sampled_from(sorted(SPELLED)))
def test_any_secret_in_the_words_of_a_device(bench, tmp_path_factory, secret, how):
    spelled = SPELLED[how](secret)

    def shown(password, word):
        path = tmp_path_factory.mktemp("any") / "journal.jsonl"
        failed = observed(ended="2026-03-01T10:00:09", word="FAILED after %s again" % word, failed=1)
        device = bench(observed(), observed(), failed)
        result = device.run("cns_image_retrieve", server=url(password), journal=str(path), timeout=300)
        return result, path.read_text(), device.warnings

    assume(not leaks(secret, *shown(SECRET, "it")))  # a word of ours
    result, *beside = shown(secret, spelled)
    assert leaks(secret, result, *beside) == []
    assert "FAILED after" in result["reason"] and "again" in result["reason"]


def test_names_stay_what_they_are_if_a_password_is_the_same_word(bench, tmp_path):
    path = tmp_path / "journal.jsonl"
    options = dict(server="http://u:15.7@h/", target_version="15.7(3)M9", journal=str(path))
    result = bench(observed(), observed(), observed("15.7(3)M9", up=60)).run("cns_image_retrieve", **options)
    assert result["outcome"] == "success"
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert {entry["target"]["version"] for entry in entries} == {"15.7(3)M9"} and {entry["host"] for entry in entries} == {"R1"}


def test_what_was_masked_in_a_journal_is_still_known(bench, tmp_path):
    """The image of the device has the password in its name, and another image must not be seen in that."""
    path = tmp_path / "journal.jsonl"
    old = observed("15.4-hunter2")
    options = dict(server="http://u:hunter2@h/", target_version="15.7(3)M9", journal=str(path))
    bench(old, old, old).run("cns_image_retrieve", timeout=30, **options)
    assert "hunter2" not in path.read_text()
    result = bench(old, old, old).run("cns_image_retrieve", timeout=30, **options)
    assert (result["outcome"], result["reloads"]) == ("timeout", 0)


# -- a wave -----------------------------------------------------------------------------------------------------------


def test_each_device_of_a_wave_has_secrets_of_its_own(monkeypatch, tmp_path, said):
    path = tmp_path / "journal.jsonl"

    def work(host):
        reason = "%s says %s, not geheim-%s" % (host, "geheim-" + host, "nobody")
        return Report(Ended(outcome.Verdict(outcome.FAILED, reason), observed(), observed()), outcome.Target("2", None))

    variables = {host: {"ansible_password": "geheim-" + host} for host in ("R1", "R2")}
    fleet = Fleet(monkeypatch, work, **variables)
    result = fleet.run("cns_image_upgrade", hosts=["R1", "R2"], target_version="2", journal=str(path), wave=1, of=1, stop_at="0")
    for host in variables:
        for told in (result["ends"][host], result["devices"][host]):
            assert told["reason"] == "%s says ********, not geheim-nobody" % host
    assert result["bad"] == ["R1", "R2"] and "R1, R2" in result["msg"]
    assert "geheim-R" not in json.dumps([result, said]) + path.read_text()


def test_a_fault_of_a_wave_is_told_without_secrets(monkeypatch, tmp_path, said):
    fleet = Fleet(monkeypatch, lambda host: None, R1={"ansible_password": "geheim-R1"})
    monkeypatch.setattr(
        "ansible_collections.cns.image_agent.plugins.plugin_utils.actions.fleet.FleetAction.for_each",
        lambda action, hosts, _work, at_fault: {host: at_fault(host, ValueError("geheim-%s" % host)) for host in hosts},
    )
    ran = fleet.run
    with mock.patch.object(fleet, "_monkeypatch", mock.Mock(setattr=_setattr_but_for_each(monkeypatch))):
        result = ran("cns_image_upgrade", hosts=["R1"], target_version="2", journal=str(tmp_path / "journal.jsonl"))
    assert "ValueError: ********" in result["ends"]["R1"]["reason"]
    assert "geheim-R1" not in json.dumps([result, said]) + (tmp_path / "journal.jsonl").read_text()


def _setattr_but_for_each(monkeypatch):
    return lambda target, name, value: None if name == "for_each" else monkeypatch.setattr(target, name, value)


# -- data of any shape ------------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.sampled_from(["%s", "a %s b", "line\n%s\x1b[2J", "fine", 7, None, True]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["reason", "x", "R1", "%s y"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def planted(value, secret):
    if isinstance(value, dict):
        return {planted(key, secret): planted(entry, secret) for key, entry in value.items()}
    if isinstance(value, list):
        return [planted(entry, secret) for entry in value]
    return value.replace("%s", secret) if isinstance(value, str) else value


@given(VALUES, SECRETS)
def test_no_place_in_data_is_forgotten(value, secret):
    assume(not any(secret in word for word in ("a ", "line", "fine", "[2J", "reason", "R1")))
    shown = Door([secret]).data(planted(value, secret))
    assert secret not in _texts(shown) and "\x1b" not in _texts(shown)
    assert shown == Door().data(planted(value, "********"))


def _texts(value):
    if isinstance(value, dict):
        return " ".join(_texts(part) for pair in value.items() for part in pair)
    return " ".join(map(_texts, value)) if isinstance(value, list) else str(value)


def test_an_error_that_is_raised_is_a_message_without_secrets(bench):
    device = bench(Refused("no %s here" % SECRET, device_said=SECRET))
    result = device.run("cns_image_retrieve", server=url(SECRET))
    assert result["failed"] and leaks(SECRET, result) == []
