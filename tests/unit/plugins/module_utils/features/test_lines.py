# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded lines of configuration, and what they mean."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import secret
from ansible_collections.cns.image_agent.plugins.module_utils.features import registry

OFF = {"enabled": False, "server": None, "status": None, "password": None, "retry": 60}
BUS = dict(OFF, enabled=True)
SERVER, STATUS = "https://10.21.2.3/cns/imgsvr", "https://10.21.2.3/cns/status/"
BOTH = dict(BUS, server=SERVER, status=STATUS)


def an_id(agent, kind, interface=None, value=None):
    return {"agent": agent, "type": kind, "interface": interface, "value": value}


def ids(*entries, **more):
    return dict({"ids": list(entries), "password": None}, **more)


def gateway(host, **given):
    settings = ("port", "failover_time", "keepalive", "source", "clock_timeout", "reconnect_time")
    return dict(dict.fromkeys(settings), host=host, encrypt=False, backup=False, **given)


def partial(host, **given):
    return dict({"host": host, "port": None, "encrypt": False, "source": None, "inventory": False}, **given)


def an_exec(**given):
    return dict({"enabled": True, "host": None, "port": None, "source": None, "encrypt": False}, **given)


def trusted(*pairs):
    return {"servers": [{"agent": agent, "host": host} for agent, host in pairs]}


