# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection makes of a virtual device that refuses, is locked, is busy, or prints its log into its answers."""

from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace
from unittest import mock

import pytest
from ansible_collections.cisco.ios.plugins.terminal.ios import TerminalModule

from ansible_collections.cns.image_agent.plugins.module_utils import (
    clear,
    configure,
    debugging,
    device,
    info,
    outcome,
    snapshot,
    trigger,
)
from ansible_collections.cns.image_agent.plugins.module_utils.errors import CnsError, DeviceAway, InputError, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features.event import Event
from ansible_collections.cns.image_agent.plugins.module_utils.features.image import Image
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import checks, facts
from ansible_collections.cns.image_agent.plugins.module_utils.trust import trustpoint
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.attempt import Attempt, Request
from ansible_collections.cns.image_agent.tests.unit.lab.device_session import with_session
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.trust.test_certificate import DER, pem
from lab.faults import parse_fault

SERVER = "cns image server http://10.0.0.1/cns status http://10.0.0.1/status"
NOBODY = outcome.Target("99.1(1)", None)
WANTED = checks.Wanted(*[None] * len(checks.Wanted._fields))._replace(target=NOBODY, margin=0, password_required=False)
REFUSALS = [
    "Command authorization failed.",
    "% Authorization failed.",
    "% Access denied",
    "This command is not authorized",
    "Unable to get configuration. Try again later",
    "",
    "*** Welcome. Authorized use only. ***",
]
OVER = "TACACS+ session has expired.Please re-login to continue."


class Typed:
    """A transport that types into a session of a virtual device, and takes for errors what network_cli does."""

    def __init__(self, session):
        self._session = session
        self._unread = ""

    async def get(self, command, prompt=(), answer=(), check_all=False, sendonly=False):
        printed = await self._session.type(command + "\r", pause=0.001)
        if sendonly:
            self._unread += printed
            return ""
        unread, self._unread = self._unread, ""
        for pattern, reply in zip(prompt, answer):
            if re.search(pattern, printed):
                printed += await self._session.type(reply + "\r")
        if "<disconnected>" in printed or self._session.task.done():
            said = printed.replace("<disconnected>", "").split("\n", 1)[-1].strip()
            raise DeviceAway("No answer to %r: the session ended.%s" % (command, said and " The last it said: '%s'." % said))
        text = unread + printed.partition("\n")[2].rpartition(self._session.shell.prompt)[0]
        if any(pattern.search(text.encode()) for pattern in TerminalModule.terminal_stderr_re):
            raise device.Rejected(text)
        return text

    async def sleep(self, seconds):
        await asyncio.sleep(0)


def over(conversation, fault=None, privilege=15, profile="ios", lines=(SERVER,)):
    """Run ``conversation(device, session)`` with a device that has the fault: what it returns, and the lines it sent."""

    async def scenario(session):
        await session.configure(*lines)
        await session.send("write memory")
        for one in [fault] if fault else []:
            session.device.set_fault(*parse_fault(one))
        session.device.received.clear()
        try:
            return await conversation(device.Device(Typed(session)), session)
        finally:
            session.told = [line for _at, _mode, line in session.device.received]

    async def remembering(session):
        try:
            return await scenario(session), session.told
        except CnsError as error:
            error.told = session.told
            raise

    return with_session(remembering, profile=profile, privilege=privilege)


def sent(lines):
    """What was sent that is no question."""
    return [line for line in lines if line and not line.startswith(("show ", "dir", "ping"))]


def run_module(feature, state, config=None, save_when="never"):
    def conversation(one, _session):
        scope, params = configure._OneFeature(feature), dict(config=config, save_when=save_when)
        return configure._online(one, params, scope, state, {feature.name: config or {}}, check_mode=False)

    return conversation


def run_schedule(state):
    def conversation(one, _session):
        scope = configure._Schedule("x")
        want = scope.by_feature({"at": "10:00", "recurring": True} if state == "merged" else {})
        return configure._online(one, dict(config=None, save_when="never"), scope, state, want, check_mode=False)

    return conversation


