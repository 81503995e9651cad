# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import json
import random
import ssl
import tracemalloc

import aiohttp
import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver import command
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.keep import Keep
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.limits import Limits
from ansible_collections.cns.image_agent.plugins.plugin_utils.receiver.server import Receiver, Settings
from lab.agent.messages import Message, StatusReport, build
from lab.server.certificates import server_context

HOST = "127.0.0.1"


def body(device="R1", status="FAILED", password=None):
    report = StatusReport(
        device, device, "distribution", status, "2026-11-22T19:45:02+00:00", image="new.bin", code="SIZE", text="short"
    )
    return build(Message(device, device + "_1", report, password=password))


def serve(work, settings=None, keep=None, hand_on=None):
    """Run ``work(receiver, url, session)`` against a receiver; return what it returns."""

    async def everything():
        receiver = Receiver(settings or Settings(HOST, 0), keep, hand_on)
        await receiver.start()
        try:
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True)) as session:
                return await work(receiver, receiver.urls[0], session)
        finally:
            await receiver.stop()

    return asyncio.run(everything())


def status_of(data, settings=None, path="/cns/status", receivers=None, **options):
    async def work(receiver, url, session):
        if receivers is not None:
            receivers.append(receiver)
        async with session.post(url + path, data=data, **options) as answer:
            return answer.status

    return serve(work, settings)


async def raw(url, data, later=b"", end=False):
    """Send bytes as they are; what came back until the other side closed."""
    reader, writer = await asyncio.open_connection(HOST, int(url.rpartition(":")[2]))
    writer.write(data)
    if later:
        await asyncio.sleep(0.1)
        writer.write(later)
    if end:
        writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


def test_a_message_is_kept_and_can_be_asked_for(tmp_path):
    keep = Keep(str(tmp_path / "s" / "heard.jsonl"))

    async def work(_receiver, url, session):
        async with session.post(url + "/any/path/", data=body()) as answer:
            assert (answer.status, await answer.text()) == (200, "taken\n")
        async with session.get(url + "/heard") as answer:
            assert answer.content_type == "application/json"
            return await answer.json()

    told = serve(work, keep=keep)
    assert told["devices"]["R1"]["state"] == "failed" and told["devices"]["R1"]["reason"] == "SIZE: short"
    assert told["counts"] == {"messages": 1}
    (entry,) = keep.entries()
    assert entry["device"] == "R1" and entry["from"] == HOST and "<imageID>R1</imageID>" in entry["raw"]

    async def again(receiver, _url, _session):
        return receiver.report()["devices"]["R1"]["image"]

    assert serve(again, keep=keep) == "new.bin", "a receiver that starts again knows what its journal holds"


def test_https_with_a_certificate(tmp_path):
    tls = server_context(HOST, tmp_path / "ca.pem")
    trusted = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))

    async def work(receiver, url, session):
        assert url.startswith("https://")
        async with session.post(url + "/status", data=body(), ssl=trusted) as answer:
            status = answer.status
        await raw(url, b"POST / HTTP/1.1\r\n\r\n")  # not TLS
        async with session.get(url + "/heard", ssl=trusted) as answer:
            return status, (await answer.json())["counts"]

    status, counts = serve(work, Settings(HOST, None, 0, tls))
    assert status == 200 and counts == {"messages": 1, "broken connection": 1}


@pytest.mark.parametrize(
    "sent, of_http, status",
    [
        ("right-one", None, 200),
        ("wrong-one", None, 403),
        ("", None, 403),
        (None, None, 403),
        ("rïght", None, 403),
        (None, "right-one", 200),
        (None, "wrong-one", 403),
    ],
)
def test_the_password(sent, of_http, status):
    receivers = []
    given = {"Authorization": aiohttp.encode_basic_auth("R1", of_http)} if of_http else {}
    assert status_of(body(password=sent), Settings(HOST, 0, password="right-one"), headers=given, receivers=receivers) == status
    assert receivers[0].counts["messages"] == (status == 200)


