# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils import show

# fixtures/show/RELEASE FAMILY/COMMAND.txt is what the device prints, COMMAND.json what it means.
FIXTURES = Path(__file__).parent / "fixtures" / "show"
RECORDED = sorted(FIXTURES.glob("*/*.txt"))


def recorded(name):
    return (FIXTURES / (name + ".txt")).read_text()


@pytest.mark.parametrize("path", RECORDED, ids=["%s/%s" % (path.parent.name, path.stem) for path in RECORDED])
def test_recorded_text(path):
    parse = show.parser_for(path.stem.replace("_", " "))
    assert parse(path.read_text()) == json.loads(path.with_suffix(".json").read_text())


def test_every_parser_has_a_recorded_text():
    assert set(show.PARSERS.values()) == {show.parser_for(path.stem.replace("_", " ")) for path in RECORDED}


@pytest.mark.parametrize(
    "printed, meant",
    [
        ("11:45:02.000 UTC Mon May 6 2003", "2003-05-06T11:45:02+00:00"),
        ("11:45:02.007 GMT Mon May 6 2003", "2003-05-06T11:45:02.007+00:00"),
        ("11:45:02 UTC Mon May 6 2003", "2003-05-06T11:45:02+00:00"),
        ("*11:45:02.000 UTC Mon May 6 2003", "2003-05-06T11:45:02+00:00"),
        ("03:37:40 BST Mon Jul 29 2002", "2002-07-29T03:37:40"),
        ("03:37:40 Mon Jul 29 2002", "2002-07-29T03:37:40"),
        ("0:37:40  PST   Mon  Jul  9  2002", "2002-07-09T00:37:40"),
        ("never", "never"),
        ("00:00:00", "00:00:00"),
        ("00:00:00.000 UTC", "00:00:00.000 UTC"),
        ("25:00:00.000 UTC Mon May 6 2003", "25:00:00.000 UTC Mon May 6 2003"),
        ("11:45:02.000 UTC Fri Feb 30 2003", "11:45:02.000 UTC Fri Feb 30 2003"),
        ("11:45:02.000 UTC Mon Mai 6 2003", "11:45:02.000 UTC Mon Mai 6 2003"),
        ("11:45:02 +99:99 Mon May 6 2003", "11:45:02 +99:99 Mon May 6 2003"),
    ],
)
def test_times(printed, meant):
    assert show.image_status("Last upgrade started at " + printed)["last_upgrade"]["started"] == meant


def test_missing_labels_are_null():
    assert show.image_status("") == {
        "last_upgrade": {"started": None, "ended": None, "status": None},
        "last_success_ended": None,
        "last_failure_ended": None,
        "failed": None,
        "successful": None,
        "messages_received": None,
        "receive_errors": None,
        "transmit": {"attempts": None, "successes": None, "failures": None},
        "unparsed": [],
    }
    assert show.image_connections("") == {
        "attempts": None,
        "never_connected": None,
        "abrupt_disconnects": None,
        "last_success": None,
        "unparsed": [],
    }
    assert show.image_inventory("") == {
        "image_id": None,
        "host_name": None,
        "version": None,
        "image_file": None,
        "raw": None,
        "unparsed": [],
    }


def test_status_text_is_kept_and_unknown_lines_come_back():
    status = show.image_status(
        "Last upgrade ended at 11:45:11.000 UTC Mon May 6 2003 status FAILED (ERROR: checksum)\n"
        "Last error: ERROR: image not found\n"
        "Number of failed upgrades: many\n"
        " Successes:3 Failures 2 Surprises 1\n"
    )
    assert status["last_upgrade"]["status"] == "FAILED (ERROR: checksum)"
    assert status["failed"] is None
    assert (status["transmit"]["successes"], status["transmit"]["failures"]) == (3, 2)
    assert status["unparsed"] == [
        "Last error: ERROR: image not found",
        "Number of failed upgrades: many",
        "Successes:3 Failures 2 Surprises 1",
    ]


def test_spacing_does_not_matter():
    status = show.image_status("  number of  failed upgrades:2\nmessages received : 7\nTX Attempts: 4 Successes: 3\n\tFailures:1")
    assert (status["failed"], status["messages_received"]) == (2, 7)
    assert status["transmit"] == {"attempts": 4, "successes": 3, "failures": 1}
    assert status["unparsed"] == []