def run_trustpoint(one, _session):
    return trustpoint.run(one, dict(name="CNS", state="absent", save_when="never", http_client=False), False)


READERS = {
    "info config": lambda one, _session: info.gather(one, ["config"]),
    "info all": lambda one, _session: info.gather(one, info.SUBSETS),
    "preflight": lambda one, _session: facts.gather(one, WANTED),
    "trustpoint": run_trustpoint,
    "schedule gathered": run_schedule("gathered"),
    "schedule deleted": run_schedule("deleted"),
    "schedule merged": run_schedule("merged"),
    **{
        "%s %s" % (feature.name, state): run_module(feature, state)
        for feature in (Image(), Event())
        for state in ("merged", "replaced", "overridden", "deleted", "gathered")
    },
}


@pytest.mark.parametrize("said", REFUSALS)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_no_answer_is_taken_for_an_empty_configuration(reader, said):
    with pytest.raises(Refused) as raised:
        over(reader, "answer=^show running-config=>" + said)
    assert said.strip("% .*") in raised.value.message
    assert sent(raised.value.told) == []


@pytest.mark.parametrize("fault", ["session-expired=^show running-config", "answer=^show running-config=>" + OVER])
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_session_that_is_over_is_no_answer(reader, fault):
    with pytest.raises(DeviceAway, match="session has expired"):
        over(reader, fault)


AGENT = {
    "info": lambda one, _session: info.gather(one, ["status"]),
    "info that asks by itself": lambda one, _session: info.gather(one, ["version"]),
    "clear": lambda one, _session: clear.clear(one, ["status"]),
}


@pytest.mark.parametrize("said", REFUSALS)
@pytest.mark.parametrize("asking", AGENT.values(), ids=AGENT)
def test_a_refusal_is_no_lack_of_the_agent(asking, said):
    with pytest.raises(Refused) as raised:
        over(asking, "answer=^show cns image status=>" + said)
    assert said.strip("% .*") in raised.value.message


@pytest.mark.parametrize("said", REFUSALS)
def test_a_refusal_of_the_status_blocks(said):
    found, _told = over(lambda one, _session: facts.gather(one, WANTED), "answer=^show cns image status=>" + said)
    assert found["supported"] is None
    (finding,) = [finding for finding in checks.findings(found, WANTED) if finding["check"] == "agent_supported"]
    assert finding["severity"] == "block" and said.strip("% .*") in finding["what"]


@pytest.mark.parametrize("said", REFUSALS)
@pytest.mark.parametrize(
    ("command", "check"), [("show startup-config", "saved"), ("show boot", "fallback_image"), ("dir", "fallback_image")]
)
def test_a_refusal_is_a_finding(command, check, said):
    found, _told = over(lambda one, _session: facts.gather(one, WANTED), "answer=^%s=>%s" % (command, said))
    (finding,) = [finding for finding in checks.findings(found, WANTED) if finding["check"] == check]
    assert finding["severity"] == "warn" and said.strip("% .*") in finding["what"]


def test_a_startup_configuration_that_cannot_be_read_is_a_finding():
    found, _told = over(lambda one, _session: facts.gather(one, WANTED), "startup-unreadable")
    (finding,) = [finding for finding in checks.findings(found, WANTED) if finding["check"] == "saved"]
    assert finding["severity"] == "warn" and "%Error opening nvram:/startup-config (I/O error)" in finding["what"]


@pytest.mark.parametrize("said", REFUSALS)
@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("show ip route summary", "routes"),
        ("show cdp neighbors", "neighbors"),
        ("show ip interface brief", "interfaces_up"),
        ("show boot", "boot_list"),
    ],
)
def test_a_number_that_is_refused_is_not_zero(command, name, said):
    warned = []
    taken, _told = over(lambda one, _session: snapshot.take(one, warned.append), "answer=^%s=>%s" % (command, said))
    assert taken[name] is None and taken["version"]
    assert len(warned) == 1 and said.strip("% .*") in warned[0]


