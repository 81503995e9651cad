# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No pattern that makes a fact of what a device says sees a line that is longer than any of IOS, and no such line is lost."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from ansible.module_utils.connection import ConnectionError as TransportError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins import module_utils
from ansible_collections.cns.image_agent.plugins.module_utils import device as device_file
from ansible_collections.cns.image_agent.plugins.module_utils import log_lines, plan, refusal, show
from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError, Refused
from ansible_collections.cns.image_agent.plugins.module_utils.features import schedule
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENT_NAMES, BY_NAME
from ansible_collections.cns.image_agent.plugins.module_utils.long_lines import LONGEST
from ansible_collections.cns.image_agent.plugins.module_utils.preflight import facts
from ansible_collections.cns.image_agent.plugins.module_utils.trust import certificate
from ansible_collections.cns.image_agent.tests.unit.plugins.growth import patterns
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.fake_connection import FakeConnection
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.run_module import run_module
from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.talk import Talk

# Whose patterns may see more, and why.
EXEMPT = {
    "log_lines": "what it repeats is bounded",
    **dict.fromkeys(("door", "scrub", "secret", "url", "safe_text"), "masks whatever is shown, and makes no fact of it"),
}
READERS = [module for module in patterns.modules(module_utils) if module.__name__.rpartition(".")[2] not in EXEMPT]
FIXTURES = Path(__file__).parent / "fixtures/show"
RECORDED = [(show.parser_for(path.stem.replace("_", " ")), path.read_text()) for path in sorted(FIXTURES.glob("*/*.txt"))]
LINES = sorted({line.strip() for _parse, text in RECORDED for line in text.splitlines()} | {"% Invalid input"})
UNITS = ["x", " ", "=", ":", "9 ", "a ", ">", " server h", "; x"]
long_lines = st.builds(
    lambda head, unit: (head + " " + unit * LONGEST)[: LONGEST + 1] + "!", st.sampled_from(LINES), st.sampled_from(UNITS)
)


def watched(method, position, most):
    """A method of a pattern, which sees no longer line."""

    def called(*given):
        text = given[position]
        assert all(len(line) <= most for line in text.splitlines()), (method, text[:80])
        return method(*given)

    return called


def watch(pattern, most):
    return SimpleNamespace(**{name: watched(getattr(pattern, name), int("sub" in name), most) for name in patterns.METHODS})


def watched_value(value, most):
    if isinstance(value, re.Pattern):
        return watch(value, most)
    return tuple(watched_value(entry, most) for entry in value) if isinstance(value, tuple) else value


@pytest.fixture
def no_pattern_sees_more(monkeypatch):
    """From here on no pattern of what reads device text sees a line that is longer than this."""

    def begin(most):
        functions = {name: watched(getattr(re, name), 2 if "sub" in name else 1, most) for name in patterns.METHODS}
        for module in READERS:
            for name, value in list(vars(module).items()):
                monkeypatch.setattr(module, name, watched_value(value, most))
            if "re" in vars(module):
                monkeypatch.setattr(module, "re", SimpleNamespace(**{**vars(re), **functions}))
        for template in vars(show).values():
            for one in template if isinstance(template, tuple) else ():
                if isinstance(one, show._Template):
                    monkeypatch.setattr(one, "match", watched(one.match, 0, most))

    return begin


def test_a_pattern_that_sees_more_is_found(no_pattern_sees_more):
    no_pattern_sees_more(LONGEST)
    with pytest.raises(AssertionError):
        show._RULES.fullmatch("-" * (LONGEST + 1))
    with pytest.raises(AssertionError):
        show.re.sub("a", "b", "-" * (LONGEST + 1))
    with pytest.raises(AssertionError):
        show._VERSION[0].match("x" * (LONGEST + 1))


def mixed(data, text, extra):
    lines = text.splitlines()
    for line in extra:
        lines.insert(data.draw(st.integers(1, max(1, len(lines) - 1))), line)
    return "\n".join(lines)


