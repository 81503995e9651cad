# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection makes of stacks of Catalyst switches that print what theirs prints."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import info, outcome, show, snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.observation import observe
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks, facts
from ansible_collections.cns.image_agent.tests.unit.lab.test_routers import IMAGE_BYTES, on
from lab.profiles import PROFILES

STACKS = ("c3750-stack", "c3850-stack-3e", "c3850-stack-16", "c9300-stack-16", "c9300-stack-17")
INSTALLED = STACKS[1:]
FOLDER = "flash:/c3750-ipservicesk9-mz.122-55.SE5/"
# What a profile truthfully is, in the words of `cns_image_info`.
IS = {
    "c3750-stack": dict(version="12.2(55)SE5", xe_version=None, model="WS-C3750G-24TS", memory_kb=131_072),
    "c3850-stack-3e": dict(version="03.06.05E", xe_version=None, model="WS-C3850-24T", memory_kb=4_194_304),
    "c3850-stack-16": dict(version="16.6.4", xe_version="16.06.04", model="WS-C3850-24T", memory_kb=4_194_304),
    "c9300-stack-16": dict(version="16.9.5", xe_version="16.09.05", model="C9300-24U", memory_kb=8_388_608),
    "c9300-stack-17": dict(version="17.3.5", xe_version="17.03.05", model="C9300-24U", memory_kb=8_388_608),
}
RUNS = dict.fromkeys(INSTALLED, "flash:packages.conf")
RUNS["c3750-stack"] = FOLDER + "c3750-ipservicesk9-mz.122-55.SE5.bin"


def wanted_of(profile, **wanted):
    of = PROFILES[profile]
    wanted = dict(dict(server="http://10.0.0.1/cns", target=outcome.Target(of.next_version, None)), **wanted)
    return checks.Wanted(image_size=IMAGE_BYTES, image_memory=of.ram_kb * 1024, models=[of.model], **wanted)


def preflight(profile, tmp_path, *faults, lines=(), wanted=None):
    """The findings about a stack, by check."""
    wanted = wanted or wanted_of(profile)

    async def scenario(fleet):
        await fleet.configure()
        one = await fleet.one()
        await one.configure(list(lines))
        return await facts.gather(one, wanted)

    found = on(profile, tmp_path, scenario, *faults)
    return {one["check"]: one for one in checks.findings(found, wanted)}


