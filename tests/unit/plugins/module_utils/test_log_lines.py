# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import log_lines

MESSAGES = [
    "%SYS-5-CONFIG_I: Configured from console by lab on vty0 (192.0.2.1)",
    "*Nov 25 17:00:00.123: %SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: x] [Source: 192.0.2.1]",
    ".Nov  5 2026 17:00:00.123 CET: %LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan1, changed state to up",
    "Nov 25 17:00:00 UTC: %SPANTREE-SP-2-ROOTGUARD_BLOCK: Root guard blocking port",
    "000123: *Mar  1 00:00:30.000: %STACKMGR-4-STACK_LINK_CHANGE: Stack Port 1 Switch 1 has changed to state UP",
    "000124: %IOSXE-3-PLATFORM: R0/0: kernel: something",
    "1w2d: %LINK-3-UPDOWN: Interface Serial0, changed state to up",
    "3d04h: %SYS-5-RELOAD: Reload requested",
    "00:00:05: %LINK-3-UPDOWN: Interface Serial0, changed state to down",
    "Nov 25 17:00:00.123: CNS Image Agent: connecting to the server",
]
ANSWERS = [
    "Last upgrade started at 11:45:02.000 UTC Mon May 6 2003",
    "    1  -rw-      1000   Mar 1 2022 10:00:00 +00:00  old.bin",
    "R1 uptime is 1 week, 2 days",
    "% Invalid input detected at '^' marker.",
    "%Error opening flash:/x (No such file or directory)",
    "% Authorization failed.",
    "! Last configuration change at 10:00:00 UTC Mon Mar 2 2026 by lab",
    "ntp server 192.0.2.1",
    "00:00:05: nothing that is known",
    "",
]


@pytest.mark.parametrize("line", MESSAGES)
def test_messages(line):
    assert log_lines.is_message(line)
    assert not log_lines.cut(line)
    assert log_lines.without("before\n%s\nafter\n" % line) == "before\nafter\n"


@pytest.mark.parametrize("line", ANSWERS)
def test_answers(line):
    assert not log_lines.is_message(line)
    assert not log_lines.cut(line)
    assert log_lines.without(line) == line


@pytest.mark.parametrize("line", MESSAGES)
@pytest.mark.parametrize("before", ["cns image ser", "cns image server http://192.0.2.1/ ", " Successes:3 "])
def test_a_message_that_begins_inside_a_line(before, line):
    assert log_lines.cut("hostname R1\r\n%s%s\r\nver http://192.0.2.1/\r\n" % (before, line))


@pytest.mark.parametrize(
    "line",
    [
        ' event syslog pattern "%SYS-5-CONFIG_I: .*"',
        " event syslog pattern %LINK-3-UPDOWN: occurs 3",
        " description see %LINK-3-UPDOWN: in the log",
        "! Nov 25 17:00:00.123: changed by lab",
        " action 1.0 syslog msg %HA_EM-6-LOG: done",
    ],
)
def test_what_people_write_about_messages_is_none(line):
    assert not log_lines.cut(line)
