# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import plan, secret
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES

SERVER, STATUS = "https://10.21.2.3/cns/imgsvr", "https://10.21.2.3/cns/status/"
BOTH = "cns image server %s status %s" % (SERVER, STATUS)
SEED = [
    "cns id GigabitEthernet0/1/1 ipaddress image",
    "cns image retry 240",
    "cns image password abctext",
    BOTH,
]
ALL = [
    "cns trusted-server image 10.21.2.3",
    "cns id string r1 image",
    "cns id hardware-serial event",
    "cns password password1",
    "cns event 10.21.9.7 11011 keepalive 240 120 failover-time 5",
    "cns event 10.21.9.8 backup",
    "cns config partial 172.28.129.22 80",
    "cns config notify diff",
    "cns exec 172.28.129.23 source 172.22.2.2",
] + SEED[1:]


def planned(lines, want, state="merged", update_password="when_changed", names=AGENT_NAMES):
    return plan.plan(plan.read(lines, names), want, state, update_password)


def image(**config):
    return {"image": config}


def ids(*entries, **more):
    return {"id": dict(more, ids=[dict(entry) for entry in entries])}


IMAGE_ID = {"agent": "image", "type": "string", "value": "r2"}

# title: (device lines, wanted, state) -> commands
COMMANDS = {
    # -- merged
    "nothing wanted": (SEED, {}, "merged", []),
    "an empty wish": (SEED, {"image": {}}, "merged", []),
    "from nothing": ([], image(server=SERVER, status=STATUS, retry=240), "merged", [BOTH, "cns image retry 240"]),
    "all of it is there": (SEED, image(server=SERVER, status=STATUS, password="abctext", retry=240), "merged", []),
    "the status URL stays": (SEED, image(server="http://h/"), "merged", ["cns image server http://h/ status " + STATUS]),
    "a status URL comes to the server": (["cns image server " + SERVER], image(status=STATUS), "merged", [BOTH]),
    "a server comes to event-bus mode": (["cns image"], image(server=SERVER), "merged", ["cns image server " + SERVER]),
    "several lines are the same as one": (
        ["cns image status " + STATUS, "cns image", "cns image server " + SERVER],
        image(server=SERVER, status=STATUS),
        "merged",
        [],
    ),
    "switched off": (SEED, image(enabled=False), "merged", ["no cns image"]),
    "off already": ([], image(enabled=False), "merged", []),
    "event-bus mode": ([], image(enabled=True), "merged", ["cns image"]),
    "retry back to its default": (SEED, image(retry=60), "merged", ["no cns image retry 240"]),
    "retry at its default": ([], image(retry=60), "merged", []),
    "retry 60 shown": (["cns image retry 60"], image(retry=60), "merged", []),
    "password in type 7": (["cns image password 7 0822455D0A16"], image(password="cisco"), "merged", []),
    "another password than in type 7": (
        ["cns image password 7 0822455D0A16"],
        image(password="x"),
        "merged",
        ["cns image password x"],
    ),
    "an ID in another spelling": (
        SEED,
        ids({"agent": "image", "type": "ipaddress", "interface": "gigabitethernet 0/1/1"}),
        "merged",
        [],
    ),
    "an ID of an interface unknown here, in another case": (
        ["cns id NewFangled1/0 ipaddress image"],
        ids({"agent": "image", "type": "ipaddress", "interface": "newfangled 1/0"}),
        "merged",
        [],
    ),
    "an ID is a string as it is": (["cns id string R2 image"], ids(IMAGE_ID), "merged", ["cns id string r2 image"]),
    "an ID replaces one of another type": (SEED, ids(IMAGE_ID), "merged", ["cns id string r2 image"]),
    "IDs of other agents stay": (
        ["cns id string r1", "cns id string r1 event"],
        ids(IMAGE_ID),
        "merged",
        ["cns id string r2 image"],
    ),
    "hostname explicit": (["cns id hostname image"], ids({"agent": "image", "type": "hostname"}), "merged", []),
    "hostname absent": ([], ids({"agent": "image", "type": "hostname"}), "merged", []),
    "back to the hostname": (
        SEED,
        ids({"agent": "image", "type": "hostname"}),
        "merged",
        ["no cns id GigabitEthernet0/1/1 ipaddress image"],
    ),
    "one of two agents on a line": (
        ["cns id string r1 event image"],
        ids({"agent": "image", "type": "hostname"}),
        "merged",
        ["no cns id string r1 image"],
    ),
    "a gateway with defaults spelled out": (
        ["cns event ce"],
        {
            "event": {
                "gateways": [
                    dict(
                        host="ce",
                        port=11011,
                        failover_time=3,
                        clock_timeout=10,
                        reconnect_time=3600,
                        keepalive=dict(seconds=0, retries=0),
                    )
                ]
            }
        },
        "merged",
        [],
    ),
    "an encrypted gateway on its default port": (
        ["cns event ce encrypt"],
        {"event": {"gateways": [dict(host="ce", port=11012)]}},
        "merged",
        [],
    ),
    "an option more for a gateway": (
        ["cns event ce 11011 failover-time 5"],
        {"event": {"gateways": [dict(host="ce", backup=True)]}},
        "merged",
        ["no cns event ce 11011 failover-time 5", "cns event ce 11011 backup failover-time 5"],
    ),
    "a second gateway": (
        ["cns event ce"],
        {"event": {"gateways": [dict(host="ce2", backup=True)]}},
        "merged",
        ["cns event ce2 backup"],
    ),
    "an exec agent changes": (["cns exec ce"], {"exec": dict(port=8080)}, "merged", ["no cns exec ce", "cns exec ce 8080"]),
    "an exec agent on its default port": (["cns exec ce"], {"exec": dict(port=80)}, "merged", []),
    "exec off": (["cns exec 80"], {"exec": dict(enabled=False)}, "merged", ["no cns exec 80"]),
    "a partial agent on its default port": (["cns config partial ce"], {"config": dict(partial=dict(port=80))}, "merged", []),
    "notify at its default interval": (["cns config notify all"], {"config": dict(notify=dict(interval=5))}, "merged", []),
    "a source in another case": (["cns exec source NewFangled1"], {"exec": dict(source="newfangled1")}, "merged", []),
    "one server more is trusted": (
        ALL,
        {"trusted_server": {"servers": [dict(agent="image", host="ce"), dict(agent="image", host="10.21.2.3")]}},
        "merged",
        ["cns trusted-server image ce"],
    ),
    # -- replaced and overridden
    "drop only the status URL": (
        SEED,
        image(server=SERVER, password="abctext", retry=240),
        "replaced",
        ["no " + BOTH, "cns image server " + SERVER],
    ),
    "drop only the status URL, several lines": (
        ["cns image", "cns image server " + SERVER, "cns image status " + STATUS],
        image(server=SERVER),
        "replaced",
        ["no cns image server " + SERVER, "no cns image status " + STATUS, "cns image server " + SERVER],
    ),
    "back to event-bus mode": ([BOTH], image(enabled=True), "replaced", ["no " + BOTH, "cns image"]),
    "what is not named goes": (
        SEED,
        image(server=SERVER, status=STATUS),
        "replaced",
        ["no cns image retry 240", "no cns image password"],
    ),
    "everything of a feature goes": (
        SEED,
        {"image": {}},
        "replaced",
        ["no cns image retry 240", "no cns image password", "no cns image"],
    ),
    "replaced leaves other agents": (
        ALL,
        {"exec": dict(port=80)},
        "replaced",
        ["no cns exec 172.28.129.23 source 172.22.2.2", "cns exec 80"],
    ),
    "overridden takes other agents away": (
        ["cns exec 80", "cns config notify all", "cns id udi image"],
        {"exec": dict(port=80)},
        "overridden",
        ["no cns config notify all", "no cns id udi image"],
    ),
    "other IDs go": (
        ["cns id string r1", "cns id string r2 image"],
        ids(IMAGE_ID),
        "replaced",
        ["no cns id string r1"],
    ),
    "a list is exactly what is given": (
        ["cns event a", "cns event b"],
        {"event": {"gateways": [dict(host="b", port=11011), dict(host="c")]}},
        "overridden",
        ["no cns event a", "cns event c"],
    ),
    # -- deleted
    "nothing to delete": ([], {}, "deleted", []),
    "nothing of that to delete": (["cns exec"], image(status=STATUS), "deleted", []),
    "delete the status URL": (SEED, image(status="whatever"), "deleted", ["no " + BOTH, "cns image server " + SERVER]),
    "delete the server, which takes the status URL along": ([BOTH], image(server=SERVER), "deleted", ["no " + BOTH, "cns image"]),
    "delete the agent": (SEED, image(enabled=True), "deleted", ["no cns image"]),
    "delete a password, whatever it is": (
        ["cns image password 7 0822455D0A16"],
        image(password="x"),
        "deleted",
        ["no cns image password"],
    ),
    "delete a hidden password": (["cns password *****"], {"id": {"password": "x"}}, "deleted", ["no cns password"]),
    "delete the retry interval": (SEED, image(retry=5), "deleted", ["no cns image retry 240"]),
    "delete an ID by its agent alone": (
        ["cns id string r1", "cns id string r1 image"],
        ids({"agent": "config"}),
        "deleted",
        ["no cns id string r1"],
    ),
    "delete a gateway by its host": (
        ALL,
        {"event": {"gateways": [dict(host="10.21.9.8")]}},
        "deleted",
        ["no cns event 10.21.9.8 backup"],
    ),
    "delete a trusted server": (
        ["cns trusted-server image a", "cns trusted-server event a"],
        {"trusted_server": {"servers": [dict(agent="image", host="a"), dict(agent="exec", host="a")]}},
        "deleted",
        ["no cns trusted-server image a"],
    ),
    "delete exec by any of it": (["cns exec ce 8080"], {"exec": dict(host="x")}, "deleted", ["no cns exec ce 8080"]),
    "delete partial": (ALL, {"config": dict(partial={})}, "deleted", ["no cns config partial 172.28.129.22 80"]),
    "delete one agent whole": (ALL, {"exec": {}}, "deleted", ["no cns exec 172.28.129.23 source 172.22.2.2"]),
    "delete one agent whole, named among others": (
        ALL,
        {"exec": {}, "image": None},
        "deleted",
        ["no cns exec 172.28.129.23 source 172.22.2.2"],
    ),
    # -- the safe order
    "everything from nothing": (
        [],
        {
            "image": dict(server=SERVER),
            "exec": dict(port=80),
            "config": dict(partial=dict(host="ce")),
            "event": dict(gateways=[dict(host="ce")]),
            "id": dict(ids=[IMAGE_ID], password="p"),
            "trusted_server": dict(servers=[dict(agent="image", host="ce")]),
        },
        "merged",
        [
            "cns trusted-server image ce",
            "cns id string r2 image",
            "cns password p",
            "cns event ce",
            "cns config partial ce",
            "cns exec 80",
            "cns image server " + SERVER,
        ],
    ),
    "everything goes": (
        ALL,
        {},
        "deleted",
        [
            "no cns image retry 240",
            "no cns image password",
            "no cns image",
            "no cns exec 172.28.129.23 source 172.22.2.2",
            "no cns config partial 172.28.129.22 80",
            "no cns config notify diff",
            "no cns event 10.21.9.8 backup",
            "no cns event 10.21.9.7 11011 keepalive 240 120 failover-time 5",
            "no cns password",
            "no cns id string r1 image",
            "no cns id hardware-serial event",
            "no cns trusted-server image 10.21.2.3",
        ],
    ),
    "one server for another": (
        ["cns trusted-server image old", "cns event old", "cns image server http://old/"],
        {
            "trusted_server": dict(servers=[dict(agent="image", host="new")]),
            "event": dict(gateways=[dict(host="new")]),
            "image": dict(server="http://new/"),
        },
        "overridden",
        [
            "no cns event old",
            "cns trusted-server image new",
            "cns event new",
            "cns image server http://new/",
            "no cns trusted-server image old",
        ],
    ),
}


