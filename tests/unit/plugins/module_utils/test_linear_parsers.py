# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a device prints, every function that reads it takes time in proportion to its length."""

from __future__ import annotations

import time

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import debugging, log_lines, long_lines, outcome, plan, show
from ansible_collections.cns.image_agent.plugins.module_utils.features import schedule
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import BY_NAME
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks, facts
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate

HEADS = """
cisco |Cisco IOS Software, |IOS |Cisco IOS XE Software, Version |x uptime is |System returned to ROM by |System image file is "|
Last upgrade ended at |Last upgrade started at 11:45:02 |Successes:3 |BOOT variable = |Manual Boot |Boot Variables |Switch 1|
Configuration register is |Trustpoint |Subject Name: |Issuing CA authenticated |Total |Device ID |lab Gig 0/1 |The currently |
Event-Id is |Connection status |<imageID |<versionString>Version |</imageInventoryReport|1 -rw- 1 |1 -rw- 1 Mar 1 2022 10:00:00 |
Directory of |a b YES c |local-ipaddress:port |192.0.2.1:1 |* 1 1 |Load for five secs: |Time source is |*Nov 25 17:00:00.123|%A-|
crypto pki certificate chain |crypto pki trustpoint | certificate ca |  AB|-----BEGIN CERTIFICATE-----|flash:/|Using 1 out of |
Uncompressed configuration |hostname |ip http client source-interface |Success rate is |cns image |cns image retrieve |
cns image retry |cns event h |cns exec |
cns id string |cns trusted-server |cns config notify all |kron occurrence a at |kron policy-list |
 cli cns image retrieve |terminal |R1#|R1>|% Invalid input |^|-|
""".replace("\n", "").split("|")
UNITS = [
    " ",
    "=",
    ":",
    "a",
    "A",
    "9",
    "a ",
    "a=",
    "9 ",
    " a:b",
    "1:",
    "A0",
    "A0 ",
    "%",
    "%A-",
    "<",
    ">",
    "]",
    "(",
    "()",
    "/",
    "/a",
    ".",
    "-",
    "Version ",
    "Version",
    ", Version ",
    "Software",
    "with 1K ",
    " status ",
    " at 1:11:11",
    "1 day, ",
    "Boot Variables",
    "server ",
    "Nov 25 17:00:00",
    "\t",
    "\x00",
    "\u0661",
]


def _trust(text: str) -> None:
    lines = ["crypto pki certificate chain A", " certificate ca 01", *text.splitlines()]
    certificate.trust(lines)


def _paths(text: str) -> None:
    for line in text.splitlines():
        checks.folder_of(checks.placed(line))
        outcome.version_in(line)
        outcome.same_version(line, line)
        outcome.base_name(line)


def _debugged(text: str) -> None:
    debugging._first_lines(debugging._ANSWER.search(text))
    for line in text.splitlines():
        debugging._OURS.match(line.strip())


def _pem(text: str) -> None:
    with pytest.raises(certificate.InputError):
        certificate.read("-----BEGIN CERTIFICATE-----" + text)


READERS = {
    **{parse.__name__: parse for parse in show.PARSERS.values()},
    "unsupported": show.unsupported,
    "lines_of": show.lines_of,
    "parser_for": show.parser_for,
    "message of the log": lambda text: [log_lines.is_message(line) for line in text.splitlines()],
    "log cut": log_lines.cut,
    "log without": log_lines.without,
    "configuration": lambda text: plan.read(text.splitlines(), list(BY_NAME)),
    "room for a schedule": lambda text: schedule.check_room(text.splitlines(), "none"),
    "unsaved": lambda text: facts._unsaved(text.splitlines(), text),
    "ping": facts._PING_RATE.search,
    "trust": _trust,
    "pem": _pem,
    "paths": _paths,
    "debugged": _debugged,
}


LENGTH = long_lines.LONGEST - 100  # with its head, a line that is still read


@pytest.mark.parametrize("name", READERS)
def test_no_line_takes_long(name):
    """A pattern that is quadratic takes a hundred times as long."""
    for unit in UNITS:
        body = (unit * LENGTH)[:LENGTH]
        text = "\n".join("%s%s!" % (head, body) for head in HEADS)
        began = time.process_time()
        READERS[name](text)
        assert time.process_time() - began < 2, unit