NO_VERSION = "Cisco IOS Software\\nR1 uptime is 3 minutes\\nConfiguration register is 0x2102"


@pytest.mark.parametrize("said", REFUSALS + [NO_VERSION])
@pytest.mark.parametrize(
    "asking",
    [
        lambda one, _session: snapshot.take(one),
        lambda one, _session: facts.gather(one, WANTED),
        lambda one, _session: info.gather(one, ["version"]),
    ],
)
def test_without_a_version_nothing_is_known(asking, said):
    with pytest.raises(Refused, match="show version"):
        over(asking, "answer=^show version=>" + said)


NAMING_THE_COMMAND = ["% Authorization failed for command '{0}'", "Command authorization failed: {0}", "AAA: {0} denied <bob>"]


@pytest.mark.parametrize("said", NAMING_THE_COMMAND)
@pytest.mark.parametrize("subset", [subset for subset in info.SUBSETS if subset not in ("config", "boot")])
def test_a_refusal_that_names_the_command_proves_nothing(subset, said):
    command = {"http_client": "show ip http client all", "event": "show cns event connections", "version": "show version"}
    command = command.get(subset, "show file systems" if subset == "filesystems" else "show cns image " + subset)
    with pytest.raises(Refused) as raised:
        over(lambda one, _session: info.gather(one, [subset]), "answer=^%s=>%s" % (command, said.format(command)))
    assert said.format(command) in raised.value.message


@pytest.mark.parametrize(
    "said",
    [
        "Number of failed upgrades: 1\\nNumber of successful upgrades: 3\\n messages received: 4",
        " messages received: 4\\n receive errors: 0\\nTransmit Status\\n TX Attempts:4",
        "Last upgrade ended at 17:27:00.100 UTC Mon Oct 26 2026 status SUCCESS\\nNumber of successful upgrades: 3",
    ],
)
def test_a_part_of_the_status_tells_nothing_of_the_last_upgrade(said):
    fault = "answer=^show cns image status=>" + said
    with pytest.raises(Refused, match="refused 'show cns image status'"):
        over(lambda one, _session: info.gather(one, ["status"]), fault)
    done = upgrade(fault)
    assert done.told == []
    assert done.ended.verdict.outcome == "unknown" and not done.ended.changed


def test_a_mark_is_no_inventory():
    with pytest.raises(Refused, match="Inventory is not ready <yet>"):
        over(
            lambda one, _session: info.gather(one, ["inventory"]),
            "answer=^show cns image inv=>Inventory is not ready <yet>",
        )


def test_a_part_of_a_directory_lists_no_files():
    fault = "answer=^dir flash=>Directory of flash:/\\n    1  -rw-      1000   Mar 1 2022 10:00:00 +00:00  old.bin"
    gathered, _told = over(lambda one, _session: info.gather(one, ["filesystems"]), fault)
    assert [one["files"] for one in gathered["filesystems"] if one["prefix"].startswith("flash")] == [None]


# -- configuring and saving


@pytest.mark.parametrize(
    "said",
    REFUSALS + ["Configuration mode is locked by process '3' user 'bob' from terminal '2'. Please try later."],
)
def test_without_configuration_mode_no_line_is_sent(said):
    with pytest.raises(Refused) as raised:
        over(run_module(Image(), "deleted"), "answer=^configure terminal=>" + said)
    assert sent(raised.value.told) == ["configure terminal"]
    assert said.strip("% .*") in raised.value.message


@pytest.mark.parametrize(
    "said", ["Command authorization failed.", "% Authorization failed.", "This command is not authorized", "% Access denied"]
)
def test_a_refused_line_is_told_with_its_words(said):
    with pytest.raises(Refused) as raised:
        over(run_module(Image(), "deleted"), "answer=^no cns image=>" + said)
    assert said.strip("% .*") in raised.value.message
    assert raised.value.details["applied"] == []