def test_terminal_log():
    log = (
        "R1>show cns image connections\r\nConnection attempts    3\r\n --More-- \b\b\b\b\b\r\n"
        "never connected:1   Abrupt disconnect:2\r\nR1>"
    )
    connections = show.image_connections(log)
    assert connections == {
        "attempts": 3,
        "never_connected": 1,
        "abrupt_disconnects": 2,
        "last_success": None,
        "unparsed": [],
    }


def test_what_steers_a_terminal_is_no_part_of_the_answer():
    assert show.image_connections("\x1b[KConnection attempts\x1b[0m 3\r\n\x1b[2K\x1b[1;31mnever connected:1")["unparsed"] == []
    assert show.boot("\x1b[?25hBOOT variable = flash:a;\x1b[K")["images"] == ["flash:a"]


REPORT = (
    "<imageInventoryReport><deviceName><imageID>R1</imageID><hostName>R1</hostName></deviceName>"
    "<versionString>Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M9, RELEASE SOFTWARE (fc1)"
    "</versionString><imageFile>flash:c2900-universalk9-mz.SPA.157-3.M9.bin</imageFile></imageInventoryReport>"
)
FACTS = {
    "image_id": "R1",
    "host_name": "R1",
    "version": "15.7(3)M9",
    "image_file": "flash:c2900-universalk9-mz.SPA.157-3.M9.bin",
}


@pytest.mark.parametrize("width", range(7, 130))
@pytest.mark.parametrize("prompt", ["", "\nR1#", "\nR1>"])
def test_inventory_wrapped_at_any_width(width, prompt):
    wrapped = "\n".join(REPORT[at : at + width] for at in range(0, len(REPORT), width))
    inventory = show.image_inventory("Inventory Report\n" + wrapped + prompt)
    assert {key: inventory[key] for key in FACTS} == FACTS
    assert inventory["raw"].replace("\n", "").replace(" ", "") == REPORT.replace(" ", "")
    assert inventory["unparsed"] == []


@pytest.mark.parametrize("cut", range(len(REPORT)))
def test_inventory_cut_anywhere(cut):
    inventory = show.image_inventory(REPORT[:cut])
    for key in ("image_id", "host_name", "image_file"):
        assert FACTS[key].startswith(inventory[key] or "")
    assert bool(inventory["unparsed"]) == (cut > 0 and REPORT[cut - 1] != ">")


def test_inventory_that_is_not_well_formed():
    inventory = show.image_inventory(
        "Report of today\n<?xml version='1.0'?><imageInventoryReport><imageID type=\"a\">R&amp;D</imageID>"
        "<hostName/><odd><imageFile>flash:x</wrong>"
    )
    assert inventory["image_id"] == "R&D"
    assert inventory["host_name"] is None
    assert inventory["version"] is None
    assert inventory["image_file"] == "flash:x"
    assert inventory["unparsed"] == ["Report of today"]


def test_the_version_of_the_licence_is_no_release():
    banner = (
        "Cisco IOS Software [Everest], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.6.4, RELEASE SOFTWARE (fc3) "
        "Technical Support: http://www.cisco.com/techsupport Cisco IOS-XE software, Copyright (c) 2005-2018 by cisco Systems, "
        'Inc. All rights reserved. Certain components are licensed under the GNU General Public License ("GPL") Version 2.0. '
        "The software code licensed under GPL Version 2.0 is free software"
    )
    report = "<imageInventoryReport><versionString>%s</versionString></imageInventoryReport>" % banner
    assert show.image_inventory(report)["version"] == "16.6.4"


def test_version_without_ios_line_is_the_ios_xe_version():
    parsed = show.version("Cisco IOS XE Software, Version 03.16.10.S - Extended Support Release")
    assert (parsed["version"], parsed["xe_version"]) == ("03.16.10.S", "03.16.10.S")


@pytest.mark.parametrize(
    "uptime, seconds",
    [
        ("0 minutes", 0),
        ("1 minute", 60),
        ("1 day, 1 hour", 90000),
        ("3 weeks, 10 seconds", 1814410),
        ("2 years, 1 minute", 63072060),
        ("unknown", None),
    ],
)
def test_uptime(uptime, seconds):
    assert show.version("R1 uptime is " + uptime)["uptime_seconds"] == seconds


