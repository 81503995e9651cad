# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions: prompts, modes, editing, paging, filters, questions, and the faults a session suffers."""

from __future__ import annotations

import asyncio
import time

import pytest

from ansible_collections.cns.image_agent.tests.unit.lab.device_session import Session, with_session
from lab.device.passwords import decrypt_type7, encrypt_type7
from lab.faults import Scripted


def test_prompts_follow_the_mode():
    async def scenario(session):
        prompts = []
        for line in (
            "disable",
            "enable",
            "enable-pw",
            "configure terminal",
            "hostname Core-1",
            "interface gi0/1",
            "kron policy-list p",
            "kron occurrence o in 5 oneshot",
            "crypto pki trustpoint t",
            "exit",
            "end",
        ):
            prompts.append((await session.type(f"{line}\r")).rpartition("\n")[2])
        return prompts

    assert with_session(scenario) == [
        "R1>",
        "Password: ",
        "R1#",
        "R1(config)#",
        "Core-1(config)#",
        "Core-1(config-if)#",
        "Core-1(config-kron-policy)#",
        "Core-1(config-kron-occurrence)#",
        "Core-1(ca-trustpoint)#",
        "Core-1(config)#",
        "Core-1#",
    ]


def test_enable_asks_three_times_and_echoes_nothing():
    async def scenario(session):
        return await session.type("enable\rwrong\rwrong\rwrong\r"), await session.type("enable\renable-pw\rshow privilege\r")

    refused, accepted = with_session(scenario, privilege=1)
    assert refused == "enable\nPassword: \nPassword: \nPassword: \n% Bad secrets\n\nR1>"
    assert accepted == "enable\nPassword: \nR1#show privilege\nCurrent privilege level is 15\nR1#"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("show vresion\r", "show vresion\n         ^\n% Invalid input detected at '^' marker.\n\nR1#"),
        ("show\r", "show\n% Incomplete command.\n\nR1#"),
        ("c\r", 'c\n% Ambiguous command:  "c"\nR1#'),
        ("\r", "\nR1#"),
        ("! a remark\r", "! a remark\nR1#"),
        ("cloc\b\b\b\b\bshow privX\x7f\r", "cloc\b \b\b \b\b \b\b \bshow privX\b \b\nCurrent privilege level is 15\nR1#"),
        ("show privilege\r\nshow privilege\n", "show privilege\nCurrent privilege level is 15\nR1#" * 2),
    ],
)
def test_what_a_line_prints(typed, answer):
    async def scenario(session):
        return await session.type(typed)

    assert with_session(scenario) == answer


def test_a_question_mark_helps_and_leaves_the_line():
    async def scenario(session):
        return await session.type("show cl?"), await session.type("ock de\t\r")

    help_text, rest = with_session(scenario)
    assert help_text == "show cl?\n  clock\n\nR1#show cl"
    assert rest.startswith("ock detail \n") and "Time source is NTP" in rest


def test_the_last_line_can_be_recalled():
    async def scenario(session):
        await session.send("show privilege")
        return await session.type("\x1b[A\r")

    assert "show privilege\nCurrent privilege level is 15" in with_session(scenario)


def test_a_recalled_line_takes_the_place_of_what_was_typed_in_the_same_breath():
    async def scenario(session):
        await session.send("show privilege")
        return await session.type("xyz\x1b[A\r")

    line = with_session(scenario).split("\n")[0]
    assert line.endswith("R1#show privilege") and not line.startswith("xyz")


@pytest.mark.parametrize("keys", ["\x1a", "\x03", "end\r"])
def test_ways_out_of_configuration(keys):
    async def scenario(session):
        await session.send("configure terminal", "interface gi0/1")
        return await session.type(keys)

    assert with_session(scenario).endswith("\nR1#")


def test_control_z_runs_the_line_first():
    async def scenario(session):
        await session.send("configure terminal")
        await session.type("hostname Other\x1a")
        return session.shell.prompt

    assert with_session(scenario) == "Other#"


def test_a_submode_is_left_by_a_global_command():
    async def scenario(session):
        await session.send("configure terminal", "interface gi0/1")
        answer = await session.send("bogus line")
        await session.send("cns image retry 5")
        return answer, session.shell.mode

    answer, mode = with_session(scenario)
    assert "% Invalid input" in answer
    assert mode == "config"


def test_do_runs_privileged_commands():
    async def scenario(session):
        await session.send("configure terminal")
        good = await session.send("do show privilege")
        bad = await session.type("do show nothing\r")
        return good, bad, session.shell.mode

    good, bad, mode = with_session(scenario)
    assert good == "Current privilege level is 15\n"
    assert bad.splitlines()[1] == " " * len("R1(config)#do show ") + "^"
    assert mode == "config"