@pytest.mark.parametrize(
    "fault, said",
    [
        ("aaa-refuses=^write memory", "Command authorization failed"),
        ("authorization-failed=^write memory", "% Authorization failed"),
        ("save-refused", "Building configuration"),
        ("save-busy=9", "(Device or resource busy)"),
        ("answer=^write memory=>", "it printed nothing"),
        ("answer=^write memory=>%Error opening nvram:/startup-config (No such device)", "(No such device)"),
    ],
)
def test_what_was_not_saved_is_not_called_saved(fault, said):
    with pytest.raises(Refused, match="refused 'write memory'.*not saved") as raised:
        over(run_module(Image(), "merged", {"retry": 7}, "changed"), fault)
    assert said in raised.value.message


def test_a_session_that_is_over_has_not_saved():
    with pytest.raises(DeviceAway, match="session has expired"):
        over(run_module(Image(), "merged", {"retry": 7}, "changed"), "session-expired=^write memory")


def test_a_busy_device_is_asked_to_save_again():
    result, told = over(run_module(Image(), "merged", {"retry": 7}, "changed"), "save-busy=2")
    assert result["saved"] is True
    assert told.count("write memory") == 3


@pytest.mark.parametrize("pattern", ["^show running-config", "^show cns image", "^show version", "^show"])
def test_the_log_inside_an_answer_loses_no_line(pattern):
    whole, _told = over(lambda one, _session: info.gather(one, ["config"]))
    broken, told = over(lambda one, _session: info.gather(one, ["config", "status", "version"]), "log-inside=1*" + pattern)
    assert broken["config"] == whole["config"]
    assert broken["config"]["image"]["server"] == "http://10.0.0.1/cns"
    assert broken["version"]["version"] and broken["status"]["failed"] == 0
    assert len(told) == 4


def test_what_the_log_keeps_breaking_is_not_guessed():
    with pytest.raises(Refused, match="log of the device was printed into its answer"):
        over(lambda one, _session: info.gather(one, ["config"]), "log-inside=^show running-config")


# -- privilege


def test_a_missing_privilege_is_no_missing_agent():
    with pytest.raises(Refused, match="privilege level 1"):
        over(lambda one, _session: one.ask("show startup-config", str, lambda text: "version" in text), privilege=1, lines=())


def test_a_missing_agent_is_one():
    result, _told = over(lambda one, _session: info.gather(one, ["status"]), profile="ios-no-agent", lines=())
    assert result == {"status": None, "supported": False}


# -- upgrades


class Link:
    def __init__(self, one):
        self._device = one

    async def device(self):
        return self._device

    def is_open(self):
        return False

    async def close(self):
        pass


class Scene:
    """Nobody's clock: a pause takes a millisecond for each second."""

    check_mode = False

    def __init__(self):
        self.now = 0.0
        self.warnings, self.told, self.noted = [], [], []

    def time(self):
        return self.now

    monotonic = time

    async def sleep(self, seconds):
        self.now += seconds
        await asyncio.sleep(seconds / 1000)

    def random(self):
        return 0.5

    def tell(self, phase, elapsed, detail):
        self.told.append((phase, detail))

    def posted(self, since):
        return None

    def warn(self, text):
        self.warnings.append(text)

    def note(self, step, **data):
        self.noted.append((step, data))


def upgrade(fault=None, lines=(SERVER, "cns image retry 0"), timeout=60, follow=False, **request):
    scene = Scene()

    async def conversation(one, session):
        session.device.image_agent._sleep = lambda seconds: asyncio.sleep(seconds / 1000)
        attempt = Attempt(Request(target=NOBODY, timeout=timeout, interval=5, **request), Link(one), scene)
        try:
            return await (attempt.follow() if follow else attempt.retrieve())
        except CnsError as error:
            return attempt.stopped(outcome.FAILED, error)

    ended, told = over(conversation, fault, lines=lines)
    return SimpleNamespace(ended=ended, told=sent(told), scene=scene)