@pytest.mark.parametrize(
    "text, images",
    [
        ("BOOT variable does not exist", []),
        ("BOOT variable = ", []),
        ("BOOT path-list :", []),
        ("BOOT path-lists:", []),
        ("BOOT path-lists:      flash:/a.bin", ["flash:/a.bin"]),
        ("BOOT variable = flash:a.bin,12;flash:b.bin,12;", ["flash:a.bin", "flash:b.bin"]),
        ("BOOT path-list : flash:/a/a.bin; flash:b.bin", ["flash:/a/a.bin", "flash:b.bin"]),
        ('BOOT variable = "flash:a.bin;"', ["flash:a.bin"]),
        ("BOOT variable = ,12; ;flash:a.bin", ["flash:a.bin"]),
        ("BOOT variable = flash:,1;", ["flash:"]),
        ("BOOT variable = flash:a.bin,12;\r\n    flash:b.bin,12;\r\n", ["flash:a.bin", "flash:b.bin"]),
        ("Current Boot Variables:\nBOOT variable = flash:a;\n\nBoot Variables on next reload:\nBOOT variable does not exist", []),
    ],
)
def test_boot_list(text, images):
    parsed = show.boot(text)
    assert parsed["images"] == images
    assert parsed["unparsed"] == []


def test_empty_directory():
    parsed = show.directory("Directory of flash:/\n\nNo files in directory\n\n4096 bytes total (1024 bytes free)")
    assert parsed == {"path": "flash:/", "files": [], "total": 4096, "free": 1024, "unparsed": []}


@pytest.mark.parametrize(
    "text, time, authoritative",
    [
        ("R1#show clock\n11:45:02.123 UTC Mon May 6 2003\nR1#", "2003-05-06T11:45:02.123+00:00", True),
        (".11:45:02 UTC Mon May 6 2003", "2003-05-06T11:45:02+00:00", True),
        ("*11:45:02 UTC Mon May 6 2003", "2003-05-06T11:45:02+00:00", False),
        ("clock is unset", None, None),
    ],
)
def test_clock(text, time, authoritative):
    parsed = show.clock(text)
    assert (parsed["time"], parsed["authoritative"]) == (time, authoritative)


def test_tables_that_were_not_printed_count_as_unknown():
    refused = "% CDP is not enabled"
    assert show.cdp_neighbors(refused) is None
    assert show.route_count(refused) is None
    assert show.interfaces_up(refused) == {"up": None, "total": None, "unparsed": [refused]}


def test_cdp_neighbors_counted_by_the_device_or_by_row():
    table = recorded("ios-15.7/show_cdp_neighbors")
    assert show.cdp_neighbors(table + "\nTotal cdp entries displayed : 17") == 17
    assert show.cdp_neighbors(table.split("distribution")[0]) == 0


MARKER = "% Invalid input detected at '^' marker."


@pytest.mark.parametrize(
    "text",
    [
        "             ^\n" + MARKER,
        "R1#show cns image status\r\n              ^\r\n" + MARKER + "\r\n\r\nR1#",
        "cns image retrieve\n      ^\n" + MARKER + "\n\nR1#",
        "% Incomplete command.",
        '% Ambiguous command:  "sh c"',
        "% Unrecognized command",
        "   ^",
        'Translating "cnss"...domain server (255.255.255.255)\n'
        "% Unknown command or computer name, or unable to find computer address",
    ],
)
def test_refusals(text):
    assert show.unsupported(text) is True


@pytest.mark.parametrize(
    "text, wants_more",
    [
        ("% Incomplete command.", True),
        ("R1#show boot\r\n% Incomplete command.\r\n\r\nR1#", True),
        ('% Ambiguous command:  "show boot"', False),
        ("      ^\n" + MARKER, False),
        ("BOOT variable = flash:a;\nManual Boot = no\n% Incomplete command.", False),
    ],
)
def test_a_command_that_wants_more_words_is_known(text, wants_more):
    assert show.incomplete(text) is wants_more


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Last error: " + MARKER,
        "Last upgrade started at never\nNumber of failed upgrades: 1\n" + MARKER,
        MARKER + "\nwas printed by an earlier command\nand is history",
        "% Authentication failed",
        recorded("ios-12.3/show_cns_image_status"),
    ],
)
def test_answers_that_are_no_refusals(text):
    assert show.unsupported(text) is False