@pytest.mark.parametrize(
    ("filter_", "lines"),
    [
        ("include ^hostname", ["hostname R1"]),
        ("i hostname|domain name", ["hostname R1", "ip domain name lab.example"]),
        ("section interface GigabitEthernet0/1$", ["interface GigabitEthernet0/1", " no ip address", " shutdown"]),
        ("section ip address 127", ["interface GigabitEthernet0/0", " ip address 127.0.0.1 255.0.0.0"]),
        ("begin line vty", ["line vty 0 15", " login local", " transport input ssh", "!", "end"]),
        ("count ^interface", ["Number of lines which match regexp = 4"]),
    ],
)
def test_filters(filter_, lines):
    async def scenario(session):
        return await session.send(f"show running-config | {filter_}")

    assert with_session(scenario).splitlines() == lines


def test_exclude_and_a_wrong_filter():
    async def scenario(session):
        excluded = await session.send("show running-config | exclude ^ |^!")
        return excluded, await session.type("show version | fetch x\r")

    excluded, wrong = with_session(scenario)
    assert "hostname R1" in excluded and "shutdown" not in excluded
    assert wrong.splitlines()[1] == " " * len("R1#show version | ") + "^"


def test_paging():
    async def scenario(session):
        await session.send("terminal length 10")
        first = await session.type("show running-config\r")
        one_more = await session.type("\r")
        page = await session.type(" ")
        rest = await session.type("q")
        return first, one_more, page, rest

    first, one_more, page, rest = with_session(scenario)
    assert first.endswith("\n --More-- ") and first.count("\n") == 10
    erased = "\b" * 10 + " " * 10 + "\b" * 10
    assert one_more.startswith(erased) and one_more.count("\n") == 1
    assert page.count("\n") == 9 and page.endswith(" --More-- ")
    assert rest == f"{erased}R1#"


def test_copy_asks_for_the_file_name_and_saves():
    async def scenario(session):
        await session.configure("hostname Other")
        unsaved = session.device.unsaved
        return unsaved, await session.type("copy run start\r\r"), session.device.unsaved

    unsaved, answer, still_unsaved = with_session(scenario)
    assert (unsaved, still_unsaved) == (True, False)
    assert "Destination filename [startup-config]? \nBuilding configuration...\n[OK]\n" in answer


def test_type_7_is_that_of_ios():
    assert decrypt_type7("02050D480809") == "cisco"
    assert decrypt_type7(encrypt_type7("s3cret!")) == "s3cret!"


def test_files():
    async def scenario(session):
        device = session.device
        device.flash.store("old.bin", 1000, "0123456789abcdef" * 2)
        listing = await session.send("dir flash:")
        verified = await session.send("verify /md5 flash:old.bin")
        missing = await session.send("verify /md5 flash:none.bin")
        await session.type("delete flash:old.bin\r\r\r")
        return listing, verified, missing, "old.bin" in device.flash.files, await session.send("show file systems")

    listing, verified, missing, kept, systems = with_session(scenario)
    assert "268435456 bytes total (234880024 bytes free)" in listing
    assert "verify /md5 (flash:old.bin) = 0123456789abcdef0123456789abcdef" in verified
    assert missing == "%Error opening flash:none.bin (No such file or directory)\n"
    assert not kept
    assert any(line.split()[2:] == ["opaque", "ro", "cns:"] for line in systems.splitlines())


def test_ping():
    async def scenario(session):
        return await session.send("ping 10.0.0.1"), await session.type("ping 10.0.0.2\r", pause=1.1)

    up, down = with_session(scenario)
    assert "!!!!!\nSuccess rate is 100 percent (5/5)" in up
    assert ".....\nSuccess rate is 0 percent (0/5)" in down


def test_the_lines_a_device_receives_are_kept():
    async def scenario(session):
        await session.configure("hostname X")
        return [(mode, line) for _time, mode, line in session.device.received]

    assert with_session(scenario) == [("privileged", "configure terminal"), ("config", "hostname X"), ("config", "end")]


def test_refused_lines():
    async def scenario(session):
        session.device.set_fault("refuse-line", "password")
        return await session.configure("cns image password x", "cns image retry 5"), await session.cns_lines()

    errors, shown = with_session(scenario)
    assert "% Invalid input detected" in errors
    assert shown == ["cns image retry 5"]


def test_latency():
    async def scenario(session):
        session.device.set_fault("latency", 0.05)
        started = time.monotonic()
        while "Current privilege" not in await session.type("show privilege\r", pause=0.06):
            pass
        return time.monotonic() - started

    assert 0.05 <= with_session(scenario) < 1


def test_a_stall_cuts_an_answer():
    async def scenario(session):
        session.device.set_fault("stall", (0.05, "answer"))
        first = await session.type("show version\r")
        return first, await session.type("", pause=0.1)

    first, rest = with_session(scenario)
    assert "IOS Software" in first and "Configuration register" not in first
    assert rest.endswith("Configuration register is 0x2102\n\nR1#")


