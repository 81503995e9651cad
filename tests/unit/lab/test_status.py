# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What virtual devices post, and the receiver of the collection that hears it."""

from __future__ import annotations

import asyncio

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.keep import Keep
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.server import Receiver, Settings
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.heard import Heard, last_end, standing
from ansible_collections.cns.image_agent.tests.unit.lab.test_agent_in_device import device_of, until
from lab.device.config import Secret
from lab.faults import parse_fault
from lab.server.app import SERVER_PATH, ImageServer
from lab.server.catalogue import Catalogue, Image

PASSWORD = "agent-password"


async def heard_of(tmp_path, fault):
    """What a receiver that demands a password heard of the upgrade of one device."""
    image = Image("new-image.bin", "99.1(1)", ("c2900",), size=50_000)
    catalogue = Catalogue({image.name: image}, families={"c2900": image.name}, password=PASSWORD)
    server = await ImageServer.start("127.0.0.1", 0, None, catalogue, tmp_path)
    keep = Keep(str(tmp_path / "status" / "heard.jsonl"))
    receiver = Receiver(Settings("127.0.0.1", 0, password=PASSWORD), keep)
    await receiver.start()
    device = device_of()
    try:
        await device.power_on()
        device.running.set(("cns", "image", "password"), "cns image password {secret}", secret=Secret(PASSWORD))
        device.cns.set_image_urls(server.http_url + SERVER_PATH, receiver.urls[0] + "/cns/status")
        for name in filter(None, [fault]):
            device.set_fault(*parse_fault(name))
        assert device.image_agent.retrieve() == ""
        await until(lambda: last_end(receiver.heard.of(["R1"])) or receiver.counts["wrong password"])
        return receiver, list(keep.entries())
    finally:
        device.shut_down()
        await server.stop()
        await receiver.stop()


@pytest.mark.parametrize(
    "fault, standing_now, reason",
    [
        (None, "success", ""),
        ("wrong-checksum", "failed", "CHECKSUM_MISMATCH"),
        ("flash-full", "failed", "NOT_ENOUGH_SPACE"),
        ("no-boot", "failed", "DID_NOT_BOOT"),
    ],
)
def test_every_end_of_a_device_is_heard(tmp_path, fault, standing_now, reason):
    receiver, entries = asyncio.run(heard_of(tmp_path, fault))
    messages = receiver.heard.of(["r1"])
    assert standing(messages) == standing_now and reason in messages[-1]["reason"]
    assert messages[-1]["image"] == "new-image.bin"
    assert standing(Heard(entries).of(["R1"])) == standing_now, "the journal tells the same"
    assert PASSWORD not in repr(entries) and all("imageStatusReport" in entry["raw"] for entry in entries)
