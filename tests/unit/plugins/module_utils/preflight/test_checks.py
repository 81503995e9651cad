# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import itertools

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.doc_fragments.preflight import ModuleDocFragment
from ansible_collections.cns.image_agent.plugins.module_utils import plan
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES
from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks as preflight

MB = 1024 * 1024
OLD, OTHER = "c2900-universalk9-mz.SPA.155-3.M2.bin", "c2900-universalk9-mz.SPA.154-3.M.bin"
CNS = [
    "cns trusted-server image 127.0.0.1",
    "cns image server http://127.0.0.1/imgsvr status http://127.0.0.1/status",
    "cns image password secret-1",
]


def config(*lines):
    return {name: reading.config for name, reading in plan.read(lines, AGENT_NAMES).items()}


def switch(number, state):
    return {"switch": number, "active": number == "1", "role": "Member", "mac": "", "priority": 1, "state": state}


def member(number, version, mode="INSTALL"):
    return {"switch": number, "active": number == "1", "model": "", "version": version, "image": "", "mode": mode}


def boots(number, manual=False, images=("flash:/" + OLD, OTHER)):
    return {"member": number, "images": list(images), "manual_boot": manual}


def ready_facts():
    """A device of which every check says that all is well."""
    return {
        "version": {
            "version": "15.5(3)M2",
            "xe_version": None,
            "image_file": "flash:" + OLD,
            "model": "CISCO2911/K9",
            "memory_kb": 524288,
            "config_register": "0x2102",
            "config_register_next": None,
        },
        "supported": True,
        "status": {"last_upgrade": {"started": None, "ended": None, "status": None}},
        "image_id": "R1",
        "config": config(*CNS),
        "unsaved": 0,
        "boot": {"images": ["flash:" + OLD, "flash:" + OTHER], "config_register": "0x2102", "config_register_next": None},
        "folders": {
            "flash:": {"free": 200 * MB, "total": 256 * MB, "files": [{"name": OLD, "size": 1}, {"name": OTHER, "size": 1}]}
        },
        "trust": {"client": None, "trustpoints": {"CNS": b"certificate"}},
        "clock": {"time": "2026-11-22T10:00:00+00:00", "authoritative": True},
        "switches": None,
        "ping": {"host": "127.0.0.1", "percent": 100},
    }


WANTED = preflight.Wanted(
    target=Target("15.7(3)M9", None),
    image_size=100 * MB,
    image_memory=512 * MB,
    margin=MB,
    models=["cisco29*"],
    password_required=True,
    server=None,
    status=None,
    accept=[],
)
HTTPS = config("cns image server https://127.0.0.1/imgsvr status https://127.0.0.1/status")
RUNNING = {"last_upgrade": {"started": "2026-11-22T10:00:00+00:00", "ended": None, "status": None}}


def changed(facts, path, value):
    facts = copy.deepcopy(facts)
    *parents, last = path
    inside = facts
    for key in parents:
        inside = inside[key]
    inside[last] = value
    return facts


def severity(check, facts, wanted=WANTED):
    found = [finding["severity"] for finding in preflight.findings(facts, wanted) if finding["check"] == check]
    assert len(found) <= 1
    return found[0] if found else None


def test_a_device_that_is_ready_passes_every_check():
    facts = dict(
        ready_facts(), config=config(*CNS[:1], "cns image server https://127.0.0.1/i status https://127.0.0.1/s", CNS[2])
    )
    found = preflight.findings(facts, WANTED)
    assert {finding["check"] for finding in found} == set(preflight.NAMES)
    assert {finding["severity"] for finding in found} == {"ok"}


