# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a controller keeps of a rollout when its folder is gone, and how another run goes on from that. Pure but for C(read).

An artifact is made of the entries of a journal, and entries are made of it again::

    {"format": 1, "at": seconds since the epoch, "target": {"version", "image"}, "targets": {host: its own target},
     "state", "stopped", "total", "counts": {outcome: number}, "bad": {host: reason}, "limit": [host],
     "begun": [host that may have been triggered after this was written],
     "in_progress": {host: {"before", "snapshot"}},
     "report": {"started", "ended", "duration", "runs", "devices": [{"host", "outcome", ...}]},
     "cut": [what was left out, because there is a limit to its size]}
"""

from __future__ import annotations

import contextlib
import datetime
import json
import pathlib
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Optional

from ansible_collections.cns.image_agent.plugins.module_utils import snapshot
from ansible_collections.cns.image_agent.plugins.module_utils.door import Door
from ansible_collections.cns.image_agent.plugins.module_utils.safe_text import safe
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import entries as lines
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import report, state, words
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.entries import Entry

Line = dict[str, Any]  # what is going to be an entry

NAME = "cns_rollout"  # as which it goes to the next job of a workflow
FORMAT = 1
LARGEST = 500_000  # bytes of JSON. AWX leaves out the result of an event above 700,000
_LARGEST_FILE = 16 * 1024 * 1024  # bytes that are read, if somebody names another file

_OPEN = (state.UNDER_WAY, *state.MAY_GO_ON)
_OF_DEVICE = (
    *("host", "wave", "model", "old_version", "new_version", "old_image", "new_image"),
    *("outcome", "reason", "started", "ended", "seconds", "reloads", "differences"),
)


# -- made of a journal --------------------------------------------------------------------------------------------


def artifact(entries: Iterable[Any], begun: Sequence[str] = (), largest: int = LARGEST) -> dict[str, Any]:
    """The artifact of the newest rollout in the entries of a journal. ``begun``: devices whose wave begins now."""
    entries = lines.sound(entries)
    made = report.report(entries)
    target = report.newest_target(entries)
    own = _own_targets(entries, target)
    whole = {
        "format": FORMAT,
        "at": entries[-1]["at"] if entries else 0,
        "target": target,
        "targets": own,
        **{name: made[name] for name in ("state", "stopped", "total", "limit")},
        "counts": {count["outcome"]: count["count"] for count in made["counts"]},
        "bad": {device["host"]: device["reason"] for device in made["devices"] if device["kind"] == "bad"},
        "begun": list(begun),
        "in_progress": _in_progress(entries, made["devices"], target, own),
        "report": {
            **{name: made[name] for name in ("started", "ended", "duration", "runs")},
            "devices": [_device(device) for device in made["devices"]],
        },
        "cut": [],
    }
    return _fitting(Door().data(whole), largest)  # whatever the journal holds: half a secret could not be told any more


def _own_targets(entries: Iterable[Entry], target: Any) -> dict[str, Any]:
    """``{host: target}`` of the devices whose target is another than that of the whole rollout."""
    own: dict[str, Any] = {}
    for entry in state.of_rollout(entries, target):
        planned: Any = entry.get("targets")
        own.update(planned if isinstance(planned, dict) else {})
        if entry["host"]:
            own[entry["host"]] = entry.get("target")
    return {host: of for host, of in own.items() if of != target}


def _device(device: dict[str, Any]) -> dict[str, Any]:
    kept = {name: device[name] for name in _OF_DEVICE if device[name] not in (None, "", [])}
    worse = [item for item in device["differences"] if item["verdict"] == snapshot.WORSE]
    return {**kept, "differences": worse} if worse else {name: kept[name] for name in kept if name != "differences"}


def _in_progress(
    entries: list[Entry], devices: list[dict[str, Any]], target: Any, own: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """What was seen of each device that may be at work, before it was triggered."""
    steps = state.by_host(entries)
    open_hosts = [device["host"] for device in devices if device["outcome"] in _OPEN]
    begun = {host: state.begun(steps.get(host, ()), own.get(host, target)) for host in open_hosts}
    return {host: seen for host, seen in begun.items() if seen}


# -- cut to its size ----------------------------------------------------------------------------------------------


def size(made: Any) -> int:
    """Bytes of its JSON."""
    return len(json.dumps(made))


def _fitting(made: dict[str, Any], largest: int) -> dict[str, Any]:
    """The artifact without what matters least, as far as its size demands it. ``cut`` says what is missing."""
    for what, cut in _CUTS:
        if size(made) <= largest:
            return made
        less = cut(made)
        if what == _LAST_CUT or size(less) < size(made):
            made = dict(less, cut=[*made["cut"], what])
    while size(made) > largest and any(made[name] for name in _LONG):
        made = dict(made, **{name: _half(made[name]) for name in _LONG})
    return made


def _half(value: Any) -> Any:
    part = list(value)[: len(value) // 2]
    return {key: value[key] for key in part} if isinstance(value, dict) else part


def _devices(change: Callable[[dict[str, Any]], Optional[dict[str, Any]]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A cut that changes each device of the report, or leaves it out."""

    def cut(made: dict[str, Any]) -> dict[str, Any]:
        devices = [changed for changed in map(change, made["report"]["devices"]) if changed]
        return dict(made, report=dict(made["report"], devices=devices))

    return cut


