# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image agent inside a whole virtual device, without its SSH side: what each fault makes of an upgrade."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from lab.agent.http_client import Limits
from lab.agent.image_agent import ImageAgent
from lab.device import Device, Setup
from lab.faults import parse_fault
from lab.profiles import PROFILES
from lab.server.app import SERVER_PATH, STATUS_PATH, ImageServer
from lab.server.catalogue import Catalogue, Image


async def listen(_device):
    return SimpleNamespace(close=lambda: None)


async def reachable(_device, _host):
    return True


def device_of(profile="ios"):
    setup = Setup(
        listen=listen,
        reachable=reachable,
        user="lab",
        password="p",
        enable_secret="e",
        login_privilege=1,
        port=2222,
        boot_seconds=0,
    )
    return Device("R1", "127.0.0.1", PROFILES[profile], setup, lambda device: ImageAgent(device, limits=Limits(tries=1)))


async def until(condition, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


async def upgrade(tmp_path, profile="ios", fault=None):
    """Run one upgrade as far as it goes: the device, its old image, the (operation, status, code) it reported, its status."""
    family = PROFILES[profile].family
    image = Image("new-image.bin", "99.1(1)", (family,), size=100_000)
    server = await ImageServer.start(
        "127.0.0.1", 0, None, Catalogue({image.name: image}, families={family: image.name}), tmp_path
    )
    device = device_of(profile)
    try:
        await device.power_on()
        old = device.running_image
        device.cns.set_image_urls(server.http_url + SERVER_PATH, server.http_url + STATUS_PATH)
        device.running.set(("other", "test"), "line that nobody saved")
        if fault:
            device.set_fault(*parse_fault(fault))
        assert device.image_agent.retrieve() == ""

        def reported():
            devices = server.report()["devices"]
            return [(one["operation"], one["status"], one["code"]) for one in devices["R1"]["status"]] if devices else []

        await until(lambda: device.reloads or "Last upgrade ended at never" not in device.image_agent.status_text())
        if device.reloads:
            await until(lambda: len(reported()) == 4)
        return device, old, reported(), device.image_agent.status_text()
    finally:
        device.shut_down()
        await server.stop()


@pytest.mark.parametrize("profile", ["ios", "ios-xe", "ios-config-mode"])
def test_a_device_comes_back_with_what_it_downloaded(tmp_path, profile):
    device, old, reported, _status = asyncio.run(upgrade(tmp_path, profile))
    assert device.running_image == f"{PROFILES[profile].flash_name}:new-image.bin"
    assert (device.version, device.reloads) == ("99.1(1)", 1)
    assert device.boot_list(device.running) == ["new-image.bin", old.partition(":")[2]]
    assert "line that nobody saved" in device.running.lines(), "the agent saves before it reloads"
    assert reported[-1] == ("activation", "SUCCESS", "")


@pytest.mark.parametrize(
    "fault, code",
    [("wrong-checksum", "CHECKSUM_MISMATCH"), ("flash-full", "NOT_ENOUGH_SPACE"), ("server-unreachable", "SERVER_UNREACHABLE")],
)
def test_a_fault_before_the_reload_is_named_in_the_status(tmp_path, fault, code):
    device, old, _reported, status = asyncio.run(upgrade(tmp_path, fault=fault))
    assert f"status FAILED({code})" in status
    assert (device.running_image, device.reloads) == (old, 0)
    assert old.partition(":")[2] in device.flash.files and "new-image.bin" not in device.flash.files


def test_an_image_that_does_not_boot_leaves_the_old_one_running(tmp_path):
    device, old, reported, _status = asyncio.run(upgrade(tmp_path, fault="no-boot"))
    assert (device.running_image, device.reloads) == (old, 1)
    assert reported[-1] == ("activation", "FAILED", "DID_NOT_BOOT")


@pytest.mark.parametrize("phase", ["poll", "download", "verify", "activate", "status", "reload"])
def test_a_device_that_hangs_goes_no_further(tmp_path, phase):
    async def story():
        device = device_of()
        image = Image("new-image.bin", "99.1(1)", size=100_000)
        server = await ImageServer.start("127.0.0.1", 0, None, Catalogue({image.name: image}, default=image.name), tmp_path)
        try:
            await device.power_on()
            device.cns.set_image_urls(server.http_url + SERVER_PATH, server.http_url + STATUS_PATH)
            device.set_fault(*parse_fault(f"hang={phase}"))
            device.image_agent.retrieve()
            await until(lambda: device.state == "hung")
            await asyncio.sleep(0.03)
            return device.state, device.image_agent.busy, device.reloads, device.boot_list(device.startup)[0]
        finally:
            device.shut_down()
            await server.stop()

    state, busy, reloads, first = asyncio.run(story())
    assert (state, busy, reloads) == ("hung", False, 0)
    assert (first == "new-image.bin") == (phase in ("status", "reload"))