@pytest.mark.parametrize("parse, text", RECORDED, ids=lambda value: getattr(value, "__name__", ""))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), extra=st.lists(long_lines, min_size=1, max_size=3))
def test_facts_are_those_of_the_other_lines_and_long_ones_are_kept(no_pattern_sees_more, parse, text, data, extra):
    is_report = parse is show.image_inventory
    extra = [line.ljust(show._LONGEST_REPORT, ".") + "!" for line in extra[:1]] if is_report else extra
    no_pattern_sees_more(show._LONGEST_REPORT if is_report else LONGEST)
    alone, found = parse(text), parse(mixed(data, text, extra))
    if isinstance(alone, dict):
        assert sorted(found.pop("unparsed")) == sorted(alone.pop("unparsed") + [line.strip() for line in extra])
    elif isinstance(alone, list) and alone and "unparsed" in alone[-1]:
        assert set(found[-1].pop("unparsed")) - set(alone[-1].pop("unparsed")) == {line.strip() for line in extra}
    assert found == alone


def test_a_list_of_boot_images_that_never_ends_is_not_read(no_pattern_sees_more):
    no_pattern_sees_more(LONGEST)
    text = "BOOT variable = flash:a.bin;\n" + "   flash:b.bin;\n" * 1000 + "Manual Boot = no\n"
    found = show.boot(text)
    assert (found["images"], found["manual_boot"], len(found["unparsed"])) == ([], False, 1)


def test_a_report_of_one_line_is_read():
    files = "<file><name>flash:%s</name></file>" % ("a" * 90) * 2000
    report = "<imageInventoryReport><imageID>R1</imageID>%s<hostName>r1</hostName></imageInventoryReport>" % files
    assert len(report) > LONGEST * 40
    found = show.image_inventory("Inventory Report\n" + report)
    assert (found["image_id"], found["host_name"], found["raw"], found["unparsed"]) == ("R1", "r1", report, [])


@pytest.mark.parametrize("no", ["% Invalid input detected", "% Incomplete command.", "Command authorization failed"])
def test_a_refusal_may_be_as_long_as_it_likes(no_pattern_sees_more, no):
    no_pattern_sees_more(LONGEST)
    said = no + " x" * LONGEST
    assert show.refused(said) and refusal.lines(said) and len(refusal.brief(said)) < 400
    assert refusal.denial(said) or show.unsupported(said)
    assert refusal.session_over("Session expired. " + said) and refusal.busy("busy " + said)
    assert refusal.in_trouble("error " + said)


# -- configurations

HEADS = (
    """
cns id string |cns image server http://|cns image password |cns image retry |cns event |cns event h |cns exec |cns password |
cns image |cns trusted-server image |cns config partial h |cns config notify all |
""".replace("\n", "")
    .strip("|")
    .split("|")
)
OTHERS = """
cns id string r1 image
cns image server http://h/
cns event h
cns trusted-server image h
cns config notify all
""".strip().splitlines()
of_config = st.builds(
    lambda head, unit: head + (unit * LONGEST)[:LONGEST], st.sampled_from(HEADS), st.sampled_from(["x", "9 ", " a"])
)
WANT = {"image": {"server": "http://new/"}, "event": {"gateways": [{"host": "n", "port": 1}]}}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), line=of_config, state=st.sampled_from(["merged", "replaced", "overridden", "deleted"]))
def test_a_long_line_of_a_configuration_is_kept_and_never_sent(no_pattern_sees_more, data, line, state):
    no_pattern_sees_more(LONGEST)
    lines = mixed(data, "\n".join(OTHERS), [line]).splitlines()
    readings, alone = plan.read(lines, AGENT_NAMES), plan.read(OTHERS, AGENT_NAMES)
    assert {name: reading.config for name, reading in readings.items()} == {name: one.config for name, one in alone.items()}
    assert plan.unparsed(readings) == [line]
    try:
        planned = plan.plan(readings, WANT, state)
    except InputError as error:
        assert state != "merged" and "Nothing was sent" in error.message
        return
    assert not [command for command in planned.commands if len(command) > 254]
    (owner,) = [name for name, reading in readings.items() if reading.unparsed]
    assert planned.before[owner]["unparsed"] == planned.after[owner]["unparsed"] == [line]
    told = [warning for warning in planned.warnings if "a line of %d characters" % len(line) in warning]
    assert told and told[0].endswith("It stays as it is.")


