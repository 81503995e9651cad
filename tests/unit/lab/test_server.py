# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import hashlib
import json
import os

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.agent.image_header import ImageHeader
from lab.agent.messages import (
    Acknowledge,
    AuthenticationFailure,
    InventoryReport,
    InventoryRequest,
    Message,
    NothingToDo,
    SessionStart,
    StatusReport,
    UpgradeRequest,
    build,
    parse,
)
from lab.server.app import ImageServer
from lab.server.catalogue import Catalogue, CatalogueFile, Image
from lab.server.images import make_image

NEW = Image("new.bin", "15.7(3)M9", ("c2900",), size=150_000)
XE = Image("xe.bin", "16.9.1", ("isr4300",), size=70_000)


def report_of(image_id="R1", version="15.5(3)M2", family="c2900", model="CISCO2911/K9"):
    banner = f"Cisco IOS Software, C2900 Software, Version {version}, RELEASE SOFTWARE (fc1)"
    return InventoryReport(image_id, image_id, banner, "flash:old.bin", family, model)


def offered(catalogue, **about):
    image, _reason = catalogue.offer(report_of(**about))
    return image and image.name


# the catalogue


def test_the_most_specific_entry_wins():
    images = {name: Image(name, "1") for name in ("id.bin", "model.bin", "family.bin", "default.bin")}
    catalogue = Catalogue(
        images, image_ids={"R1": "id.bin"}, models={"2811": "model.bin"}, families={"c2900": "family.bin"}, default="default.bin"
    )
    assert offered(catalogue, image_id="R1", model="2811") == "id.bin"
    assert offered(catalogue, image_id="R2", model="2811") == "model.bin"
    assert offered(catalogue, image_id="R2") == "family.bin"
    assert offered(catalogue, image_id="R2", family="isr4300") == "default.bin"


def test_the_default_image_goes_only_to_hardware_it_fits():
    catalogue = Catalogue({NEW.name: NEW}, default=NEW.name)
    assert offered(catalogue) == NEW.name
    assert offered(catalogue, family="isr4300") is None


def test_a_device_on_the_version_of_its_image_gets_nothing():
    image, reason = Catalogue({NEW.name: NEW}, default=NEW.name).offer(report_of(version="15.7(3)M9"))
    assert image is None and "already runs 15.7(3)M9" in reason


def test_the_gate_of_a_wave():
    catalogue = Catalogue({NEW.name: NEW}, default=NEW.name, only=frozenset({"R2"}))
    assert (offered(catalogue, image_id="R1"), offered(catalogue, image_id="R2")) == (None, NEW.name)
    assert offered(Catalogue({NEW.name: NEW}, default=NEW.name, only=frozenset()), image_id="R2") is None


@pytest.mark.parametrize(
    "data, why",
    [
        ({"default": "no.bin"}, "no image no.bin"),
        ({"images": {"../x": {"version": "1"}}}, "not a name"),
        ({"images": {"x.bin": {"version": 15.7}}}, "version"),
        ({"images": {"x.bin": {"version": "1", "size": 3}}}, "too few"),
        ({"images": {"x.bin": {}}}, "version"),
        ({"erase": "all"}, "erase"),
        ({"password": 123}, "passwords"),
        ({"colour": "red"}, "colour"),
        ([], "not a catalogue"),
    ],
)
def test_a_wrong_catalogue_says_what_is_wrong(data, why):
    with pytest.raises(ValueError, match=why):
        Catalogue.from_dict(data)


def test_passwords_do_not_show_in_the_repr_of_a_catalogue():
    assert "s3cret" not in repr(Catalogue(password="s3cret", passwords={"R1": "s3cret"}))


def test_a_catalogue_file_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "catalogue.yml"
    path.write_text("images: {new.bin: {version: '15.7', families: [c2900]}}\ndefault: new.bin\nonly: [R1]\n")
    source = CatalogueFile(path)
    assert offered(source.current(), image_id="R2") is None
    path.write_text(json.dumps({"images": {"new.bin": {"version": "15.7"}}, "default": "new.bin"}))
    assert offered(source.current(), image_id="R2") == "new.bin"


