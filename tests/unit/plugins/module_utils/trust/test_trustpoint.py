# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import re

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, converse
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, InputError, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate, trustpoint
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.trust.test_certificate import chain, pem, x509

DER, OTHER = x509(), x509(not_after=b"370101000000Z")
ENROL = ["crypto pki trustpoint CNS", "enrollment terminal", "revocation-check none", "exit", "crypto pki authenticate CNS"]
REMOVE, POINT = "no crypto pki trustpoint CNS", "ip http client secure-trustpoint CNS"


class Ios:
    """A connection to a device with trustpoints, which answers its questions as network_cli does."""

    def __init__(self, trustpoints=(), client=None, garbles=False, forgets=False, now="10:00:00.000 UTC Sun Nov 22 2026"):
        self.trustpoints = dict(trustpoints)
        self.client = client
        self.garbles = garbles
        self.forgets = forgets
        self.now = now
        self.sent = []
        self.said_yes = 0
        self._asking = None

    def get_option(self, name):
        return {"single_user_mode": False}[name]

    async def get(self, command, prompt=None, answer=None, check_all=False):
        self.sent.append(command)
        self._asking = [list(prompt or []), list(answer or []), check_all]
        words = command.split()
        if command.startswith("show running-config | section"):
            return "\n".join(["version 15.7", *self._configuration(), "end"])
        if command == "configure terminal":
            return "Enter configuration commands, one per line.  End with CNTL/Z."
        if command == "write memory":
            return "Building configuration...\n[OK]"
        if command == "show clock":
            return self.now
        if words[:3] == ["crypto", "pki", "trustpoint"]:
            self.trustpoints.setdefault(words[3], None)
        elif words[:3] == ["crypto", "pki", "authenticate"]:
            return self._authenticate(words[3])
        elif command.startswith(REMOVE[: -len("CNS")]):
            return self._remove(words[4])
        elif "secure-trustpoint" in command:
            self.client = None if words[0] == "no" else words[-1]
        return ""

    def _configuration(self):
        lines = ["crypto pki trustpoint " + name for name in self.trustpoints]
        for name, der in self.trustpoints.items():
            lines += chain(der, name) if der else []
        return lines + ([POINT.replace("CNS", self.client)] if self.client else [])

    def _answer_to(self, said):
        """The first of the patterns that fits is answered; of those expected in turn the first is dropped then."""
        prompts, answers, check_all = self._asking
        for place, prompt in enumerate(prompts):
            if re.search(prompt.encode(), said.encode(), re.IGNORECASE):
                given = answers[place]
                if check_all:
                    del prompts[0], answers[0]
                return given
        raise AssertionError("nobody answers %r" % said)

    def _authenticate(self, name):
        pasted = self._answer_to(
            "\r\nEnter the base 64 encoded CA certificate.\r\n"
            'End with a blank line or the word "quit" on a line by itself\r\n\r\n'
        ).split("\r")
        assert (pasted[0], pasted[-2:]) == ("-----BEGIN CERTIFICATE-----", ["-----END CERTIFICATE-----", "quit"])
        der = base64.b64decode("".join(pasted[1:-2]))
        shown = certificate.fingerprint(OTHER if self.garbles else der)
        said = (
            "Certificate has the following attributes:\r\n       Fingerprint MD5: 00000000 11111111 22222222 33333333 \r\n"
            "      Fingerprint SHA1: %s \r\n\r\n%% Do you accept this certificate? [yes/no]: " % shown
        )
        # Stock network_cli looks at the last 256 characters only.
        if self._answer_to(said[-256:]) != "yes":
            return said + "no\n% Certificate not accepted"
        self.said_yes += 1
        self.trustpoints[name] = None if self.forgets else der
        return said + "yes\nTrustpoint CA certificate accepted.\n% Certificate successfully imported"

    def _remove(self, name):
        said = (
            "% Removing an enrolled trustpoint will destroy all certificates\n received from the related Certificate "
            "Authority.\n\nAre you sure you want to do this? [yes/no]: "
        )
        if self._answer_to(said) == "yes":
            del self.trustpoints[name]
        return said + "yes\n% Be sure to ask the CA administrator to revoke your certificates."


def run(ios, check_mode=False, **params):
    device = Device(ios)
    given = dict(name="CNS", ca_certificate=pem(DER), http_client=True, state="present", save_when="never")
    return converse(trustpoint.run(device, dict(given, **params), check_mode))


def state(der, client, exists=True):
    return {"trustpoint": exists, "fingerprint": der and certificate.fingerprint(der), "http_client": client}