def _is_done(device: dict[str, Any]) -> bool:
    return device["outcome"] in state.DONE


def _without(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda device: {name: value for name, value in device.items() if name not in names}


def _in_progress_without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda made: dict(made, in_progress={host: dict(seen, **{name: None}) for host, seen in made["in_progress"].items()})


_LAST_CUT = "names of devices"
_LONG = ("limit", "bad", "begun", "in_progress", "targets")
_CUTS = (
    ("the reasons of devices that are done", _devices(lambda device: _without("reason")(device) if _is_done(device) else device)),
    ("the files of images", _devices(_without("old_image", "new_image"))),
    ("the reasons in the report; those of failed devices are in bad", _devices(_without("reason"))),
    ("the snapshots of devices in progress", _in_progress_without("snapshot")),
    ("the report on devices that are done; they are counted", _devices(lambda device: None if _is_done(device) else device)),
    ("what devices in progress were before", _in_progress_without("before")),
    ("the report on devices", _devices(lambda device: None)),
    ("the ends of long reasons", lambda made: dict(made, bad={host: reason[:80] for host, reason in made["bad"].items()})),
    ("the reasons of failed devices", lambda made: dict(made, bad=dict.fromkeys(made["bad"], ""))),
    (_LAST_CUT, dict),
)


# -- read ---------------------------------------------------------------------------------------------------------


def read(given: Any) -> Any:
    """The artifact in what a person or a controller gives: itself, its JSON, a file with that, or what a job has left.

    That may be the artifacts of a job, its events, or a folder in which ansible-runner keeps them; the newest artifact counts.
    Raises ValueError, with a sentence for people.
    """
    if isinstance(given, str):
        given = _json(given) if given.lstrip().startswith(("{", "[")) else _file(pathlib.Path(given).expanduser())
    found = list(_found(given, 8))
    if not found:
        raise ValueError("no artifact of a rollout is in it")
    return max(found, key=lambda made: _number(made.get("at")) or 0)


def _found(value: Any, levels: int) -> Iterator[dict[str, Any]]:
    """Every artifact inside of a value."""
    if isinstance(value, dict) and "format" in value and "in_progress" in value:
        yield value
    elif levels and isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _found(inner, levels - 1)


def _file(path: pathlib.Path) -> Any:
    try:
        return list(_events(path)) if path.is_dir() else _json(_text_of(path))
    except OSError as error:
        raise ValueError("%s cannot be read: %s" % (path, error.strerror or error)) from None


def _events(folder: pathlib.Path) -> Iterator[Any]:
    """The events of a job; one that was cut off, as by the end of the job, hides no other."""
    for file in folder.rglob("*.json"):
        if file.parent.name == "job_events":
            with contextlib.suppress(ValueError, OSError):
                yield _json(_text_of(file))


def _text_of(path: pathlib.Path) -> str:
    """The text of a file, which must not be a pipe that nobody writes into, or larger than any artifact. Raises OSError."""
    try:
        mode = path.stat().st_mode
    except ValueError:
        raise OSError("it is no name of a file") from None
    if not stat.S_ISREG(mode):
        raise OSError("it is not a regular file")
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(_LARGEST_FILE + 1)
    if len(text) > _LARGEST_FILE:
        raise OSError("it is larger than an artifact can be")
    return text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is neither JSON nor a file of JSON") from None


# -- taken for a journal again ------------------------------------------------------------------------------------


def entries_of(made: Any) -> list[Entry]:
    """The entries of a journal that tell what the artifact does. Nothing in it that is unsound is taken.

    Raises ValueError, with a sentence for people, if it is no artifact of a rollout.
    """
    if not isinstance(made, dict) or made.get("format") != FORMAT or not _is_target(made.get("target")):
        raise ValueError("it is not the artifact of a rollout that this release can read")
    target, own = made["target"], _targets(made.get("targets"))
    at: float = _number(made.get("at")) or 0
    devices = [device for device in _dicts(_dict(made.get("report")).get("devices")) if _is_device(device)]
    planned = dict(at=at, host=None, step="rollout", waves=_waves(devices), **({"targets": own} if own else {}))
    found: list[Line] = [planned, *(entry for device in devices for entry in _of_device(device, at))]
    found += _triggers(made, {device["host"]: _seconds(device.get("started"), at) for device in devices}, at)
    found += _end(made, at)
    first = min((entry["at"] for entry in found), default=at)
    found = [dict(planned, at=first), *sorted(found[1:], key=lambda entry: entry["at"])]
    return lines.sound(_plain(dict(entry, target=own.get(entry["host"], target)) for entry in found if _is_of_a_host(entry)))


def _plain(found: Iterable[Line]) -> list[Entry]:
    """What a line of a journal would make of each entry."""
    return [entry for entry in map(_as_read, found) if entry]


def _as_read(entry: Line) -> Optional[Entry]:
    try:
        return lines.parsed(json.dumps(entry).encode())
    except (ValueError, TypeError, RecursionError):  # what is no JSON, or too deep for it
        return None


def _is_of_a_host(entry: Line) -> bool:
    return entry["host"] is None or isinstance(entry["host"], str)


def _of_device(device: dict[str, Any], at: float) -> list[Line]:
    """A device that has ended; those that have not are told of elsewhere."""
    host, how = device["host"], device["outcome"]
    begun, ended = _seconds(device.get("started"), at), _seconds(device.get("ended"), at)
    old = {"version": _text(device.get("old_version")), "image_file": _text(device.get("old_image"))}
    new = {"version": _text(device.get("new_version")), "image_file": _text(device.get("new_image"))}
    running = dict(old, model=_text(device.get("model")))
    found = [_entry(begun, host, "preflight", ready=True, findings=[], running=running)]
    if device.get("started") and how not in _OPEN:
        found.append(_entry(begun, host, "triggering", before=old))
    if how not in (state.UNDER_WAY, state.NEVER_REACHED):
        more = dict(reason=safe(_text(device.get("reason")) or ""), reloads=_number(device.get("reloads")), after=new)
        found.append(_entry(ended, host, "ended", outcome=how, **more))
    if device.get("differences"):
        found.append(_entry(ended, host, "checked", differences=_dicts(device["differences"])))
    return found


def _end(made: dict[str, Any], at: float) -> list[Line]:
    """How the rollout ended, if it did."""
    stopped = _dict(made.get("stopped"))
    reason = _text(stopped.get("reason"))
    if reason:
        return [_entry(at, None, "stopped", wave=_number(stopped.get("wave")), reason=reason)]
    return [_entry(at, None, "finished")] if made.get("state") == "finished" else []


def _triggers(made: dict[str, Any], started: dict[str, float], at: float) -> Iterator[Line]:
    """What was triggered, and what may have been, and was not seen to end."""
    in_progress = _dict(made.get("in_progress"))
    for host, seen in in_progress.items():
        begun, taken = started.get(host, at), _snapshot(_dict(seen).get("snapshot"))
        if taken:
            yield _entry(begun, host, "snapshot", snapshot=taken)
        yield _entry(begun, host, "triggering", before=_observation(_dict(seen).get("before")))
    for host in _list(made.get("begun")):
        if isinstance(host, str) and host not in in_progress:
            yield _entry(at, host, "triggering", before=None)


def _entry(at: float, host: Any, step: str, **data: Any) -> Line:
    return dict(at=at, host=host, step=step, **data)


def _waves(devices: list[dict[str, Any]]) -> list[list[str]]:
    """The waves in which the devices were; wave 3 stays the third."""
    numbers = {device["host"]: device["wave"] for device in devices if isinstance(device.get("wave"), int)}
    last = min(max(numbers.values(), default=0), len(devices))
    return [[host for host, wave in numbers.items() if wave == number] for number in range(1, last + 1)]


# -- values that are not ours -------------------------------------------------------------------------------------


def _is_target(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"version", "image"}
        and all(part is None or isinstance(part, str) for part in value.values())
    )