@pytest.mark.parametrize(
    "check, path, value, expected",
    [
        ("agent_supported", ["supported"], False, "block"),
        ("model", ["version", "model"], "ISR4331/K9", "block"),
        ("model", ["version", "model"], None, "warn"),
        ("flash_space", ["folders", "flash:", "free"], 101 * MB, "ok"),
        ("flash_space", ["folders", "flash:", "free"], 101 * MB - 1, "block"),
        ("flash_space", ["folders", "flash:"], None, "warn"),
        ("memory", ["version", "memory_kb"], 524287, "block"),
        ("memory", ["version", "memory_kb"], None, "warn"),
        ("saved", ["unsaved"], 1, "block"),
        ("saved", ["unsaved"], None, "warn"),
        ("config_register", ["boot", "config_register"], "0x2100", "block"),
        ("config_register", ["boot", "config_register"], "0x2142", "block"),
        ("config_register", ["boot", "config_register"], "0xA102", "block"),
        ("config_register", ["boot", "config_register"], "0x3922", "ok"),
        ("config_register", ["boot", "config_register"], "0x2101", "warn"),
        ("config_register", ["boot", "config_register"], "0x102", "ok"),
        ("config_register", ["boot", "config_register"], "0xF", "ok"),
        ("config_register", ["boot", "config_register_next"], "0x2142", "block"),
        ("config_register", ["boot", "config_register"], "unreadable", "warn"),
        ("config_register", ["boot"], None, "ok"),
        ("config_register", ["boot", "config_register"], "0x\u0662102", "warn"),
        ("manual_boot", ["boot", "manual_boot"], True, "block"),
        ("manual_boot", ["boot", "manual_boot"], False, "ok"),
        ("manual_boot", ["boot", "manual_boot"], None, "ok"),
        ("manual_boot", ["boot"], None, None),
        ("stack", ["switches"], None, "ok"),
        ("stack", ["switches"], [switch("1", "Ready"), switch("2", "Ready"), switch("3", "Provisioned")], "ok"),
        ("stack", ["switches"], [switch("1", "Ready"), switch("2", "Version Mismatch")], "block"),
        ("stack", ["switches"], [switch("1", "Ready"), switch("2", "V-Mismatch")], "block"),
        ("stack", ["switches"], [switch("1", "Ready"), switch("2", "Initializing")], "warn"),
        ("stack", ["version", "members"], [member("1", "15.5(3)M2"), member("2", "15.05(3)M2")], "ok"),
        ("stack", ["version", "members"], [member("1", "15.5(3)M2"), member("2", "15.5(3)M1")], "warn"),
        ("stack", ["version", "members"], [member("1", "15.5(3)M2"), member("2", "15.5(3)M2", "BUNDLE")], "warn"),
        ("stack", ["boot", "members"], [boots(None), boots("2")], "ok"),
        ("stack", ["boot", "members"], [boots(None), boots("2", images=[])], "warn"),
        ("stack", ["boot", "members"], [boots("1", images=["flash:" + OLD]), boots("2")], "warn"),
        ("fallback_image", ["boot", "images"], ["flash:" + OLD], "warn"),
        ("fallback_image", ["boot", "images"], [OTHER, "/" + OLD], "ok"),
        ("fallback_image", ["boot", "images"], ["gone.bin"], "block"),
        ("fallback_image", ["boot", "images"], ["flash:"], "warn"),
        ("fallback_image", ["boot", "images"], ["flash:" + OTHER, "flash:"], "ok"),
        ("fallback_image", ["boot", "images"], ["slot0:"], "block"),
        ("fallback_image", ["boot", "images"], ["flash:" + OLD, "flash0:/" + OLD.upper()], "warn"),
        ("fallback_image", ["boot", "images"], ["flash:" + OLD, "flash:gone.bin"], "warn"),
        ("fallback_image", ["boot", "images"], ["flash:" + OLD, "tftp:" + OTHER], "warn"),
        ("fallback_image", ["boot", "images"], [], "warn"),
        ("fallback_image", ["boot", "images"], ["flash:gone.bin"], "block"),
        ("fallback_image", ["boot", "images"], ["flash:/" + OTHER, "flash:" + OLD], "ok"),
        ("fallback_image", ["version", "image_file"], "tftp://127.0.0.9/" + OLD, "warn"),
        ("fallback_image", ["folders", "flash:", "files"], [], "block"),
        ("fallback_image", ["folders", "flash:"], None, "warn"),
        ("fallback_image", ["boot"], None, "warn"),
        ("no_upgrade_running", ["status"], RUNNING, "block"),
        ("no_upgrade_running", ["status"], None, "ok"),
        ("agent_enabled", ["config"], config(), "block"),
        ("agent_enabled", ["config"], config("cns image"), "block"),
        ("agent_enabled", ["config"], config("cns image", "cns event 127.0.0.2"), "warn"),
        ("status_messages", ["config"], config("cns image server http://127.0.0.1"), "warn"),
        ("status_messages", ["config"], config("cns image server http://127.0.0.1", "cns event 127.0.0.2"), "ok"),
        ("server_trusted", ["config"], config("cns image server http://127.0.0.1"), "warn"),
        ("server_trusted", ["config"], config("cns image server http://127.0.0.1", "cns trusted-server event 127.0.0.1"), "warn"),
        ("server_trusted", ["config"], config("cns image server 127.0.0.1", "cns trusted-server all-agents 127.0.0.1"), "ok"),
        ("server_reachable", ["ping", "percent"], 0, "warn"),
        ("server_reachable", ["ping", "percent"], None, "warn"),
        ("server_reachable", ["ping", "percent"], 80, "ok"),
        ("server_reachable", ["ping"], None, None),
        ("certificate", ["trust"], {"client": None, "trustpoints": {}}, None),
        ("clock", ["clock"], None, None),
        ("password", ["config"], config("cns image"), "block"),
        ("password", ["config"], config("cns image password <hidden>"), "ok"),
    ],
)
def test_check(check, path, value, expected):
    assert severity(check, changed(ready_facts(), path, value)) == expected


