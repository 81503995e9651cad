# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The CNS commands: what the devices accept, refuse and show."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.tests.unit.lab.device_session import with_session

U, S = "https://10.21.2.3/cns/imgsvr", "https://10.21.2.3/cns/status/"


def shown_after(*lines, profile="ios"):
    async def scenario(session):
        errors = await session.configure(*lines)
        return errors, await session.cns_lines()

    return with_session(scenario, profile)


def accepted(*lines, profile="ios"):
    errors, shown = shown_after(*lines, profile=profile)
    assert errors == ""
    return shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("cns id fastethernet 0/1 ipaddress image", "cns id FastEthernet0/1 ipaddress image"),
        ("cns id gi0/1/1 mac-address event", "cns id GigabitEthernet0/1/1 mac-address event"),
        ("cns id GigabitEthernet0/1 dns-reverse", "cns id GigabitEthernet0/1 dns-reverse"),
        ("cns id hardware-serial", "cns id hardware-serial"),
        ("cns id string Branch-7 image", "cns id string Branch-7 image"),
        ("cns id udi image", "cns id udi image"),
        ("cns id hostname image", None),
        ("cns password bootstrap", "cns password bootstrap"),
        ("cns image", "cns image"),
        (f"cns image server {U}", f"cns image server {U}"),
        (f"cns image server {U} status {S}", f"cns image server {U} status {S}"),
        ("cns image password abctext", "cns image password abctext"),
        ("cns image password 0 abctext", "cns image password abctext"),
        ("cns image password 7 02050D480809", "cns image password 7 02050D480809"),
        ("cns image retry 240", "cns image retry 240"),
        ("cns image retry 0", "cns image retry 0"),
        ("cns image retry 60", None),
        ("cns trusted-server all-agents ce.example.com", "cns trusted-server all-agents ce.example.com"),
        ("cns trusted-server all 10.1.1.1", "cns trusted-server all-agents 10.1.1.1"),
        ("cns trusted-server image 10.1.1.1", "cns trusted-server image 10.1.1.1"),
        ("cns event 10.1.1.1", "cns event 10.1.1.1"),
        ("cns event 10.1.1.1 11011 failover-time 3 keepalive 0 0", "cns event 10.1.1.1"),
        ("cns event 10.1.1.1 encrypt 11012", "cns event 10.1.1.1 encrypt"),
        (
            "cns event 10.1.1.1 reconnect-time 60 source gi 0/1 keepalive 240 120 failover-time 5 backup 11013",
            "cns event 10.1.1.1 11013 backup failover-time 5 keepalive 240 120 source GigabitEthernet0/1 reconnect-time 60",
        ),
        ("cns config partial 172.28.129.22 80", "cns config partial 172.28.129.22"),
        ("cns config partial ce 8080 encrypt", "cns config partial ce encrypt 8080"),
        ("cns config notify diff interval 7", "cns config notify diff interval 7"),
        ("cns config notify all interval 5", "cns config notify all"),
        ("cns config notify all old-format interval 7", "cns config notify all interval 7 old-format"),
        ("cns event ce init-retry 5 backup force-fmt1", "cns event ce backup init-retry 5 force-fmt1"),
        ("cns config initial 10.1.1.1 80", "cns config initial 10.1.1.1"),
        ("cns exec 80", "cns exec"),
        ("cns exec encrypt 443", "cns exec encrypt 443"),
        ("cns exec 172.28.129.23 source 172.22.2.2", "cns exec 172.28.129.23 source 172.22.2.2"),
        ("no cns aaa enable", "no cns aaa enable"),
    ],
)
def test_accepted_and_shown(typed, shown):
    assert accepted(typed) == ([shown] if shown else [])


@pytest.mark.parametrize(
    "line",
    [
        "cns id hostname event image",
        "cns id image",
        "cns id string",
        "cns id string two words",
        "cns id GigabitEthernet0/1",
        "cns id GigabitEthernet0/9 ipaddress",
        "cns password",
        "cns image status X",
        "cns image server",
        f"cns image server {U} status",
        "cns image retry 65536",
        "cns image retry -1",
        "cns image retry",
        "cns image password",
        "cns image password 7 zz",
        "cns image retrieve",
        "cns trusted-server image-agent 10.1.1.1",
        "cns trusted-server image",
        "cns event",
        "cns event 10.1.1.1 keepalive 5",
        "cns event 10.1.1.1 70000",
        "cns config partial",
        "cns config notify",
        "cns config notify all interval 40000",
        "cns exec 0",
    ],
)
def test_refused(line):
    errors, shown = shown_after(line)
    assert errors.strip().startswith(("%", "^", "Invalid encrypted password")), errors
    assert shown == []


@pytest.mark.parametrize(
    ("set_up", "line", "left"),
    [
        (
            ["cns id string a image", "cns id string b event", "cns id string c"],
            "no cns id string a image",
            ["cns id string b event", "cns id string c"],
        ),
        (["cns id string a image", "cns id string c"], "no cns id string c", ["cns id string a image"]),
        (["cns id string a image"], "cns id hardware-serial image", ["cns id hardware-serial image"]),
        (
            ["cns image password x", "cns image retry 5", f"cns image server {U}"],
            "no cns image",
            ["cns image password x", "cns image retry 5"],
        ),
        ([f"cns image server {U} status {S}"], f"no cns image server {U} status {S}", []),
        ([f"cns image server {U} status {S}"], f"cns image server {U}", [f"cns image server {U}"]),
        ([f"cns image server {U}"], "cns image", [f"cns image server {U}"]),
        (["cns image password x"], "no cns image password", []),
        (["cns image password x"], "no cns image password x", []),
        (["cns image retry 5"], "no cns image retry", []),
        (["cns password x"], "no cns password", []),
        (
            ["cns trusted-server image a", "cns trusted-server image b"],
            "no cns trusted-server image a",
            ["cns trusted-server image b"],
        ),
        (["cns event a", "cns event b backup"], "no cns event b", ["cns event a"]),
        (["cns event a", "cns event b backup"], "no cns event", []),
        (["cns exec 8080"], "no cns exec", []),
        (["cns config partial a"], "no cns config partial", []),
        (["cns config notify diff"], "no cns config notify", []),
    ],
)
def test_replacing_and_removing(set_up, line, left):
    assert accepted(*set_up, line) == left