IMAGE = {
    "nothing": ([], OFF),
    "seed example": (
        ["cns image retry 240", "cns image password abctext", "cns image server %s status %s" % (SERVER, STATUS)],
        dict(BOTH, retry=240, password="abctext"),
    ),
    "seed example, event bus": (["cns image", "cns image password abctext"], dict(BUS, password="abctext")),
    "one line": (["cns image server %s status %s" % (SERVER, STATUS)], BOTH),
    "server alone": (["cns image server " + SERVER], dict(BUS, server=SERVER)),
    "several lines": (["cns image", "cns image server " + SERVER, "cns image status " + STATUS], BOTH),
    "several lines, other order": (["cns image status " + STATUS, "cns image server " + SERVER, "cns image"], BOTH),
    "bare line and full line": (["cns image", "cns image server %s status %s" % (SERVER, STATUS)], BOTH),
    "full line and bare line": (["cns image server %s status %s" % (SERVER, STATUS), "cns image"], BOTH),
    "URL without a scheme": (["cns image server 10.2.2.8 status 10.2.2.8"], dict(BUS, server="10.2.2.8", status="10.2.2.8")),
    "retry at its default": (["cns image retry 60"], OFF),
    "retry without an agent": (["cns image retry 0"], dict(OFF, retry=0)),
    "retry without a number": (["cns image retry"], OFF),
    "words after the URLs": (
        ["cns image server %s status %s retry 5" % (SERVER, STATUS)],
        dict(BOTH, unknown=["retry", "5"]),
    ),
    "words between the URLs": (
        ["cns image server %s vrf m status %s" % (SERVER, STATUS)],
        dict(BUS, server=SERVER, unknown=["vrf", "m", "status", STATUS]),
    ),
    "password in clear": (["cns image password 0 abctext"], dict(OFF, password="abctext")),
    "password type 7": (["cns image password 7 0822455D0A16"], dict(OFF, password="cisco")),
    "password type 6": (["cns image password 6 _BBZbHQcXOeRUJ"], dict(OFF, password=secret.HIDDEN)),
    "password type 8": (["cns image password 8 $8$dsYGNam3K1SIJO"], dict(OFF, password=secret.HIDDEN)),
    "password starred": (["cns image password *****"], dict(OFF, password=secret.HIDDEN)),
    "password removed": (["cns image password <removed>"], dict(OFF, password=secret.HIDDEN)),
    "password without a value": (["cns image password"], dict(OFF, password=secret.HIDDEN)),
    "spaces and line ends": (["  cns   image  retry 240 \r"], dict(OFF, retry=240)),
    "agent switched off": (["no cns image"], OFF),
    "lines of others": (["cns images", "cns", "hostname cns image", "cns image_agent", "cns image unknown x"], OFF),
}
ID = {
    "nothing": ([], ids()),
    "seed, interface": (
        ["cns id GigabitEthernet0/1/1 ipaddress image"],
        ids(an_id("image", "ipaddress", "GigabitEthernet0/1/1")),
    ),
    "seed, as typed": (["cns id fastethernet 0/1 ipaddress image"], ids(an_id("image", "ipaddress", "FastEthernet0/1"))),
    "seed, serial": (["cns id hardware-serial image"], ids(an_id("image", "hardware_serial"))),
    "seed, password": (["cns password password1"], ids(password="password1")),
    "one for each agent": (
        ["cns id string r1 image", "cns id hardware-serial", "cns id Vlan1 mac-address event"],
        ids(an_id("config", "hardware_serial"), an_id("event", "mac_address", "Vlan1"), an_id("image", "string", value="r1")),
    ),
    "two agents on one line": (["cns id udi event image"], ids(an_id("event", "udi"), an_id("image", "udi"))),
    "a string that is a keyword": (["cns id string image"], ids(an_id("config", "string", value="image"))),
    "a string that is its own keyword": (["cns id string event event"], ids(an_id("event", "string", value="event"))),
    "the last line of an agent counts": (
        ["cns id string a image", "cns id string b image"],
        ids(an_id("image", "string", value="b")),
    ),
    "hostname explicit": (["cns id hostname image", "cns id hostname"], ids()),
    "dns-reverse": (["cns id Loopback 0 dns-reverse event"], ids(an_id("event", "dns_reverse", "Loopback0"))),
    "interface abbreviated": (["cns id gi0/1 mac-address"], ids(an_id("config", "mac_address", "GigabitEthernet0/1"))),
    "unknown form": (["cns id flash image", "cns id", "cns id ipaddress image"], ids()),
    "password type 7": (["cns password 7 094F471A1A0A"], ids(password="cisco")),
    "password hidden": (["cns password <removed>"], ids(password=secret.HIDDEN)),
    "not the image password": (["cns image password abc"], ids()),
}
EVENT = {
    "nothing": ([], {"gateways": []}),
    "seed, options in their order": (
        ["cns event 10.21.9.7 11011 keepalive 240 120 failover-time 5"],
        {"gateways": [gateway("10.21.9.7", port=11011, keepalive={"seconds": 240, "retries": 120}, failover_time=5)]},
    ),
    "seed, source": (
        ["cns event 172.28.129.24 source 172.22.2.1"],
        {"gateways": [gateway("172.28.129.24", source="172.22.2.1")]},
    ),
    "options in any order": (
        ["cns event ce failover-time 5 source Loopback 0 reconnect-time 60 11012 backup clock-timeout 1 encrypt keepalive 1 2"],
        {
            "gateways": [
                dict(
                    gateway("ce", port=11012, failover_time=5, source="Loopback0", reconnect_time=60, clock_timeout=1),
                    encrypt=True,
                    backup=True,
                    keepalive={"seconds": 1, "retries": 2},
                )
            ]
        },
    ),
    "older keyword": (["cns event ce reconnect 60"], {"gateways": [gateway("ce", reconnect_time=60)]}),
    "primary and backup": (
        ["cns event 10.1.1.1", "cns event 10.1.1.2 backup"],
        {"gateways": [gateway("10.1.1.1"), dict(gateway("10.1.1.2"), backup=True)]},
    ),
    "source in one word": (["cns event ce source lo0"], {"gateways": [gateway("ce", source="Loopback0")]}),
    "not understood": (
        [
            "cns event",
            "cns event a keepalive 5",
            "cns event b keepalive x y",
            "cns event c d e",
            "cns event f source",
            "cns event g 11011 init-retry 5 failover-time 4 force-fmt1",
            "cns event h init-retry 5",
            "cns event i 1 inventory backup backup 2",
            "cns event j failover-time backup 5",
        ],
        {
            "gateways": [
                gateway("a", unknown=["keepalive", "5"]),
                gateway("b", unknown=["keepalive", "x", "y"]),
                gateway("c", unknown=["d", "e"]),
                gateway("f", unknown=["source"]),
                gateway("g", port=11011, failover_time=4, unknown=["init-retry", "5", "force-fmt1"]),
                gateway("h", unknown=["init-retry", "5"]),
                dict(gateway("i", port=1, unknown=["inventory", "backup", "2"]), backup=True),
                gateway("j", unknown=["failover-time", "backup", "5"]),
            ]
        },
    ),
}
EXEC = {
    "nothing": ([], an_exec(enabled=False)),
    "seed, with a host": (["cns exec 172.28.129.23 source 172.22.2.2"], an_exec(host="172.28.129.23", source="172.22.2.2")),
    "with a port": (["cns exec 80"], an_exec(port=80)),
    "alone": (["cns exec"], an_exec()),
    "everything": (["cns exec ce encrypt 443 source Vlan 1"], an_exec(host="ce", encrypt=True, port=443, source="Vlan1")),
    "encrypted port": (["cns exec encrypt 443"], an_exec(encrypt=True, port=443)),
    "not understood": (["cns exec a b"], an_exec(host="a", unknown=["b"])),
    "not understood, without a host": (["cns exec 80 force-fmt1 7"], an_exec(port=80, unknown=["force-fmt1", "7"])),
}
CONFIG = {
    "nothing": ([], {"partial": None, "notify": None}),
    "seed": (["cns config partial 172.28.129.22 80"], {"partial": partial("172.28.129.22", port=80), "notify": None}),
    "everything": (
        ["cns config partial ce encrypt 443 source Loopback0 inventory", "cns config notify diff interval 10"],
        {
            "partial": partial("ce", encrypt=True, port=443, source="Loopback0", inventory=True),
            "notify": {"changes": "diff", "interval": 10},
        },
    ),
    "notify alone": (["cns config notify all"], {"partial": None, "notify": {"changes": "all", "interval": None}}),
    "not understood": (
        ["cns config partial ce 80 backup", "cns config notify diff no_cns_events interval 7 old-format"],
        {
            "partial": partial("ce", port=80, unknown=["backup"]),
            "notify": {"changes": "diff", "interval": 7, "unknown": ["no_cns_events", "old-format"]},
        },
    ),
    "an interval that is none": (
        ["cns config notify all interval soon"],
        {"partial": None, "notify": {"changes": "all", "interval": None, "unknown": ["interval", "soon"]}},
    ),
    "not ours": (
        ["cns config initial ce 80", "cns config notify some", "cns config partial", "cns config partial 80"],
        {"partial": None, "notify": None},
    ),
}
TRUSTED = {
    "nothing": ([], trusted()),
    "each agent": (
        ["cns trusted-server all-agents 10.2.2.8", "cns trusted-server image ce", "cns trusted-server config ce"],
        trusted(("all_agents", "10.2.2.8"), ("image", "ce"), ("config", "ce")),
    ),
    "several for one agent": (
        ["cns trusted-server image a", "cns trusted-server image b"],
        trusted(("image", "a"), ("image", "b")),
    ),
    "twice the same": (["cns trusted-server image a", "cns trusted-server image a"], trusted(("image", "a"))),
    "not understood": (
        ["cns trusted-server", "cns trusted-server all x", "cns trusted-server image", "cns trusted-server image a b"],
        trusted(),
    ),
}
TABLES = {"image": IMAGE, "id": ID, "event": EVENT, "exec": EXEC, "config": CONFIG, "trusted_server": TRUSTED}
RECORDED = [(name, title) for name, table in TABLES.items() for title in table]


