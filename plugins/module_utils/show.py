# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsers of IOS show commands: text in, plain data out, nothing raised on what a device prints.

Every dictionary has all of its keys at all times: a label that was not printed is None. Lines that
were not understood are in ``unparsed``, in the order printed. Times are ISO 8601 strings where the
text is a full IOS timestamp, with ``+00:00`` where the device says UTC or GMT. Any other zone name
is ambiguous (BST, IST, CST), so those times stay naive: the local time of the device. What is no
full timestamp (``never``, ``00:00:00``) comes back as printed.

A device may print anything, so every pattern takes time in proportion to the length of a line: no two neighbours in it can
match the same characters. Lines that are longer than any of IOS (long_lines.py) are not read, but stand last in ``unparsed``.
"""

from __future__ import annotations

import html
import re
import string
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, Iterable, Tuple

from ansible_collections.cns.image_agent.plugins.module_utils import log_lines, long_lines, refusal

Parsed = Dict[str, Any]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d{1,6}))?"
_DATE = r"(?P<month>[a-z]{3})[a-z]*\s+(?P<day>\d{1,2})\s+(?P<year>\d{4})"
_TIMESTAMPS = (
    # 11:45:02.000 UTC Mon May 6 2003
    re.compile(r"[*.]?" + _CLOCK + r"(?:\s+(?P<zone>\S+))??(?:\s+[a-z]{3})?\s+" + _DATE, re.I | re.A),
    # Mar 2 2015 08:46:31 +00:00
    re.compile(_DATE + r"\s+" + _CLOCK + r"(?:\s+(?P<zone>\S+))?", re.I | re.A),
)
_UPTIME = re.compile(r"\b(\d{1,9})\s+(year|week|day|hour|minute|second)s?", re.A)
_SECONDS = {"year": 365 * 86400, "week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60, "second": 1}

# What a terminal adds to the answer: pager marks, control characters, the echoed command, the next prompt.
_NOISE = re.compile(r"--More--|\x1b\[[0-9;?]{0,16}[A-Za-z]|[\x00-\x08\x0e-\x1b\x7f]")
_PROMPT = r"[a-z0-9][\w.-]*(?:\([\w.-]+\))?[#>]"
_PROMPT_LINE = re.compile(_PROMPT + r"\s*", re.I | re.A)
_ECHO_LINE = re.compile(r"(?:" + _PROMPT + r"\s*\S.*|\s*(?:sh|sho|show|dir)\s.*)", re.I | re.A)

_REFUSAL = re.compile(r"\s*(?:\^|%\s*(?:invalid|incomplete|ambiguous|unrecognized|unknown)\s+(?:input|command)\b.*)\s*", re.I)
_INCOMPLETE = re.compile(r"\s*%\s*incomplete command\b", re.I)
_BESIDE_REFUSAL = re.compile(r"\s*(?:[%^]|translating ).*", re.I)


# What ``exec prompt timestamp`` puts in front of every answer.
_LOAD = re.compile(r"\s*Load for five secs:.*", re.I)
_TIME_SOURCE = re.compile(r"\s*(?:No time source|Time source is ([^,]*)), ?[*.]?\d{1,2}:\d\d:\d\d.*", re.I | re.A)
_LONGEST_REPORT = 1_000_000  # characters of an inventory, which may be one line


def lines_of(text: str | None, longest: int = long_lines.LONGEST) -> list[str]:
    """The non-blank lines of an answer, without what the terminal, the system log and ``exec prompt timestamp`` added.

    Those that are longer than C(longest) are left out.
    """
    lines = [_NOISE.sub("", line).rstrip() for line in long_lines.short((text or "").splitlines(), longest)]
    lines = [line for line in lines if line and not log_lines.is_message(line)]
    if lines and _ECHO_LINE.fullmatch(lines[0]):
        del lines[0]
    if lines and _PROMPT_LINE.fullmatch(lines[-1]) and not _inside_tag(lines):
        del lines[-1]
    return [line for line in lines if not (_LOAD.fullmatch(line) or _TIME_SOURCE.fullmatch(line))]


def _rows(text: str | None) -> list[str]:
    return [line.strip() for line in lines_of(text)]


def _unread(text: str | None, longest: int = long_lines.LONGEST) -> list[str]:
    """The lines that C(lines_of) leaves out because of their length."""
    return [line.strip() for line in long_lines.long((text or "").splitlines(), longest)]


def _inside_tag(lines: list[str]) -> bool:
    """Whether the last line may be the end of a wrapped XML tag, which looks like the prompt ``name>``."""
    before = "\n".join(lines[:-1])
    return lines[-1].endswith(">") and before.rfind("<") > before.rfind(">")


# --- values -----------------------------------------------------------------------------------------


def _time(text: str) -> str:
    """ISO 8601 for a full IOS timestamp, else the text as printed."""
    for pattern in _TIMESTAMPS:
        match = pattern.fullmatch(text)
        if match and match["month"].lower() in _MONTHS:
            try:
                return _iso(**match.groupdict())
            except ValueError:  # 25:00:00, Feb 30, year 0
                break
    return text


def _iso(hour: str, minute: str, second: str, fraction: str | None, zone: str | None, month: str, day: str, year: str) -> str:
    microsecond = int((fraction or "0").ljust(6, "0"))
    month_number = _MONTHS.index(month.lower()) + 1
    when = datetime(int(year), month_number, int(day), int(hour), int(minute), int(second), microsecond, _zone(zone))
    return when.isoformat(timespec="milliseconds" if microsecond else "seconds")


def _zone(name: str | None) -> timezone | None:
    """UTC, GMT and numeric offsets are certain; any other name could mean several zones."""
    if name in ("UTC", "GMT"):
        return timezone.utc
    offset = re.fullmatch(r"([+-])(\d\d):(\d\d)", name or "", re.A)
    if not offset:
        return None
    shift = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return timezone(-shift if offset[1] == "-" else shift)


def _uptime_seconds(text: str | None) -> int | None:
    """Seconds in ``1 year, 2 weeks, 3 days, 4 hours, 5 minutes``; None without any unit of time."""
    parts = _UPTIME.findall(text or "")
    return sum(int(count) * _SECONDS[unit] for count, unit in parts) if parts else None


def _sum_kb(text: str) -> int:
    """``487424K/36864K`` is processor and I/O memory: together the memory fitted."""
    return sum(int(part) for part in re.findall(r"[0-9]+", text))


def _size(text: str) -> int | None:
    return None if text == "-" else int(text)


def _boot_list(text: str) -> list[str]:
    """``flash:a,12;flash:b,12;`` without the boot flags after the comma."""
    return list(filter(None, (name.split(",")[0].strip(' \t"') for name in text.split(";"))))


# --- the engine: a table of line templates per command -----------------------------------------------

_YES = ("yes", "true", "on", "enable", "enabled", "1")
# kind: (what it looks like, how to convert it). Counters stop at 18 digits, beyond any IOS counter.
_KINDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "int": (r"\d{1,18}(?=\.?(?:\s|$))", int),
    "word": (r"[^\s,;\"]+", str),
    "name": (r"[^\s,;:=\"()]+", str),
    "model": (r"(?:Catalyst )?[^\s,;:=\"()]+", str),
    "release": (r"\d[^\s,;\"\[\]]*", str),
    "text": (r"\S.*?", str),
    "time": (r"\S.*?", _time),
    "stamp": (r"\d\d?:\d\d:\d\d.*?", _time),
    "mark": (r"[*.]?", lambda mark: mark != "*"),
    "flag": (r"(?:not\s+)?[a-z]+", lambda word: word.lower() in ("yes", "configured")),
    "yes": (r"(?:yes|no|true|false|on|off|enabled?|disabled?|[01])\b", lambda word: word.lower() in _YES),
    "absent": (r"(?:does not exist|not set)", lambda words: False),
    "kb": (r"\d{1,12}K(?:/\d{1,12}K)?", _sum_kb),
    "boot": (r"\S.*?", _boot_list),
}
# A whole run of what stands between two words: there is one way to match it.
_APART = r"(?<![\s:=])[\s:=]+(?![\s:=])"


class _Template:
    """One line as the device prints it: a regular expression with ``{key.path:kind}`` for the values.

    A blank stands for any run of blanks, colons and equals signs, because releases differ in them.
    """

    def __init__(self, template: str) -> None:
        pattern, free_text = "", False
        self.fields: list[tuple[str, Callable[[str], Any]]] = []
        for literal, path, kind, _conversion in string.Formatter().parse(template):
            pattern += literal.replace(" ", _APART)
            if path:
                look, convert = _KINDS[kind or "text"]
                pattern += "(" + look + ")"
                self.fields.append((path, convert))
                free_text = free_text or look.endswith(".*?")
        # Another label may follow a number or a word; headings and free text take the whole line.
        ending = r"(?:\s+|$)" if self.fields and not free_text else "$"
        self.match = re.compile(pattern + ending, re.I | re.A).match


Table = Tuple[_Template, ...]


def _table(*templates: str) -> Table:
    return tuple(_Template(template) for template in templates)


def _answer(table: Table, text: str | None) -> Parsed:
    """What the table makes of an answer."""
    return _with_unread(_parse(table, lines_of(text)), text)


def _with_unread(result: Parsed, text: str | None) -> Parsed:
    result["unparsed"] += _unread(text)
    return result


def _parse(table: Table, lines: Iterable[str]) -> Parsed:
    """Fill the keys that the table names from the lines; the first line that sets a key wins."""
    result: Parsed = {}
    for template in table:
        for path, _convert in template.fields:
            _store(result, path, None)
    result["unparsed"] = []
    for line in map(str.strip, lines):
        if long_lines.is_long(line) or not _scan(table, line, result):  # several that belong together may be
            result["unparsed"].append(line)
    return result


def _scan(table: Table, line: str, result: Parsed) -> bool:
    """Take labels from the left (``Successes:3   Failures 2`` are two); whether all of the line was understood."""
    line = line.rstrip(" \t:=")
    while line:
        found = next(filter(None, (_try(template, line, result) for template in table)), None)
        if not found:
            return False
        line = line[found:]
    return True


def _try(template: _Template, line: str, result: Parsed) -> int:
    """Store what the template finds at the start of the line; the number of characters it took."""
    match = template.match(line)
    if not match:
        return 0
    for (path, convert), value in zip(template.fields, match.groups()):
        if value is not None:
            _store(result, path, convert(value))
    return match.end()


def _store(result: Parsed, path: str, value: Any) -> None:
    *parents, key = path.split(".")
    for parent in parents:
        result = result.setdefault(parent, {})
    if result.get(key) is None:
        result[key] = value


# --- the image agent ---------------------------------------------------------------------------------

_IMAGE_STATUS = _table(
    "Last upgrade started at {last_upgrade.started:time}",
    "Last upgrade ended at {last_upgrade.ended:time} status {last_upgrade.status:text}",
    "Last upgrade ended at {last_upgrade.ended:time}",
    "Last successful upgrade ended at {last_success_ended:time}",
    "Last failed upgrade ended at {last_failure_ended:time}",
    "Number of failed upgrades {failed:int}",
    "Number of successful upgrades {successful:int}",
    "messages received {messages_received:int}",
    "receive errors {receive_errors:int}",
    "Transmit Status",
    "TX Attempts {transmit.attempts:int}",
    "Successes {transmit.successes:int}",
    "Failures {transmit.failures:int}",
)

_IMAGE_CONNECTIONS = _table(
    "CNS Image Agent HTTP connections",
    "Connection attempts {attempts:int}",
    "never connected {never_connected:int}",
    "Abrupt disconnects? {abrupt_disconnects:int}",
    "Last successful connection at {last_success:time}",
)


def image_status(text: str | None) -> Parsed:
    """``show cns image status``: last_upgrade (started, ended, status), last_success_ended,
    last_failure_ended, failed, successful, messages_received, receive_errors,
    transmit (attempts, successes, failures), unparsed. Counters are int."""
    return _answer(_IMAGE_STATUS, text)


def image_connections(text: str | None) -> Parsed:
    """``show cns image connections``: attempts, never_connected, abrupt_disconnects, last_success, unparsed."""
    return _answer(_IMAGE_CONNECTIONS, text)


# The closing tag may be wrapped, too.
_REPORT_END = re.compile(r"\n?".join("</imageInventoryReport>"))


def image_inventory(text: str | None) -> Parsed:
    """``show cns image inventory``: image_id, host_name, version, image_file, raw, unparsed.

    The report is XML that the terminal may wrap or cut anywhere, so it is searched rather than
    parsed. ``version`` is the release number out of the version string, ``raw`` the report as printed.
    A value whose end is missing is given as far as it was printed, and named in ``unparsed``.
    """
    unread = _unread(text, _LONGEST_REPORT)
    text = "\n".join(lines_of(text, _LONGEST_REPORT))
    start, end = _report(text)
    raw = text[start:end]
    around = text[:start].splitlines() + text[end:].splitlines()
    # A wrapped line leaves no mark but its end; a cut line ends in a bracket, and what follows is not its rest.
    report = re.sub(r"(?<!\])\n", "", raw)
    result: Parsed = {
        "image_id": _element(report, "imageID"),
        "host_name": _element(report, "hostName"),
        "version": _release(_element(report, "versionString"), report),
        "image_file": _element(report, "imageFile"),
        "raw": raw or None,
        "unparsed": [line.strip() for line in around if line.strip().lower() not in ("", "inventory report")],
    }
    if raw and not raw.endswith(">"):
        result["unparsed"].append(raw.splitlines()[-1])
    result["unparsed"] += unread
    return result


def _report(text: str) -> tuple[int, int]:
    """Where the report begins and ends; all that follows its beginning where its end is missing."""
    if "<" not in text:
        return len(text), len(text)
    start = text.index("<")
    ends = [found.end() for found in _REPORT_END.finditer(text, start)]
    return start, ends[-1] if ends else len(text)


def _element(report: str, name: str) -> str | None:
    """Text of the first element of that name, to the next tag or to where the report was cut."""
    match = re.search(r"<" + name + r"(?:\s[^<>]*)?>([^<]*)", report)
    return _unescaped(match[1]).strip(" \t\n]") or None if match else None


def _unescaped(text: str) -> str:
    """A number of thousands of digits is no character."""
    return html.unescape(text) if len(text) <= long_lines.LONGEST else text


# Joining wrapped lines can glue the word that starts the next line to the number.
_NUMBER = r"Version\s*(?:\[?[A-Z][a-z]{2,19}\]?\s*)?(\d[^\s,;<\[\]]*?)(?=[\s,;<\[\]]|Technical|Copyright|Compiled|RELEASE|$)"
_RELEASE = re.compile(_NUMBER, re.A)
# Behind the name of a software, unlike the version of the license that IOS XE is under, or of the bootstrap.
_OF_SOFTWARE = re.compile(r"(?<!Bootstrap),\s*(?:Experimental\s*)?" + _NUMBER, re.A)
_WHOLE_RELEASE = re.compile(r"\d{1,3}\.\d{1,3}[.(]\d", re.A)


def _release(version_string: str | None, report: str) -> str | None:
    """The IOS release in a version string, or in what is left of a cut one.

    IOS XE prints its own release first, a name before the number, and that of the GPL after it."""
    text = version_string or report.partition("</versionString")[0]
    numbers = _OF_SOFTWARE.findall(text) or _RELEASE.findall(text)
    return ([number for number in numbers if _WHOLE_RELEASE.match(number)] or numbers or [version_string])[-1]


# --- the device --------------------------------------------------------------------------------------

# IOS XE releases have a name, which stands before the number, in brackets or not: Version Denali 16.2.2.
_VERSION = _table(
    r"Cisco IOS.XE Software(?: \[\w*\])?, Version (?:\[?[a-z]+\]? )?{xe_version:release}.*",
    r"Cisco IOS.XE Software(?: \[\w*\])?, Version {xe_version:word}.*",
    r"IOS.XE(?: Software)?,? Version (?:\[?[a-z]+\]? )?{xe_version:release}.*",
    r"(?:Cisco )?IOS\b(?:(?!Software).)*Software.*, (?:Experimental )?Version (?:\[?[a-z]+\]? )?{version:release}.*",
    r"(?:Cisco )?IOS\b(?:(?!Software).)*Software.*, (?:Experimental )?Version {version:word}.*",
    r"{hostname:word} uptime is {uptime:text}",
    r"System returned to ROM by {returned_by:text}(?: at \d\d?:\d\d:\d\d.*)?",
    r"System restarted at {restarted_at:time}",
    r"System restarted by {returned_by:text}(?: at \d\d?:\d\d:\d\d.*)?",
    r'System image file is "?{image_file:word}.*',
    r"Last reload reason {reload_reason:text}",
    r"cisco {model:model} .*\bwith {memory_kb:kb} bytes of (?:physical )?memory.*",
    # Others sell Cisco's switches under their own name: Rockwell Automation, Allen-Bradley.
    r"[a-z][\w-]*(?: [a-z][\w-]*){{0,2}} {model:name} \([^()]*\) .*\bwith {memory_kb:kb} bytes of (?:physical )?memory.*",
    r"{physical_kb:kb} bytes of physical memory.*",
    r"Processor board ID {serial:word}.*",
    r"System Serial Number {serial:word}",
    r"Configuration register is {config_register:word}(?: \(will be {config_register_next:word} at next reload\))?",
)

_BOOT = _table(
    "BOOT (?:variable|path-lists?)",
    "BOOT variable does not exist",
    "BOOT (?:variable|path-lists?) {images:boot}",
    "CONFIG_FILE variable(?: does not exist)?",
    "(?:CONFIG_FILE variable|Config file) {config_file:text}",
    "MANUAL(?:_| )BOOT(?: variable)? {manual_boot:yes}",
    "MANUAL_BOOT variable {manual_boot:absent}",
    "MANUAL_BOOT variable",
    r"Configuration register is {config_register:word}(?: \(will be {config_register_next:word} at next reload\))?",
    ".*Boot Variables.*",
)

_CLOCK_TABLE = _table("{authoritative:mark}{time:stamp}", "Time source is {source:text}")


def version(text: str | None) -> Parsed:
    """``show version`` of IOS and IOS XE: version (the IOS release, as in 15.7(3)M9 or 16.9.5), xe_version
    (the IOS XE spelling, as in 16.09.05), image_file, hostname, uptime, uptime_seconds (a year is 365 days),
    model, serial, memory_kb (the physical memory where it is printed, else that of processor and I/O together),
    config_register, config_register_next, restarted_at, reload_reason, members (of the table of switches, one row
    where it stands alone: switch, active, model, version, image, mode), unparsed."""
    lines, members = _member_table(lines_of(text))
    result = _parse(_VERSION, lines)
    result["version"] = result["version"] or result["xe_version"]
    result["memory_kb"] = result.pop("physical_kb") or result["memory_kb"]
    result["uptime_seconds"] = _uptime_seconds(result["uptime"])
    returned_by, others = result.pop("returned_by"), _first_of_others(lines)
    if others < len(lines):  # the reason of another member is not that of the switch that answers
        result["reload_reason"] = _parse(_VERSION, lines[:others])["reload_reason"]
    result["reload_reason"] = result["reload_reason"] or returned_by
    result["members"] = members
    return _with_unread(result, text)


def _first_of_others(lines: list[str]) -> int:
    """Where the other members of a stack begin to tell of themselves."""
    return next((at for at, line in enumerate(lines) if _MEMBER.fullmatch(line.strip())), len(lines))


_MEMBER_HEADING = re.compile(r"Switch\s+Ports\s+Model\s.*", re.I)
_MEMBER_ROW = re.compile(r"(\*?)\s*(\d{1,2})\s+\d{1,4}\s+(\S+)\s+(\d\S*)\s+(\S+)(?:\s+(\S+))?", re.A)
_RULES = re.compile(r"[-=*]{3,}(?:\s+[-=*]{3,})*")


def _member_table(lines: list[str]) -> tuple[list[str], list[Parsed]]:
    """The lines without the table of switches, and its rows."""
    start = next((at for at, line in enumerate(lines) if _MEMBER_HEADING.fullmatch(line.strip())), len(lines))
    end, members = start + 1, []
    for line in map(str.strip, lines[start + 1 :]):
        row = _MEMBER_ROW.fullmatch(line)
        if not row and not _RULES.fullmatch(line):
            break
        end += 1
        members += [_member(*row.groups())] if row else []
    return lines[:start] + lines[end:], members


def _member(star: str, switch: str, model: str, release: str, image: str, mode: str | None) -> Parsed:
    names = {"switch": switch, "active": bool(star), "model": model, "version": release, "image": image}
    return {**names, "mode": mode and mode.upper()}


_SWITCH_ROW = re.compile(
    r"(\*?)\s*(\d{1,2})\s+([a-z]+)\s+([\da-f]{4}(?:\.[\da-f]{4}){2})\s+(\d{1,2})\s+(?:(V?\d\S*)\s+)?([a-z].*)", re.I | re.A
)


def switches(text: str | None) -> list[Parsed]:
    """``show switch``: list of switch (its number in the stack), active (whether it is the one that answers), role, mac,
    priority, state, all as printed but ``active`` and ``priority``."""
    rows = filter(None, map(_SWITCH_ROW.fullmatch, _rows(text)))
    return [
        {"switch": switch, "active": bool(star), "role": role, "mac": mac, "priority": int(priority), "state": state.strip()}
        for star, switch, role, mac, priority, _hardware, state in (row.groups() for row in rows)
    ]


_MEMBER = re.compile(r"Switch\s+#?0?(\d{1,2})(?:[\s:].*)?", re.I | re.A)
_BOOT_LINE = re.compile(r"\s*(?:BOOT|CONFIG_FILE|MANUAL.BOOT) (?:variable|path-lists?)\b", re.I)
_STANDBY = re.compile(r"Standby\s+((?:(?:MANUAL_)?BOOT|Configuration register)\s.*)", re.I)


def boot(text: str | None) -> Parsed:
    """``show boot``, ``show bootvar``: images (list, in boot order), config_register, config_register_next,
    config_file, manual_boot (whether the device waits in its boot loader; None where it does not say), members, unparsed.
    Where the device lists current and next boot variables, those of the next reload; of a stack, those of the
    switch that is listed first. ``members`` has each switch of a stack, and a standby supervisor: member (the number of the
    switch, ``standby``, or None for a first one that is listed without its number), images, manual_boot, config_register (that
    of the next reload)."""
    # A long list continues on the next line.
    lines = re.sub(r";\n[ \t]+(?=\S+:)", ";", "\n".join(lines_of(text))).splitlines()
    parts = _boot_parts(long_lines.short(lines))
    result = _boot_part(parts[0][1] if parts else [])
    result["members"] = [] if [member for member, _own in parts] in ([], [None]) else [_boot_member(*part) for part in parts]
    result["unparsed"] += long_lines.long(lines)
    return _with_unread(result, text)


def _boot_part(lines: list[str]) -> Parsed:
    """What is said of one switch."""
    following = next((at for at, line in enumerate(lines) if "variables on next reload" in line.lower()), 0)
    result = _parse(_BOOT, lines[following:])
    result["images"] = result["images"] or []
    if result["manual_boot"] is None:
        result["manual_boot"] = _parse(_BOOT, lines[:following])["manual_boot"]
    return result


def _boot_member(member: str | None, lines: list[str]) -> Parsed:
    own = _boot_part(lines)
    register = own["config_register_next"] or own["config_register"]
    return {"member": member, "images": own["images"], "manual_boot": own["manual_boot"], "config_register": register}


def _boot_parts(lines: Iterable[str]) -> list[tuple[str | None, list[str]]]:
    """The lines of each switch of a stack, and of the standby; the one that answers may have no heading."""
    parts: list[tuple[str | None, list[str]]] = []
    standby: list[str] = []
    for line in lines:
        head, other = _MEMBER.fullmatch(line.strip()), _STANDBY.fullmatch(line.strip())
        if other:
            standby.append(other[1])
        elif head:
            parts.append((head[1], []))
        elif not _RULES.fullmatch(line.strip()):
            parts = parts or [(None, [])]
            parts[-1][1].append(line)
    if len(parts) > 1 and parts[0][0] is None and not any(map(_BOOT_LINE.match, parts[0][1])):
        del parts[0]  # nothing but what came in front of the first heading
    return parts + ([("standby", standby)] if standby else [])


def clock(text: str | None) -> Parsed:
    """``show clock``: time, authoritative (False where the device prints an asterisk: never set; a dot is
    set but not synchronised), source (``show clock detail``, or ``exec prompt timestamp``), unparsed."""
    result = _answer(_CLOCK_TABLE, text)
    result["source"] = result["source"] or _source_in_heading(text)
    return result


def _source_in_heading(text: str | None) -> str | None:
    found = next(filter(None, map(_TIME_SOURCE.fullmatch, long_lines.short((text or "").splitlines()))), None)
    return found and found[1]


_FILE_SYSTEM = re.compile(r"(\*?)\s*(\d{1,18}|-)\s+(\d{1,18}|-)\s+(\S+)\s+(\S+)\s+([^\s:]+:.*)", re.A)
_FILE_DATE = r"[a-z]{3}\s+\d{1,2}\s+\d{4}\s+\d\d:\d\d:\d\d(?: [+-]\d\d:\d\d)?"
_FILE = re.compile(r"\d{1,18}\s+[a-z-]{4}\s+(\d{1,18})\s+(<no date>|" + _FILE_DATE + r")\s+(\S.*)", re.I | re.A)
_DIRECTORY = _table(
    "Directory of {path:text}",
    r"{total:int} bytes total(?: \({free:int} bytes free.*)?",
    r"{free:int} bytes available(?: \({used:int} bytes used.*)?",
    "No files in directory",
)


def filesystems(text: str | None) -> list[Parsed]:
    """``show file systems``: list of prefix, prefixes (all names of the same file system), type, flags,
    size and free (bytes; None where the device prints a dash), default."""
    rows = filter(None, map(_FILE_SYSTEM.fullmatch, _rows(text)))
    return [_file_system(*row.groups()) for row in rows]


def _file_system(star: str, size: str, free: str, kind: str, flags: str, prefixes: str) -> Parsed:
    names = [name.rstrip("#") for name in prefixes.split()]
    return {
        "prefix": names[0],
        "prefixes": names,
        "type": kind,
        "flags": flags,
        "size": _size(size),
        "free": _size(free),
        "default": bool(star),
    }


def directory(text: str | None) -> Parsed:
    """``dir flash:``: path, files (list of name, size, date), total and free (bytes), unparsed."""
    rows = [(line, _FILE.fullmatch(line)) for line in _rows(text)]
    result = _parse(_DIRECTORY, [line for line, row in rows if not row])
    used = result.pop("used")
    if result["total"] is None and used is not None:
        result["total"] = used + result["free"]
    result["files"] = [_file(*row.groups()) for _line, row in rows if row]
    return _with_unread(result, text)


def _file(size: str, date: str, name: str) -> Parsed:
    return {"name": name, "size": int(size), "date": None if date == "<no date>" else _time(re.sub(r"\s+", " ", date))}


# --- around the upgrade ------------------------------------------------------------------------------

_CONNECTION = re.compile(r"(\S+:\d{1,5})\s+(\S+:\d{1,5})\s+(\d{1,18})\s+(\d{1,18})", re.A)
_CONNECTION_HEADING = re.compile(r"local-ipaddress:port\s.*", re.I)
_SETTING = re.compile(r"([a-z][^:=]*)[:=](?!//)(.*)", re.I)


def http_client(text: str | None) -> Parsed:
    """``show ip http client all``: settings (label to value, both as printed), connections
    (list of local, remote, in_bytes, out_bytes), unparsed.

    Releases print different labels, so the labels are kept as they are; a label that is printed
    again (there is a block per application) stays in ``unparsed`` the second time.
    """
    result: Parsed = {"settings": {}, "connections": [], "unparsed": []}
    for line in _rows(text):
        connection, setting = _CONNECTION.fullmatch(line), _SETTING.fullmatch(line)
        label = setting and setting[1].strip()
        if _CONNECTION_HEADING.fullmatch(line):
            continue
        if connection:
            local, remote, received, sent = connection.groups()
            result["connections"].append({"local": local, "remote": remote, "in_bytes": int(received), "out_bytes": int(sent)})
        elif setting and label not in result["settings"]:
            result["settings"][label] = setting[2].strip() or None
        else:
            result["unparsed"].append(line)
    return _with_unread(result, text)


_EVENT_CONNECTIONS = _table(
    *(
        "The currently {0} event gateway {1}".format(how, rest)
        for how, role in (("configured primary", "primary"), ("configured backup", "backup"), ("connected", "connected"))
        for rest in (r"none\.?", r"hostname is {%s.host:text}\.?" % role, r"port number is {%s.port:int}\.?" % role)
    ),
    "(?:.* )?Event-Id is {event_id:text}",
    r"Keepalive setting {keepalive:text}\.?",
    r"Connection status {status:text}\.?",
)


def event_connections(text: str | None) -> Parsed:
    """``show cns event connections``: primary, backup and connected (host, port of each event gateway),
    event_id, keepalive and status (as printed), unparsed."""
    return _with_unread(_parse(_EVENT_CONNECTIONS, _under_headings(lines_of(text))), text)


def _under_headings(lines: Iterable[str]) -> list[str]:
    """Put a heading, a line that ends in a colon, in front of each line below it."""
    heading, folded = "", []
    for line in lines:
        if line.endswith(":"):
            heading = line[:-1].strip() + " "
        else:
            folded.append(heading + line.strip())
    return folded


_INTERFACE_HEADING = re.compile(r"Interface\s+IP-Address\s.*", re.I)
_ROUTE_TOTAL = re.compile(r"Total\s+(\d{1,18})\s+(\d{1,18})\b.*", re.I | re.A)
_CDP_TOTAL = re.compile(r"Total cdp entries displayed\s*:\s*(\d{1,18})", re.I | re.A)
_CDP_HEADING = re.compile(r"Device.ID\s.*", re.I)
_CDP_NEIGHBOR = re.compile(r"(?<![A-Za-z-])[A-Za-z][A-Za-z-]*\s?\d[\d/.:]*\s+\d{1,3}\s+\S", re.A)


def interfaces_up(text: str | None) -> Parsed:
    """``show ip interface brief``: up (interfaces with line and protocol up) and total, None where the
    text is no such table; unparsed."""
    result: Parsed = {"up": None, "total": None, "unparsed": []}
    for line in _rows(text):
        _name, _address, known, _method, *states = line.split() + [""] * 4
        states = [word for word in states if word]
        if known in ("YES", "NO") and len(states) > 1:
            result["total"] = (result["total"] or 0) + 1
            result["up"] = (result["up"] or 0) + (states == ["up", "up"])
        elif not _INTERFACE_HEADING.fullmatch(line):
            result["unparsed"].append(line)
    return _with_unread(result, text)


def route_count(text: str | None) -> int | None:
    """``show ip route summary``: networks and subnets of the total line as one int; None without that line."""
    total = next(filter(None, map(_ROUTE_TOTAL.fullmatch, _rows(text))), None)
    return int(total[1]) + int(total[2]) if total else None


def cdp_neighbors(text: str | None) -> int | None:
    """``show cdp neighbors``: number of neighbors as int; None where the text is no such table (CDP is off)."""
    lines = _rows(text)
    total = next(filter(None, map(_CDP_TOTAL.fullmatch, lines)), None)
    if total:
        return int(total[1])
    # Older releases print no total; a long name takes a line of its own, so count the lines with a port and hold time.
    heading = next((at for at, line in enumerate(lines) if _CDP_HEADING.fullmatch(line)), None)
    return None if heading is None else sum(bool(_CDP_NEIGHBOR.search(line)) for line in lines[heading + 1 :])


_TRUSTPOINT = _table(
    r"Trustpoint {name:text}:?",
    "Subject Name {subject:text}",
    r"Serial Number(?: \(hex\))? {serial:word}",
    "Fingerprint MD5 {fingerprint.md5:text}",
    "Fingerprint SHA1 {fingerprint.sha1:text}",
    r"Certificate {authenticated:flag}\.",
    "Issuing CA certificate {authenticated:flag}[.:]?",
    r"Issuing CA authenticated \.+ {authenticated:flag}.*",
)


def trustpoints(text: str | None) -> list[Parsed]:
    """``show crypto pki trustpoints``, with or without ``status``: list of name, subject, serial, fingerprint
    (md5, sha1), authenticated (whether the certificate of the CA is there; None where not printed), unparsed.
    Where a trustpoint holds several certificates, the first printed counts: the CA."""
    lines = "\n".join(lines_of(text))
    lines = re.sub(r"(?i)(subject name:)\s+", r"\1 ", lines)
    lines = re.sub(r"(?i)\n[ \t]*(?=[a-z]{1,16}=)", ",", lines)  # one attribute of the subject a line
    blocks: list[list[str]] = []
    for line in lines.splitlines():
        if line.lower().startswith("trustpoint "):
            blocks.append([])
        if blocks:
            blocks[-1].append(line)
    found = [_parse(_TRUSTPOINT, block) for block in blocks]
    return [*found[:-1], _with_unread(found[-1], text)] if found else []


# --- doors -------------------------------------------------------------------------------------------


def is_told(parsed: Any) -> bool:
    """Whether anything was found in an answer: a parser makes something of every text, be it of nulls alone."""
    if isinstance(parsed, dict):
        return any(is_told(value) for key, value in parsed.items() if key != "unparsed")
    return bool(parsed) if isinstance(parsed, list) else parsed is not None


def unsupported(text: str | None) -> bool:
    """Whether the answer is a refusal by the command line (``% Invalid input``, ``% Incomplete command``, the
    caret alone), not an answer in which such words occur."""
    lines = lines_of(long_lines.beginnings(text or ""))
    if len(lines) > 1 and not _BESIDE_REFUSAL.fullmatch(lines[0]):
        del lines[0]  # the echo of a command other than show
    return any(map(_REFUSAL.fullmatch, lines)) and all(map(_BESIDE_REFUSAL.fullmatch, lines))


def incomplete(text: str | None) -> bool:
    """Whether the command line knows a command, but wants more words than it was given."""
    return unsupported(text) and any(map(_INCOMPLETE.match, lines_of(text)))


def refused(text: str | None) -> bool:
    """Whether a text is no answer, but begins with what a device, or AAA in its place, says instead of one."""
    lines = lines_of(long_lines.beginnings(text or ""))
    return bool(unsupported(text) or refusal.denial("\n".join(lines)) or refusal.session_over("".join(lines[:1])))


PARSERS: dict[str, Callable[[str], Any]] = {
    "show cns image status": image_status,
    "show cns image connections": image_connections,
    "show cns image inventory": image_inventory,
    "show cns event connections": event_connections,
    "show version": version,
    "show switch": switches,
    "show file systems": filesystems,
    "dir": directory,
    "show boot": boot,
    "show bootvar": boot,
    "show boot system": boot,
    "show clock": clock,
    "show clock detail": clock,
    "show ip http client all": http_client,
    "show ip interface brief": interfaces_up,
    "show ip route summary": route_count,
    "show cdp neighbors": cdp_neighbors,
    "show crypto pki trustpoints": trustpoints,
    "show crypto pki trustpoints status": trustpoints,
}


def parser_for(command: str) -> Callable[[str], Any] | None:
    """The parser for a command, which may be abbreviated as on the command line (``sh cns im st``); None if there
    is none. Output filters (after ``|``) and the argument of ``dir`` do not matter."""
    typed = command.split("|")[0].lower().split()
    if typed[:1] == ["dir"]:
        del typed[1:]
    return next((parser for known, parser in PARSERS.items() if _abbreviates(typed, known.split())), None)


def _abbreviates(typed: list[str], words: list[str]) -> bool:
    return len(typed) == len(words) and all(word.startswith(part) for part, word in zip(typed, words))
