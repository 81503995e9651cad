# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image agent against the real server, inside a device reduced to what the agent sees of it."""

from __future__ import annotations

import asyncio
import re
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from aiohttp import web

from lab.agent.http_client import Limits
from lab.agent.image_agent import ImageAgent
from lab.agent.image_header import ImageHeader
from lab.agent.messages import (
    AuthenticationFailure,
    InventoryRequest,
    Message,
    NothingToDo,
    StatusReport,
    UpgradeRequest,
    build,
    parse,
)
from lab.server.app import SERVER_PATH, STATUS_PATH, ImageServer
from lab.server.catalogue import Catalogue, Image

OLD = "c2900-universalk9-mz.SPA.155-3.M2.bin"
NEW = Image("c2900-universalk9-mz.SPA.157-3.M9.bin", "15.7(3)M9", ("c2900",), size=200_000)
TARGET = Catalogue(images={NEW.name: NEW}, default=NEW.name)


@dataclass
class FakeFile:
    name: str
    size: int
    md5: str
    image: ImageHeader | None


@dataclass
class FakeFlash:
    size: int = 1_000_000
    files: dict[str, FakeFile] = field(default_factory=dict)

    @property
    def free(self):
        return self.size - sum(one.size for one in self.files.values())

    def store(self, name, size, md5, image=None):
        self.files[name] = FakeFile(name, size, md5, image)

    def remove(self, name):
        del self.files[name]


@dataclass
class FakeCns:
    device: FakeDevice
    image_enabled: bool = True
    image_server: str | None = None
    image_status: str | None = None
    image_password: str | None = None
    image_retry: int = 60
    trusted_hosts: tuple[str, ...] = ()

    def image_id(self):
        return self.device.name

    def trusted(self, agent, host):
        return agent == "image" and host in self.trusted_hosts

    def set_image_urls(self, server, status):
        self.image_server, self.image_status = server, status


class FakeDevice:
    """Boots at once; `log` holds what the agent did to it, `debugged` what it printed."""

    def __init__(self, name="R1", address="127.0.0.1", **agent_options):
        self.name = self.hostname = name
        self.address = address
        self.profile = SimpleNamespace(family="c2900", model="CISCO2911/K9", ram_kb=1_048_576)
        self.faults = {}
        self.flash = FakeFlash()
        self.flash.store(OLD, 100_000, "0" * 32, ImageHeader("15.5(3)M2", ("c2900",)))
        self.boot_list = [OLD]
        self.running_image = f"flash:{OLD}"
        self.cns = FakeCns(self)
        self.pki = SimpleNamespace(http_client_ca=list)
        self.log = []
        self.debugged = []
        self.sleeps = []
        self.clock_offset = timedelta()
        self.agent = ImageAgent(self, **{"sleep": self.sleep, **agent_options})

    async def sleep(self, seconds):
        self.sleeps.append(seconds)
        await asyncio.sleep(0)

    def now(self):
        return datetime.now(timezone.utc) + self.clock_offset

    def ios_time(self, moment):
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d} UTC {moment:%a %b} {moment.day} {moment.year}"

    def runs(self, image):
        return self.running_image == f"flash:{image}"

    def version_banner(self):
        header = self.flash.files[self.running_image.partition(":")[2]].image
        return (
            f"Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version {header.version}, "
            "RELEASE SOFTWARE (fc1)\nCompiled"
        )

    def debug(self, flag, text):
        self.debugged.append((flag, text))

    def enter_phase(self, phase):
        self.log.append(phase)

    def boot_order(self, first):
        self.boot_list = [first, *(name for name in self.boot_list if name != first)]
        self.log.append(f"boot {first}")

    def save(self):
        self.log.append("save")

    async def reload(self, reason):
        self.log.append(f"reload: {reason}")
        self.agent.power_off()
        self.life = asyncio.get_running_loop().create_task(self._boot())

    async def _boot(self):
        name = next(name for name in self.boot_list if self.flash.files[name].image.bootable)
        self.running_image = f"flash:{name}"
        self.agent.power_on()

    def field(self, label):
        """What `show cns image status` prints after a label."""
        return re.search(rf"{re.escape(label)}(.*)", self.agent.status_text()).group(1).strip()