def test_every_agent_has_recorded_lines():
    assert set(TABLES) == set(registry.AGENT_NAMES)


@pytest.mark.parametrize("name, title", RECORDED, ids=["%s, %s" % pair for pair in RECORDED])
def test_lines(name, title):
    lines, config = TABLES[name][title]
    feature = registry.BY_NAME[name]
    reading = feature.parse(lines)
    assert reading.config == config
    assert feature.settle(reading.config) == reading.config
    # Whatever can be removed, the device has shown.
    assert set(feature.slots(reading.config)) <= set(reading.shown)


@pytest.mark.parametrize(
    "name, lines, unparsed",
    [
        ("event", ["cns event", "cns event 5 6", "cns event ce x"], ["cns event", "cns event 5 6"]),
        ("exec", ["cns exec a b", "cns executive"], []),
        ("exec", ["cns exec 80", "cns exec ce 8080", "cns exec ce"], ["cns exec 80", "cns exec ce 8080"]),
        ("exec", ["cns exec 80", "cns exec 80"], []),
        ("event", ["cns event ce 5", "cns event other", "cns event ce 6"], ["cns event ce 5"]),
        ("config", ["cns config partial a", "cns config partial b"], ["cns config partial a"]),
        ("config", ["cns config notify all", "cns config notify diff"], ["cns config notify all"]),
        ("image", ["cns image retry 5", "cns image password a", "cns image retry 6"], ["cns image retry 5"]),
        ("image", ["cns image password a", "cns image password b"], ["cns image password a"]),
        ("image", ["cns image password a b", "cns image password 7 0 b"], None),
        ("id", ["cns password a b", "cns password 7 070C285F4D06 x"], None),
        ("id", ["cns password a", "cns password b", "cns password 8 $9$x"], ["cns password a", "cns password b"]),
        ("id", ["cns id udi image", "cns id hostname event image"], ["cns id udi image"]),
        ("config", ["cns config notify some", "cns config  partial", "cns config initial ce"], None),
        ("image", ["cns image retry", "cns image retry 5 6", "cns image on", "cns image status", "cns images"], None),
        ("id", ["cns id", "cns id string", "cns id string a b", "cns id udi image x", "cns id a b c ipaddress"], None),
        ("trusted_server", ["cns trusted-server", "cns trusted-server ftp a", "cns trusted-server image a b"], None),
    ],
)
def test_lines_that_are_not_understood(name, lines, unparsed):
    known = ("cns config initial ce", "cns images")
    expected = [" ".join(line.split()) for line in lines if line not in known] if unparsed is None else unparsed
    assert sorted(registry.BY_NAME[name].parse(lines).unparsed) == sorted(expected)


