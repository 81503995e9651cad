# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests of the advice: for each warning a configuration that deserves it, and its neighbour that does not."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import advice, plan
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES

SERVER = "cns image server http://10.1.1.1/cns status http://10.1.1.1/status"
TRUSTED = "cns trusted-server image 10.1.1.1"


def configs(*lines):
    return {name: reading.config for name, reading in plan.read(lines, AGENT_NAMES).items()}


def warnings(*lines, before=(), shown=()):
    return advice.about(configs(*before), configs(*lines), shown)


def test_a_device_without_agents_needs_no_advice():
    assert warnings() == []


def test_the_usual_configuration_needs_no_advice():
    assert warnings(SERVER, TRUSTED) == []


@pytest.mark.parametrize(
    "lines, word",
    [
        pytest.param(
            ["cns image server http://10.1.1.1/cns", TRUSTED], "status messages of the image agent are lost", id="no status URL"
        ),
        pytest.param(["cns image"], "the image agent, which has no server", id="bus without a gateway"),
        pytest.param(["cns config partial 10.1.1.1"], "cns config partial", id="partial without a gateway"),
        pytest.param(["cns exec 80"], "cns exec", id="exec without a gateway"),
        pytest.param([SERVER], "10.1.1.1, the host of an image server or status URL, is not among", id="not trusted"),
        pytest.param([SERVER, "cns trusted-server event 10.1.1.1"], "not among the trusted", id="trusted by another agent"),
        pytest.param(
            ["cns image server https://a/b status https://a/c", "cns trusted-server image a"], "no trustpoint", id="HTTPS"
        ),
    ],
)
def test_a_warning(lines, word):
    found = warnings(*lines)
    assert len(found) == 1 and word in found[0]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["cns image server http://10.1.1.1/cns", TRUSTED, "cns event 10.1.1.2"], id="status by the bus"),
        pytest.param(["cns image", "cns event 10.1.1.2"], id="bus with a gateway"),
        pytest.param([SERVER, "cns trusted-server all-agents 10.1.1.1"], id="trusted by all agents"),
        pytest.param(["cns exec 80", "cns config partial 10.1.1.1", "cns event 10.1.1.2"], id="agents with a gateway"),
    ],
)
def test_no_warning(lines):
    assert warnings(*lines) == []


@pytest.mark.parametrize("line", ["crypto pki trustpoint CNS", "ip http client secure-trustpoint CNS"])
def test_https_with_a_trustpoint(line):
    lines = ["cns image server https://a/b status https://a/c", "cns trusted-server image a"]
    assert warnings(*lines, shown=[line]) == []


def test_a_trustpoint_from_the_factory_is_none_for_https():
    lines = ["cns image server https://a/b status https://c/d", "cns trusted-server image a", "cns trusted-server image c"]
    (warning,) = warnings(*lines, shown=["crypto pki trustpoint TP-self-signed-1234"])
    assert warning.startswith("a is HTTPS, but the device has no trustpoint")


def test_a_changed_event_id_waits_for_a_restart():
    gateway, old, new = "cns event 10.1.1.2", "cns id string one event", "cns id string two event"
    assert "keeps its old one until it is restarted" in warnings(gateway, new, before=[gateway, old])[0]
    assert warnings(gateway, new, before=[gateway, new]) == []
    assert warnings(gateway, new, before=[old]) == []  # the gateway is new, and so is its connection
    assert warnings(gateway, "cns id string two image", before=[gateway, "cns id string one image"]) == []


@pytest.mark.parametrize(
    "url, host",
    [
        ("http://10.1.1.1:8080/cns", "10.1.1.1"),
        ("https://user:word@images.example.net/x", "images.example.net"),
        ("10.2.2.8", "10.2.2.8"),
        ("http://[2001:db8::1]/x", "[2001:db8::1]"),
        (None, None),
        ("", None),
    ],
)
def test_the_host_of_a_url(url, host):
    assert advice.host_of(url) == host


def test_an_image_id_that_two_devices_share():
    def string(value, agent="image"):
        return [{"agent": agent, "type": "string", "value": value}]

    shared = advice.shared_image_ids({"r1": string("a"), "r2": string("a"), "r3": string("b"), "r4": None})
    assert len(shared) == 1 and shared[0].startswith("r1, r2 are all to have the image ID a")
    assert advice.shared_image_ids({"r1": string("a", "event"), "r2": string("a", "event")}) == []
    serials = [{"agent": "image", "type": "hardware_serial"}]
    assert advice.shared_image_ids({"r1": serials, "r2": serials}) == []
