# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trustpoints: pasting a CA certificate, and whom the HTTP client then trusts."""

from __future__ import annotations

import hashlib
import ssl

import pytest

from ansible_collections.cns.image_agent.tests.unit.lab.device_session import with_session
from lab.server.certificates import server_context

TRUSTPOINT = ("crypto pki trustpoint LAB", "enrollment terminal", "revocation-check none")


@pytest.fixture(scope="module")
def ca(tmp_path_factory):
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    server_context("127.0.0.1", file)
    return file.read_text()


async def authenticate(session, text, answer="yes"):
    await session.send("configure terminal")
    await session.type("crypto pki authenticate LAB\r")
    printed = await session.type(text.replace("\n", "\r") + "quit\r")
    printed += await session.type(f"{answer}\r") if "accept this certificate" in printed else ""
    await session.send("end")
    return printed


@pytest.mark.parametrize("framed", [True, False])
def test_a_certificate_is_pasted_shown_and_trusted(ca, framed):
    text = ca if framed else "".join(line for line in ca.splitlines(keepends=True) if "-----" not in line)

    async def scenario(session):
        await session.configure(*TRUSTPOINT)
        printed = await authenticate(session, text)
        return printed, session.device.pki.http_client_ca(), await session.send("show crypto pki certificates")

    printed, trusted, shown = with_session(scenario)
    digest = hashlib.sha1(ssl.PEM_cert_to_DER_cert(ca), usedforsecurity=False).hexdigest().upper()
    assert f"Fingerprint SHA1: {digest[:8]} {digest[8:16]} " in printed
    assert "% Certificate successfully imported" in printed
    assert trusted == [ca]
    assert "Associated Trustpoints: LAB" in shown


def test_the_configuration_holds_the_certificate(ca):
    async def scenario(session):
        await session.configure(*TRUSTPOINT)
        await authenticate(session, ca)
        return await session.send("show running-config | section crypto pki")

    shown = with_session(scenario).splitlines()
    assert shown[:3] == ["crypto pki trustpoint LAB", " revocation-check none", " enrollment terminal"]
    start = shown.index("crypto pki certificate chain LAB")
    pasted = bytes.fromhex("".join("".join(line.split()) for line in shown[start + 2 : -1]))
    assert pasted == ssl.PEM_cert_to_DER_cert(ca)


@pytest.mark.parametrize(
    ("text", "answer", "message"),
    [
        ("not base64 at all\n", "yes", "% Error in saving certificate: status = FAIL"),
        (None, "no", "% Certificate not accepted"),
    ],
)
def test_what_is_refused_is_not_trusted(ca, text, answer, message):
    async def scenario(session):
        await session.configure(*TRUSTPOINT)
        return await authenticate(session, text or ca, answer), session.device.pki.http_client_ca()

    printed, trusted = with_session(scenario)
    assert message in printed
    assert trusted == []


def test_a_second_certificate_needs_the_trustpoint_to_go_first(ca):
    async def scenario(session):
        await session.configure(*TRUSTPOINT)
        await authenticate(session, ca)
        again = await session.configure("crypto pki authenticate LAB")
        await session.send("configure terminal")
        question = await session.type("no crypto pki trustpoint LAB\r")
        await session.type("yes\r")
        return again, question, session.device.pki.http_client_ca(), session.device.pki.trustpoints()

    again, question, trusted, left = with_session(scenario)
    assert "% Please delete your existing CA certificate first." in again
    assert question.endswith("Are you sure you want to do this? [yes/no]: ")
    assert (trusted, left) == ([], [])


def test_the_http_client_may_be_bound_to_one_trustpoint(ca):
    async def scenario(session):
        await session.configure(*TRUSTPOINT)
        await authenticate(session, ca)
        await session.configure("ip http client secure-trustpoint OTHER")
        other = session.device.pki.http_client_ca()
        await session.configure("ip http client secure-trustpoint LAB")
        return other, session.device.pki.http_client_ca()

    other, named = with_session(scenario)
    assert (other, named) == ([], [ca])
