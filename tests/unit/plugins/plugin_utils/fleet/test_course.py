# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One device in the engine, played by a table of answers that changes when the retrieval is triggered."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from types import SimpleNamespace

import pytest

from ansible_collections.cns.image_agent.plugins.module_utils.device import Device, Rejected
from ansible_collections.cns.image_agent.plugins.module_utils.errors import DeviceAway
from ansible_collections.cns.image_agent.plugins.module_utils.outcome import Target
from ansible_collections.cns.image_agent.plugins.module_utils.preflight.checks import Wanted
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Request
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.course import Course, Order
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.targets import Image

INVALID = "          ^\n% Invalid input detected at '^' marker.\n"
OLD, NEW = "15.5(3)M2", "15.7(3)M9"
RUNNING = "version 15.5\nhostname R1\ncns image server http://127.0.0.1/\ncns image\nend\n"


def image_of(release):
    return "c2900-%s.bin" % re.sub(r"\W", "", release)


def show_version(release, up="5 minutes"):
    return (
        "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version %s, RELEASE SOFTWARE (fc1)\nR1 uptime is %s\n"
        'System image file is "flash:%s"\n\nCisco CISCO2911/K9 (revision 1.0) with 487424K/36864K bytes of memory.\n'
        "Configuration register is 0x2102\n" % (release, up, image_of(release))
    )


class Played:
    """A transport, a link and a scene in one."""

    check_mode = False

    def __init__(self, **changes):
        self.answers = {
            "show version": show_version(OLD),
            "show cns image status": "Last upgrade started at never\nNumber of failed upgrades: 0\n",
            "show cns image connections": "",
            "show startup-config": RUNNING,
            "show boot": "BOOT variable = flash:%s,1;\n" % image_of(OLD),
            "dir flash:": "Directory of flash:/\n\n    1  -rw-  1000   Mar 1 2022 10:00:00 +00:00  %s\n\n"
            "9000000 bytes total (8000000 bytes free)\n" % image_of(OLD),
            "show ip interface brief": "GigabitEthernet0/0  127.0.0.1  YES NVRAM  up  up\n",
            "show ip route summary": "Total  4  2  0  432  1152\n",
            "show cdp neighbors": "",
            "ping 127.0.0.1": "Success rate is 100 percent (5/5), round-trip min/avg/max = 1/1/4 ms",
            "cns image retrieve": "",
            "write memory": "Building configuration...\n[OK]",
        }
        self.answers.update({name.replace("_", " "): text for name, text in changes.items()})
        self.after = {"show version": show_version(NEW, "1 minute")}
        self.sent, self.notes, self.warnings, self.logins, self.now = [], [], [], 0, 1000.0
        self.target = Target(None, None)
        self._device = None
        self.messages, self.names, self.since = None, [], None

    # -- the transport

    async def get(self, command, **asking):
        self.sent.append(command)
        if command.startswith("show running-config"):
            said = self.answers.get("show running-config", RUNNING)
        else:
            said = self.answers.get(command, INVALID)
        if isinstance(said, Exception):
            raise said
        if command == "cns image retrieve":
            self.answers.update(self.after)
        if said == INVALID:
            raise Rejected("%s\n%sR1#" % (command, INVALID))
        return said

    # -- the link

    async def device(self):
        if self._device is None:
            self.logins += 1
            self._device = Device(self)
        return self._device

    def is_open(self):
        return self._device is not None

    async def close(self):
        self._device = None

    # -- the scene

    def time(self):
        return self.now

    monotonic = time

    async def sleep(self, seconds):
        self.now += seconds

    def random(self):
        return 0.5

    def tell(self, phase, elapsed, detail):
        pass

    def known_as(self, name):
        self.names.append(name)

    def posted(self, since):
        self.since = since
        return self.messages

    def warn(self, text):
        self.warnings.append(text)

    def note(self, step, **data):
        self.notes.append(SimpleNamespace(step=step, target=self.target, **data))

    # -- what the tests ask

    def steps(self):
        return [note.step for note in self.notes]

    def triggers(self):
        return self.sent.count("cns image retrieve")