@pytest.mark.parametrize("header", ["Basic !!!", "Basic", "Bearer x", "Basic w6k="])
def test_a_strange_header_is_a_wrong_password(header):
    assert status_of(body(), Settings(HOST, 0, password="right-one"), headers={"Authorization": header}) == 403


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large(chunked):
    async def parts():
        for _time in range(20):
            yield b"x" * 1000

    settings = Settings(HOST, 0, limits=Limits(body=10_000))
    assert status_of(parts() if chunked else b"x" * 20_000, settings) == 413


def test_a_body_is_not_unpacked():
    import gzip

    bomb = gzip.compress(b"0" * 5_000_000)
    assert status_of(bomb, headers={"Content-Encoding": "gzip"}) == 400


def test_garbage_is_answered_and_counted_and_ends_nothing():
    async def work(receiver, url, session):
        answers = [
            await raw(url, data, end=not data) for data in (b"\x16\x03\x01\x02\0\x01", b"rubbish\r\n\r\n", b"POST\r\n\r\n", b"")
        ]
        async with session.post(url, data=bytes(range(256))) as answer:
            answers.append(answer.status)
        async with session.post(url, data=body()) as answer:
            return receiver.counts, answers, answer.status

    counts, answers, status = serve(work)
    assert answers[1].startswith(b"HTTP/1.0 400") and answers[4] == 400 and status == 200
    assert counts["messages"] == 1 and counts["malformed"] >= 3
    assert not counts["fault of the receiver"]


def test_a_body_that_is_cut_wrongly_is_malformed():
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    async def work(receiver, url, session):
        wrong = (b"ZZ\r\n<m/>", b"4\r\n<m/>TOO LONG\r\n", b"-1\r\n")
        answers = [await raw(url, head + rest) for rest in wrong] + [await raw(url, head, rest) for rest in wrong]
        async with session.post(url, data=body()) as answer:
            return answers, answer.status, receiver.counts

    answers, status, counts = serve(work, Settings(HOST, 0, limits=Limits(seconds=1.0)))
    assert [answer[9:12] for answer in answers] == [b"400"] * 3 + [b"408"] * 3
    assert status == 200 and counts["messages"] == 1 and not counts["fault of the receiver"]


def test_who_speaks_slowly_is_cut_off_and_holds_nobody_up():
    partial = [b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<m>", b""]

    async def work(receiver, url, session):
        slow = [asyncio.ensure_future(raw(url, partial[number % 3])) for number in range(12)]
        await asyncio.sleep(0.1)
        async with session.post(url, data=body()) as answer:  # the four connections are taken: it waits for its turn
            status = answer.status
        await asyncio.gather(*slow)
        return status, receiver.counts["too slow"], receiver.counts["fault of the receiver"]

    settings = Settings(HOST, 0, limits=Limits(connections=4, seconds=0.4))
    assert serve(work, settings) == (200, 12, 0)


def test_who_begins_no_handshake_is_cut_off(tmp_path):
    async def work(receiver, url, _session):
        await asyncio.gather(*(raw(url, data) for data in (b"", b"\x16\x03\x01", b"")))
        return receiver.counts

    tls = server_context(HOST, tmp_path / "ca.pem")
    counts = serve(work, Settings(HOST, None, 0, tls, limits=Limits(connections=2, seconds=0.3)))
    assert counts == {"too slow": 3}


def test_too_many():
    async def work(receiver, url, session):
        seen = []
        for _time in range(5):
            async with session.post(url, data=body()) as answer:
                seen.append(answer.status)
        return seen

    assert serve(work, Settings(HOST, 0, limits=Limits(rate=0.001, burst=3))) == [200, 200, 200, 429, 429]


def test_three_hundred_at_once_over_https(tmp_path):
    tls = server_context(HOST, tmp_path / "ca.pem")
    trusted = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))

    async def work(receiver, url, session):
        async def post(number):
            async with session.post(url, data=body("R%d" % number), ssl=trusted) as answer:
                return answer.status

        return await asyncio.gather(*map(post, range(300))), len(receiver.report()["devices"])

    assert serve(work, Settings(HOST, None, 0, tls)) == ([200] * 300, 300)