@pytest.mark.parametrize(
    "command, parser",
    [
        ("show cns image status", show.image_status),
        ("sh cns im st", show.image_status),
        ("SHOW CNS IMAGE INVENTORY", show.image_inventory),
        ("show version | include uptime", show.version),
        ("dir", show.directory),
        ("dir bootflash:/images", show.directory),
        ("sh boo", show.boot),
        ("sh c i i", show.image_inventory),
        ("sh ip i b", show.interfaces_up),
        ("show cns", None),
        ("show cns image stat us", None),
        ("sh c i", None),
        ("sh", None),
        ("", None),
        ("|", None),
    ],
)
def test_parser_for(command, parser):
    assert show.parser_for(command) is parser


CODE_NAMES = ("Denali", "Everest", "Fuji", "Gibraltar", "Amsterdam", "Bengaluru", "Cupertino", "Dublin")
BANNER = "Cisco IOS Software%s, Catalyst L3 Switch Software (CAT3K_CAA-UNIVERSALK9-M), Version %s, RELEASE SOFTWARE (fc2)"


@pytest.mark.parametrize("name", CODE_NAMES)
@pytest.mark.parametrize(
    "product, version", [("", "{} 16.2.2"), (" [{}]", "16.2.2"), ("", "[{}] 16.2.2"), (" [{}]", "{} 16.2.2"), ("", "16.2.2 [{}]")]
)
def test_the_name_of_a_release_is_no_version(name, product, version):
    banner = BANNER % (product.format(name), version.format(name))
    assert show.version(banner)["version"] == "16.2.2"
    assert show.version("Cisco IOS XE Software, Version " + version.format(name))["xe_version"] == "16.2.2"
    report = "<imageInventoryReport><versionString>%s</versionString></imageInventoryReport>" % banner
    assert show.image_inventory(report)["version"] == "16.2.2"


LICENSE = (
    'Certain components of Cisco IOS-XE software are\nlicensed under the GNU General Public License ("GPL") Version 2.0.  The\n'
    "software code licensed under GPL Version 2.0 is free software that comes\nwith ABSOLUTELY NO WARRANTY."
)
BOOTSTRAP = "ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)"


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize(
    "banner, version",
    [
        ("Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.5, RELEASE SOFTWARE", "16.9.5"),
        ("Cisco IOS Software, IOS-XE Software (X86_64), Experimental Version 15.4(3)S5, RELEASE SOFTWARE (fc2)", "15.4(3)S5"),
        ("Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M5, RELEASE SOFTWARE (fc1)", "15.7(3)M5"),
        ("Cisco IOS Software, ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version Denali 16.2.2, RELEASE SOFTWARE", "16.2.2"),
    ],
)
def test_the_version_of_a_license_or_of_a_bootstrap_is_not_that_of_the_release(banner, version, wrapped):
    lines = "\n".join(("Cisco IOS XE Software, Version 16.09.05", banner, "Compiled Thu 30-Jan-20 18:53", LICENSE, BOOTSTRAP))
    lines = re.sub("(.{80})", r"\1\n", lines) if wrapped else lines
    report = "<imageInventoryReport><versionString>%s</versionString></imageInventoryReport>" % lines
    assert show.image_inventory(report)["version"] == version


@pytest.mark.parametrize(
    "line, model, memory",
    [
        ("cisco WS-C3650-24TS (MIPS) processor with 4194304K bytes of physical memory.", "WS-C3650-24TS", 4194304),
        ("Cisco CISCO2911/K9 (revision 1.0) with 487424K/36864K bytes of memory.", "CISCO2911/K9", 524288),
        ("Cisco 2811 (revision 49.46) with 247808K/14336K bytes of memory.", "2811", 262144),
        ("cisco CSR1000V (VXE) processor (revision VXE) with 2392579K/3075K bytes of memory.", "CSR1000V", 2395654),
        ("cisco IE-3000-8TC (PowerPC405) processor (revision G0) with 131072K bytes of memory.", "IE-3000-8TC", 131072),
        ("cisco Catalyst 6000 (R7000) processor with 112640K/18432K bytes of memory.", "Catalyst 6000", 131072),
        ("Allen-Bradley 1783-CMS10DP (ARM) processor (revision V00) with 634859K/6147K bytes of memory.", "1783-CMS10DP", 641006),
        ("Rockwell Automation 1783-BMS10CGL (PowerPC405) processor with 131072K bytes of memory.", "1783-BMS10CGL", 131072),
        ("nobody knows (this) device", None, None),
    ],
)
def test_the_line_of_the_processor(line, model, memory):
    parsed = show.version(line)
    assert (parsed["model"], parsed["memory_kb"]) == (model, memory)


