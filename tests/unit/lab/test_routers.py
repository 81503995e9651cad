# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection makes of routers that print what their hardware, their release and their configuration have them print."""

from __future__ import annotations

import asyncio

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import device as devices
from ansible_collections.cns.image_agent.plugins.module_utils import info, outcome, snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway
from ansible_collections.cns.image_agent.plugins.module_utils.features.image import Image as ImageFeature
from ansible_collections.cns.image_agent.plugins.module_utils.observation import observe
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks, facts
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Attempt, Request
from ansible_collections.cns.image_agent.tests.unit.lab.device_session import Session
from ansible_collections.cns.image_agent.tests.unit.lab.test_agent_in_device import device_of, until
from ansible_collections.cns.image_agent.tests.unit.lab.test_conversations import Scene, Typed, run_module
from lab.faults import parse_fault
from lab.profiles import PROFILES
from lab.server.app import SERVER_PATH, STATUS_PATH, ImageServer
from lab.server.catalogue import Catalogue, Image

ROUTERS = ("ios", "isr2911", "ios-xe", "isr4000-3s", "isr4000-16", "isr4000-17", "isr4000-install")
IMAGE_BYTES = 200_000


class Line:
    """A session that ends when the device reloads."""

    def __init__(self, device, answered):
        self._device, self._boot = device, device.reloads
        session = Session(device)
        session.shell._answered = answered
        self._typed = Typed(session)

    def is_open(self):
        return self._device.state == "up" and self._device.reloads == self._boot

    async def get(self, command, **asking):
        if not self.is_open():
            raise DeviceAway("No answer to %r: the session ended." % command)
        return await self._typed.get(command, **asking)

    async def sleep(self, seconds):
        await asyncio.sleep(0)


class Link:
    """Logs in again after a reload. ``answered``: how many answers the device counts as given before the first one."""

    def __init__(self, device):
        self._device, self._line, self.answered = device, None, 0

    async def device(self):
        if self._device.state != "up":
            raise DeviceAway("The device does not answer.")
        if not self.is_open():
            self._line = Line(self._device, self.answered)
            await self._line.get("terminal length 0")
        return devices.Device(self._line)

    def is_open(self):
        return self._line is not None and self._line.is_open()

    async def close(self):
        self._line = None


class Fleet:
    """A device and the server of its image."""

    def __init__(self, device, server):
        self.device, self.link = device, Link(device)
        self.server, self.status = server.http_url + SERVER_PATH, server.http_url + STATUS_PATH

    async def one(self):
        return await self.link.device()

    async def configure(self):
        wanted = dict(enabled=True, server=self.server, status_server=self.status, retry=7)
        return await run_module(ImageFeature(), "merged", wanted, "changed")(await self.one(), None)

    async def upgrade(self, target):
        scene = Scene()
        return await Attempt(Request(target=target, timeout=600, interval=5), self.link, scene).retrieve()


def on(profile, tmp_path, scenario, *faults):
    """Run ``scenario(fleet)`` with a device of this profile."""

    async def run():
        of = PROFILES[profile]
        image = Image(of.image_name(of.next_version), of.next_version, (of.family,), size=IMAGE_BYTES)
        catalogue = Catalogue({image.name: image}, families={of.family: image.name})
        server = await ImageServer.start("127.0.0.1", 0, None, catalogue, tmp_path)
        device = device_of(profile)
        try:
            await device.power_on()
            for fault in faults:
                device.set_fault(*parse_fault(fault))
            return await scenario(Fleet(device, server))
        finally:
            device.shut_down()
            await server.stop()

    return asyncio.run(run())


# What a profile truthfully is, in the words of `cns_image_info`.
IS = {
    "ios": dict(version="15.5(3)M2", xe_version=None, model="CISCO2911/K9", memory_kb=1_048_576),
    "isr2911": dict(version="15.4(3)M6", xe_version=None, model="CISCO2911/K9", memory_kb=524_288),
    "ios-xe": dict(version="16.6.4", xe_version="16.06.04", model="ISR4331/K9", memory_kb=4_194_304),
    "isr4000-3s": dict(version="15.5(3)S5", xe_version="03.16.05.S", model="ISR4331/K9", memory_kb=4_194_304),
    "isr4000-16": dict(version="16.3.7", xe_version="16.03.07", model="ISR4331/K9", memory_kb=4_194_304),
    "isr4000-17": dict(version="17.3.4a", xe_version="17.03.04a", model="ISR4331/K9", memory_kb=4_194_304),
    "isr4000-install": dict(version="17.6.5", xe_version="17.06.05", model="ISR4331/K9", memory_kb=4_194_304),
}
RUNS = {
    "ios": "flash:c2900-universalk9-mz.SPA.155-3.M2.bin",
    "isr2911": "flash0:c2900-universalk9-mz.SPA.154-3.M6.bin",
    "ios-xe": "bootflash:isr4300-universalk9.16.06.04.SPA.bin",
    "isr4000-3s": "bootflash:isr4300-universalk9.03.16.05.S.155-3.S5-ext.SPA.bin",
    "isr4000-16": "bootflash:isr4300-universalk9.16.03.07.SPA.bin",
    "isr4000-17": "bootflash:isr4300-universalk9.17.03.04a.SPA.bin",
    "isr4000-install": "bootflash:packages.conf",
}
IN_USE = {"ios": 1, "isr2911": 2, "ios-xe": 1, "isr4000-3s": 3, "isr4000-16": 3, "isr4000-17": 3, "isr4000-install": 3}