@pytest.mark.parametrize(
    "trustpoints, client, params, commands, before, after",
    [
        ({}, None, {}, ENROL + [POINT], state(None, None, False), state(DER, "CNS")),
        ({}, "X", dict(http_client=False), ENROL, state(None, "X", False), state(DER, "X")),
        ({"CNS": DER}, "CNS", {}, [], state(DER, "CNS"), state(DER, "CNS")),
        ({"CNS": DER}, "X", {}, [POINT], state(DER, "X"), state(DER, "CNS")),
        ({"CNS": OTHER}, "CNS", {}, [REMOVE] + ENROL, state(OTHER, "CNS"), state(DER, "CNS")),
        ({"CNS": None}, None, {}, [REMOVE] + ENROL + [POINT], state(None, None), state(DER, "CNS")),
        ({"X": DER}, "X", {}, ENROL + [POINT], state(None, "X", False), state(DER, "CNS")),
        ({"CNS": DER}, "CNS", dict(state="absent"), ["no " + POINT, REMOVE], state(DER, "CNS"), state(None, None, False)),
        ({"CNS": DER, "X": OTHER}, "X", dict(state="absent"), [REMOVE], state(DER, "X"), state(None, "X", False)),
        ({"X": DER}, "X", dict(state="absent"), [], state(None, "X", False), state(None, "X", False)),
    ],
)
def test_a_run(trustpoints, client, params, commands, before, after):
    predicted = Ios(trustpoints, client)
    prediction = run(predicted, check_mode=True, **params)
    assert not [command for command in predicted.sent if not command.startswith("show ")]

    ios = Ios(trustpoints, client)
    result = run(ios, **params)
    assert result == prediction
    assert (result["commands"], result["before"], result["after"]) == (commands, before, after)
    assert result["changed"] == bool(commands)
    told = [command for command in ios.sent if not command.startswith("show ")]
    assert told == (["configure terminal"] + commands + ["end"] if commands else [])

    again = run(ios, **params)
    assert (again["changed"], again["before"]) == (False, after)


def test_one_read_where_nothing_is_to_be_done():
    ios = Ios({"CNS": DER}, "CNS")
    run(ios)
    assert len(ios.sent) == 1


def test_a_certificate_that_did_not_arrive_whole_is_not_accepted():
    ios = Ios(garbles=True)
    with pytest.raises(Refused, match="Certificate not accepted") as refusal:
        run(ios)
    assert ios.said_yes == 0
    assert ios.trustpoints == {"CNS": None}
    assert refusal.value.details["failed_command"] == "crypto pki authenticate CNS"
    assert refusal.value.details["applied"] == ENROL[:-1]
    assert ios.sent[-1] == "end"


def test_a_certificate_that_the_device_does_not_show_afterwards_is_an_error():
    with pytest.raises(CnsError, match="does not show what was sent: fingerprint is None"):
        run(Ios(forgets=True))


@pytest.mark.parametrize(
    "now, why",
    [
        ("*10:00:00.000 UTC Mon Mar 1 1993", "clock of the device is not set"),
        ("10:00:00.000 UTC Wed Nov 22 2023", "valid from 2026-01-01"),
        ("10:00:00.000 UTC Thu Nov 22 2040", "valid until 2036-01-01"),
    ],
)
def test_the_clock_is_looked_at_before_anything_is_sent(now, why):
    ios = Ios(now=now)
    with pytest.raises(InputError, match=why):
        run(ios)
    assert not [command for command in ios.sent if not command.startswith("show ")]
    assert run(Ios({"CNS": DER}, "CNS", now=now))["changed"] is False


@pytest.mark.parametrize("params", [dict(name="CNS X"), dict(name="CNS\nreload"), dict(ca_certificate="reload")])
def test_what_cannot_be_sent_is_refused_before_the_device_is_asked(params):
    ios = Ios()
    with pytest.raises(InputError):
        run(ios, **params)
    assert ios.sent == []


@pytest.mark.parametrize(
    "save_when, have, check_mode, changed, saved",
    [
        ("never", None, False, True, False),
        ("changed", None, False, True, True),
        ("changed", None, True, True, False),
        ("changed", DER, False, False, False),
        ("always", DER, False, True, True),
    ],
)
def test_saving(save_when, have, check_mode, changed, saved):
    ios = Ios({"CNS": have} if have else {}, "CNS" if have else None)
    result = run(ios, check_mode, save_when=save_when)
    assert (result["changed"], result["saved"], "write memory" in ios.sent) == (changed, saved, saved)