WANTED = Wanted(Target(None, None), None, None, 1000, None, False, None, None, [])
ORDER = Order(Image(Target(NEW, None)), Request(Target(None, None), timeout=600, interval=15), WANTED, save=True)


def run(played, **changes):
    return asyncio.run(Course(dataclasses.replace(ORDER, **changes), played, played).run())


def test_from_preflight_to_proof():
    played = Played()
    report = run(played)
    assert report.ended.verdict.outcome == "success"
    assert played.triggers() == 1
    assert played.steps() == ["preflight", "snapshot", "triggering", "triggered", "ended", "checked"]
    assert {note.target for note in played.notes} == {Target(NEW, None)}
    assert played.logins == 2  # one before the reload, one after
    assert played.sent.index("write memory") < played.sent.index("cns image retrieve")
    assert [(found["what"], found["verdict"]) for found in report.differences] == [("version", "expected"), ("image", "expected")]
    assert report.findings and all(finding["severity"] != "block" for finding in report.findings)


POLL = ["show version", "show cns image status", "show cns image connections"]
PREFLIGHT = ["show running-config", "show startup-config", "show boot", "dir flash:", "ping 127.0.0.1"]
SNAPSHOT = ["show ip interface brief", "show ip route summary", "show cdp neighbors"]
TRIGGER = ["show cns image status", "cns image retrieve"]
PROOF = [*POLL, "show boot", *SNAPSHOT]


@pytest.mark.parametrize("by_model", [False, True])
@pytest.mark.parametrize("save, saving", [(False, []), (True, ["write memory", "show boot"])])
def test_the_commands_of_a_healthy_upgrade(save, saving, by_model):
    played = Played()
    report = run(played, save=save, **(dict(image=NO_TARGET, choices=CHOICES) if by_model else {}))
    assert report.ended.verdict.outcome == "success"
    commands = [command.split(" | ")[0] for command in played.sent]
    assert commands == [*POLL, *PREFLIGHT, *saving, *SNAPSHOT, *TRIGGER, *PROOF]
    assert len(commands) == 20 + len(saving)


def test_an_upgrade_that_somebody_starts_meanwhile_is_waited_for():
    played = Played()
    answers = iter(
        [
            played.answers["show cns image status"],
            "Last upgrade started at 10:00:00.000 UTC Sun Mar 1 2026\nLast upgrade ended at never\n",
        ]
    )

    async def asked(command, **asking):
        if command == "show cns image status":
            played.answers[command] = next(answers, played.answers[command])
        return await Played.get(played, command, **asking)

    played.get = asked
    report = run(played, request=dataclasses.replace(ORDER.request, timeout=60))
    assert (report.ended.verdict.outcome, played.triggers()) == ("timeout", 0)
    assert "was started while this one was prepared" in played.warnings[0]


def test_a_session_that_was_lost_meanwhile_proves_nothing():
    played = Played()
    played.answers["ping 127.0.0.1"] = DeviceAway("No answer to 'ping': the session ended.")
    lost = Played.get

    async def get(command, **asking):
        try:
            return await lost(played, command, **asking)
        except DeviceAway:
            await played.close()
            raise

    played.get = get
    assert run(played, save=False).ended.verdict.outcome == "success"
    before_trigger = played.sent[: played.sent.index("cns image retrieve")]
    assert before_trigger.count("show version") == 3
    assert before_trigger[-3:] == POLL


def test_a_device_on_its_target_is_left_alone():
    played = Played(show_version=show_version(NEW))
    report = run(played)
    assert report.ended.verdict.outcome == "up_to_date"
    assert played.triggers() == 0 and "write memory" not in played.sent
    assert played.steps() == ["ended"]


def test_what_blocks_is_never_triggered():
    played = Played()
    played.answers["show startup-config"] = RUNNING + "line of another\n"
    report = run(played, save=False)
    assert report.ended.verdict.outcome == "blocked"
    assert "differ" in report.ended.verdict.reason
    assert played.triggers() == 0
    assert played.steps() == ["preflight", "ended"]