def sent(name, **config):
    """The lines of a configuration of one feature as a user gives it."""
    feature = registry.BY_NAME[name]
    config = feature.settle(feature.normalise(config))
    feature.check(config)
    return [slot.line for slot in feature.slots(config).values()]


@pytest.mark.parametrize(
    "name, config, lines",
    [
        ("image", dict(enabled=True), ["cns image"]),
        ("image", dict(enabled=False, retry=60), []),
        ("image", dict(server=SERVER, status=STATUS), ["cns image server %s status %s" % (SERVER, STATUS)]),
        (
            "image",
            dict(server=SERVER, retry=240, password="abctext"),
            ["cns image server " + SERVER, "cns image password abctext", "cns image retry 240"],
        ),
        ("id", dict(ids=[an_id("image", "ipaddress", "fastethernet 0/1")]), ["cns id FastEthernet0/1 ipaddress image"]),
        ("id", dict(ids=[an_id("config", "mac_address", "gi0/0/1")]), ["cns id GigabitEthernet0/0/1 mac-address"]),
        ("id", dict(ids=[an_id("event", "string", value="r1")]), ["cns id string r1 event"]),
        ("id", dict(ids=[an_id("image", "udi")], password="abc"), ["cns id udi image", "cns password abc"]),
        ("id", dict(ids=[an_id("image", "hostname")]), []),
        ("event", dict(gateways=[dict(host="ce")]), ["cns event ce"]),
        (
            "event",
            dict(
                gateways=[
                    dict(
                        host="ce",
                        port=11012,
                        encrypt=True,
                        backup=True,
                        failover_time=0,
                        source="loopback 0",
                        keepalive=dict(seconds=240, retries=120),
                        clock_timeout=1,
                        reconnect_time=60,
                    )
                ]
            ),
            [
                "cns event ce encrypt 11012 backup failover-time 0 keepalive 240 120 source Loopback0 "
                "clock-timeout 1 reconnect-time 60"
            ],
        ),
        ("exec", dict(enabled=True), ["cns exec"]),
        ("exec", dict(port=80), ["cns exec 80"]),
        ("exec", dict(host="ce", encrypt=True, source="10.1.1.1"), ["cns exec ce encrypt source 10.1.1.1"]),
        ("exec", dict(enabled=False), []),
        ("config", dict(partial=dict(host="ce", port=80, inventory=True)), ["cns config partial ce 80 inventory"]),
        ("config", dict(notify=dict(changes="all", interval=0)), ["cns config notify all interval 0"]),
        ("trusted_server", dict(servers=[dict(agent="all_agents", host="10.2.2.8")]), ["cns trusted-server all-agents 10.2.2.8"]),
    ],
)
def test_lines_that_are_sent(name, config, lines):
    assert sent(name, **config) == lines