@pytest.mark.parametrize(
    "line, manual",
    [
        ("Manual Boot         : yes", True),
        ("Manual Boot = yes", True),
        ("MANUAL_BOOT variable = yes", True),
        ("MANUAL_BOOT variable = 1", True),
        ("Manual Boot : enabled", True),
        ("manual boot = on", True),
        ("Manual Boot         : no", False),
        ("MANUAL_BOOT variable = no", False),
        ("MANUAL_BOOT variable = 0", False),
        ("MANUAL_BOOT variable does not exist", False),
        ("MANUAL_BOOT variable =", None),
        ("Enable Break = yes", None),
    ],
)
def test_manual_boot(line, manual):
    assert show.boot(line)["manual_boot"] is manual


@pytest.mark.parametrize("source", ["Time source is NTP, 18", "Time source is hardware calendar, .18", "No time source, *18"])
@pytest.mark.parametrize("path", RECORDED, ids=["%s/%s" % (path.parent.name, path.stem) for path in RECORDED])
def test_what_exec_prompt_timestamp_prints_is_no_part_of_an_answer(path, source):
    heading = "Load for five secs: 1%%/0%%; one minute: 2%%; five minutes: 3%%\n%s:56:04.554 EST Mon Oct 17 2016\n\n" % source
    parse, text = show.parser_for(path.stem.replace("_", " ")), path.read_text()
    if parse is show.clock:
        text = "Time source is NTP\n" + text
    assert parse(heading + text) == parse("R1#show it\n" + heading + text + "R1#") == parse(text)


def test_the_heading_tells_the_source_of_the_time():
    heading = "Load for five secs: 1%/0%; one minute: 2%; five minutes: 3%\n"
    assert show.clock(heading + "Time source is NTP, 18:56:04.554 EST Mon Oct 17 2016")["source"] == "NTP"
    assert show.clock(heading + "No time source, *18:56:04.554 EST Mon Oct 17 2016")["source"] is None


def test_messages_of_the_system_log_are_no_part_of_an_answer():
    message = "*Nov 25 17:00:00.123: %SYS-5-CONFIG_I: Configured from console by lab on vty0\n"
    for path in RECORDED:
        parse, text = show.parser_for(path.stem.replace("_", " ")), path.read_text()
        assert parse(message.join(text.splitlines(True)) + message) == parse(text)


def test_a_long_line_is_kept_and_not_looked_at():
    line = "Number of failed upgrades: 1" + " " * 4000 + "x"
    status = show.image_status(line + "\nmessages received: 7")
    assert (status["failed"], status["messages_received"], status["unparsed"]) == (None, 7, [line])
    assert (
        show.http_client(line)["unparsed"] == show.interfaces_up(line)["unparsed"] == show.directory(line)["unparsed"] == [line]
    )


def test_a_directory_of_an_old_device_tells_what_is_used():
    parsed = show.directory("-#- ED --type-- --crc---\n1641952 bytes available (14087200 bytes used)")
    assert (parsed["free"], parsed["total"]) == (1641952, 15729152)


SECTION = "-------------------\nSwitch %s\n-------------------\n"
BLANK, NAMED = "BOOT path-list      : \nManual Boot         : no\n", "BOOT path-list      : a.bin\nManual Boot         : yes\n"
NEXT = (
    "Current Boot Variables:\nBOOT variable = flash:now;\n\n"
    "Boot Variables on next reload:\nBOOT variable = flash:%s;\nManual Boot = %s\n"
)
VARIABLES = (
    "BOOT variable = flash:a;\nMANUAL_BOOT variable = no\n\n"
    "Standby BOOT variable = flash:b;\nStandby MANUAL_BOOT variable = yes\n"
)