@pytest.mark.parametrize("said", REFUSALS + [NO_VERSION, OVER])
@pytest.mark.parametrize("command", ["show version", "show cns image status"])
def test_without_a_baseline_nothing_is_triggered(command, said):
    if command == "show cns image status" and said == NO_VERSION:
        return
    done = upgrade("answer=^%s=>%s" % (command, said))
    assert done.told == []
    assert done.ended.verdict.outcome in ("unknown", "failed") and not done.ended.changed
    assert said.replace("\\n", " ").strip("% .*") in done.ended.message


@pytest.mark.parametrize(
    "said",
    [
        "Command authorization failed.",
        "% Authorization failed.",
        "This command is not authorized",
        "% Access denied",
        "Command authorization failed: cns image retrieve",
        "You do not have permission to execute this command",
    ],
)
@pytest.mark.parametrize("mode", ["auto", "exec"])
def test_a_refused_trigger_started_nothing(said, mode):
    done = upgrade("answer=^cns image retrieve=>" + said, mode=mode)
    assert done.told == ["cns image retrieve"]
    assert (done.ended.verdict.outcome, done.ended.changed) == ("failed", False)
    assert said.strip("% .") in done.ended.verdict.reason
    assert done.ended.advice.startswith("Nothing was started. Give the user the right")


def test_a_locked_configuration_takes_no_trigger():
    done = upgrade(
        "answer=^configure terminal=>Configuration mode is locked by process '3' user 'bob' from terminal '2'.", mode="config"
    )
    assert done.told == ["configure terminal"]
    assert done.ended.verdict.outcome == "failed" and "user 'bob'" in done.ended.verdict.reason


@pytest.mark.parametrize(
    "said",
    [
        "",
        "*Nov 25 17:00:00.123: %SEC_LOGIN-4-LOGIN_FAILED: Login failed",
        "*Nov 25 17:00:00.123: %DNS-3-NOTFOUND: name host.example not found",
        "Nov 25 2026 17:00:00 CET: %PKI-3-X: % Error in certificate",
        "%TCP-6-BADAUTH: connection timed out",
        "*Nov 25 17:00:00.123: %AAA-3-X: session has expired, log in again",
        "Retrieving ima*Nov 25 17:00:00.123: %SEC-6-X: access denied\\nge",
        OVER,
    ],
)
def test_a_trigger_that_may_have_been_taken_is_followed(said):
    done = upgrade("answer=^cns image retrieve=>" + said)
    assert done.told == ["cns image retrieve"]
    assert (done.ended.verdict.outcome, done.ended.changed) == ("timeout", True)


def test_the_log_beside_the_answer_to_the_trigger_is_no_refusal():
    done = upgrade("log-inside=^cns image retrieve")
    assert done.told == ["cns image retrieve"]
    assert done.ended.changed and done.scene.told


def test_an_agent_that_tries_again_by_itself_is_waited_for():
    done = upgrade("failing-tries=2", lines=(SERVER, "cns image retry 20"), timeout=300)
    assert done.told == ["cns image retrieve"]
    assert any("may try again within 20 s" in detail for _phase, detail in done.scene.told)
    noted = [data["detail"] for step, data in done.scene.noted if step == "phase" and "detail" in data]
    assert any(detail.startswith("the attempt failed, and the agent may try again within 20 s") for detail in noted)


def test_a_server_that_is_never_reached_is_told_at_once():
    done = upgrade("server-unreachable", lines=(SERVER, "cns image retry 20"))
    assert done.told == ["cns image retrieve"]
    causes = [detail for _phase, detail in done.scene.told]
    assert "never reached the image server" in causes[0]
    assert any("never reached the image server" in warning for warning in done.scene.warnings)


