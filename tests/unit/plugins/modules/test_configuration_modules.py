# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each configuration module, run as Ansible does."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import BY_NAME
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import FakeConnection
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.run_module import run_module

# module: what is configured, and the lines it takes
CONFIGS = {
    "cns_id": (
        {"ids": [{"agent": "image", "type": "ipaddress", "interface": "fastethernet 0/1"}], "password": "s3cretword"},
        ["cns id FastEthernet0/1 ipaddress image", "cns password s3cretword"],
    ),
    "cns_image": (
        {"server": "http://h/", "status": "http://s/", "password": "s3cretword", "retry": 240},
        ["cns image server http://h/ status http://s/", "cns image password s3cretword", "cns image retry 240"],
    ),
    "cns_event": (
        {"gateways": [{"host": "ce", "keepalive": {"seconds": 240, "retries": 120}}, {"host": "ce2", "backup": True}]},
        ["cns event ce keepalive 240 120", "cns event ce2 backup"],
    ),
    "cns_trusted_server": (
        {"servers": [{"agent": "all_agents", "host": "ce"}, {"agent": "image", "host": "ce"}]},
        ["cns trusted-server all-agents ce", "cns trusted-server image ce"],
    ),
    "cns_exec": ({"host": "ce", "port": 8080, "source": "lo0"}, ["cns exec ce 8080 source Loopback0"]),
    "cns_config": (
        {"partial": {"host": "ce", "inventory": True}, "notify": {"changes": "diff", "interval": 10}},
        ["cns config notify diff interval 10", "cns config partial ce inventory"],
    ),
    "cns_agents": (
        {
            "exec": {"enabled": True},
            "trusted_server": {"servers": [{"agent": "exec", "host": "ce"}]},
            "event": {"gateways": [{"host": "ce"}]},
        },
        ["cns trusted-server exec ce", "cns event ce", "cns exec"],
    ),
}
KRON = "show running-config | section ^kron|^version |^hostname |^end$"
POLICY = ["kron policy-list cns-image", " cli cns image retrieve"]
SCHEDULE = POLICY + ["kron occurrence cns-image in 6:00 recurring", " policy-list cns-image"]
OTHER = [line.replace("cns-image", "other") for line in SCHEDULE]
FOREIGN = ["kron policy-list cns-image", " cli show version"]
each_module = pytest.mark.parametrize(
    "name, config, lines", [(name,) + pair for name, pair in CONFIGS.items()], ids=list(CONFIGS)
)


@pytest.fixture
def device(monkeypatch):
    fake = FakeConnection(["cns image"])
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
    return fake


@pytest.fixture
def scheduler(monkeypatch):
    """Makes the device that has the given kron sections."""

    def make(lines, clock="*00:01:02.003 UTC Mon Mar 1 1993"):
        fake = FakeConnection()
        fake.answers.update({KRON: "\n".join(["version 15.7", *lines, "end"]) + "\n", "show clock": clock})
        monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)

    return make


def masked(lines):
    return [line.replace("s3cretword", "********") for line in lines]


@each_module
def test_configured_once_and_removed(device, capsys, name, config, lines):
    told = run_module(capsys, name, config=config, check=True)
    assert told["commands"] == masked(lines)
    assert device.ios.show() == ["cns image"]
    first = run_module(capsys, name, config=config)
    assert (first["changed"], first["commands"], first["after"]) == (True, masked(lines), told["after"])
    assert sorted(set(device.ios.show()) - {"cns image"}) == sorted(lines)
    for state in ("merged", "replaced"):
        again = run_module(capsys, name, config=config, state=state)
        assert (again["changed"], again["commands"]) == (False, [])
    gathered = run_module(capsys, name, state="gathered")["gathered"]
    assert gathered == first["after"]
    given_back = run_module(capsys, name, config=gathered, state="overridden")
    assert (given_back["changed"], given_back["after"]) == (False, gathered)
    removed = run_module(capsys, name, config=config, state="deleted")
    assert removed["changed"] is True
    assert not set(device.ios.show()) & set(lines)
    assert run_module(capsys, name, config=config, state="deleted")["changed"] is False
    assert "s3cretword" not in first["text"] + removed["text"] + told["text"]


@each_module
def test_nothing_can_be_given_back(monkeypatch, capsys, name, config, lines):
    fake = FakeConnection(["cns image"] if name not in ("cns_image", "cns_agents") else [])
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
    gathered = run_module(capsys, name, state="gathered")["gathered"]
    for state in ("merged", "replaced", "overridden"):
        given_back = run_module(capsys, name, config=gathered, state=state)
        assert (given_back["changed"], given_back["after"]) == (False, gathered)
    run_module(capsys, name, config=config)
    run_module(capsys, name, config=gathered, state="overridden")
    assert not set(fake.ios.show()) & set(lines)


@each_module
def test_rendered_and_parsed(monkeypatch, capsys, name, config, lines):
    monkeypatch.setattr(device_file, "Connection", None)
    assert run_module(capsys, name, config=config, state="rendered")["rendered"] == masked(lines)
    parsed = run_module(capsys, name, running_config="\n".join(lines) + "\n", state="parsed")["parsed"]
    assert run_module(capsys, name, config=unmasked(parsed), state="rendered")["rendered"] == masked(lines)