@pytest.mark.parametrize(
    "check, path, value, expected",
    [
        ("certificate", ["trust", "trustpoints"], {}, "block"),
        ("certificate", ["trust", "trustpoints"], {"CNS": None}, "block"),
        ("certificate", ["trust", "client"], "OTHER", "block"),
        ("certificate", ["trust", "client"], "CNS", "ok"),
        ("certificate", ["trust", "trustpoints"], {"SLA-TrustPoint": b"x", "TP-self-signed-1000000001": b"x"}, "block"),
        ("certificate", ["trust", "trustpoints"], {"CISCO_IDEVID_SUDI": b"x", "CISCO_IDEVID_SUDI_LEGACY0": b"x"}, "block"),
        ("certificate", ["trust", "trustpoints"], {"Trustpool": b"x", "Trustpool3": b"x", "sla-trustpoint": b"x"}, "block"),
        ("certificate", ["trust", "trustpoints"], {"SLA-TrustPoint": b"x", "MY-SLA-TrustPoint": b"x"}, "ok"),
        ("certificate", ["trust"], {"client": "SLA-TrustPoint", "trustpoints": {"SLA-TrustPoint": b"x", "CNS": b"x"}}, "block"),
        ("certificate", ["trust"], None, "block"),
        ("clock", ["clock", "authoritative"], False, "block"),
        ("clock", ["clock"], None, "warn"),
    ],
)
def test_check_of_https(check, path, value, expected):
    assert severity(check, changed(dict(ready_facts(), config=HTTPS), path, value)) == expected


@pytest.mark.parametrize(
    "check, wanted",
    [
        ("model", dict(models=None)),
        ("model", dict(models=[])),
        ("flash_space", dict(image_size=None)),
        ("memory", dict(image_memory=None)),
        ("password", dict(password_required=False)),
    ],
)
def test_what_is_not_given_is_not_checked(check, wanted):
    assert severity(check, ready_facts()) == "ok"
    assert severity(check, ready_facts(), WANTED._replace(**wanted)) is None


def test_ios_xe_does_not_show_the_memory_fitted_so_it_only_warns():
    facts = changed(ready_facts(), ["version", "memory_kb"], 1000)
    assert severity("memory", changed(facts, ["version", "xe_version"], "16.09.05")) == "warn"


@pytest.mark.parametrize("size, expected", [(100 * MB, "ok"), (40 * MB, "ok"), (39 * MB, "block")])
def test_what_an_earlier_attempt_left_of_the_image_counts_as_room(size, expected):
    files = [{"name": "New.bin", "size": size}]
    facts = changed(ready_facts(), ["folders", "flash:"], {"free": 61 * MB, "total": 256 * MB, "files": files})
    assert severity("flash_space", facts, WANTED._replace(target=Target(None, "new.bin"))) == expected


@pytest.mark.parametrize(
    "image, target, expected",
    [
        ("flash:packages.conf", Target(None, "golden.bin"), "warn"),
        ("bootflash:packages.conf", Target("17.9.4", "golden.bin"), "ok"),
        ("flash:packages.conf", Target(None, "cat9k_iosxe.17.09.04.SPA.bin"), "ok"),
        ("flash:" + OLD, Target(None, "golden.bin"), "ok"),
        ("flash:packages.conf", Target(None, None), None),
    ],
)
def test_in_install_mode_only_a_version_tells_whether_the_device_runs_an_image(image, target, expected):
    assert (
        severity("target", changed(ready_facts(), ["version", "image_file"], image), WANTED._replace(target=target)) == expected
    )