def test_a_catalogue_file_that_is_broken_later_does_not_stop_the_server(tmp_path):
    path = tmp_path / "catalogue.yml"
    path.write_text("images: {new.bin: {version: '15.7'}}\ndefault: new.bin\n")
    source = CatalogueFile(path)
    for broken in ("images: [", "default: other.bin\n"):
        path.write_text(broken)
        assert offered(source.current()) == "new.bin"
    os.remove(path)
    assert offered(source.current()) == "new.bin"


# the image files


@given(
    st.builds(
        ImageHeader,
        st.text(max_size=30),
        st.lists(st.text(max_size=9), max_size=3).map(tuple),
        st.booleans(),
        st.lists(st.text(max_size=9), max_size=3).map(tuple),
    )
)
def test_a_header_survives_the_file(header):
    assert ImageHeader.from_bytes(header.to_bytes() + os.urandom(3000)) == header


@given(st.binary(max_size=100))
def test_a_file_without_header_is_no_image(start):
    for content in (start, b"CNS-LAB-IMAGE 1 " + start):
        with pytest.raises(ValueError, match="not an image"):
            ImageHeader.from_bytes(content)


def test_an_image_file_has_its_size_its_header_and_always_the_same_bytes(tmp_path):
    file = make_image(tmp_path / "a", NEW)
    content = (tmp_path / "a").read_bytes()
    assert len(content) == file.size == NEW.size
    assert ImageHeader.from_bytes(content) == NEW.header
    assert hashlib.md5(content).hexdigest() == file.md5 == make_image(tmp_path / "b", NEW).md5
    assert make_image(tmp_path / "c", Image("new.bin", "15.8", size=150_000)).md5 != file.md5
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "c"]


# the server


class Client:
    """A bare HTTP client in the place of a device."""

    def __init__(self, server, session):
        self.server = server
        self.session = session

    async def post(self, path, body, sender="R1", password=None):
        data = body if isinstance(body, bytes) else build(Message(sender, f"{sender}_1", body, password))
        async with self.session.post(self.server.http_url + path, data=data) as response:
            return response.status, await response.read()

    async def ask(self, body, path="/cns/imgsvr", **options):
        status, answer = await self.post(path, body, **options)
        assert status == 200
        return parse(answer).body


def serve(tmp_path, catalogue, story):
    """Run the coroutine function `story` with a client of a server; return what it returns."""

    async def scene():
        server = await ImageServer.start("127.0.0.1", 0, None, catalogue, tmp_path)
        try:
            async with aiohttp.ClientSession() as session:
                return await story(Client(server, session))
        finally:
            await server.stop()

    return asyncio.run(scene())


def test_a_session_in_the_documented_order(tmp_path):
    async def story(client):
        first = await client.ask(SessionStart("R1", "EXEC"))
        second = await client.ask(report_of())
        return first, second, client.server

    first, second, server = serve(tmp_path, Catalogue({NEW.name: NEW}, default=NEW.name), story)
    assert first == InventoryRequest(server.http_url + "/cns/imgsvr")
    content = (tmp_path / "images" / NEW.name).read_bytes()
    assert second == UpgradeRequest(
        NEW.name, f"{server.http_url}/images/{NEW.name}?imageID=R1", len(content), hashlib.md5(content).hexdigest()
    )
    assert server.report()["devices"]["R1"]["offered"] == NEW.name


def test_urls_in_the_answers_are_of_the_host_that_was_asked(tmp_path):
    async def story(client):
        client.server.http_url = client.server.http_url.replace("127.0.0.1", "localhost")
        return await client.ask(SessionStart("R1", "EXEC"))

    assert serve(tmp_path, Catalogue(), story).reply_to.startswith("http://localhost:")


def test_paths_with_a_trailing_slash_work_too(tmp_path):
    async def story(client):
        status = StatusReport("R1", "R1", "distribution", "SUCCESS", "2026-01-01T00:00:00+00:00")
        return await client.ask(SessionStart("R1", "EXEC"), "/cns/imgsvr/"), await client.ask(status, "/cns/status/")

    session, status = serve(tmp_path, Catalogue(), story)
    assert isinstance(session, InventoryRequest) and status == Acknowledge("R1_1")