def unmasked(value):
    if isinstance(value, dict):
        return {key: unmasked(entry) for key, entry in value.items()}
    return "s3cretword" if value == "********" else value


@pytest.mark.parametrize("name", [name for name in CONFIGS if name not in ("cns_id", "cns_image", "cns_agents")])
def test_only_modules_with_a_password_say_how_to_update_it(device, capsys, name):
    result = run_module(capsys, name, config={}, update_password="always")
    assert "update_password" in result["msg"] and result["failed"] is True
    assert device.sent == []


@pytest.mark.parametrize("name", list(CONFIGS))
def test_unknown_options_are_refused(device, capsys, name):
    result = run_module(capsys, name, config={"nonsense": 1})
    assert result["failed"] is True and "nonsense" in result["msg"]
    assert device.sent == []


# -- values that are the default


@pytest.mark.parametrize("before", ["off", "on"])
@pytest.mark.parametrize(
    "name, config, short",
    [
        ("cns_event", {"gateways": [{"host": "ce", "port": 11011, "failover_time": 3, "clock_timeout": 10}]}, "cns event ce"),
        (
            "cns_event",
            {"gateways": [{"host": "ce", "encrypt": True, "port": 11012, "reconnect_time": 3600}]},
            "cns event ce encrypt",
        ),
        ("cns_event", {"gateways": [{"host": "ce", "keepalive": {"seconds": 0, "retries": 0}}]}, "cns event ce"),
        ("cns_exec", {"port": 80}, "cns exec"),
        ("cns_config", {"partial": {"host": "ce", "port": 80}}, "cns config partial ce"),
        ("cns_config", {"notify": {"changes": "all", "interval": 5}}, "cns config notify all"),
        ("cns_image", {"retry": 60}, None),
    ],
)
def test_defaults_that_are_spelled_out_are_shown_as_they_are_gathered(device, capsys, name, config, short, before):
    if short and before == "on":
        device.ios.take(short)
    told = run_module(capsys, name, config=config, check=True, diff=True)
    done = run_module(capsys, name, config=config, diff=True)
    assert told["after"] == done["after"] == run_module(capsys, name, state="gathered")["gathered"]
    assert (done["before"] != done["after"]) is (done["diff"]["before"] != done["diff"]["after"]) is done["changed"]
    device.ios = type(device.ios)(["cns image"] + ([short] if short else []))  # a device that leaves defaults out
    assert run_module(capsys, name, state="gathered")["gathered"] == done["after"]


@pytest.mark.parametrize(
    "name, shown, config",
    [
        ("cns_exec", "cns exec source NewFangled1", {"source": "newfangled1"}),
        (
            "cns_id",
            "cns id NewFangled1/0 ipaddress image",
            {"ids": [{"agent": "image", "type": "ipaddress", "interface": "newfangled1/0"}]},
        ),
    ],
)
def test_what_is_there_in_another_spelling_is_shown_as_it_is_there(device, capsys, name, shown, config):
    device.ios.take(shown)
    done = run_module(capsys, name, config=config)
    assert (done["changed"], done["after"]) == (False, done["before"])


# -- schedules


def test_every_feature_has_a_module_here():
    assert {"cns_" + name for name in BY_NAME if name != "schedule"} < set(CONFIGS)


@pytest.mark.parametrize("name", ["cns-image", "lab"])
@pytest.mark.parametrize(
    "lines", [[], SCHEDULE, OTHER, SCHEDULE + OTHER, FOREIGN], ids=["none", "it", "other", "both", "foreign"]
)
def test_a_schedule_or_the_lack_of_one_can_be_given_back(scheduler, capsys, name, lines):
    scheduler([line.replace("cns-image", name) for line in lines])
    gathered = run_module(capsys, "cns_image_schedule", config={"name": name}, state="gathered")["gathered"]
    assert gathered["name"] == name
    assert gathered["every"] == ("6:00" if SCHEDULE[2] in lines else None)
    for state in ("replaced", "overridden"):
        given_back = run_module(capsys, "cns_image_schedule", config=gathered, state=state)
        assert (given_back["changed"], given_back["commands"], given_back["after"]) == (False, [], gathered)


@pytest.mark.parametrize("state", ["replaced", "overridden"])
@pytest.mark.parametrize(
    "config", [{}, {"name": "cns-image"}, dict.fromkeys(["name", "server", "status", "at", "every", "recurring"])]
)
def test_a_schedule_of_which_nothing_is_said_goes_alone(scheduler, capsys, state, config):
    scheduler(SCHEDULE + OTHER)
    told = run_module(capsys, "cns_image_schedule", config=config, state=state, check=True)
    assert told["commands"] == ["no kron occurrence cns-image", "no kron policy-list cns-image"]
    assert told["after"] == dict(dict.fromkeys(told["before"]), name="cns-image")


