# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What troubleshooting makes of a virtual device: it finds the reason, and changes nothing."""

from __future__ import annotations

import asyncio

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import troubleshoot
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.link import SshLink, ios_terminal
from ansible_collections.cns.image_agent.plugins.plugin_utils.inline.files import Files
from ansible_collections.cns.image_agent.tests.unit.lab.live_fleet import LiveFleet
from ansible_collections.cns.image_agent.tests.unit.lab.test_conversations import SERVER, over, sent

GOOD = {
    "status": {"last_upgrade": {"started": None, "ended": None, "status": None}},
    "version": {"version": "15.5(3)M2"},
    "supported": True,
}


def examined(lines=(SERVER,), fault=None, profile="ios", **options):
    return over(lambda one, _session: troubleshoot.examine(one, **options), fault, profile=profile, lines=lines)


def of_check(result, check):
    return next(one for one in result["findings"] if one["check"] == check)


def test_a_device_with_nothing_wrong():
    result, told = examined()
    assert result["healthy"] is True
    assert result["verdict"] == [
        "Nothing is wrong that the device could tell. See the log of the image server for what it answered."
    ]
    assert result["cns_image"]["supported"] is True
    assert result["cns_image"]["config"]["image"]["server"] == "http://10.0.0.1/cns"
    assert result["cns_image"]["version"]["version"] and result["cns_image"]["inventory"]["image_id"]
    assert sent(told) == []


@pytest.mark.parametrize(
    "lines, check, severity, said",
    [
        pytest.param((), "agent_enabled", "block", "The image agent is off", id="off"),
        pytest.param(("cns image server http://10.9.9.9/cns",), "server_reachable", "warn", "10.9.9.9", id="unreachable"),
        pytest.param(("cns image server https://10.0.0.1/cns",), "certificate", "block", "CA certificate", id="https"),
        pytest.param(("cns image server http://10.0.0.1/cns",), "status_messages", "warn", "", id="no status URL"),
    ],
)
def test_the_reason_is_found_with_advice(lines, check, severity, said):
    result, told = examined(lines)
    found = of_check(result, check)
    assert found["severity"] == severity and said in found["what"] and found["why"] and found["fix"]
    assert result["healthy"] is (severity != "block")
    assert any(said in sentence for sentence in result["verdict"]) is (severity == "block" or not said)
    assert sent(told) == []


def test_a_release_without_the_agent_needs_no_other_reason():
    result, told = examined((), profile="ios-no-agent")
    assert [one["check"] for one in result["findings"]] == ["agent_supported"]
    assert len(result["verdict"]) == 1 and "it has no image agent" in result["verdict"][0]
    assert result["healthy"] is False and result["cns_image"]["supported"] is False
    assert sent(told) == []


@pytest.mark.parametrize("said", ["Command authorization failed.", "This command is not authorized", ""])
@pytest.mark.parametrize("command, severity", [("show running-config", "block"), ("show cns image connections", "warn")])
def test_what_the_device_does_not_show_is_a_finding(said, command, severity):
    result, told = examined(fault="answer=^%s=>%s" % (command, said))
    found = of_check(result, "rights")
    assert found["severity"] == severity and command in found["what"]
    assert result["healthy"] is (severity == "warn")
    assert result["cns_image"]["status"]["last_upgrade"] and result["cns_image"]["version"]["version"]
    assert sent(told) == []


@pytest.mark.parametrize(
    "fault, said",
    [
        ("aaa-refuses=^show running-config", "Command authorization failed"),
        ("aaa-refuses=^show version", "Command authorization failed"),
        ("aaa-refuses=^show cns", "Command authorization failed"),
        ("authorization-failed=^show startup-config", "% Authorization failed"),
        ("authorization-failed=^(show boot|dir)", "% Authorization failed"),
        ("startup-unreadable", "%Error opening nvram:/startup-config (I/O error)"),
    ],
)
def test_the_verdict_has_the_words_of_the_device(fault, said):
    result, told = examined(fault=fault)
    assert any(said in sentence for sentence in result["verdict"])
    assert sent(told) == []


@pytest.mark.parametrize("command", ["show version", "show running-config", "show cns image connections"])
def test_a_session_that_is_over_ends_with_the_words_of_the_device(command):
    with pytest.raises(DeviceAway, match="TACACS. session has expired.Please re-login to continue") as raised:
        examined(fault="session-expired=^" + command)
    assert sent(raised.value.told) == []


@pytest.mark.parametrize("fault", ["save-refused", "save-busy=1"])
def test_a_device_that_cannot_save_is_not_asked_to(fault):
    result, told = examined(fault=fault)
    assert result["healthy"] is True and sent(told) == []


def test_a_session_that_is_over_says_so_over_ssh(tmp_path):
    with LiveFleet(tmp_path, "session-expired=^show~running-config") as fleet:
        (device,) = fleet.devices
        with pytest.raises(DeviceAway, match="The last it said: 'TACACS. session has expired.Please re-login to continue"):
            asyncio.run(_examined_over_ssh(fleet.login(device)))
        assert fleet.triggers() == [0]


async def _examined_over_ssh(login):
    link = SshLink(login, ios_terminal(), Files(), asyncio.Semaphore(1))
    try:
        return await troubleshoot.examine(await link.device())
    finally:
        await link.close()


def test_secrets_are_masked():
    result, _told = examined(("cns image server http://u:s3cretword@10.0.0.1/cns", "cns image password s3cretword"))
    result = Door().data(result)
    assert "s3cretword" not in str(result)
    assert result["cns_image"]["config"]["image"]["server"] == "http://u:********@10.0.0.1/cns"


class Gone:
    """A transport whose device does not answer."""

    async def get(self, command, **_more):
        raise DeviceAway("No answer to %r: the session ended." % command)


def test_a_device_that_left_after_a_retrieval_may_be_reloading():
    result, _told = over(lambda one, _session: troubleshoot.examine(type(one)(Gone()), before=GOOD))
    assert [one["check"] for one in result["findings"]] == ["device_away"]
    assert result["cns_image"] is None and result["healthy"] is False
    assert "may be reloading" in result["findings"][0]["why"]
    assert "the session ended" in result["verdict"][0]


def test_a_device_that_never_answers_is_an_error():
    with pytest.raises(DeviceAway):
        over(lambda one, _session: troubleshoot.examine(type(one)(Gone())))


def test_a_retrieval_without_a_trace():
    before, _told = examined()
    result, _told = examined(before=before["cns_image"])
    assert result["findings"][0]["check"] == "last_upgrade" and result["findings"][0]["severity"] == "block"
    assert result["verdict"][0].startswith("The retrieve left no trace")