def test_a_configuration_agent_that_runs_says_so():
    errors, shown = shown_after("cns config partial 10.1.1.1", "cns config partial 10.1.1.1")
    assert (errors, shown) == ("cns config partial agent is running already\n", ["cns config partial 10.1.1.1"])


def test_ios_xe_shows_the_agent_on_two_lines():
    assert accepted(f"cns image server {U}", profile="ios-xe") == ["cns image", f"cns image server {U}"]


@pytest.mark.parametrize("line", ["cns image", "cns image password x", "cns id hostname image", "cns trusted-server image a"])
def test_a_release_without_the_agent_knows_none_of_it(line):
    errors, shown = shown_after(line, profile="ios-no-agent")
    assert "% Invalid input detected" in errors
    assert shown == []


@pytest.mark.parametrize(
    ("profile", "in_exec", "in_config"), [("ios", True, False), ("ios-config-mode", False, True), ("ios-no-agent", False, False)]
)
def test_where_retrieve_is_accepted(profile, in_exec, in_config):
    async def scenario(session):
        in_exec_mode = await session.send("cns image retrieve")
        return in_exec_mode, await session.configure("cns image retrieve")

    answers = with_session(scenario, profile)
    assert ["Invalid input" not in answer for answer in answers] == [in_exec, in_config]


def test_password_encryption_shows_and_keeps_type_7():
    async def scenario(session):
        await session.configure("cns image password old-one", "service password-encryption", "cns password new-one")
        encrypted = await session.cns_lines()
        again = await session.configure(*encrypted, "no service password-encryption")
        device = session.device
        passwords = device.cns.image_password, device.running.get("cns", "password").secret.plain
        return encrypted, again, await session.cns_lines(), passwords

    encrypted, again, after, passwords = with_session(scenario)
    assert all(" password 7 " in line and "-one" not in line for line in encrypted)
    assert (again, after) == ("", encrypted)
    assert passwords == ("old-one", "new-one")


def test_passwords_can_be_hidden():
    async def scenario(session):
        await session.configure("cns image password x", "cns image retry 5")
        session.device.set_fault("hide-passwords", True)
        return await session.cns_lines()

    assert with_session(scenario) == ["cns image retry 5"]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("cns image", lambda device: "R1"),
        ("cns id hardware-serial image", lambda device: device.serial),
        ("cns id string Branch-7 image", lambda device: "Branch-7"),
        ("cns id gi0/0 ipaddress image", lambda device: "127.0.0.1"),
        ("cns id gi0/0 mac-address image", lambda device: device.mac_address("GigabitEthernet0/0")),
        ("cns id gi0/1 ipaddress image", lambda device: "R1"),
        ("cns id string other event", lambda device: "R1"),
    ],
)
def test_the_image_id(line, wanted):
    async def scenario(session):
        await session.configure(line)
        return session.device.cns.image_id(), wanted(session.device)

    found, expected = with_session(scenario)
    assert found == expected


@pytest.mark.parametrize(
    ("line", "host", "trusted"),
    [
        ("cns trusted-server image a", "a", True),
        ("cns trusted-server all-agents a", "a", True),
        ("cns trusted-server config a", "a", False),
        ("cns trusted-server image a", "A.example.com", False),
        ("cns event a", "a", True),
        (f"cns image server {U}", "10.21.2.3", True),
        ("cns image server 10.9.9.9 status b", "10.9.9.9", True),
        ("cns image server 10.9.9.9 status b", "c", False),
    ],
)
def test_whom_the_agent_trusts(line, host, trusted):
    async def scenario(session):
        await session.configure(line)
        return session.device.cns.trusted("image", host)

    assert with_session(scenario) is trusted


def test_debug_flags():
    async def scenario(session):
        answers = [
            await session.send(line)
            for line in (
                "debug cns image",
                "undebug cns image agent",
                "show debugging",
                "undebug all",
                "show debugging",
                "debug cns image error",
                "no debug cns image",
            )
        ]
        return answers, session.device.debug_flags

    answers, flags = with_session(scenario)
    assert answers[0] == "All cns image debug flags are on\n"
    assert "connection debugging is on" in answers[2] and "agent debugging" not in answers[2].lower().replace("image agent", "")
    assert answers[3] == "All possible debugging has been turned off\n"
    assert answers[4] == ""
    assert flags == set()


def test_debug_lines_reach_who_watches():
    async def scenario(session):
        await session.send("debug cns image agent")
        session.device.debug("agent", "CNS Image Agent: unseen")
        await session.send("terminal monitor")
        session.printed = ""
        session.device.debug("agent", "CNS Image Agent: seen")
        session.device.debug("error", "CNS Image Agent: not asked for")
        session.device.debug("agent", "CNS Image Agent: seen too")
        return session.printed, await session.send("show logging")

    printed, buffer = with_session(scenario)
    lines = printed.split("\r\n")
    assert [line.partition(": ")[2] for line in lines] == ["", "CNS Image Agent: seen", "CNS Image Agent: seen too", ""]
    assert "unseen" in buffer