def test_other_requests():
    async def work(_receiver, url, session):
        seen = []
        for method, path in (("GET", "/"), ("PUT", "/heard"), ("HEAD", "/heard")):
            async with session.request(method, url + path) as answer:
                seen.append(answer.status)
        return seen

    assert serve(work) == [404, 405, 200]


def test_who_may_not_read():
    async def work(_receiver, url, session):
        async with session.get(url + "/heard") as answer:
            return answer.status

    assert serve(work, Settings(HOST, 0, readers=("192.0.2.0/24",))) == 403


def test_a_journal_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    keep = Keep(str(tmp_path / "s" / "heard.jsonl"))

    def full(message):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keep, "append", full)

    async def work(receiver, url, session):
        async with session.post(url, data=body()) as answer:
            return answer.status, receiver.counts["not written"], receiver.report()["devices"]["R1"]["state"]

    assert serve(work, keep=keep) == (503, 1, "failed")


def test_a_fault_of_ours_ends_one_request_only():
    seen = []

    def hand_on(message):
        seen.append(message)
        if len(seen) == 1:
            raise KeyError("ours")

    async def work(receiver, url, session):
        statuses = []
        for _time in range(2):
            async with session.post(url, data=body()) as answer:
                statuses.append(answer.status)
        return statuses, receiver.counts["fault of the receiver"]

    assert serve(work, hand_on=hand_on) == ([500, 200], 1)


def test_three_hundred_at_once_with_garbage_among_them(tmp_path):
    """Nothing is lost, and the memory does not grow with what was posted."""
    keep = Keep(str(tmp_path / "s" / "heard.jsonl"))
    bodies = {"R%d" % number: body("R%d" % number) for number in range(300)}
    garbage = [random.Random(number).randbytes(2000) for number in range(15)]

    async def post(url, session, data):
        async with session.post(url, data=data) as answer:
            return answer.status

    async def round_of(url, session):
        return await asyncio.gather(*(post(url, session, data) for data in [*bodies.values(), *garbage]))

    async def work(receiver, url, session):
        statuses = [await round_of(url, session)]
        await round_of(url, session)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _time in range(3):
            statuses.append(await round_of(url, session))
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        return statuses, grown, receiver.report()

    statuses, grown, report = serve(work, Settings(HOST, 0, limits=Limits(burst=5000)), keep)
    for answered in statuses:
        assert answered == [200] * 300 + [400] * 15
    assert set(report["devices"]) == set(bodies)
    assert report["counts"]["messages"] == 1500
    assert [entry["device"] for entry in keep.entries()].count("R299") == 5
    assert sum(1 for _time in keep.entries()) == 1500
    assert grown < 3_000_000, "900 messages of about 700 bytes and their last five fields of each device"


# -- as a source of events


def events(bodies, arguments, take):
    """Post to the source; ``take(queue)`` is awaited meanwhile."""

    async def everything():
        queue = asyncio.Queue(maxsize=1)
        started = asyncio.Event()
        urls = []
        start = Receiver.start

        async def start_and_say(receiver):
            await start(receiver)
            urls.extend(receiver.urls)
            started.set()

        Receiver.start = start_and_say
        try:
            feeding = asyncio.ensure_future(command.feed(queue, dict(arguments, host=HOST, port=0)))
            await started.wait()
            async with aiohttp.ClientSession() as session:
                statuses = []
                for data in bodies:
                    async with session.post(urls[0], data=data) as answer:
                        statuses.append(answer.status)
                taken = await take(queue)
            feeding.cancel()
            await asyncio.gather(feeding, return_exceptions=True)
            return statuses, taken
        finally:
            Receiver.start = start

    return asyncio.run(everything())


