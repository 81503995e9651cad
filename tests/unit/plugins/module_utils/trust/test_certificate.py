# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import datetime
import hashlib
import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate

UTC = datetime.timezone.utc


def tlv(kind, content):
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([kind]) + length + content


def x509(not_before=b"260101000000Z", not_after=b"360101000000Z", kind=0x17, version=tlv(0xA0, tlv(0x02, b"\x02"))):
    """As much of a certificate as matters here, with an issuer that is long enough for lengths of several bytes."""
    name = tlv(0x30, b"n" * 300)
    validity = tlv(0x30, tlv(kind, not_before) + tlv(kind, not_after))
    body = version + tlv(0x02, b"\x01") + tlv(0x30, b"algorithm") + name + validity + name + tlv(0x30, b"key")
    return tlv(0x30, tlv(0x30, body) + tlv(0x30, b"algorithm") + tlv(0x03, b"signature"))


def pem(der):
    return "-----BEGIN CERTIFICATE-----\n%s-----END CERTIFICATE-----\n" % base64.encodebytes(der).decode()


def chain(der, name="CNS", serial="0F"):
    """As IOS shows it."""
    groups = textwrap.wrap(der.hex().upper(), 8)
    rows = ["  " + " ".join(groups[at : at + 8]) for at in range(0, len(groups), 8)]
    return ["crypto pki certificate chain " + name, " certificate ca " + serial, *rows, "  \tquit"]


DER = x509()


def test_read():
    found = certificate.read(pem(DER))
    assert found.der == DER
    assert found.not_before == datetime.datetime(2026, 1, 1, tzinfo=UTC)
    assert found.not_after == datetime.datetime(2036, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "der, year",
    [
        (x509(not_after=b"490101000000Z"), 2049),
        (x509(not_before=b"500101000000Z", not_after=b"991231235959Z"), 1999),
        (x509(b"20200101000000Z", b"20500101000000Z", kind=0x18), 2050),
        (x509(version=b""), 2036),
    ],
)
def test_times_and_versions_of_certificates(der, year):
    assert certificate.read(pem(der)).not_after.year == year


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no certificate",
        pem(DER) + pem(DER),
        pem(DER) + "reload\n",
        "reload\n" + pem(DER),
        pem(DER).replace("-----BEGIN", "quit\n-----BEGIN"),
        pem(DER).replace("\n", "\nquit\n", 2),
        pem(DER).replace("A", "?", 1),
        pem(DER).replace("CERTIFICATE", "PRIVATE KEY"),
        pem(b"0"),
        pem(b""),
        pem(DER[:-1]),
        pem(DER + b"\x00"),
        pem(tlv(0x30, b"")),
        pem(x509(not_after=b"soon")),
        pem(x509(not_after=b"361399000000Z")),
    ],
)
def test_what_is_no_certificate_is_refused_without_a_word_of_it(text):
    with pytest.raises(InputError) as refusal:
        certificate.read(text)
    assert "exactly one X.509 certificate" in refusal.value.message
    assert refusal.value.__suppress_context__


@given(st.binary(max_size=60))
def test_bytes_that_are_no_certificate_raise_nothing_but_an_input_error(data):
    with pytest.raises(InputError):
        certificate.read(pem(data))


@given(st.binary(min_size=1, max_size=3000))
def test_what_we_send_is_lines_of_base64_and_nothing_else(der):
    first, *body, last = certificate.pem_lines(der)
    assert (first, last) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    assert all(re.fullmatch(r"[A-Za-z0-9+/=]{1,64}", line) for line in body)
    assert base64.b64decode("".join(body)) == der


def test_fingerprint_is_spelled_as_ios_does():
    shown = certificate.fingerprint(DER)
    assert re.fullmatch(r"([0-9A-F]{8} ){4}[0-9A-F]{8}", shown)
    assert bytes.fromhex(shown) == hashlib.sha1(DER).digest()


@given(st.binary(min_size=1, max_size=600))
def test_trust_reads_back_what_ios_shows(der):
    lines = ["crypto pki trustpoint CNS", " enrollment terminal", "!", *chain(der), "ip http client secure-trustpoint CNS"]
    assert certificate.trust(lines) == {"client": "CNS", "trustpoints": {"CNS": der}}


@pytest.mark.parametrize(
    "lines, expected",
    [
        ([], {"client": None, "trustpoints": {}}),
        (["crypto pki trustpoint A"], {"client": None, "trustpoints": {"A": None}}),
        (
            ["crypto ca trustpoint A", "crypto ca certificate chain A", " certificate ca 01", "  3000 ", "  quit"],
            {"client": None, "trustpoints": {"A": b"0\x00"}},
        ),
        (
            ["crypto pki trustpoint A", "crypto pki certificate chain A", " certificate self-signed 01", "  3000", "  quit"],
            {"client": None, "trustpoints": {"A": None}},
        ),
        (
            ["crypto pki trustpoint A", *chain(b"one", "A")[:2], "  300", "  quit"],
            {"client": None, "trustpoints": {"A": b""}},
        ),
        (
            ["crypto pki trustpoint A", "crypto pki trustpoint B", *chain(b"one", "A"), *chain(b"two", "B")],
            {"client": None, "trustpoints": {"A": b"one", "B": b"two"}},
        ),
        (
            [
                "crypto pki trustpoint A",
                "crypto pki certificate chain A",
                " certificate 02",
                "  3000",
                "  quit",
                *chain(b"one", "A")[1:],
            ],
            {"client": None, "trustpoints": {"A": b"one"}},
        ),
    ],
)
def test_trust(lines, expected):
    assert certificate.trust(lines) == expected


@pytest.mark.parametrize(
    "time, why",
    [
        ("2026-11-22T10:00:00+00:00", None),
        ("2025-12-31T23:59:59+00:00", "valid from 2026-01-01"),
        ("2036-01-01T00:00:01+00:00", "valid until 2036-01-01"),
        ("2025-12-31T12:00:00", None),
        ("2025-12-31T09:00:00", "valid from"),
        ("2036-01-01T13:00:00", None),
        ("2036-01-01T15:00:00", "valid until"),
        ("*12:00", None),
        (None, None),
    ],
)
def test_when_invalid(time, why):
    said = certificate.when_invalid(certificate.read(pem(DER)), time)
    assert said is None if why is None else why in said


@pytest.mark.parametrize(
    "name",
    [
        "SLA-TrustPoint",
        "TP-self-signed-1000000001",
        "CISCO_IDEVID_SUDI",
        "CISCO_IDEVID_SUDI0",
        "CISCO_IDEVID_SUDI_LEGACY",
        "Trustpool",
        "Trustpool4",
    ],
)
def test_trustpoints_from_the_factory(name):
    assert certificate.from_factory(name)


@pytest.mark.parametrize("name", ["LAB-CA", "SLA-TrustPoint-2", "TP", "My-TP-self-signed-1"])
def test_trustpoints_of_somebody(name):
    assert not certificate.from_factory(name)