KRON = ["kron policy-list one", " cli cns image retrieve", "kron occurrence one at 2:15 oneshot", " policy-list one"]


@pytest.mark.parametrize("at", range(1, 5))
@pytest.mark.parametrize("line", [" cli cns image retrieve server http://h/", " cli reload", " policy-list two"])
def test_a_schedule_with_a_long_line_is_not_understood(no_pattern_sees_more, at, line):
    no_pattern_sees_more(LONGEST)
    lines = KRON[:at] + [line + "x" * LONGEST] + KRON[at:]
    reading = BY_NAME["schedule"].read(lines)
    assert reading.config["schedules"][0].get("unknown") and "x" * LONGEST in str(reading.shown)
    with pytest.raises(InputError):
        schedule.check_room(lines, "one")


@pytest.mark.parametrize("head", ["kron occurrence one at 2:15 oneshot", "kron policy-list one"])
def test_a_schedule_whose_head_is_long_is_not_understood(no_pattern_sees_more, head):
    no_pattern_sees_more(LONGEST)
    lines = [line + " " + "x " * LONGEST if line == head else line for line in KRON]
    assert BY_NAME["schedule"].read(lines).config["schedules"][0].get("unknown")


# -- a device

LONG = "cns image server http://" + "h" * LONGEST


@pytest.fixture
def fake(monkeypatch):
    device = FakeConnection(["cns image retry 120"], foreign=[LONG])
    monkeypatch.setattr(device_file, "Connection", lambda socket_path: device)
    return device


def test_the_modules_show_it_and_leave_it(fake, capsys):
    told = run_module(capsys, "cns_image", state="gathered")
    assert (told["gathered"]["retry"], told["gathered"]["server"], told["unparsed"]) == (120, None, [LONG])
    merged = run_module(capsys, "cns_image", config=dict(retry=90))
    assert merged["commands"] == ["cns image retry 90"]
    assert "a line of %d characters" % len(LONG) in merged["warnings"][0]
    given = run_module(capsys, "cns_image", state="parsed", running_config="cns image retry 5\n" + LONG)
    assert (given["parsed"]["retry"], given["parsed"]["server"], given["unparsed"]) == (5, None, [LONG])


def test_it_cannot_be_removed_without_being_told(fake, capsys):
    failed = run_module(capsys, "cns_image", state="deleted")
    assert "too long" in failed["msg"] and "Nothing was sent" in failed["msg"]
    assert not [command for command in fake.sent if command.startswith("no ")]


def test_a_device_that_says_long_lines_is_asked_as_any_other(fake, no_pattern_sees_more):
    no_pattern_sees_more(LONGEST)
    device, padding = Talk(), "\n" + "x " * LONGEST + "\n"
    fake.answers["show startup-config"] = "version 15.7\nhostname R1" + padding + "end\n"
    assert len(device.startup_config()) == 4
    assert device.running_config("^cns image") == [LONG, "cns image retry 120"]
    asked = "show running-config | section ^kron|^version |^hostname |^end$"
    fake.answers[asked] = "version 15.7\n%s\n x\nkron%s\n%s\nend\n" % (LONG, padding.strip(), " cli " + LONG)
    assert device.running_section("^kron") == ["kron" + padding.strip(), " cli " + LONG]
    fake.answers["write memory"] = padding + "[OK]"
    device.save()
    fake.answers["show odd"] = TransportError("show odd\r\n% Invalid" + " input" * LONGEST + padding + "R1#", code=1)
    with pytest.raises(Refused, match="does not know 'show odd'|refused 'show odd'"):
        device.ask("show odd", show.version)


def test_facts_of_a_configuration_with_long_lines(no_pattern_sees_more):
    no_pattern_sees_more(LONGEST)
    long = "crypto pki trustpoint " + "x" * LONGEST
    lines = ["hostname R1", long, "crypto pki trustpoint CA", "ip http client secure-trustpoint CA"]
    assert certificate.trust(lines) == {"client": "CA", "trustpoints": {"CA": None}}
    assert facts._unsaved(lines, lines) == 0
    assert facts._unsaved(lines, [line for line in lines if line != long]) == 1
    assert not log_lines.cut(long)