def test_a_stall_may_look_like_the_prompt():
    async def scenario(session):
        session.device.set_fault("stall", (0.05, "prompt"))
        first = await session.type("show version\r")
        return first, await session.type("", pause=0.1)

    first, rest = with_session(scenario)
    assert first.endswith("\nR1#")
    assert "Configuration register" in rest


def test_a_stall_in_the_banner():
    async def scenario(session):
        session.device.set_fault("stall", (0.05, "banner"))
        other = Session(session.device)
        first = await other.type("")
        rest = await other.type("", pause=0.1)
        return first, rest, await other.send("show privilege")

    first, rest, answer = with_session(scenario)
    assert not first.endswith("#") and rest.endswith("R1#")
    assert answer == "Current privilege level is 15\n"


def test_a_session_drops_in_the_middle_of_a_command():
    async def scenario(session):
        session.device.set_fault("drop", "command")
        cut = await session.type("show version\r")
        other = Session(session.device)
        await other.type("")
        return cut, await other.send("show privilege")

    cut, answer = with_session(scenario)
    assert cut.endswith("<disconnected>") and "IOS Software" in cut and "Configuration register" not in cut
    assert answer == "Current privilege level is 15\n"


def test_a_clock_that_is_not_set_shows_a_star():
    async def scenario(session):
        session.device.set_fault("clock-unset", True)
        unset = await session.send("show clock")
        await session.send("clock set 10:00:00 6 May 2003")
        return unset, await session.send("show clock"), "clock-unset" in session.device.faults

    unset, set_, faulty = with_session(scenario)
    assert unset.startswith("*00:00:0") and unset.endswith("UTC Mon Mar 1 1993\n")
    assert set_.startswith("10:00:00.") and set_.endswith("UTC Tue May 6 2003\n")
    assert not faulty


def test_input_that_ends_is_still_answered():
    async def scenario(session):
        session.terminal.feed(b"show privilege\r")
        session.terminal.end_input()
        await asyncio.wait_for(session.task, 2)
        return session.printed

    assert "Current privilege level is 15" in with_session(scenario)


def with_fault(name, value, *lines):
    """What a device with a fault prints to each line, and its prompt at the end."""

    async def scenario(session):
        session.device.set_fault(name, value)
        return [await session.type(f"{line}\r", pause=0.02) for line in lines], session.shell.prompt

    return with_session(scenario)


def test_a_session_falls_to_user_exec_once():
    (first, second, third), prompt = with_fault("demote", Scripted("clock", left=1), "show clock", "enable", "enable-pw")
    assert first.endswith("\nR1>") and second.endswith("Password: ") and third.endswith("\nR1#")
    assert prompt == "R1#"


def test_somebody_else_renames_the_device():
    (answer,), prompt = with_fault("rename", Scripted("clock"), "show clock")
    assert answer.endswith(prompt) and prompt == "renamed-by-another#"


def test_what_looks_like_prompts_and_errors_stands_inside_of_what_is_shown_only():
    (shown, configured), _prompt = with_fault("look-alike", True, "show version", "configure terminal")
    assert "\nR1#\nR9>\n" in shown and "ERROR: not found\n" in shown and shown.count("Configuration register") == 1
    assert "R9>" not in configured


def test_garbage_stands_inside_of_what_is_shown():
    async def scenario(session):
        sent = []
        session.device.set_fault("garbage", True)
        session.terminal._send = sent.append
        session.terminal.feed(b"show version\r")
        for _turn in range(20):
            await asyncio.sleep(0)
        return b"".join(sent)

    printed = with_session(scenario)
    with pytest.raises(UnicodeDecodeError):
        printed.decode()
    assert b"\x00" in printed and b"\x1b[2J" in printed and printed.count(b"Configuration register") == 1


def test_answers_drip():
    async def scenario(session):
        session.device.set_fault("drip", 0.02)
        return await session.type("show privilege\r", pause=0.1), await session.type("", pause=1.5)

    begun, rest = with_session(scenario)
    assert len(begun) < len("show privilege\nCurrent privilege level is 15")
    assert rest.endswith("level is 15\nR1#")


def test_a_flood_ends_with_the_session():
    async def scenario(session):
        session.device.set_fault("flood", Scripted("clock"))
        shown = len(await session.type("show clock\r")), len(await session.type(""))
        session.terminal.hang_up()
        await asyncio.wait_for(session.task, 2)
        return shown

    first, more = with_session(scenario)
    assert first > 10000 and more > 10000


def test_a_flood_waits_for_who_reads():
    async def scenario(session):
        session.device.set_fault("flood", Scripted("clock"))
        session.terminal.has_room(False)
        await session.type("show clock\r")
        paused = len(await session.type(""))
        session.terminal.has_room(True)
        return paused, len(await session.type(""))

    paused, more = with_session(scenario)
    assert paused == 0 and more > 10000