def test_a_status_that_has_no_word_yet_is_no_end():
    status = (
        "Last upgrade started at 17:28:00.100 UTC Mon Oct 26 2026\\n"
        "Last upgrade ended at 17:27:00.100 UTC Mon Oct 26 2026 status \\nNumber of failed upgrades: 1"
    )
    done = upgrade("answer=^show cns image status=>" + status)
    assert done.told == []
    assert done.ended.verdict.outcome == "timeout" and "in progress" not in done.ended.verdict.reason.replace("still", "")


def test_a_ping_that_takes_too_long_fails_nothing():
    async def conversation(one, _session):
        shown = one.show

        async def show(command):
            if command.startswith("ping"):
                raise DeviceAway("No answer to %r: timeout" % command)
            return await shown(command)

        one.show = show
        return await facts.gather(one, WANTED)

    found, _told = over(conversation, "slow-ping=30")
    (finding,) = [finding for finding in checks.findings(found, WANTED) if finding["check"] == "server_reachable"]
    assert finding["severity"] == "warn" and "took too long" in finding["what"]


# -- what else an answer decides


@pytest.mark.parametrize("said", ["CNS image agent is not enabled", "Image server is not configured"])
def test_a_trigger_that_is_refused_in_configuration_mode_started_nothing(said):
    done = upgrade("answer=^cns image retrieve=>" + said, mode="config")
    assert done.told == ["configure terminal", "cns image retrieve", "end"]
    assert (done.ended.verdict.outcome, done.ended.changed) == ("failed", False)
    assert said in done.ended.verdict.reason


@pytest.mark.parametrize("said", [*REFUSALS, OVER])
def test_a_configuration_that_cannot_be_read_after_the_trigger_ends_nothing(said):
    """Of the URLs that a trigger overwrites, which takes a look before and one after it."""
    scene = Scene()

    async def conversation(one, session):
        session.device.image_agent._sleep = lambda seconds: asyncio.sleep(seconds / 1000)
        send = trigger.send

        async def then_refuse(*args):
            await send(*args)
            session.device.set_fault(*parse_fault("answer=^show running-config=>" + said))

        with mock.patch.object(trigger, "send", then_refuse):
            request = Request(target=NOBODY, timeout=60, interval=5, server="http://10.0.0.2/cns")
            return await Attempt(request, Link(one), scene).retrieve()

    ended, told = over(conversation, lines=(SERVER, "cns image retry 0"))
    assert sent(told) == ["cns image retrieve server http://10.0.0.2/cns"]
    assert ended.changed and "diff" not in ended.more and scene.told


@pytest.mark.parametrize("said", ["Building configuration...\\n% Failed to update the backup\\n[OK]", "[OK]\\n%Error: no space"])
def test_what_is_called_ok_beside_a_failure_is_not_saved(said):
    with pytest.raises(Refused, match="not saved"):
        over(run_module(Image(), "merged", {"retry": 7}, "changed"), "answer=^write memory=>" + said)


def test_the_log_beside_ok_does_not_unsave():
    said = "Building configuration...\\n*Nov 25 17:00:00.123: %X-3-Y: failed, error\\n[OK]"
    result, told = over(run_module(Image(), "merged", {"retry": 7}, "changed"), "answer=^write memory=>" + said)
    assert result["saved"] is True and told.count("write memory") == 1


def test_a_protocol_that_is_off_is_no_refusal_to_tell():
    warned = []
    taken, _told = over(
        lambda one, _session: snapshot.take(one, warned.append), "answer=^show cdp neighbors=>% CDP is not enabled"
    )
    assert taken["neighbors"] is None and warned == []


def test_there_is_nothing_to_clear_without_the_agent():
    with pytest.raises(CnsError, match="no CNS image agent"):
        over(lambda one, _session: clear.clear(one, ["status"]), profile="ios-no-agent", lines=())


def test_statistics_that_stay_are_not_called_cleared():
    async def conversation(one, session):
        session.device.image_agent._status.failures = 3
        return await clear.clear(one, ["status"])

    with pytest.raises(CnsError, match="shows the same statistics as before"):
        over(conversation, "answer=^clear cns image status=>")
    result, told = over(conversation)
    assert result["changed"] and sent(told) == ["clear cns image status"]


