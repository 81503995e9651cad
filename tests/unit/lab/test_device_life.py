# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From reload to reload: the boot list, what survives, and devices that hang."""

from __future__ import annotations

import asyncio

import pytest

from ansible_collections.cns.image_agent.tests.unit.lab.device_session import Session, with_session
from lab.agent.image_header import ImageHeader
from lab.device.flash import FlashFull

NEW = ImageHeader(version="15.7(3)M9", families=("c2900",))


async def until(condition, seconds=3.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


async def reload(device, state="up"):
    await device.reload("Reload Command")
    await until(lambda: not device._life and device.state == state)


def install(device, name="new.bin", header=NEW):
    device.flash.store(name, 1000, "0" * 32, header)
    device.boot_order(name)


def test_a_reload_brings_the_first_image_and_the_saved_configuration():
    async def scenario(session):
        device = session.device
        install(device)
        await session.configure("hostname Saved")
        device.save()
        await session.configure("hostname Unsaved")
        uptime = device.uptime
        await reload(device)
        other = Session(device)
        await other.type("")
        return device, uptime, await other.send("show version")

    device, uptime, version = with_session(scenario)
    assert (device.version, device.running_image, device.hostname) == ("15.7(3)M9", "flash:new.bin", "Saved")
    assert device.uptime < 5 < uptime
    assert "Saved uptime is 0 minutes\nSystem returned to ROM by reload at" in version
    assert 'System image file is "flash:new.bin"' in version


@pytest.mark.parametrize(
    "header",
    [
        None,
        ImageHeader(version="9", families=("c2900",), bootable=False),
        ImageHeader(version="9", families=("other",)),
    ],
    ids=["no image", "not bootable", "for other hardware"],
)
def test_an_image_that_does_not_boot_gives_way_to_the_next(header):
    async def scenario(session):
        device = session.device
        old = device.version
        install(device, header=header)
        device.save()
        await reload(device)
        return device, old

    device, old = with_session(scenario)
    assert (device.version, device.reloads) == (old, 1)


def test_the_boot_list_counts_as_it_was_saved():
    async def scenario(session):
        device = session.device
        install(device)
        shown = await session.send("show boot")
        await reload(device)
        return device.version, shown

    version, shown = with_session(scenario)
    assert version == "15.5(3)M2"
    assert "new.bin" not in shown


def test_without_an_image_that_boots_the_device_stays_away_until_that_is_cured():
    async def scenario(session):
        device = session.device
        await session.configure("no boot system", "boot system flash:new.bin")
        install(device)
        await session.configure(f"no boot system {device.running_image}")
        device.save()
        device.set_fault("no-boot", True)
        await reload(device, state="rommon")
        device.clear_fault("no-boot")
        await until(lambda: device.state == "up")
        return device.version

    assert with_session(scenario) == "15.7(3)M9"


def test_the_configuration_register():
    async def scenario(session):
        device = session.device
        await session.configure("hostname Saved", "config-register 0x2142")
        device.save()
        pending = await session.send("show version | include register")
        await reload(device)
        ignored = device.hostname
        other = Session(device)
        await other.type("")
        await other.configure("config-register 0x2100")
        await reload(device, state="rommon")
        return pending, ignored

    pending, ignored = with_session(scenario)
    assert pending == "Configuration register is 0x2102 (will be 0x2142 at next reload)\n"
    assert ignored == "R1"


@pytest.mark.parametrize("heeding, name", [([], "R1"), (["no system ignore startupconfig"], "Saved")])
def test_a_switch_ignores_its_startup_configuration_if_that_says_so(heeding, name):
    async def scenario(session):
        await session.configure("hostname Saved", "system ignore startupconfig switch all", *heeding)
        session.device.save()
        await reload(session.device)
        return session.device.hostname

    assert with_session(scenario, profile="c3850-stack-16") == name


def test_boot_order_puts_one_in_front():
    async def scenario(session):
        device = session.device
        old = device.running_image.partition(":")[2]
        for name in ("a.bin", "b.bin", "a.bin"):
            device.boot_order(name)
        return device.boot_list(device.running), old

    order, old = with_session(scenario)
    assert order == ["a.bin", "b.bin", old]


def test_reload_asks_about_unsaved_configuration():
    async def scenario(session):
        device = session.device
        await session.configure("hostname New")
        asked = await session.type("reload\r")
        refused = await session.type("maybe\r")
        confirm = await session.type("yes\r")
        await session.type("\r")
        await until(lambda: device.reloads and device.state == "up")
        return asked, refused, confirm, device.hostname

    asked, refused, confirm, hostname = with_session(scenario)
    assert asked.endswith("System configuration has been modified. Save? [yes/no]: ")
    assert "Please answer 'yes' or 'no'" in refused
    assert confirm.endswith("Proceed with reload? [confirm]")
    assert hostname == "New"


def test_reload_can_be_refused():
    async def scenario(session):
        await session.type("reload\rn")
        await asyncio.sleep(0.02)
        return session.device.state, session.device.reloads

    assert with_session(scenario) == ("up", 0)


def test_a_reload_answers_for_a_moment_and_then_drops_everybody():
    async def scenario(session):
        dropped = []
        session.device.connections.add(type("Connection", (), {"abort": lambda self: dropped.append(True)})())
        await session.device.reload("Reload Command")
        answer = await session.send("show privilege")
        await until(lambda: session.device.state == "booting")
        return answer, list(dropped)

    answer, dropped = with_session(scenario, shutdown_seconds=0.05)
    assert answer == "Current privilege level is 15\n"
    assert dropped == [True]


def test_a_full_flash_takes_nothing_until_the_fault_is_cleared():
    async def scenario(session):
        flash = session.device.flash
        free = flash.free
        session.device.set_fault("flash-full", True)
        with pytest.raises(FlashFull):
            flash.store("new.bin", 1_000_000, "0" * 32)
        session.device.clear_fault()
        return free, flash.free

    before, after = with_session(scenario)
    assert before == after


@pytest.mark.parametrize("value", [0.0, "retrieve"])
def test_a_device_that_hangs_is_silent_until_the_fault_is_cleared(value):
    async def scenario(session):
        device = session.device
        await session.configure("cns image server http://127.0.0.1:1/")
        device.save()
        device.set_fault("hang", value)
        if isinstance(value, str):
            await session.type("cns image retrieve\r")
        await until(lambda: device.state == "hung")
        silent = await session.type("show privilege\r")
        busy = device.image_agent.busy
        device.clear_fault("hang")
        await until(lambda: device.state == "up")
        return silent, busy, device.uptime

    silent, busy, uptime = with_session(scenario, port=0)
    assert (silent, busy) == ("", False)
    assert uptime < 5


def test_a_phase_drops_sessions():
    async def scenario(session):
        dropped = []
        session.device.connections.add(type("Connection", (), {"abort": lambda self: dropped.append(True)})())
        session.device.set_fault("drop", "download")
        session.device.enter_phase("poll")
        before = list(dropped)
        session.device.enter_phase("download")
        return before, list(dropped)

    assert with_session(scenario) == ([], [True])