@pytest.mark.parametrize("profile", STACKS)
def test_a_stack_is_known_for_what_it_is(profile, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        one = await fleet.one()
        told = await info.gather(one, info.SUBSETS)
        return await observe(one, lambda: 0.0), told, show.switches(await one.show("show switch")), fleet.device

    seen, told, switches, device = on(profile, tmp_path, scenario)
    members = PROFILES[profile].members
    assert {name: told["version"][name] for name in IS[profile]} == IS[profile]
    assert told["version"]["image_file"] == seen["image_file"] == RUNS[profile]
    register = {"c3750-stack": "0xF"}.get(profile, "0x102")
    assert (told["version"]["serial"], told["version"]["config_register"]) == (device.serial, register)
    assert told["version"]["uptime_seconds"] == 37 * 86400 and told["version"]["reload_reason"] == "power-on"
    assert told["supported"] and seen["status"]["failed"] == 0
    assert [one["switch"] for one in told["version"]["members"]] == [one["switch"] for one in switches[:-1]]
    assert [one["active"] for one in switches] == [True] + [False] * members
    assert [one["state"] for one in switches] == ["Ready"] * members + ["Provisioned"]
    assert {one["mode"] for one in told["version"]["members"]} == {"INSTALL" if profile in INSTALLED else None}
    assert (told["boot"]["images"], told["boot"]["manual_boot"]) == ([RUNS[profile]], False)
    assert {tuple(one["images"]) for one in told["boot"]["members"]} == {(RUNS[profile],)}
    flashes = [one for one in told["filesystems"] if one["type"] in ("disk", "flash")]
    assert len(flashes) == members and "flash:" in flashes[0]["prefixes"]
    assert all(one["files"] == flashes[0]["files"] for one in flashes)


@pytest.mark.parametrize("profile", STACKS)
def test_a_stack_that_is_ready_is_found_ready(profile, tmp_path):
    findings = preflight(profile, tmp_path)
    assert [one for one in findings.values() if one["severity"] == checks.BLOCK] == []
    ready = ("saved", "memory", "flash_space", "model", "config_register", "manual_boot", "stack")
    assert {name: findings[name]["severity"] for name in ready} == dict.fromkeys(ready, checks.OK)
    assert findings["fallback_image"]["what"] == "The boot list names no second image on flash."
    advice = "Keep the packages that run now" if profile in INSTALLED else "boot system FILE"
    assert advice in findings["fallback_image"]["fix"]


@pytest.mark.parametrize("by_image", [False, True])
@pytest.mark.parametrize("profile", STACKS)
def test_a_stack_is_upgraded(profile, by_image, tmp_path):
    of = PROFILES[profile]
    target = outcome.Target(None, of.image_name(of.next_version)) if by_image else outcome.Target(of.next_version, None)

    async def scenario(fleet):
        await fleet.configure()
        before = await snapshot.take(await fleet.one())
        ended = await fleet.upgrade(target)
        again = await fleet.upgrade(target)
        return before, ended, await snapshot.take(await fleet.one()), again, fleet.device

    before, ended, after, again, device = on(profile, tmp_path, scenario)
    assert (ended.verdict.outcome, ended.changed, ended.reloads) == ("success", True, 1), ended.verdict
    assert (again.verdict.outcome, again.changed, device.reloads) == ("up_to_date", False, 1)
    assert outcome.same_version(device.version, of.next_version)
    differ = {one["what"]: one["verdict"] for one in snapshot.compare(before, after)}
    assert differ == dict.fromkeys(["version"] if profile in INSTALLED else ["version", "image", "boot_list"], "expected")
    if profile not in INSTALLED:
        assert after["boot_list"] == ["c3750-ipservicesk9-mz.150-2.SE11.bin", RUNS[profile]]


@pytest.mark.parametrize("profile", INSTALLED)
def test_in_install_mode_an_image_whose_name_tells_no_version_cannot_be_judged(profile, tmp_path):
    finding = preflight(profile, tmp_path, wanted=wanted_of(profile, target=outcome.Target(None, "golden.bin")))["target"]
    assert finding["severity"] == checks.WARN and "install mode" in finding["what"]


def test_a_boot_list_may_leave_out_the_file_system(tmp_path):
    lines = ["boot system switch all c3750-ipservicesk9-mz.122-55.SE5/c3750-ipservicesk9-mz.122-55.SE5.bin"]
    assert preflight("c3750-stack", tmp_path, lines=lines)["fallback_image"]["severity"] == checks.WARN

    async def scenario(fleet):
        fleet.device.flash.store("old.bin", 1000, "0" * 32)
        one = await fleet.one()
        await one.configure(["boot system switch all old.bin"])
        await one.execute("write memory")
        found = await facts.gather(one, wanted_of("c3750-stack"))
        return found["boot"]["images"], checks.findings(found, wanted_of("c3750-stack"))

    images, findings = on("c3750-stack", tmp_path, scenario)
    assert images == [RUNS["c3750-stack"], "old.bin"]
    (finding,) = [one for one in findings if one["check"] == "fallback_image"]
    assert finding["severity"] == checks.OK and "names 2 images" in finding["what"]


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("profile", STACKS)
def test_manual_boot_blocks_and_names_the_member(profile, number, tmp_path):
    finding = preflight(profile, tmp_path, "manual-boot=%d" % number)["manual_boot"]
    assert finding["severity"] == checks.BLOCK and "on switch %d:" % number in finding["what"]
    assert "no boot manual switch %d;" % number in finding["fix"]


@pytest.mark.parametrize("line", ["no boot manual switch 2", "no boot manual switch all", "no boot manual"])
def test_what_the_finding_says_to_do_about_manual_boot_helps(line, tmp_path):
    assert preflight("c3850-stack-16", tmp_path, "manual-boot=2", lines=[line])["manual_boot"]["severity"] == checks.OK


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("profile", STACKS)
def test_the_boot_list_of_one_member_is_not_that_of_another(profile, number, tmp_path):
    async def scenario(fleet):
        return await facts.gather(await fleet.one(), wanted_of(profile))

    found = on(profile, tmp_path, scenario, "blank-boot-list=%d" % number)
    assert found["boot"]["images"] == ([] if number == 1 else [RUNS[profile]])
    findings = {one["check"]: one for one in checks.findings(found, wanted_of(profile))}
    assert findings["stack"]["severity"] == checks.WARN and "boot list of" in findings["stack"]["what"]
    missing = "There is no boot list." if number == 1 else "The boot list names no second image on flash."
    assert findings["fallback_image"]["what"] == missing


@pytest.mark.parametrize("profile", STACKS)
def test_the_flash_of_every_member_counts(profile, tmp_path):
    finding = preflight(profile, tmp_path, "member-flash-full=2")["flash_space"]
    name = "flash-2:" if PROFILES[profile].ios_xe else "flash2:"
    assert finding["severity"] == checks.WARN and finding["what"].startswith(name + " has 0 bytes free")


@pytest.mark.parametrize("profile", STACKS)
def test_a_member_with_another_release_blocks(profile, tmp_path):
    finding = preflight(profile, tmp_path, "stack-mismatch=2")["stack"]
    state = "V-Mismatch" if PROFILES[profile].ios_xe else "Version Mismatch"
    assert finding["severity"] == checks.BLOCK and "Switch 2 is in the state %s, not Ready." % state in finding["what"]


@pytest.mark.parametrize("said", ["Command authorization failed.", "% Access denied", ""])
@pytest.mark.parametrize("profile", STACKS)
def test_a_stack_that_does_not_show_its_members_is_no_whole_one(profile, said, tmp_path):
    finding = preflight(profile, tmp_path, "answer=^show switch=>" + said)["stack"]
    assert finding["severity"] == checks.WARN and said.strip("% .") in finding["what"]


@pytest.mark.parametrize("profile", STACKS)
def test_a_switch_that_would_ignore_its_startup_configuration_is_not_upgraded(profile, tmp_path):
    ignoring, heeding = "system ignore startupconfig switch all", "no system ignore startupconfig"
    assert preflight(profile, tmp_path, lines=[ignoring])["config_register"]["severity"] == checks.BLOCK
    assert preflight(profile, tmp_path, lines=[ignoring, heeding])["config_register"]["severity"] == checks.OK


@pytest.mark.parametrize("profile", STACKS)
def test_the_boot_list_has_another_name_where_show_boot_wants_more_words(profile, tmp_path):
    told = preflight(profile, tmp_path, "answer=^show boot$=>% Incomplete command.")
    for check in ("fallback_image", "manual_boot"):
        assert told[check] == preflight(profile, tmp_path)[check]


@pytest.mark.parametrize("profile", STACKS)
def test_the_startup_configuration_names_the_files_of_its_certificates(profile, tmp_path):
    async def scenario(fleet):
        one = await fleet.one()
        return await one.show("show running-config"), await one.show("show startup-config")

    running, startup = on(profile, tmp_path, scenario)
    assert " certificate self-signed 01\n  " in running and "nvram:" not in running
    assert " certificate self-signed 01 nvram:Certificate#01.cer\n" in startup and "quit" not in startup


@pytest.mark.parametrize("profile", STACKS)
def test_a_member_that_stays_in_its_boot_loader_is_missed(profile, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        before = await snapshot.take(await fleet.one())
        await fleet.upgrade(outcome.Target(None, None))
        after = await snapshot.take(await fleet.one())
        fleet.device.clear_fault("manual-boot")
        return before, after

    before, after = on(profile, tmp_path, scenario, "manual-boot=2")
    assert dict(what="interfaces_up", before=before["interfaces_up"], after=before["interfaces_up"] - 2, verdict="worse") in (
        snapshot.compare(before, after)
    )


@pytest.mark.parametrize("profile", ["c3850-stack-16", "c3750-stack"])
def test_another_member_answers_when_the_first_stays_in_its_boot_loader(profile, tmp_path):
    another = wanted_of(profile, target=outcome.Target("99.1(1)", None))

    async def scenario(fleet):
        await fleet.configure()
        ended = await fleet.upgrade(outcome.Target(PROFILES[profile].next_version, None))
        return ended, await facts.gather(await fleet.one(), another)

    ended, found = on(profile, tmp_path, scenario, "manual-boot=1")
    assert ended.verdict.outcome == "success"
    assert [one["switch"] for one in found["version"]["members"] if one["active"]] == ["2"]
    (finding,) = [one for one in checks.findings(found, another) if one["check"] == "stack"]
    assert finding["severity"] == checks.WARN and "Switch 1 is in the state Removed" in finding["what"]


@pytest.mark.parametrize("profile", STACKS)
def test_a_stack_that_all_waits_stays_away(profile, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        ended = await fleet.upgrade(outcome.Target(None, None))
        return ended.verdict.outcome, fleet.device.state

    members = ",".join(str(number) for number in range(1, PROFILES[profile].members + 1))
    assert on(profile, tmp_path, scenario, "manual-boot=" + members) == ("unknown", "rommon")


@pytest.mark.parametrize("profile", STACKS)
def test_the_trustpoints_from_the_factory_are_not_those_of_an_image_server(profile, tmp_path):
    async def scenario(fleet):
        one = await fleet.one()
        found = await facts.gather(one, wanted_of(profile, server="https://10.0.0.1/cns"))
        return found, show.trustpoints(await one.show("show crypto pki trustpoints"))

    found, shown = on(profile, tmp_path, scenario)
    factory = [name for name in found["trust"]["trustpoints"] if name != "SLA-TrustPoint"]
    assert len(factory) == 1 and factory[0].startswith("TP-self-signed-")
    assert found["trust"]["trustpoints"].get("SLA-TrustPoint", b"x")
    expected = ["SLA-TrustPoint", "CISCO_IDEVID_SUDI"] if PROFILES[profile].ios_xe else []
    assert [one["name"] for one in shown if one["authenticated"]] == expected
    (finding,) = [
        one for one in checks.findings(found, wanted_of(profile, server="https://10.0.0.1/cns")) if one["check"] == "certificate"
    ]
    assert finding["severity"] == checks.BLOCK and "from the factory" in finding["why"]