@pytest.mark.parametrize("lines, want, state, commands", list(COMMANDS.values()), ids=list(COMMANDS))
def test_commands(lines, want, state, commands):
    assert planned(lines, want, state).commands == commands


def test_before_and_after():
    told = planned(SEED, image(retry=60, status="http://s/"), names=["image"])
    assert told.before == {"image": {"enabled": True, "server": SERVER, "status": STATUS, "password": "abctext", "retry": 240}}
    assert told.after == {"image": {"enabled": True, "server": SERVER, "status": "http://s/", "password": "abctext", "retry": 60}}
    assert told.warnings == []


def test_the_wish_of_the_user_is_not_changed():
    want = ids({"agent": "image", "type": "ipaddress", "interface": "gi0/1"})
    planned([], want)
    assert want == ids({"agent": "image", "type": "ipaddress", "interface": "gi0/1"})


HIDDEN_WARNING = "The device hides its image password"


@pytest.mark.parametrize(
    "lines, update_password, commands, warned",
    [
        ([], "when_changed", ["cns image password new"], False),
        (["cns image password new"], "when_changed", [], False),
        (["cns image password old"], "when_changed", ["cns image password new"], False),
        (["cns image password 7 0822455D0A16"], "when_changed", ["cns image password new"], False),
        (["cns image password *****"], "when_changed", [], True),
        (["cns image password 6 abc"], "when_changed", [], True),
        (["cns image password *****"], "always", ["cns image password new"], False),
        (["cns image password old"], "always", ["cns image password new"], False),
        (["cns image password new"], "always", [], False),
        ([], "on_create", ["cns image password new"], False),
        (["cns image password old"], "on_create", [], False),
        (["cns image password *****"], "on_create", [], False),
        (["cns image"], "on_create", [], False),
        (["cns exec"], "on_create", ["cns image password new"], False),
    ],
)
@pytest.mark.parametrize("state", ["merged", "replaced"])
def test_update_password(lines, update_password, commands, warned, state):
    wanted = image(password="new", **({"enabled": True} if "cns image" in lines else {}))
    told = planned(lines, wanted, state, update_password)
    assert told.commands == commands
    assert [HIDDEN_WARNING in warning for warning in told.warnings] == [True] * warned
    assert all("update_password: always" in warning and "new" not in warning for warning in told.warnings)