@pytest.mark.parametrize(
    "text, first, members",
    [
        (BLANK, ([], False), []),
        (NAMED, (["a.bin"], True), []),
        (BLANK + SECTION % 2 + NAMED, ([], False), [(None, [], False), ("2", ["a.bin"], True)]),
        (NAMED + SECTION % 1 + BLANK, (["a.bin"], True), [(None, ["a.bin"], True), ("1", [], False)]),
        ((SECTION + BLANK) % 1 + SECTION % 2 + NAMED, ([], False), [("1", [], False), ("2", ["a.bin"], True)]),
        (SECTION % "02" + NAMED, (["a.bin"], True), [("2", ["a.bin"], True)]),
        (BLANK + SECTION % "2:" + NAMED, ([], False), [(None, [], False), ("2", ["a.bin"], True)]),
        ("Boot variables of the stack\n" + SECTION % 1 + NAMED, (["a.bin"], True), [("1", ["a.bin"], True)]),
        (
            (SECTION + NEXT) % (1, "b", "no") + (SECTION + NEXT) % (2, "c", "yes"),
            (["flash:b"], False),
            [("1", ["flash:b"], False), ("2", ["flash:c"], True)],
        ),
        (VARIABLES, (["flash:a"], False), [(None, ["flash:a"], False), ("standby", ["flash:b"], True)]),
        ("BOOT variable = flash:a;\nStandby not ready to show bootvar", (["flash:a"], None), []),
    ],
)
def test_what_each_member_of_a_stack_boots(text, first, members):
    parsed = show.boot(text)
    assert (parsed["images"], parsed["manual_boot"]) == first
    assert [(one["member"], one["images"], one["manual_boot"]) for one in parsed["members"]] == members


@pytest.mark.parametrize(
    "line, register",
    [
        ("Standby Configuration register is 0x2142", "0x2142"),
        ("Standby Configuration register is 0x2142  (will be 0x2102 at next reload)", "0x2102"),
        ("Standby CONFIG_FILE variable does not exist", None),
    ],
)
def test_the_register_of_the_standby_is_not_that_of_the_one_that_answers(line, register):
    parsed = show.boot("BOOT variable = flash:a;\nConfiguration register is 0x2102\nStandby BOOT variable = flash:a;\n" + line)
    assert (parsed["config_register"], parsed["config_register_next"]) == ("0x2102", None)
    assert [one["config_register"] for one in parsed["members"]] == ["0x2102", register]
    assert line not in parsed["unparsed"] or register is None


TABLE = "Switch Ports Model                     SW Version            SW Image\n------ ----- -----      ----------   ----------\n"


@pytest.mark.parametrize(
    "row, member",
    [
        ("*    1 52    WS-C2960X-48TS-L          15.2(7)E8             C2960X-UNIVERSALK9-M", ("1", True, "15.2(7)E8", None)),
        ("     9 28    WS-C3750G-24TS     12.2(25)SEE2          C3750-IPBASEK9-M ", ("9", False, "12.2(25)SEE2", None)),
        ("*    3 62    WS-C3650-48PD      Denali               CAT3K", None),
        ("*    1 34    C9500-32C          17.12.03          CAT9K_IOSXE           INSTALL", ("1", True, "17.12.03", "INSTALL")),
        ("     2 34    C9500-32C          17.12.03          CAT9K_IOSXE           bundle", ("2", False, "17.12.03", "BUNDLE")),
    ],
)
def test_a_row_of_the_table_of_switches(row, member):
    found = [(one["switch"], one["active"], one["version"], one["mode"]) for one in show.version(TABLE + row)["members"]]
    assert found == ([member] if member else [])
    assert show.version(row)["members"] == []


def test_another_member_does_not_tell_why_the_switch_that_answers_was_reloaded():
    head = "lab uptime is 1 day\nSystem returned to ROM by power-on\n"
    other = "Switch 02\n---------\nSwitch uptime : 2 days\nLast reload reason : Stack merge\n\nConfiguration register is 0xF\n"
    parsed = show.version(head + other)
    assert (parsed["reload_reason"], parsed["config_register"]) == ("power-on", "0xF")
    assert show.version(head + "Last reload reason: Reload command\n" + other)["reload_reason"] == "Reload command"
    assert show.version(other)["reload_reason"] is None