def test_every_message_is_an_event_and_is_answered_while_the_engine_is_busy(tmp_path):
    async def take(queue):
        return [await queue.get() for _time in range(5)]

    journal = tmp_path / "s" / "heard.jsonl"
    statuses, taken = events([body("R%d" % number) for number in range(5)], {"journal": str(journal)}, take)
    assert statuses == [200] * 5
    assert [event["device"] for event in taken] == ["R0", "R1", "R2", "R3", "R4"]
    assert taken[0]["meta"] == {"hosts": "R0"} and taken[0]["state"] == "failed" and "<imageID>R0" in taken[0]["raw"]
    assert len(journal.read_text().splitlines()) == 5


def test_if_the_engine_takes_nothing_the_oldest_make_room(tmp_path):
    async def take(queue):
        return [await queue.get() for _time in range(5)]

    journal = tmp_path / "s" / "heard.jsonl"
    bodies = [body("R%d" % number) for number in range(20)]
    statuses, taken = events(bodies, {"journal": str(journal), "max_waiting": 3}, take)
    assert statuses == [200] * 20
    assert [event["device"] for event in taken] == ["R0", "R1", "R17", "R18", "R19"]
    assert len(journal.read_text().splitlines()) == 20, "the journal has what was dropped"


@pytest.mark.parametrize(
    "device, hosts, expected",
    [
        ("core-1.example.net", None, "core-1.example.net"),
        ("all", None, None),
        ("*", None, None),
        ("!R1", None, None),
        ("@/etc/passwd", None, None),
        ("R1:R2", None, None),
        ("R1,R2", None, None),
        ("~R.*", None, None),
        ("-e", None, None),
        (None, None, None),
        ("FTX1234", {"FTX1234": "core-1"}, "core-1"),
        ("R1", {"FTX1234": "core-1"}, None),
    ],
)
def test_the_host_of_an_event_is_a_name_and_no_pattern(device, hosts, expected):
    made = command.event({"device": device, "state": "failed"}, hosts)
    assert made.get("inventory_host") == expected
    assert made.get("meta") == ({"hosts": expected} if expected else None)


def test_nothing_of_an_event_is_a_template():
    made = command.event({"device": "R1", "reason": "{{ lookup('pipe', 'id') }} {% set x = 1 %} {# {{{ #} {a}", "size": 3})
    assert not any(mark in made["reason"] for mark in ("{{", "{%", "{#"))
    assert made["size"] == 3 and made["reason"].endswith("{a}")


# -- arguments


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        ({"https_port": 8443}, "https_port needs certificate"),
        ({"prot": 1}, "prot: there is no such argument"),
        ({"port": "many"}, "port is many: give a number"),
        ({"port": "\u0668\u0660"}, "port is \u0668\u0660: give a number"),
        ({"port": 65536}, "ports end at 65535"),
        ({"max_body": "\u00b2"}, "max_body is \u00b2: give a number"),
        ({"max_seconds": "nan"}, "max_seconds is nan"),
        ({"max_rate": "inf"}, "max_rate is inf"),
        ({"max_burst": "-1"}, "max_burst is -1"),
        ({"readers": "everybody", "port": 0}, None),
    ],
)
def test_an_argument_that_is_wrong_is_said(arguments, sentence):
    with pytest.raises(ValueError, match=sentence or "everybody"):
        Receiver(command.settings(arguments))


def test_the_password_is_not_on_the_command_line(tmp_path, monkeypatch):
    (tmp_path / "pw").write_text("from-file\nrest\n")
    (tmp_path / "empty").write_text("\n")
    assert command.settings({"password_file": str(tmp_path / "pw")}).password == "from-file"
    with pytest.raises(command.Wrong, match="no protection"):
        command.settings({"password_file": str(tmp_path / "empty")})
    monkeypatch.setenv("CNS_STATUS_PASSWORD", "from-environment")
    assert command.settings({}).password == "from-environment"
    assert json.dumps(sorted(command._OPTIONS)).count('"password"') == 0