async def until(condition, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


async def finish(device):
    await until(lambda: not device.agent.busy)


@asynccontextmanager
async def serving(directory, catalogue=TARGET, https=False):
    server = await ImageServer.start("127.0.0.1", 0, 0 if https else None, catalogue, directory)
    try:
        yield server
    finally:
        await server.stop()


def point(device, base):
    device.cns.set_image_urls(base + SERVER_PATH, base + STATUS_PATH)
    return device


def statuses(server, image_id="R1"):
    record = server.report()["devices"].get(image_id, {"status": []})
    return [(one["operation"], one["status"], one["code"]) for one in record["status"]]


async def attempt(tmp_path, prepare=lambda device: None, catalogue=TARGET, **options):
    """One retrieve to its end: the device and the server's report of it."""
    async with serving(tmp_path, catalogue) as server:
        device = point(FakeDevice(**options), server.http_url)
        prepare(device)
        assert device.agent.retrieve() == ""
        await finish(device)
        return device, server.report()["devices"]["R1"], statuses(server)


def test_an_upgrade_from_the_request_to_the_new_image(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            device = point(FakeDevice(), server.http_url)
            assert device.agent.retrieve() == ""
            assert device.agent.busy, "the command returns before the work is done"
            await until(lambda: ("activation", "SUCCESS", "") in statuses(server))
            return device, server.report(), statuses(server)

    device, report, sent = asyncio.run(story())
    assert device.running_image == f"flash:{NEW.name}"
    assert device.flash.files[NEW.name].image == NEW.header
    assert device.boot_list == [NEW.name, OLD]
    assert device.log == [
        "poll",
        "download",
        "verify",
        "activate",
        f"boot {NEW.name}",
        "save",
        "status",
        "reload: CNS image agent",
    ]
    assert sent == [
        ("distribution", "STARTED", ""),
        ("distribution", "SUCCESS", ""),
        ("activation", "STARTED", ""),
        ("activation", "SUCCESS", ""),
    ]
    assert (report["bytes_served"], report["downloads"], report["sessions"]) == (NEW.size, 1, 1)
    assert report["devices"]["R1"]["inventory"]["model"] == "CISCO2911/K9"
    assert "Last upgrade started at never" in device.agent.status_text(), "a reload clears the counters"


def test_a_second_retrieve_finds_nothing_new_and_downloads_nothing(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            device = point(FakeDevice(), server.http_url)
            device.agent.retrieve()
            await until(lambda: ("activation", "SUCCESS", "") in statuses(server))
            device.agent.retrieve()
            await finish(device)
            return device, server.report()

    device, report = asyncio.run(story())
    assert report["downloads"] == 1
    assert device.field("Last upgrade ended at").endswith("status NO_NEW_IMAGE")
    assert device.field("Number of failed upgrades:") == "0"
    assert device.field("Number of successful upgrades:") == "0"


def test_without_reload_the_upgrade_ends_as_prepared(tmp_path):
    device, _record, sent = asyncio.run(
        attempt(tmp_path, catalogue=Catalogue(images={NEW.name: NEW}, default=NEW.name, reload=False))
    )
    assert device.running_image == f"flash:{OLD}" and device.boot_list[0] == NEW.name
    assert not any("reload" in entry for entry in device.log)
    assert device.field("Last upgrade ended at").endswith("status SUCCESS")
    assert device.field("Number of successful upgrades:") == "1"
    assert sent[-1] == ("activation", "SUCCESS", "")


def test_an_image_already_in_flash_is_not_downloaded_again(tmp_path):
    async def story():
        async with serving(tmp_path, Catalogue(images={NEW.name: NEW}, default=NEW.name, reload=False)) as server:
            device = point(FakeDevice(), server.http_url)
            for _time in range(2):
                device.agent.retrieve()
                await finish(device)
            return server.report()

    report = asyncio.run(story())
    assert (report["sessions"], report["downloads"]) == (2, 1)


def test_an_image_that_does_not_boot_is_reported_after_the_fallback(tmp_path):
    brick = Image(NEW.name, NEW.version, bootable=False)

    async def story():
        async with serving(tmp_path, Catalogue(images={brick.name: brick}, default=brick.name)) as server:
            device = point(FakeDevice(), server.http_url)
            device.agent.retrieve()
            await until(lambda: len(statuses(server)) == 4)
            return device, statuses(server)

    device, sent = asyncio.run(story())
    assert device.running_image == f"flash:{OLD}"
    assert sent[-1] == ("activation", "FAILED", "DID_NOT_BOOT")


@pytest.mark.parametrize(
    "spoil, code",
    [
        (lambda device: device.faults.update({"wrong-checksum": True}), "CHECKSUM_MISMATCH"),
        (lambda device: setattr(device.flash, "size", 200_000), "NOT_ENOUGH_SPACE"),
        (lambda device: setattr(device.profile, "family", "isr4300"), None),
    ],
)
def test_what_is_wrong_is_named_and_the_device_left_alone(tmp_path, spoil, code):
    device, record, sent = asyncio.run(attempt(tmp_path, spoil))
    assert list(device.flash.files) == [OLD] and device.boot_list == [OLD] and "save" not in device.log
    if code:
        assert device.field("Last upgrade ended at").endswith(f"status FAILED({code})")
        assert sent[-1] == ("distribution", "FAILED", code)
        assert device.field("Number of failed upgrades:") == "1"
    else:
        assert record["answer"] == "no image for this device"
        assert sent == [("session", "NO_NEW_IMAGE", "")]


def test_a_full_flash_is_found_before_anything_is_downloaded(tmp_path):
    _device, record, _sent = asyncio.run(attempt(tmp_path, lambda device: setattr(device.flash, "size", 200_000)))
    assert record["bytes_served"] == 0


def test_erase_as_needed_removes_old_images_but_never_the_running_one(tmp_path):
    def fill(device):
        device.flash.size = 350_000
        for name in ("older.bin", "old.bin"):
            device.flash.store(name, 100_000, "1" * 32, ImageHeader("12"))
        device.flash.store("vlan.dat", 10_000, "2" * 32)

    catalogue = Catalogue(images={NEW.name: NEW}, default=NEW.name, erase="as-needed", reload=False)
    device, _record, _sent = asyncio.run(attempt(tmp_path, fill, catalogue))
    assert list(device.flash.files) == [OLD, "vlan.dat", NEW.name]


def test_erase_as_needed_removes_nothing_when_it_would_not_be_enough(tmp_path):
    def fill(device):
        device.flash.size = 250_000
        device.flash.store("old.bin", 50_000, "1" * 32, ImageHeader("12"))

    catalogue = Catalogue(images={NEW.name: NEW}, default=NEW.name, erase="as-needed")
    device, _record, sent = asyncio.run(attempt(tmp_path, fill, catalogue))
    assert list(device.flash.files) == [OLD, "old.bin"]
    assert sent[-1][2] == "NOT_ENOUGH_SPACE"


def test_an_image_for_other_hardware_is_refused(tmp_path):
    catalogue = Catalogue(images={NEW.name: NEW}, image_ids={"R1": NEW.name})
    device, _record, sent = asyncio.run(attempt(tmp_path, lambda device: setattr(device.profile, "family", "isr4300"), catalogue))
    assert sent[-1] == ("distribution", "FAILED", "WRONG_PLATFORM")
    assert list(device.flash.files) == [OLD]


def test_the_image_password_is_sent_and_checked(tmp_path):
    catalogue = Catalogue(images={NEW.name: NEW}, default=NEW.name, passwords={"R1": "s3cret"}, reload=False)
    right, record, _sent = asyncio.run(
        attempt(tmp_path, lambda device: setattr(device.cns, "image_password", "s3cret"), catalogue)
    )
    assert right.field("Last upgrade ended at").endswith("status SUCCESS")
    assert record["authentication_failures"] == 0
    wrong, record, _sent = asyncio.run(
        attempt(tmp_path, lambda device: setattr(device.cns, "image_password", "guess"), catalogue)
    )
    assert wrong.field("Last upgrade ended at").endswith("status FAILED(NOT_AUTHENTICATED)")
    assert record["authentication_failures"] == 2, "the session start and the status message"
    assert "s3cret" not in str(record) and "guess" not in str(record)


def test_an_unreachable_server_is_tried_again_at_the_retry_interval(tmp_path):
    def break_network(device):
        device.faults["server-unreachable"] = True
        device.cns.image_retry = 240

    async def story():
        async with serving(tmp_path) as server:
            device = point(FakeDevice(limits=Limits(tries=3)), server.http_url)
            break_network(device)
            device.agent.retrieve()
            await finish(device)
            return device, server.report()

    device, report = asyncio.run(story())
    assert device.sleeps == [240, 240]
    assert device.field("Last upgrade ended at").endswith("status FAILED(SERVER_UNREACHABLE)")
    assert device.field("Number of failed upgrades:") == "1"
    assert device.field("TX Attempts:") == "4", "three tries and the status message"
    assert "never connected:4 " in device.agent.connections_text()
    assert report["sessions"] == 0


def test_the_upgrade_goes_on_when_the_server_answers_at_last(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            device = FakeDevice()
            point(device, server.http_url).faults["server-unreachable"] = True

            async def sleep(_seconds):
                device.faults.clear()

            device.agent = ImageAgent(device, sleep=sleep)
            device.agent.retrieve()
            await until(lambda: device.running_image.endswith(NEW.name))

    asyncio.run(story())


def test_disabling_the_agent_ends_its_retries(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            device = FakeDevice()
            point(device, server.http_url).faults["server-unreachable"] = True

            async def sleep(_seconds):
                device.cns.image_enabled = False

            device.agent = ImageAgent(device, sleep=sleep)
            device.agent.retrieve()
            await finish(device)
            return device

    assert asyncio.run(story()).field("Last upgrade ended at").endswith("FAILED(AGENT_DISABLED)")


def test_a_slow_server_delays_every_answer_and_a_dead_one_times_out(tmp_path):
    async def story(seconds):
        async with serving(tmp_path, Catalogue()) as server:
            device = point(FakeDevice(limits=Limits(tries=1, message=30)), server.http_url)
            device.faults["slow-server"] = seconds
            device.agent.retrieve()
            await finish(device)
            return device

    slow = asyncio.run(story(2.5))
    assert slow.sleeps == [2.5] * 3 and slow.field("Last upgrade ended at").endswith("NO_NEW_IMAGE")
    dead = asyncio.run(story(60))
    assert dead.sleeps == [30] * 2 and dead.field("Last upgrade ended at").endswith("FAILED(SERVER_UNREACHABLE)")


def test_refusals_to_start():
    async def story():
        device = FakeDevice()
        refusals = [device.agent.retrieve()]
        refusals.append(device.agent.retrieve("tftp://10.0.0.1/x"))
        device.cns.image_enabled = False
        refusals.append(device.agent.retrieve("http://10.0.0.1/x"))
        device.cns.image_enabled = True
        device.faults["agent-busy"] = True
        refusals.append(device.agent.retrieve("http://10.0.0.1/x"))
        return device, refusals

    device, refusals = asyncio.run(story())
    assert all(text.startswith("% CNS Image Agent: ") for text in refusals)
    for text, words in zip(refusals, ("no image server", "not an HTTP", "not enabled", "already in progress")):
        assert words in text
    assert device.cns.image_server is None, "a refused retrieve changes nothing"
    assert "Last upgrade started at never" in device.agent.status_text()


def test_a_retrieve_while_one_runs_is_refused(tmp_path):
    async def story():
        async with serving(tmp_path, Catalogue()) as server:
            device = point(FakeDevice(), server.http_url)
            answers = [device.agent.retrieve(), device.agent.retrieve()]
            await finish(device)
            answers.append(device.agent.retrieve())
            await finish(device)
            return answers

    first, second, third = asyncio.run(story())
    assert (first, third) == ("", "") and "already in progress" in second


def test_urls_of_the_command_overwrite_the_configured_ones(tmp_path):
    async def story():
        async with serving(tmp_path, Catalogue()) as server:
            device = FakeDevice()
            device.cns.set_image_urls("http://192.0.2.1/", "http://192.0.2.1/status")
            device.agent.retrieve(server.http_url + SERVER_PATH)
            device.cns.image_status = server.http_url + STATUS_PATH
            kept = device.cns.image_server
            await finish(device)
            return server.http_url, kept, statuses(server)

    base, kept, sent = asyncio.run(story())
    assert kept == base + SERVER_PATH
    assert sent == [("session", "NO_NEW_IMAGE", "")]


@asynccontextmanager
async def scripted(answers):
    """A server that answers with these bodies in turn; `received` holds what it was sent."""
    received = []

    async def handle(request):
        received.append(parse(await request.read()).body)
        body = answers.pop(0) if answers else NothingToDo()
        if isinstance(body, web.Response):
            return body
        return web.Response(body=build(Message("s", "1", body)), content_type="text/xml")

    app = web.Application()
    app.add_routes([web.post("/", handle)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", received
    finally:
        await runner.cleanup()


async def confront(answers, trusted=(), **options):
    async with scripted(answers) as (url, received):
        device = FakeDevice(limits=Limits(tries=1), **options)
        device.cns.set_image_urls(url, url)
        device.cns.trusted_hosts = trusted
        device.agent.retrieve()
        await finish(device)
        return device, received


def test_a_reply_to_an_untrusted_host_is_refused_with_authentication_failure():
    device, received = asyncio.run(confront([InventoryRequest("http://localhost:9/")]))
    assert device.field("Last upgrade ended at").endswith("FAILED(UNTRUSTED_SERVER)")
    assert isinstance(received[1], AuthenticationFailure)
    assert isinstance(received[2], StatusReport) and received[2].code == "UNTRUSTED_SERVER"


def test_a_trusted_server_may_take_the_reply():
    device, _received = asyncio.run(confront([InventoryRequest("http://localhost:9/")], trusted=("localhost",)))
    assert device.field("Last upgrade ended at").endswith("FAILED(SERVER_UNREACHABLE)"), "it tried, and port 9 is closed"


@pytest.mark.parametrize(
    "answer, code",
    [
        (web.Response(text="<html>"), "BAD_RESPONSE"),
        (web.Response(text="x" * 300_000), "BAD_RESPONSE"),
        (web.Response(status=404), "BAD_RESPONSE"),
        (web.Response(status=503), "SERVER_UNREACHABLE"),
        (web.Response(status=302, headers={"Location": "http://192.0.2.1/"}), "BAD_RESPONSE"),
        (StatusReport("R1", "R1", "session", "SUCCESS", ""), "BAD_RESPONSE"),
        (AuthenticationFailure("no"), "NOT_AUTHENTICATED"),
        (UpgradeRequest("../x", "http://127.0.0.1/x", 9, "0" * 32), "BAD_REQUEST"),
        (UpgradeRequest("x.bin", "http://127.0.0.1/x", 9, ""), "BAD_REQUEST"),
        (UpgradeRequest("x.bin", "http://127.0.0.1/x", 9, "0" * 32, destination="disk7:"), "BAD_REQUEST"),
        (UpgradeRequest(OLD, "http://127.0.0.1/x", 9, "0" * 31 + "1"), "RUNNING_IMAGE"),
        (UpgradeRequest("x.bin", "ftp://127.0.0.1/x", 9, "0" * 32), "UNSUPPORTED_URL"),
    ],
)
def test_an_answer_that_makes_no_sense_ends_the_upgrade_with_its_reason(answer, code):
    device, received = asyncio.run(confront([answer]))
    assert device.field("Last upgrade ended at").endswith(f"FAILED({code})")
    assert received[-1].code == code and received[-1].text
    assert list(device.flash.files) == [OLD]


def test_https_needs_the_right_trustpoint_and_the_right_time(tmp_path):
    async def story():
        async with serving(tmp_path / "theirs", Catalogue(), https=True) as server:
            async with serving(tmp_path / "other", Catalogue(), https=True) as other:
                ours, foreign = server.ca_file.read_text(), other.ca_file.read_text()
            results = []
            for certificates, offset in (([], 0), ([foreign], 0), ([ours], -3650), ([foreign, ours], 0)):
                device = point(FakeDevice(limits=Limits(tries=1)), server.https_url)
                device.pki.http_client_ca = lambda certificates=certificates: certificates
                device.clock_offset = timedelta(days=offset)
                device.agent.retrieve()
                await finish(device)
                results.append(device.field("Last upgrade ended at").rpartition(" ")[2])
            return results, server.report()["sessions"]

    results, sessions = asyncio.run(story())
    assert results == ["FAILED(NO_TRUSTPOINT)", "FAILED(CERTIFICATE_REFUSED)", "FAILED(CERTIFICATE_REFUSED)", "NO_NEW_IMAGE"]
    assert sessions == 1


def test_an_upgrade_over_https(tmp_path):
    async def story():
        async with serving(tmp_path, https=True) as server:
            device = point(FakeDevice(), server.https_url)
            device.pki.http_client_ca = lambda: [server.ca_file.read_text()]
            device.agent.retrieve()
            await until(lambda: ("activation", "SUCCESS", "") in statuses(server))
            return device

    assert asyncio.run(story()).running_image.endswith(NEW.name)


def test_the_only_key_material_on_disk_is_the_ca_certificate(tmp_path):
    async def story():
        async with serving(tmp_path, https=True):
            return [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]

    contents = asyncio.run(story())
    assert any(b"BEGIN CERTIFICATE" in one for one in contents)
    assert not any(b"PRIVATE KEY" in one for one in contents)
    assert ssl.create_default_context(cadata=next(one for one in contents if b"BEGIN" in one).decode())


def test_a_device_that_hangs_in_a_phase_stops_there(tmp_path):
    async def story(phase):
        async with serving(tmp_path / phase) as server:
            device = point(FakeDevice(), server.http_url)

            def enter(name):
                device.log.append(name)
                if name == phase:
                    device.agent.power_off()

            device.enter_phase = enter
            device.agent.retrieve()
            await finish(device)
            await asyncio.sleep(0.02)
            return device.log

    for phase, log in (
        ("poll", ["poll"]),
        ("verify", ["poll", "download", "verify"]),
        ("activate", ["poll", "download", "verify", "activate"]),
    ):
        assert asyncio.run(story(phase)) == log


def test_the_counters_of_a_clean_session(tmp_path):
    device, _record, _sent = asyncio.run(attempt(tmp_path, catalogue=Catalogue()))
    assert device.field(" messages received:") == "3", "one from EXEC, two from the server"
    assert device.field(" receive errors:") == "0"
    assert device.field("TX Attempts:") == device.field("Successes:").split()[0] == "3"
    assert "Connection attempts                 3" in device.agent.connections_text()
    device.agent.clear_connections()
    device.agent.clear_status()
    assert "Connection attempts                 0" in device.agent.connections_text()
    assert device.field("Last upgrade started at") == "never"


def test_clearing_the_status_does_not_hide_an_upgrade_under_way(tmp_path):
    async def story():
        async with serving(tmp_path, Catalogue()) as server:
            device = point(FakeDevice(), server.http_url)
            device.agent.retrieve()
            device.agent.clear_status()
            during = device.field("Last upgrade started at"), device.field("messages received:")
            await finish(device)
            device.agent.clear_status()
            return during, device.field("Last upgrade started at")

    (started, received), after = asyncio.run(story())
    assert started != "never" and received == "0" and after == "never"


def test_debug_prints_the_lines_of_the_documented_sample(tmp_path):
    device, _record, _sent = asyncio.run(attempt(tmp_path, catalogue=Catalogue()))
    printed = [text for _flag, text in device.debugged]
    url = device.cns.image_server
    assert printed[0:3] == [
        "CNS Image Agent: set EXEC lock",
        "CNS Image Agent: received message from EXEC",
        "CNS Image Agent: set session lock 1",
    ]
    assert any(text.startswith(f"CNS Image Agent: attempting to send to destination({url}):\n <?xml") for text in printed)
    for line in (
        "clear EXEC lock",
        f"HTTP message sent url:{url}",
        "HTTP req data free",
        "response data freed",
        "receive message",
    ):
        assert f"CNS Image Agent: {line}" in printed


def test_user_and_password_of_a_url_are_used_but_not_shown(tmp_path):
    async def story():
        async with scripted([]) as (url, received):
            device = FakeDevice()
            secret = url.replace("//", "//joe:s3cret@")
            device.cns.set_image_urls(secret, secret)
            device.agent.retrieve()
            await finish(device)
            device.agent.retrieve("tftp://joe:s3cret@10.0.0.1/")
            return device, received, device.agent.retrieve("tftp://joe:s3cret@10.0.0.1/")

    device, received, refusal = asyncio.run(story())
    assert received and "s3cret" not in str(device.debugged)
    assert "10.0.0.1" in refusal and "s3cret" not in refusal


def test_inventory_is_broken_at_the_width_of_the_terminal():
    async def story():
        return FakeDevice().agent

    agent = asyncio.run(story())
    lines = agent.inventory_text(80).split("\n")
    assert lines[0] == "Inventory Report"
    assert len(lines[1]) == 80 and max(map(len, lines)) == 80
    unbroken = agent.inventory_text(0)
    assert unbroken.startswith(
        "Inventory Report\n<imageInventoryReport><deviceName><imageID>R1</imageID><hostName> R1</hostName>"
        "</deviceName><versionString>"
    )
    assert "".join(lines) == unbroken.replace("\n", "")


def test_many_devices_at_once(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            devices = [point(FakeDevice(f"R{n}", f"127.20.0.{n}"), server.http_url) for n in range(1, 41)]
            for device in devices:
                device.agent.retrieve()
            await until(lambda: server.report()["status_messages"] == 160, 20)
            return devices, server.report()

    devices, report = asyncio.run(story())
    assert all(device.running_image.endswith(NEW.name) for device in devices)
    assert report["bytes_served"] == NEW.size * 40
    assert {name: one["address"] for name, one in report["devices"].items()} == {one.name: one.address for one in devices}