@pytest.mark.parametrize(
    "row, switch, active, state",
    [
        ("*1       Master 0200.0000.0201     15     0       Ready               ", "1", True, "Ready"),
        (" 2       Member 0200.0000.0202     1      1       Version Mismatch    ", "2", False, "Version Mismatch"),
        (" 3       Member 0000.0000.0000     0              Provisioned", "3", False, "Provisioned"),
        ("*2       Active   0200.0000.0201     15     V02     Ready", "2", True, "Ready"),
        (" 4       Member   0200.0000.0204     1      V01     HA sync in progress", "4", False, "HA sync in progress"),
        (" 4       Member   0200.0000.0204     1              V-Mismatch", "4", False, "V-Mismatch"),
    ],
)
def test_a_row_of_show_switch(row, switch, active, state):
    (found,) = show.switches("Switch#   Role    Mac Address     Priority Version  State \n" + row)
    assert (found["switch"], found["active"], found["state"]) == (switch, active, state)


def test_a_file_may_have_a_long_number():
    row = "1099511627776  -rw-        12   Nov 27 2026 10:00:00 +00:00  a.bin"
    assert [one["name"] for one in show.directory(row)["files"]] == ["a.bin"]


# The lines that matter of one device each, in the form of its family: software, image, processor, serial number, register.
FAMILIES = {
    "a special build": (
        "Cisco IOS XE Software, Version V169_5_SR6\n"
        "Cisco IOS Software [Fuji], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 16.9.5, CUST-SPECIAL:V169_5_SR6\n"
        "System returned to ROM by Reload Command at 22:09:11 NZST Wed May 1 2019",
        dict(version="16.9.5", xe_version="V169_5_SR6", reload_reason="Reload Command"),
    ),
    "an experimental build": (
        "Cisco IOS Software [], Catalyst L3 Switch Software (CAT9K_IOSXE), Experimental Version 17.8.20211003:014100 [BLD 100]\n"
        "BOOTLDR: Version 0.0.24 [DEVELOPMENT SOFTWARE] crashkernel=64M",
        dict(version="17.8.20211003:014100", xe_version=None),
    ),
    "catalyst 6500": (
        "Cisco Internetwork Operating System Software\n"
        "IOS (tm) s72033_rp Software (s72033_rp-ADVENTERPRISEK9_WAN-M), Version 12.2(18)SXF7, RELEASE SOFTWARE (fc1)\n"
        "BOOTLDR: s72033_rp Software (s72033_rp-ADVENTERPRISEK9_WAN-M), Version 12.2(18)SXF6, RELEASE SOFTWARE (fc1)\n"
        "core uptime is 10 weeks, 5 days\nTime since core switched to active is 9 weeks\n"
        "System returned to ROM by  power cycle at 21:57:23 UTC Sat Aug 28 2010 (SP by power on)\n"
        'System image file is "disk0:s72033-adventerprisek9_wan-mz.122-18.SXF7"\n'
        "cisco WS-C6503-E (R7000) processor (revision 1.4) with 983008K/65536K bytes of memory.\nProcessor board ID FXS0000LAB1",
        dict(version="12.2(18)SXF7", model="WS-C6503-E", memory_kb=1048544, reload_reason="power cycle", hostname="core")
        | dict(image_file="disk0:s72033-adventerprisek9_wan-mz.122-18.SXF7", serial="FXS0000LAB1"),
    ),
    "catalyst 4500 that tells no image": (
        "Cisco IOS Software, IOS-XE Software, Catalyst 4500 L3 Switch Software (cat4500e-UNIVERSALK9-M), "
        "Version 03.03.02.SG RELEASE SOFTWARE (fc1)\nROM: 15.0(1r)SG5\nlab uptime is 6 years, 2 weeks\n"
        "System returned to ROM by SSO Switchover\nRunning default software\n"
        "cisco WS-C4507R+E (MPC8572) processor (revision 10) with 2097152K/20480K bytes of memory.\nLast reset from Reload\n"
        "Configuration register is 0x2101 (will be 0x2102 at next reload)",
        dict(version="03.03.02.SG", image_file=None, model="WS-C4507R+E", memory_kb=2117632, reload_reason="SSO Switchover")
        | dict(config_register="0x2101", config_register_next="0x2102"),
    ),
    "asr 1000 with ios xe 2": (
        "Cisco IOS Software, IOS-XE Software (PPC_LINUX_IOSD-ADVENTERPRISEK9-M), Version 12.2(33)XND2, RELEASE SOFTWARE (fc1)\n"
        "IOS XE Version: 02.04.02.12.2.33.XND2\ncisco ASR1004 (RP1) processor with 1788528K/6147K bytes of memory.\n"
        "4194303K bytes of physical memory.",
        dict(version="12.2(33)XND2", xe_version="02.04.02.12.2.33.XND2", model="ASR1004", memory_kb=4194303),
    ),
    "access point": (
        "Cisco IOS Software, C1140 Software (C1140-K9W7-M), Version 12.4(25d)JA1, RELEASE SOFTWARE (fc1)\n"
        'System image file is "flash:/c1140-k9w7-mx.124-25d.JA1/c1140-k9w7-mx.124-25d.JA1"\n'
        "cisco AIR-LAP1142N-E-K9    (PowerPC405ex) processor (revision B0) with 98294K/32768K bytes of memory.",
        dict(version="12.4(25d)JA1", model="AIR-LAP1142N-E-K9", memory_kb=131062)
        | dict(image_file="flash:/c1140-k9w7-mx.124-25d.JA1/c1140-k9w7-mx.124-25d.JA1"),
    ),
    "7200 that was emulated": (
        "Cisco IOS Software, 7200 Software (C7200-ADVENTERPRISEK9-M), Version 15.2(4)M7, RELEASE SOFTWARE (fc2)\n"
        "System returned to ROM by unknown reload cause - suspect boot_data[BOOT_COUNT] 0x0, BOOT_COUNT 0, BOOTDATA 19\n"
        'System image file is "tftp://255.255.255.255/unknown"\n'
        "Cisco 7206VXR (NPE400) processor (revision A) with 491520K/32768K bytes of memory.",
        dict(version="15.2(4)M7", model="7206VXR", memory_kb=524288, image_file="tftp://255.255.255.255/unknown")
        | dict(reload_reason="unknown reload cause - suspect boot_data[BOOT_COUNT] 0x0, BOOT_COUNT 0, BOOTDATA 19"),
    ),
    "1801": (
        "Cisco IOS Software, C180X Software (C180X-ADVIPSERVICESK9-M), Version 12.4(6)T2, RELEASE SOFTWARE (fc1)\n"
        "Cisco 1801 (MPC8500) processor (revision 0x400) with 118784K/12288K bytes of memory.\n"
        "Processor board ID FHK0000LAB1, with hardware revision 0000",
        dict(version="12.4(6)T2", model="1801", memory_kb=131072, serial="FHK0000LAB1"),
    ),
    "a crash": (
        "System returned to ROM by Critical software exception, check bootflash:crashinfo_RP_00 at 14:30:28 PST Tue Nov 30 2021\n"
        "Last reload reason: Critical software exception, check bootflash:crashinfo_RP_00",
        dict(reload_reason="Critical software exception, check bootflash:crashinfo_RP_00"),
    ),
    "a crash of classic ios": (
        "System returned to ROM by error - a Software forced crash, PC 0x6012A344 at 10:12:13 UTC Mon Mar 1 2010",
        dict(reload_reason="error - a Software forced crash, PC 0x6012A344"),
    ),
    "a virtual switch": (
        "Cisco IOS Software, vios_l2 Software (vios_l2-ADVENTERPRISEK9-M), Experimental Version 15.2(20200924:215240) [lab 135]\n"
        "Cisco IOSv () processor (revision 1.0) with 935161K/111616K bytes of memory.",
        dict(version="15.2(20200924:215240)", model="IOSv", memory_kb=1046777),
    ),
    "a virtual router": (
        "Cisco IOSv (revision 1.0) with  with 460009K/62464K bytes of memory.\nProcessor board ID 9FZ3ZSOBLAHDBM4SA3SDC",
        dict(model="IOSv", memory_kb=522473, serial="9FZ3ZSOBLAHDBM4SA3SDC"),
    ),
}


@pytest.mark.parametrize("text, known", FAMILIES.values(), ids=FAMILIES)
def test_a_family_prints_its_version_in_its_own_form(text, known):
    parsed = show.version(text)
    assert {name: parsed[name] for name in known} == known