def test_an_image_of_the_right_size_needs_no_room():
    files = [{"name": "new.bin", "size": 100 * MB}]
    facts = changed(ready_facts(), ["folders", "flash:"], {"free": 0, "total": 256 * MB, "files": files})
    assert severity("flash_space", facts, WANTED._replace(target=Target(None, "new.bin"))) == "ok"


def test_a_device_booted_from_the_network_without_a_boot_list_has_nothing_to_fall_back_to():
    facts = changed(ready_facts(), ["boot", "images"], [])
    assert severity("fallback_image", changed(facts, ["version", "image_file"], "tftp://127.0.0.9/" + OLD)) == "block"


def test_the_server_that_is_going_to_be_configured_counts():
    wanted = WANTED._replace(server="https://127.0.0.7/imgsvr")
    facts = dict(ready_facts(), config=config())
    assert severity("agent_enabled", facts, wanted) == "ok"
    assert severity("certificate", facts, wanted) == "ok"
    assert severity("status_messages", facts, wanted) == "warn"
    assert severity("status_messages", facts, wanted._replace(status="https://127.0.0.7/status")) == "ok"
    (trusted,) = [finding for finding in preflight.findings(facts, wanted) if finding["check"] == "server_trusted"]
    assert "127.0.0.7" in trusted["what"]


@pytest.mark.parametrize(
    "check", ["no_upgrade_running", "agent_enabled", "status_messages", "server_trusted", "server_reachable", "password"]
)
def test_without_an_agent_there_is_nothing_to_say_of_it(check):
    facts = dict(ready_facts(), supported=False, status=None)
    assert severity(check, facts) is None
    assert severity(check, ready_facts()) == "ok"


@pytest.mark.parametrize("target", [Target("15.5(3)M2", None), Target(None, OLD), Target("15.5(3)M2", "FLASH:" + OLD)])
def test_on_the_target_there_is_nothing_to_do(target):
    facts = dict(ready_facts(), unsaved=3, supported=None, boot=None)
    (finding,) = preflight.findings(facts, WANTED._replace(target=target))
    assert (finding["check"], finding["severity"]) == ("on_target", "ok")
    assert "15.5(3)M2" in finding["what"]


def test_the_worst_come_first_and_say_why_and_what_to_do():
    facts = dict(ready_facts(), unsaved=3, config=config("cns image server http://127.0.0.1"))
    found = preflight.findings(facts, WANTED)
    severities = [finding["severity"] for finding in found]
    assert severities == sorted(severities, key=("block", "warn", "ok").index)
    assert set(severities) == {"block", "warn", "ok"}
    for finding in found:
        assert finding["what"]
        assert bool(finding["why"]) == bool(finding["fix"]) == (finding["severity"] != "ok")


def test_what_is_accepted_only_warns():
    facts = dict(ready_facts(), unsaved=3, supported=False)
    wanted = WANTED._replace(accept=["saved"])
    assert severity("saved", facts, wanted) == "warn"
    assert severity("agent_supported", facts, wanted) == "block"


@pytest.mark.parametrize(
    "path, folder",
    [
        ("flash:a.bin", "flash:"),
        ("flash:/a.bin", "flash:"),
        ("flash0:/dir-1/a.bin", "flash0:/dir-1/"),
        ("bootflash:packages.conf", "bootflash:"),
        ("flash:", "flash:"),
        ("tftp:", None),
        ("tftp:a.bin", None),
        ("http://127.0.0.1/a.bin", None),
        ("a.bin", None),
        ("flash:a b", None),
        ("flash:a?", None),
        ("flash:/x\ny/a.bin", None),
        ("", None),
        (None, None),
    ],
)
def test_folder_of(path, folder):
    assert preflight.folder_of(path) == folder


def leaves(value, path=()):
    """Every path in a structure, of dictionaries and of what they hold."""
    if path:
        yield path
    if isinstance(value, dict) and path[:1] != ("config",):
        for key in value:
            yield from leaves(value[key], path + (key,))


PATHS = sorted(leaves(ready_facts()), key=str)