@pytest.mark.parametrize("said", REFUSALS)
def test_files_that_are_not_listed_are_not_known(said):
    gathered, _told = over(lambda one, _session: info.gather(one, ["filesystems"]), "answer=^dir=>" + said)
    assert gathered["filesystems"] and all(one["files"] is None for one in gathered["filesystems"])


@pytest.mark.parametrize("said", REFUSALS)
def test_nothing_is_scheduled_by_a_clock_that_is_not_told(said):
    with pytest.raises(Refused, match="show clock") as raised:
        over(run_schedule("merged"), "answer=^show clock=>" + said)
    assert sent(raised.value.told) == []
    result, _told = over(run_schedule("deleted"), "answer=^show clock=>" + said)  # which needs no clock
    assert result["changed"] is False


def test_nothing_is_scheduled_by_a_clock_that_is_not_set():
    with pytest.raises(InputError, match="clock of the device is not set") as raised:
        over(run_schedule("merged"), "answer=^show clock=>*00:00:37.123 UTC Mon Mar 1 1993")
    assert sent(raised.value.told) == []


@pytest.mark.parametrize("said", REFUSALS)
def test_a_clock_that_is_refused_is_a_finding(said):
    lines = ("cns image server https://10.0.0.1/cns",)
    found, _told = over(lambda one, _session: facts.gather(one, WANTED), "answer=^show clock=>" + said, lines=lines)
    (finding,) = [finding for finding in checks.findings(found, WANTED) if finding["check"] == "clock"]
    assert finding["severity"] == "warn" and said.strip("% .*") in finding["what"]


def test_a_certificate_waits_for_a_clock_that_is_told():
    params = dict(name="CNS", state="present", save_when="never", http_client=True, ca_certificate=pem(DER))
    for said in REFUSALS:
        with pytest.raises(Refused, match="show clock") as raised:
            over(lambda one, _session: trustpoint.run(one, params, False), "answer=^show clock=>" + said)
        assert sent(raised.value.told) == []


# -- debugging


@pytest.mark.parametrize("said", ["Command authorization failed.", "% Authorization failed.", "This command is not authorized"])
def test_debugging_that_is_refused_is_told(said):
    with pytest.raises(Refused) as raised:
        over(
            capture,
            "answer=^debug cns=>" + said,
        )
    assert said.strip("% .") in raised.value.message
    assert "cns image retrieve" not in raised.value.told


def capture(one, _session):
    return debugging.capture(one, ["all"], 0, True, sleep=lambda seconds: None)


@pytest.mark.parametrize(
    "said",
    [
        "Command authorization failed: cns image retrieve",
        "% Not authorized",
        "*Nov 25 17:00:00.123: %SYS-5-CONFIG_I: x\\n         ^\\n% Invalid input detected at '^' marker.",
    ],
)
def test_a_retrieval_that_is_refused_while_debugging_was_not_tried(said):
    with pytest.raises(Refused, match="No retrieval was started") as raised:
        over(capture, "answer=^cns image retrieve=>" + said)
    assert said.split("\\n")[-1] in raised.value.message
    assert raised.value.told[-1] == "no debug cns image all"


def test_a_device_that_is_being_upgraded_is_not_triggered_while_debugging():
    status = "Last upgrade started at 17:28:00.100 UTC Mon Oct 26 2026\\nNumber of failed upgrades: 1"
    with pytest.raises(Refused, match="An upgrade is in progress: one that started at 2026-10-26T17:28:00") as raised:
        over(capture, "answer=^show cns image status=>" + status)
    assert sent(raised.value.told) == []


def test_a_device_without_the_agent_is_not_triggered_while_debugging():
    with pytest.raises(Refused, match="refused 'debug cns image all'") as raised:
        over(capture, profile="ios-no-agent", lines=())
    assert sent(raised.value.told) == ["debug cns image all"]