def test_the_two_passwords_are_decided_apart():
    wanted = {"image": dict(password="a"), "id": dict(password="b")}
    told = planned(["cns password *****"], wanted)
    assert told.commands == ["cns image password a"]
    assert ["id password" in warning for warning in told.warnings] == [True]


KRON = [
    "kron policy-list a",
    " cli cns image retrieve server http://u:pw@h/",
    "kron occurrence a in 60 recurring",
    " policy-list a",
]


def test_a_masked_secret_in_a_list_stands_for_that_of_the_same_name():
    wanted = {"schedule": dict(schedules=[dict(name="a", server="http://u:********@h/", every="60")])}
    assert planned(KRON, wanted, names=["schedule"]).commands == []


def test_a_masked_secret_stands_for_the_one_on_the_device():
    lines = ["cns image password abctext", "cns image server http://u:pw@h/ status http://u:pw@h/s"]
    wanted = image(server="http://u:********@h/", status="http://u:********@h/s", password="********", retry=240)
    told = planned(lines, wanted, "replaced")
    assert told.commands == ["cns image retry 240"]
    assert told.after["image"]["password"] == "abctext"


@pytest.mark.parametrize(
    "lines, wanted",
    [
        ([], image(password="********")),
        (["cns image server http://u:pw@h/"], image(server="http://u:********@other/")),
        ([], image(server="http://u:********@h/")),
        ([], {"id": dict(password="********")}),
        ([], {"schedule": dict(schedules=[dict(name="a", server="http://u:********@h/", every="60")])}),
    ],
)
def test_a_masked_secret_is_never_sent(lines, wanted):
    with pytest.raises(InputError, match="stands for the one on the device, but .*Nothing was sent"):
        planned(lines, wanted, names=AGENT_NAMES + ("schedule",))