@given(st.sets(st.sampled_from(PATHS)), st.booleans(), st.booleans())
def test_nothing_is_raised_on_what_a_device_did_not_tell(unknown, https, nothing_wanted):
    facts = dict(ready_facts(), config=HTTPS if https else config(*CNS))
    for path in sorted(unknown, key=len, reverse=True):
        facts = changed(facts, path, None)
    wanted = preflight.Wanted(Target(None, None), *itertools.repeat(None, 8)) if nothing_wanted else WANTED
    for finding in preflight.findings(facts, wanted):
        assert finding["check"] in preflight.NAMES
        assert finding["severity"] in ("block", "warn", "ok")


def test_the_documentation_knows_every_check():
    options = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    assert tuple(options["accept"]["choices"]) == preflight.NAMES


@pytest.mark.parametrize(
    "members, active, words, fix",
    [
        ([boots(None), boots("2", True)], "1", "on switch 2:", "no boot manual switch 2;"),
        ([boots(None, True), boots("2")], "1", "on switch 1:", "no boot manual switch 1;"),
        ([boots(None, True), boots("2")], None, "on the switch that answers:", "no boot manual."),
        ([boots("1", True), boots("2"), boots("3", True)], "2", "on switch 1 and switch 3:", "no boot manual switch 3;"),
        ([boots("1", True)], "1", "on switch 1:", "no boot manual."),
        ([boots(None), boots("standby", True)], None, "on the standby:", "no boot manual."),
        ([boots(None), boots("2")], "1", None, None),
    ],
)
def test_the_member_that_would_wait_in_its_boot_loader_is_named(members, active, words, fix):
    facts = changed(ready_facts(), ["boot", "members"], members)
    facts["version"]["members"] = [dict(member(number, "15.5(3)M2"), active=number == active) for number in "123" if active]
    facts["boot"] = preflight.stack.of_answering(facts["boot"], facts["version"])
    (found,) = [finding for finding in preflight.findings(facts, WANTED) if finding["check"] == "manual_boot"]
    assert found["severity"] == ("block" if words else "ok")
    assert (words or "") in found["what"] and (fix or "") in found["fix"]


@pytest.mark.parametrize(
    "flashes, severity_of_it",
    [
        ({"flash2:": 101 * MB}, "ok"),
        ({"flash2:": 101 * MB - 1}, "warn"),
        ({"flash-2:": 101 * MB, "flash-3:": 0}, "warn"),
        ({}, "ok"),
        (None, "ok"),
    ],
)
def test_the_image_has_to_fit_on_the_flash_of_every_member(flashes, severity_of_it):
    assert severity("flash_space", dict(ready_facts(), flashes=flashes)) == severity_of_it


@pytest.mark.parametrize("path, drive", [("disk0:/", "disk0:"), (None, "flash:")])
def test_a_folder_that_was_listed_without_its_name_is_called_as_the_device_calls_it(path, drive):
    listing = {"path": path, "free": 0, "total": 9, "files": []}
    facts = changed(ready_facts(), ["version", "image_file"], "tftp://255.255.255.255/unknown")
    (found,) = [one for one in preflight.findings(dict(facts, folders={"": listing}), WANTED) if one["check"] == "flash_space"]
    assert found["what"].startswith(drive + " has 0 bytes free") and "dir " + drive in found["fix"]


@pytest.mark.parametrize(
    "prefixes, free, known",
    [
        (["flash:", "flash1:"], 9, {}),
        (["flash:", "flash-1:"], 9, {}),
        (["bootflash:"], 9, {}),
        (["flash2:"], 5, {"flash2:": 5}),
        (["flash-3:"], 0, {"flash-3:": 0}),
        (["flash-2:", "stby-flash:"], 5, {"flash-2:": 5}),
        (["stby-bootflash:"], 5, {"stby-bootflash:": 5}),
        (["bootflash-2:"], 5, {"bootflash-2:": 5}),
        (["bootflash-2-0:"], 5, {"bootflash-2-0:": 5}),
        (["slavebootflash:"], 5, {"slavebootflash:": 5}),
        (["slavesup-bootdisk:"], 5, {"slavesup-bootdisk:": 5}),
        (["slavedisk0:"], 5, {}),
        (["flash4:"], None, {}),
        (["usbflash0:"], 7, {}),
        (["crashinfo-2:"], 7, {}),
        (["nvram:"], 1, {}),
    ],
)
def test_the_flash_of_other_members(prefixes, free, known):
    assert preflight.stack.flashes([dict(prefix=prefixes[0], prefixes=prefixes, free=free)]) == known
    assert preflight.stack.flashes(None) == {}