def _targets(value: Any) -> dict[str, Any]:
    return {host: target for host, target in _dict(value).items() if _is_target(target)}


def _is_device(value: dict[str, Any]) -> bool:
    return isinstance(value.get("host"), str) and isinstance(value.get("outcome"), str) and value["outcome"] in words.KINDS


def _observation(value: Any) -> Optional[dict[str, Any]]:
    """What a device said before it was triggered, as far as it has the form of that; None if it does not say what it ran."""
    value = _dict(value)
    if not _text(value.get("version")):
        return None
    status = value.get("status")
    seen: dict[str, Any] = {name: _text(value.get(name)) for name in _TEXTS}
    seen.update({name: _number(value.get(name)) for name in _NUMBERS})
    seen["status"] = _status(status) if isinstance(status, dict) else None
    seen["connections"] = _numbers(value.get("connections"))
    return seen


_TEXTS = ("version", "xe_version", "image_file", "restarted_at", "reload_reason")
_NUMBERS = ("uptime_seconds", "asked_at")


def _status(value: dict[str, Any]) -> dict[str, Any]:
    last = _dict(value.get("last_upgrade"))
    return {**_numbers(value), "last_upgrade": {name: _text(last.get(name)) for name in ("started", "ended", "status")}}


def _numbers(value: Any) -> dict[str, Any]:
    return {str(name): number for name, number in _dict(value).items() if _number(number) is not None}


def _snapshot(value: Any) -> Optional[dict[str, Any]]:
    value = _dict(value)
    if not value:
        return None
    boot = value.get("boot_list")
    return {
        **{name: _text(value.get(name)) for name in ("version", "image", "config_register")},
        **{name: _number(value.get(name)) for name in snapshot.NUMBERS},
        "boot_list": [entry for entry in boot if isinstance(entry, str)] if isinstance(boot, list) else None,
    }


def _seconds(value: Any, otherwise: float) -> float:
    """Seconds since the epoch of an ISO 8601 time."""
    try:
        return datetime.datetime.fromisoformat(value).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise


def _text(value: Any) -> Optional[str]:
    return safe(value) if isinstance(value, str) and value else None


def _number(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]