@pytest.mark.parametrize("profile", ROUTERS)
def test_a_router_is_known_for_what_it_is(profile, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        one = await fleet.one()
        return await observe(one, lambda: 0.0), await info.gather(one, info.SUBSETS), fleet.device

    seen, told, device = on(profile, tmp_path, scenario)
    assert {name: told["version"][name] for name in IS[profile]} == IS[profile]
    assert told["version"]["image_file"] == seen["image_file"] == RUNS[profile]
    assert (told["version"]["serial"], told["version"]["config_register"]) == (device.serial, "0x2102")
    assert told["version"]["uptime_seconds"] == 37 * 86400 and told["version"]["reload_reason"] == "power-on"
    assert told["inventory"]["version"] == told["version"]["version"]
    assert told["inventory"]["image_file"] == RUNS[profile]
    assert told["supported"] and seen["status"]["failed"] == 0
    assert told["boot"]["images"] == [RUNS[profile]]
    assert told["http_client"]["settings"]["HTTP client status"] == "Enabled" and told["http_client"]["connections"] == []
    flash = next(one for one in told["filesystems"] if one["type"] == "disk")
    assert RUNS[profile].partition(":")[0] + ":" in flash["prefixes"]
    assert RUNS[profile].partition(":")[2] in [file["name"] for file in flash["files"]]


@pytest.mark.parametrize("profile", ROUTERS)
def test_a_router_that_is_ready_is_found_ready(profile, tmp_path):
    of = PROFILES[profile]
    wanted = checks.Wanted(
        outcome.Target(of.next_version, None), IMAGE_BYTES, of.ram_kb * 1024, models=[of.model], server="http://10.0.0.1/cns"
    )

    async def scenario(fleet):
        await fleet.configure()
        return await facts.gather(await fleet.one(), wanted), await fleet.link.device()

    found, _one = on(profile, tmp_path, scenario)
    assert found["unsaved"] == 0 and not found["refused"]
    findings = {one["check"]: one for one in checks.findings(found, wanted)}
    assert [one for one in findings.values() if one["severity"] == checks.BLOCK] == []
    assert all(findings[name]["severity"] == checks.OK for name in ("saved", "memory", "flash_space", "model", "config_register"))


@pytest.mark.parametrize("profile", ROUTERS)
def test_what_is_not_saved_is_told(profile, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        one = await fleet.one()
        await one.configure(["cns image retry 9"])
        return await facts.gather(one, checks.Wanted(outcome.Target(None, None)))

    assert on(profile, tmp_path, scenario)["unsaved"] == 2


@pytest.mark.parametrize("profile", sorted(set(PROFILES) - {"ios-no-agent"}))
def test_a_second_run_changes_nothing(profile, tmp_path):
    async def scenario(fleet):
        return await fleet.configure(), await fleet.configure()

    first, second = on(profile, tmp_path, scenario)
    assert first["changed"] and first["saved"]
    assert not second["changed"] and second["commands"] == []


@pytest.mark.parametrize("profile", ROUTERS)
def test_a_router_is_upgraded(profile, tmp_path):
    target = PROFILES[profile].next_version

    async def scenario(fleet):
        await fleet.configure()
        before = await snapshot.take(await fleet.one())
        ended = await fleet.upgrade(outcome.Target(target, None))
        again = await fleet.upgrade(outcome.Target(target, None))
        asked = await fleet.upgrade(outcome.Target(None, None))
        return before, ended, await snapshot.take(await fleet.one()), again, asked, fleet.device

    before, ended, after, again, asked, device = on(profile, tmp_path, scenario)
    assert (ended.verdict.outcome, ended.changed, ended.reloads) == ("success", True, 1), ended.verdict
    assert (again.verdict.outcome, again.changed, device.reloads) == ("up_to_date", False, 1)
    assert asked.verdict.outcome == "no_new_image" and outcome.same_version(device.version, target)
    assert before["interfaces_up"] == IN_USE[profile]
    lost = PROFILES[profile].habits.lost_at_reload
    worse = [one for one in snapshot.compare(before, after) if one["verdict"] == snapshot.WORSE]
    assert [(one["what"], one["before"] - one["after"]) for one in worse] == [("interfaces_up", len(lost))] * bool(lost)


@pytest.mark.parametrize("profile", ROUTERS)
@pytest.mark.parametrize("pattern", ["^show running-config", "^show cns image status", "^show version", "^dir"])
def test_the_log_inside_an_answer_loses_no_line(profile, pattern, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        one = await fleet.one()
        whole = await info.gather(one, info.SUBSETS)
        fleet.device.set_fault(*parse_fault("log-inside=1*" + pattern))
        return whole, await info.gather(one, info.SUBSETS)

    whole, broken = on(profile, tmp_path, scenario)
    assert broken == whole


@pytest.mark.parametrize("profile, severity", [("isr2911", "ok"), ("isr4000-3s", "block"), ("isr4000-16", "ok")])
def test_a_clock_that_nobody_has_set_is_known_by_its_mark(profile, severity, tmp_path):
    wanted = checks.Wanted(outcome.Target(None, None), server="https://10.0.0.1/cns")

    async def scenario(fleet):
        return await facts.gather(await fleet.one(), wanted)

    found = on(profile, tmp_path, scenario)
    (clock,) = [one for one in checks.findings(found, wanted) if one["check"] == "clock"]
    assert clock["severity"] == severity


@pytest.mark.parametrize("command", ["show flash", "show flash:", "show flash0:"])
def test_the_flash_of_a_2911_is_shown_in_a_table_of_its_own(command, tmp_path):
    async def scenario(fleet):
        return await (await fleet.one()).show(command)

    shown = on("isr2911", tmp_path, scenario)
    assert "-#- --length-- -----date/time------ path" in shown and "bytes available" in shown
    assert RUNS["isr2911"].partition(":")[2] in shown


@pytest.mark.parametrize("answered", range(3))
def test_a_message_of_the_log_in_any_answer_disturbs_nothing(answered, tmp_path):
    async def scenario(fleet):
        fleet.link.answered = answered
        changes = [await fleet.configure(), await fleet.configure()]
        return [one["changed"] for one in changes], await fleet.upgrade(outcome.Target("17.9.5a", None))

    assert PROFILES["isr4000-17"].habits.log_into == 3
    changes, ended = on("isr4000-17", tmp_path, scenario)
    assert changes == [True, False]
    assert (ended.verdict.outcome, ended.commands) == ("success", ["cns image retrieve"])


@pytest.mark.parametrize("profile", ["isr2911", "isr4000-3s", "isr4000-16", "isr4000-17", "isr4000-install"])
def test_what_another_release_has_saved_is_overwritten(profile, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        await fleet.upgrade(outcome.Target(None, None))
        before = fleet.device.saved_by
        wanted = dict(enabled=True, server=fleet.server, status_server=fleet.status, retry=9)
        result = await run_module(ImageFeature(), "merged", wanted, "changed")(await fleet.one(), None)
        return result, before, fleet.device

    result, before, device = on(profile, tmp_path, scenario)
    assert result["saved"] and not device.unsaved
    assert before != device.saved_by == device.version


def test_in_install_mode_a_version_tells_what_an_image_does_not(tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        image = PROFILES["isr4000-install"].image_name("17.9.5a")
        return await fleet.upgrade(outcome.Target(None, image)), fleet.device.running_image

    ended, image = on("isr4000-install", tmp_path, scenario)
    assert (ended.verdict.outcome, image) == ("success", "bootflash:packages.conf")


def test_in_install_mode_an_image_that_does_not_boot_is_rolled_back(tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        return await fleet.upgrade(outcome.Target("17.9.5a", None)), fleet.device

    ended, device = on("isr4000-install", tmp_path, scenario, "no-boot")
    assert ended.verdict.outcome == "failed" and ended.verdict.reason.startswith("came back on the old image 17.6.5")
    assert (device.version, device.reloads) == ("17.6.5", 1)


def test_an_interface_that_stays_down_after_the_reload_is_worse(tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        before = await snapshot.take(await fleet.one())
        await fleet.upgrade(outcome.Target(None, None))
        after = await snapshot.take(await fleet.one())
        fleet.device.clear_fault("lost-interface")
        return snapshot.compare(before, after), snapshot.compare(before, await snapshot.take(await fleet.one()))

    lost, back = on("isr4000-17", tmp_path, scenario, "lost-interface=0/0/1$")
    assert dict(what="interfaces_up", before=3, after=2, verdict="worse") in lost
    assert all(one["verdict"] == "expected" for one in back)


@pytest.mark.parametrize("profile", ROUTERS)
def test_a_download_in_progress_is_a_connection(profile, tmp_path):
    async def scenario(fleet):
        await fleet.configure()
        one = await fleet.one()
        await one.execute("cns image retrieve")
        await until(lambda: fleet.device.image_agent.phase == "download" and fleet.device.image_agent.transfers())
        return (await info.gather(one, ["http_client"]))["http_client"], fleet.server

    told, server = on(profile, tmp_path, scenario, "slow-download=0.5")
    (connection,) = told["connections"]
    assert connection["local"].startswith("127.0.0.1:") and connection["remote"] in server
    assert connection["in_bytes"] > 0 and connection["out_bytes"] > 0
    assert told["settings"]["Total client connections"] == "1"