def test_credentials_are_checked_where_a_password_is_expected(tmp_path):
    async def story(client):
        statuses = []
        for sender, password in (("R1", "one"), ("R1", "two"), ("R1", None), ("R2", "two"), ("R2", "one")):
            status, answer = await client.post("/cns/imgsvr", SessionStart(sender, "EXEC"), sender, password)
            statuses.append(status)
            assert isinstance(parse(answer).body, AuthenticationFailure) == (status == 403)
        return statuses, client.server.report()

    statuses, report = serve(tmp_path, Catalogue(passwords={"R1": "one"}, password="two"), story)
    assert statuses == [200, 403, 403, 200, 403]
    assert report["authentication_failures"] == 3 and report["sessions"] == 2


def test_status_messages_are_remembered_per_image_id(tmp_path):
    failed = StatusReport(
        "R1", "edge", "distribution", "FAILED", "2026-01-01T00:00:00", "new.bin", "", "CHECKSUM_MISMATCH", "why"
    )

    async def story(client):
        await client.ask(failed, "/cns/status")
        await client.ask(failed, "/cns/status", sender="R2")
        return client.server.report()

    report = serve(tmp_path, Catalogue(), story)
    assert report["status_messages"] == 2
    assert report["devices"]["R1"]["status"][0]["code"] == "CHECKSUM_MISMATCH"
    json.dumps(report)


def test_body_bytes_are_counted_exactly_and_by_device(tmp_path):
    async def story(client):
        base = f"{client.server.http_url}/images/{NEW.name}"
        for query in ("?imageID=R1", "?imageID=R1", "?imageID=R%202", ""):
            async with client.session.get(base + query) as response:
                assert len(await response.read()) == NEW.size
        async with client.session.get(client.server.http_url + "/images/nothing.bin") as response:
            assert response.status == 404
        return client.server.report()

    report = serve(tmp_path, Catalogue({NEW.name: NEW}, default=NEW.name), story)
    assert (report["bytes_served"], report["downloads"], report["aborted_downloads"]) == (4 * NEW.size, 4, 0)
    assert {name: one["downloads"] for name, one in report["devices"].items()} == {"": 1, "R1": 2, "R 2": 1}


def test_a_download_that_breaks_off_is_not_counted_as_one(tmp_path):
    big = Image("big.bin", "1", size=20_000_000)

    async def story(client):
        response = await client.session.get(f"{client.server.http_url}/images/big.bin?imageID=R1")
        await response.content.readexactly(100_000)
        response.close()
        async with asyncio.timeout(5):
            while not client.server.report()["aborted_downloads"]:
                await asyncio.sleep(0.01)
        return client.server.report()

    report = serve(tmp_path, Catalogue({big.name: big}), story)
    assert (report["downloads"], report["aborted_downloads"]) == (0, 1)
    assert 100_000 <= report["bytes_served"] < big.size


def test_what_is_not_a_message_for_the_url_gets_400_and_the_reason(tmp_path):
    status = StatusReport("R1", "R1", "session", "FAILED", "")

    async def story(client):
        return [
            await client.post("/cns/imgsvr", b"<html/>"),
            await client.post("/cns/imgsvr", status),
            await client.post("/cns/status", SessionStart("R1", "EXEC")),
            await client.post("/cns/status", b"x" * 300_000),
        ]

    answers = serve(tmp_path, Catalogue(), story)
    assert [code for code, _text in answers] == [400, 400, 400, 413]
    assert b"<html>" in answers[0][1] and b"imageStatusReport is not for" in answers[1][1]


def test_an_image_added_to_the_catalogue_is_served_at_once(tmp_path):
    async def story(client):
        before = await client.ask(report_of())
        client.server.catalogue = Catalogue({NEW.name: NEW, XE.name: XE}, default=NEW.name)
        after = await client.ask(report_of())
        async with client.session.get(after.url) as response:
            return before, hashlib.md5(await response.read()).hexdigest() == after.md5

    before, served = serve(tmp_path, Catalogue(), story)
    assert before == NothingToDo("no image for this device") and served


def test_an_untrusting_device_is_heard(tmp_path):
    async def story(client):
        answer = await client.ask(AuthenticationFailure("10.0.0.9 is not a trusted server"))
        return answer, client.server.report()

    answer, report = serve(tmp_path, Catalogue(), story)
    assert answer == Acknowledge("R1_1")
    assert report["devices"]["R1"]["answer"] == "refused us: 10.0.0.9 is not a trusted server"