@pytest.mark.parametrize(
    "own, standby, expected, what",
    [
        ("0x2102", "0x2142", "warn", "of the standby is 0x2142: it ignores the startup configuration."),
        ("0x2102", "0x2100", "warn", "of the standby is 0x2100: it boots nothing."),
        ("0x2102", "0x2101", "warn", "of the standby is 0x2101: it ignores the boot list."),
        ("0x2142", "0x2100", "block", "is 0x2142: it ignores the startup configuration."),
        ("0x2102", "0x2102", "ok", "is 0x2102."),
        ("0x2102", "unreadable", "ok", "is 0x2102."),
        ("0x2102", None, "ok", "is 0x2102."),
    ],
)
def test_the_configuration_register_of_the_standby_counts_as_well(own, standby, expected, what):
    facts = changed(ready_facts(), ["boot", "config_register"], own)
    facts["boot"]["members"] = [dict(boots(None), config_register=own), dict(boots("standby"), config_register=standby)]
    (found,) = [finding for finding in preflight.findings(facts, WANTED) if finding["check"] == "config_register"]
    assert (found["severity"], found["what"].split("register ")[-1]) == (expected, what)


@pytest.mark.parametrize(
    "manual, shown, expected",
    [(False, None, "ok"), (True, None, "ok"), (None, None, "warn"), (False, "unreadable", "warn"), (False, "0x142", "block")],
)
def test_a_switch_that_has_no_register_says_the_same_in_other_words(manual, shown, expected):
    facts = changed(ready_facts(), ["version", "config_register"], None)
    facts["boot"] = {"images": [], "config_register": shown, "config_register_next": None, "manual_boot": manual}
    assert severity("config_register", facts) == expected
    assert severity("config_register", dict(facts, ignores_startup=True)) == "block"


@pytest.mark.parametrize("model, expected", [("IOSv", "warn"), ("Unix", "warn"), ("CSR1000V", "block"), (None, "block")])
def test_a_virtual_device_without_a_rom_monitor_boots_whatever_its_register_says(model, expected):
    facts = changed(ready_facts(), ["boot", "config_register"], "0x0")
    assert severity("config_register", changed(facts, ["version", "model"], model)) == expected
    assert severity("config_register", changed(facts, ["boot", "config_register"], "0x2142")) == "block"


def test_the_standby_of_a_stack_has_a_number():
    facts = changed(ready_facts(), ["boot", "members"], [boots(None), boots("standby", True)])
    facts["switches"] = [switch("1", "Ready"), dict(switch("2", "Ready"), role="Standby"), switch("3", "Ready")]
    (found,) = [finding for finding in preflight.findings(facts, WANTED) if finding["check"] == "manual_boot"]
    assert "on switch 2:" in found["what"] and "no boot manual switch 2;" in found["fix"]


def test_what_counts_of_a_stack_is_what_the_switch_that_answers_boots():
    boot = {"images": ["a"], "manual_boot": True, "members": [boots("1", True, ["a"]), boots("2", False, ["b"])]}
    version = {"members": [dict(member(number, "1"), active=number == "2") for number in "12"]}
    own = preflight.stack.of_answering(boot, version)
    assert (own["images"], own["manual_boot"]) == (["b"], False)
    assert preflight.stack.of_answering(boot, {"members": []}) == preflight.stack.of_answering(boot, None) == boot
    assert preflight.stack.of_answering(None, version) is None


def test_each_member_that_is_not_as_the_rest_is_named():
    facts = changed(ready_facts(), ["boot", "members"], [boots(None), boots("2", images=[]), boots("standby", images=["x"])])
    facts["version"]["members"] = [member("1", "15.5(3)M2"), member("2", "12.4(1)"), member("3", "15.5(3)M2", "BUNDLE")]
    facts["switches"] = [switch("1", "Ready"), switch("2", "SDM Mismatch")]
    (found,) = [finding for finding in preflight.findings(facts, WANTED) if finding["check"] == "stack"]
    assert found["what"] == (
        "Switch 2 is in the state SDM Mismatch, not Ready. "
        "Switch 2 runs 12.4(1), and switch 1, which answers, runs 15.5(3)M2. "
        "Switch 3 runs in the mode BUNDLE, and switch 1, which answers, in INSTALL. "
        "The boot list of switch 2 names no image, unlike that of the switch that answers. "
        "The boot list of the standby names x, unlike that of the switch that answers."
    )