# -- after the change


def differences(after_lines, shown_lines):
    configs = {name: reading.config for name, reading in plan.read(after_lines, AGENT_NAMES).items()}
    return plan.differences(configs, plan.read(shown_lines, AGENT_NAMES))


@pytest.mark.parametrize(
    "expected, shown, found",
    [
        (ALL, ALL, []),
        (ALL, list(reversed(ALL)), []),
        (["cns image retry 240"], [], [("cns image retry 240", None)]),
        ([], ["cns image retry 240"], [(None, "cns image retry 240")]),
        (["cns image retry 240"], ["cns  image retry 241"], [("cns image retry 240", "cns image retry 241")]),
        ([BOTH], ["cns image server " + SERVER], [(BOTH, "cns image server " + SERVER)]),
        ([BOTH], ["cns image", "cns image server x"], [(BOTH, "cns image; cns image server x")]),
        (["cns image retry 60"], [], []),
        ([], ["cns id hostname image"], []),
        (["cns exec"], ["cns exec 80"], []),
        (["cns image password a"], ["cns image password b"], [("cns image password a", "cns image password b")]),
        (["cns image password a"], [], []),
        (["cns image password a"], ["cns image password *****"], []),
        ([], ["cns image password *****"], [(None, "cns image password *****")]),
        (["cns image password cisco"], ["cns image password 7 0822455D0A16"], []),
    ],
)
def test_differences(expected, shown, found):
    assert differences(expected, shown) == found


def test_unseen_passwords():
    after = {name: reading.config for name, reading in plan.read(["cns image password a", "cns password b"], AGENT_NAMES).items()}
    assert plan.unseen_passwords(after, plan.read([], AGENT_NAMES)) == ["id", "image"]
    assert plan.unseen_passwords(after, plan.read(["cns password 6 x"], AGENT_NAMES)) == ["image"]
    assert plan.unseen_passwords(after, plan.read(["cns image password *****", "cns password b"], AGENT_NAMES)) == []


def test_lines_of_a_hidden_password_are_masked():
    configs = {"image": {"password": secret.HIDDEN}, "id": {"password": secret.HIDDEN}}
    assert plan.lines(configs) == ["cns password ********", "cns image password ********"]