@pytest.mark.parametrize(
    "accept, outcome, steps", [([], "blocked", ["preflight", "ended"]), (["agent_supported"], "failed", ["preflight", "ended"])]
)
def test_a_release_without_the_agent(accept, outcome, steps):
    played = Played(show_cns_image_status=INVALID)
    report = run(played, wanted=WANTED._replace(accept=accept))
    assert report.ended.verdict.outcome == outcome
    assert "image agent" in report.ended.verdict.reason
    assert "agent_supported" in [finding["check"] for finding in report.findings]
    assert played.triggers() == 0 and "write memory" not in played.sent
    assert played.steps() == steps


def test_a_finding_of_the_fleet_blocks():
    known = dict(check="image_id_unique", severity="block", what="The image ID R1 is shared by R1, R2.", why="", fix="")
    played = Played()
    report = run(played, known=(known,))
    assert (report.ended.verdict.outcome, report.ended.verdict.reason) == ("blocked", known["what"])
    assert played.triggers() == 0


def test_outside_the_window_nothing_is_started():
    played = Played()
    report = run(played, closed="outside the maintenance window")
    assert report.ended.verdict == ("skipped", "outside the maintenance window")
    assert played.triggers() == 0


def test_outside_the_window_what_is_in_progress_is_waited_for():
    began = "Last upgrade started at 10:00:00.000 UTC Sun Mar 1 2026\nLast upgrade ended at never\n"
    played = Played(show_cns_image_status=began, show_version=show_version(OLD).replace("R1 uptime", "uptime"))
    played.after = {}
    report = run(played, closed="outside the maintenance window")
    assert report.ended.verdict.outcome == "timeout"
    assert played.triggers() == 0 and report.ended.polls > 10


def test_check_mode_sends_nothing_but_show_commands():
    played = Played()
    played.check_mode = True
    report = run(played)
    assert (report.ended.verdict.outcome, report.ended.changed) == ("started", True)
    assert [command for command in played.sent if not command.startswith(("show ", "dir", "ping "))] == []


CHOICES = [dict(models=["ISR4*"], version="16.9.5", image=None), dict(models=["cisco29*"], version=NEW, image=None)]
NO_TARGET = Image(Target(None, None))


def test_the_model_chooses_the_target():
    played = Played()
    report = run(played, image=NO_TARGET, choices=CHOICES)
    assert (report.ended.verdict.outcome, report.target) == ("success", Target(NEW, None))
    assert {note.target for note in played.notes} == {Target(NEW, None)}


def test_no_target_for_the_model():
    played = Played()
    report = run(played, image=NO_TARGET, choices=CHOICES[:1])
    assert report.ended.verdict.outcome == "blocked"
    assert "no target is for its model CISCO2911/K9" in report.ended.verdict.reason
    assert [finding["check"] for finding in report.findings] == ["target"]
    assert played.triggers() == 0 and played.steps() == ["ended"]


@pytest.mark.parametrize("choices", [(), CHOICES])
def test_a_device_that_does_not_answer(choices):
    away = DeviceAway("No session: no route")
    played = Played(show_version=away)
    report = run(played, image=NO_TARGET if choices else ORDER.image, choices=choices)
    assert report.ended.verdict == ("unknown", away.message)
    assert played.triggers() == 0 and played.steps() == ["ended"]


def test_a_device_that_is_lost_before_the_comparison_is_upgraded_all_the_same():
    played = Played()
    played.after["show ip interface brief"] = DeviceAway("No answer")
    report = run(played)
    assert report.ended.verdict.outcome == "success" and report.differences == []
    assert "could not be compared" in played.warnings[0]


def test_a_trigger_that_is_refused():
    played = Played(cns_image_retrieve="% CNS image agent is busy\n")
    played.after = {}
    report = run(played)
    assert report.ended.verdict.outcome == "failed"
    assert played.triggers() == 1 and played.steps()[-1] == "ended"


# -- what an earlier run has left on the device, where nothing else is left of it

TRACES = dataclasses.replace(ORDER.request, traces=True)


def clocked(release, up="5 minutes"):
    """A device whose clock says 10:00 or a little later."""
    return show_version(release, up).replace("\nR1 uptime", "\nSystem restarted at 09:55:00 UTC Sun Mar 1 2026\nR1 uptime")