UNKNOWN = [
    POLICY + [" cli show version"] + SCHEDULE[2:],
    POLICY + ["kron occurrence cns-image at 2:00 system-startup", " policy-list cns-image"],
    POLICY + ["kron occurrence cns-image user bob at 2:00 recurring", " policy-list cns-image"],
    ["kron policy-list cns-image conditional", *SCHEDULE[1:]],
    SCHEDULE + [" policy-list other"],
    POLICY,
]


@pytest.mark.parametrize("lines", [*UNKNOWN, FOREIGN, SCHEDULE[2:]])
@pytest.mark.parametrize("other", [[], OTHER])
def test_a_schedule_that_is_not_understood_is_told(scheduler, capsys, lines, other):
    scheduler(lines + other)
    told = run_module(capsys, "cns_image_schedule", state="gathered")
    assert set(told["gathered"].values()) == {None, "cns-image"}
    assert sorted("; ".join(told["unparsed"]).split("; ")) == sorted(map(str.strip, lines))
    assert len(told["warnings"]) == 1
    for state in ("merged", "replaced") if lines != POLICY else ():
        refused = run_module(capsys, "cns_image_schedule", config={"every": "7"}, state=state, check=True)
        assert refused["failed"] and "other content, which replacing would lose" in refused["msg"]


def test_a_schedule_that_ran_once_makes_room_for_the_next(scheduler, capsys):
    scheduler(POLICY)
    told = run_module(capsys, "cns_image_schedule", config={"every": "7"}, check=True)
    assert "clock of the device is not set" in told["msg"]  # and not that there is no room
    scheduler(POLICY, "10:01:02.003 UTC Mon Mar 1 2027")
    told = run_module(capsys, "cns_image_schedule", config={"every": "7"}, check=True)
    assert told["commands"] == [
        "no kron policy-list cns-image",
        "kron policy-list cns-image",
        "cli cns image retrieve",
        "kron occurrence cns-image in 7 recurring",
        "policy-list cns-image",
    ]


def test_a_policy_list_that_another_occurrence_runs_is_not_left_over(scheduler, capsys):
    scheduler(POLICY + ["kron occurrence night at 2:00 recurring", " policy-list cns-image"], "10:01:02.003 UTC Mon Mar 1 2027")
    told = run_module(capsys, "cns_image_schedule", config={"every": "7"}, check=True)
    assert told["failed"] and "other content, which replacing would lose" in told["msg"]


@pytest.mark.parametrize("lines", UNKNOWN)
def test_a_schedule_that_is_not_understood_goes_if_it_retrieves(scheduler, capsys, lines):
    scheduler(lines + OTHER)
    told = run_module(capsys, "cns_image_schedule", state="deleted", check=True)
    occurrence = ["no kron occurrence cns-image"] if len(lines) > 2 else []
    assert told["commands"] == [*occurrence, "no kron policy-list cns-image"]
    assert all(warning.endswith("It is removed.") for warning in told["warnings"]) and told["warnings"]


@pytest.mark.parametrize("lines", [FOREIGN, SCHEDULE[2:]])
def test_a_schedule_that_does_not_retrieve_stays(scheduler, capsys, lines):
    scheduler(lines)
    told = run_module(capsys, "cns_image_schedule", state="deleted", check=True)
    assert (told["changed"], told["commands"]) == (False, [])
    assert told["warnings"][0].endswith("is not known to this collection. It stays as it is.")


@pytest.mark.parametrize("state", ["merged", "replaced", "overridden"])
def test_a_schedule_says_when(scheduler, capsys, state):
    scheduler(SCHEDULE)
    told = run_module(capsys, "cns_image_schedule", config={"server": "http://h/"}, state=state)
    assert told["failed"] is True and "needs either at or every" in told["msg"]


@pytest.mark.parametrize("said", ["s3cret/word", "s3cret%2Fword", "b'me:s3cret/word'", "bWU6czNjcmV0L3dvcmQ=", "cret/word"])
@pytest.mark.parametrize("of_the_device", [False, True])
def test_a_refusal_that_repeats_a_password_in_its_own_words(monkeypatch, capsys, said, of_the_device):
    """It is one of the options, or one that the device has in its configuration."""
    url = "http://me:s3cret%2Fword@h/"
    fake = FakeConnection(["cns image server %s" % url] if of_the_device else [])
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
    line = "cns image retry 240" if of_the_device else "cns image server %s" % url
    fake.answers[line] = "%% Cannot log in as $%s there\n" % said
    config = {"retry": 240} if of_the_device else {"server": url}
    result = run_module(capsys, "cns_image", config=dict(config, enabled=True))
    assert result["failed"] and "Cannot log in as" in result["msg"] and "there" in result["device_said"]
    assert said not in result["text"] and "cret/word" not in result["text"] and "cret%2Fword" not in result["text"]


def test_a_masked_url_is_the_one_of_the_device_although_its_user_is_masked_as_well(monkeypatch, capsys):
    fake = FakeConnection(["cns image server http://cisco:cisco@h/", "cns password cisco"])
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: fake)
    gathered = run_module(capsys, "cns_image", state="gathered")["gathered"]
    assert gathered["server"] == "http://********:********@h/"
    assert run_module(capsys, "cns_image", config=gathered, state="overridden")["changed"] is False