def said(ended, word, counter):
    return (
        "Last upgrade started at 09:30:00.000 UTC Sun Mar 1 2026\nLast upgrade ended at %s UTC Sun Mar 1 2026"
        " status %s\nNumber of %s upgrades: 1\n" % (ended, word, counter)
    )


JUST_SUCCEEDED = said("09:59:30.000", "SUCCESS", "successful")
JUST_FAILED = said("09:59:50.000", "CHECKSUM_MISMATCH", "failed")


class Reloads(Played):
    """Comes back on the new image after some sleep, whoever has triggered it."""

    async def sleep(self, seconds):
        await super().sleep(seconds)
        if self.now > 1100:
            self.answers["show version"] = show_version(NEW, "1 minute")


def test_a_reload_to_come_is_waited_for_without_any_journal():
    played = Reloads(show_version=clocked(OLD), show_cns_image_status=JUST_SUCCEEDED)
    report = run(played, request=TRACES)
    assert report.ended.verdict.outcome == "success"
    assert played.triggers() == 0


@pytest.mark.parametrize(
    "status, version",
    [
        (said("09:40:00.000", "SUCCESS", "successful"), clocked(OLD)),  # it has reloaded since
        (said("09:56:00.000", "SUCCESS", "successful"), clocked(OLD, "2 hours, 5 minutes")),  # two hours ago
        (said("09:57:00.000", "CHECKSUM_MISMATCH", "failed"), clocked(OLD)),  # the agent would have tried again
        (said("09:59:30.000", "NO_NEW_IMAGE", "successful"), clocked(OLD)),
        (JUST_SUCCEEDED, show_version(OLD)),  # its clock is not known
    ],
)
def test_what_is_over_is_no_trace(status, version):
    played = Played(show_version=version, show_cns_image_status=status)
    report = run(played, request=TRACES)
    assert (report.ended.verdict.outcome, played.triggers()) == ("success", 1)
    assert played.warnings == []


def test_the_retry_of_the_agent_is_awaited_before_it_is_triggered_again():
    played = Played(show_version=clocked(OLD), show_cns_image_status=JUST_FAILED)
    report = run(played, request=TRACES)
    assert (report.ended.verdict.outcome, played.triggers()) == ("success", 1)
    assert played.now >= 1060  # the retry interval is 60 s if the device does not say
    assert "may go on by itself" in played.warnings[0]


def test_a_device_that_may_be_booting_is_waited_for_and_not_triggered():
    played = Reloads(show_version=DeviceAway("No session: no route"))
    report = run(played, request=dataclasses.replace(TRACES, assumed=True))
    assert report.ended.verdict.outcome == "up_to_date"
    assert played.triggers() == 0 and played.now > 1100


def test_a_device_that_may_be_booting_is_given_up_in_the_end():
    played = Played(show_version=DeviceAway("No session: no route"))
    report = run(played, request=dataclasses.replace(TRACES, assumed=True))
    assert report.ended.verdict.outcome == "unknown"
    assert played.triggers() == 0 and 1600 <= played.now <= 1620


def test_what_was_posted_is_written_down_and_decides_nothing():
    played = Played()
    configured = RUNNING.replace("hostname", "cns id string core-1 image\nhostname")
    played.answers.update({"show running-config": configured, "show startup-config": configured})
    played.messages = [dict(at=1001.0, device="core-1", state="failed", operation="activation", reason="DID_NOT_BOOT")]
    report = run(played)
    assert report.ended.verdict.outcome == "success" and report.ended.posted == played.messages
    assert played.names == ["core-1"] and played.since == 1000.0
    assert played.steps()[-3:] == ["ended", "posted", "checked"]
    assert "told of a failure" in played.notes[-2].disagreement and NEW in played.notes[-2].disagreement
    assert any("told of a failure" in warning for warning in played.warnings)


def test_what_was_posted_is_nothing_to_a_device_that_was_not_waited_for():
    played = Played(show_version=show_version(NEW))
    played.messages = []
    assert run(played).ended.posted is None
    assert played.steps() == ["ended"]
