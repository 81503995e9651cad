# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happened to an upgrade, judged from two observations of the device. Pure.

An observation is what the device said at one moment::

    {"version", "xe_version", "image_file", "uptime_seconds", "restarted_at",   from "show version"
     "status": the parsed "show cns image status", or None,
     "connections": the parsed "show cns image connections", or None,
     "asked_at": seconds on the controller's clock}

How a session ended is no part of it: a lost session is not a failure, and not a success.
"""

from __future__ import annotations

import datetime
import re
from typing import Any, Dict, NamedTuple, Optional

UP_TO_DATE = "up_to_date"
STARTED = "started"
SUCCESS = "success"
NO_NEW_IMAGE = "no_new_image"
FAILED = "failed"
TIMEOUT = "timeout"
UNKNOWN = "unknown"
BAD = (FAILED, TIMEOUT, UNKNOWN)

REPORT, FOLLOW, TRIGGER = "report", "follow", "trigger"

Observation = Dict[str, Any]


class Target(NamedTuple):
    """What the device should run: a version, a file name, or neither."""

    version: Optional[str]
    image: Optional[str]


class Verdict(NamedTuple):
    """How an upgrade ended, and a sentence that says why."""

    outcome: str
    reason: str


class Step(NamedTuple):
    """What to do next about a device: report its ``verdict``, follow the upgrade that began after the observation
    ``since``, or trigger one. ``over``: the Verdict on an earlier attempt that has failed meanwhile."""

    do: str
    since: Observation
    verdict: Optional[Verdict]
    over: Optional[Verdict]


# IOS prints uptime in whole minutes, and the time of the restart to the second.
_UPTIME_SLACK = 60
_RESTART_SLACK = 3
_RELOADS_WITHIN = 600  # seconds after the agent says that it has succeeded; how long it takes is not documented
_UTC = "+00:00"  # as GMT is shown, whose summer time is no known zone
_NO_SUMMER_TIME_WITHIN = 7 * 86400  # seconds after a boot, almost always
_COUNTERS = ("failed", "successful", "messages_received")
# Only SUCCESS is documented.
_SUCCESS_WORD = re.compile(r"^(SUCC|OK\b|COMPLETE)", re.IGNORECASE)
_NOTHING_WORD = re.compile(r"^(NO[-_]?(NEW|IMAGE|UPDATE|UPGRADE|CHANGE)|NOTHING|UP[-_]?TO[-_]?DATE)", re.IGNORECASE)
# packages.conf, or a list that is named as the image was: cat3k_caa-universalk9.SPA.03.03.05.SE.150-1.EZ5.conf
_LIST_OF_PACKAGES = ".conf"
_VERSION_IN_NAME = re.compile(r"[._-]([0-9]{1,2}(?:\.[0-9]{1,2}){2}[a-z]?(?:\.?[es][a-z]?[0-9]?(?=[.-]))?)(?=[.-]|$)")
_FAILURE_WORD = re.compile(r"FAIL|ERR|ABORT", re.IGNORECASE)
_NO_WORD = "no status"


def says_nothing_new(word: str) -> bool:
    """Whether the agent's word on its last upgrade means that there was no new image."""
    return bool(_NOTHING_WORD.match(word))


def says_success(word: str) -> bool:
    """Whether the agent's word on its last upgrade means that it ended well."""
    return bool(_SUCCESS_WORD.match(word)) and not _FAILURE_WORD.search(word)


def on_target(observed: Observation, target: Target) -> bool:
    """Whether the device is known to run what is wanted; False where nothing particular is wanted."""
    wanted = bool(target.version or target.image)
    return wanted and not _missed(observed, target) and not undecided(observed, target)


def undecided(observed: Observation, target: Target) -> bool:
    """Whether the device cannot show that it runs the image wanted: in install mode its image file is C(packages.conf)
    or the like, whatever it runs, so only a version tells, that of the target or the one in the name of the image."""
    return bool(target.image and not target.version and in_install_mode(observed) and not version_in(target.image))


def in_install_mode(observed: Observation) -> bool:
    """Whether the device booted a list of packages instead of an image."""
    return base_name(observed.get("image_file")).endswith(_LIST_OF_PACKAGES)


def version_in(image: str) -> str | None:
    """The IOS XE release in the name of an image: ``16.09.08`` of ``isr4300-universalk9.16.09.08.SPA.bin``."""
    found = _VERSION_IN_NAME.search(base_name(image))
    return found and found[1]


def _missed(observed: Observation, target: Target) -> list[str]:
    """What of the target the device does not run, in words."""
    version, image = target.version, target.image
    if image and in_install_mode(observed):
        version, image = version or version_in(image), None
    words = []
    if version and not _runs(observed, version):
        words.append("the version is %s, not %s" % (observed.get("version") or "not known", version))
    running = base_name(observed.get("image_file"))
    if image and not (running and running == base_name(image)):
        words.append("the image is %s, not %s" % (running or "not known", base_name(image)))
    return words


def _runs(observed: Observation, version: str) -> bool:
    return any(same_version(observed.get(key), version) for key in ("version", "xe_version"))


def same_version(one: str | None, other: str | None) -> bool:
    """Compare versions as people and devices write them: ``15.7(3)M9``; ``17.03.04`` and ``17.3.4``; ``03.09.02.S`` and
    ``3.9.2S``; ``Denali 16.2.2`` and ``16.2.2``."""
    return bool(_version_parts(one)) and _version_parts(one) == _version_parts(other)


def _version_parts(version: str | None) -> list[str]:
    """Numbers and letters; a longer word is the name of a release, as Fuji is. No train has one of four letters."""
    parts: list[str] = []
    for part in re.findall(r"[0-9]+|[A-Za-z]+", version or ""):
        if re.match("[0-9]", part):
            parts.append(part.lstrip("0") or "0")
        elif len(part) < 4:
            parts += part.upper()  # letter by letter: 03.06.05bE and 03.06.05b.E
    return parts


def base_name(path: Optional[str]) -> str:
    """The file name of an image, without file system and folders."""
    return re.split(r"[:/]", path or "")[-1].lower()


def reloaded(before: Observation, now: Observation) -> bool:
    """Whether the device booted between two observations, from what it says of itself."""
    if _other_image(before, now):
        return True
    up_now, elapsed = now.get("uptime_seconds"), _elapsed(before, now)
    if up_now is not None and elapsed is not None and up_now > elapsed + _RESTART_SLACK:
        return False  # up since before the first observation, even if its clock was set, or its counters cleared, meanwhile
    moved = _seconds_between(before.get("restarted_at"), now.get("restarted_at"))
    if moved is not None:
        return abs(moved) > _RESTART_SLACK
    return _fell_behind(before.get("uptime_seconds"), up_now, elapsed) or any(
        _fell(_count(before, name), _count(now, name)) for name in _COUNTERS
    )


def _fell_behind(up_before: Optional[int], up_now: Optional[int], elapsed: Optional[float]) -> bool:
    """Whether the device is up for less time than it would be had it not booted."""
    if up_before is None or up_now is None or elapsed is None:
        return False
    return up_now + _UPTIME_SLACK < up_before + elapsed


def _fell(before: Optional[int], now: Optional[int]) -> bool:
    return before is not None and now is not None and now < before


def touched(before: Observation, now: Observation) -> bool:
    """Whether anything happened to the device or its agent between two observations that an upgrade would explain."""
    return reloaded(before, now) or in_progress(now) or _new_end(before, now)


def judge(before: Observation, now: Observation, target: Target, expect_reload: bool = True) -> Optional[Verdict]:
    """Return the Verdict on an upgrade, or None while it is not decided.

    ``before``: observed before the upgrade was triggered; ``now``: the latest observation.
    """
    if on_target(now, target):
        how = "after a reload" if reloaded(before, now) else "without a reload"
        return Verdict(SUCCESS, "the device runs %s %s" % (running(now), how))
    if reloaded(before, now):
        return _after_reload(before, now, target)
    if in_progress(now):
        return None
    return _agent_says(before, now, target, expect_reload)


def next_step(earlier: Optional[Observation], now: Observation, target: Target, expect_reload: bool = True) -> Step:
    """Return the Step for a device that is observed ``now``.

    ``earlier``: observed before an earlier run triggered an upgrade whose end nobody has seen, or None.
    """
    if on_target(now, target):
        verdict = Verdict(UP_TO_DATE, "the device runs %s already" % now["version"])
        # The upgrade that an interrupted run began has come to its end.
        return Step(REPORT, earlier or now, judge(earlier, now, target) if earlier else verdict, None)
    over = None
    if earlier and touched(earlier, now):
        over = judge(earlier, now, target, expect_reload)
        if not over:
            return Step(FOLLOW, earlier, None, None)
        if over.outcome != FAILED:
            return Step(REPORT, earlier, over, None)
    return Step(FOLLOW if in_progress(now) else TRIGGER, now, None, over)


def tells_last_upgrade(status: dict[str, Any]) -> bool:
    """Whether an agent's status, which may have lost lines on its way, tells of the last upgrade, or that there was none."""
    counted = [status[name] for name in ("failed", "successful") if status[name] is not None]
    return status["last_upgrade"]["started"] is not None or (bool(counted) and not any(counted))


def in_progress(observed: Observation) -> bool:
    """Whether an upgrade has started of which the agent does not say in so many words that it has ended."""
    last = _last_upgrade(observed)
    started, ended = last.get("started"), last.get("ended")
    if not started or _never(started) or (not last.get("status") and _at_zero(started) and _at_zero(ended)):
        return False
    took = _seconds_between(started, ended)
    return took is None or took < 0


def agent_failed(observed: Observation) -> bool:
    """Whether the agent's word on its last upgrade is neither a success nor that there was nothing new."""
    word = _last_upgrade(observed).get("status") or ""
    return bool(word) and not in_progress(observed) and not says_success(word) and not says_nothing_new(word)


def may_be_retried(before: Observation, now: Observation, verdict: Optional[Verdict]) -> bool:
    """Whether a failure is one after which the agent tries again by itself: it said so, and the device did not reload."""
    return verdict is not None and verdict.outcome == FAILED and not reloaded(before, now)


def may_be_at_work(now: Observation, expect_reload: bool, retry: float) -> bool:
    """Whether what the agent ended may go on by itself, although nothing is known of how the device was before.

    It reloads soon after a success, and tries again within ``retry`` seconds after a failure.
    """
    if in_progress(now):
        return False
    if says_success(_last_upgrade(now).get("status") or ""):
        return expect_reload and any(since < _RELOADS_WITHIN for since in _seconds_since_end(now))
    return agent_failed(now) and any(since < retry for since in _seconds_since_end(now))


def before_last_upgrade(now: Observation) -> Observation:
    """What a device that has not reloaded since would have said before the last upgrade that its agent tells of."""
    status = dict(now["status"] or {}, last_upgrade={})
    counter = "failed" if agent_failed(now) else "successful"
    status[counter] = (status.get(counter) or 1) - 1
    return dict(now, status=status)


def _seconds_since_end(observed: Observation) -> list[float]:
    """How long ago the agent ended its last upgrade, by the clock of the device; nothing if it does not say, or has booted since.

    The time of the boot is shown as the clocks went then. Where summer time may have begun or ended meanwhile, and the zone is
    not known, that is one of three.
    """
    up, times = observed.get("uptime_seconds"), [observed.get("restarted_at") or "", last_end(observed) or ""]
    known = all(time.endswith(_UTC) for time in times)
    after_boot = _seconds_between(*(time if known else time.replace(_UTC, "") for time in times))
    if up is None or after_boot is None:
        return []
    shifts = (0,) if known or after_boot < _NO_SUMMER_TIME_WITHIN else (-3600, 0, 3600)
    possible = [after_boot + shift for shift in shifts]
    return [max(0.0, up - after) for after in possible if 0 <= after <= up + _UPTIME_SLACK]


def last_end(observed: Observation) -> Optional[str]:
    """When the agent ended its last upgrade, as the device says it."""
    return _last_upgrade(observed).get("ended")


def trouble(before: Observation, now: Observation) -> str:
    """What the agent's connections say about why it does not get on; empty where they say nothing."""
    return _trouble_reaching_server(before, now)[2:]


def out_of_time(
    before: Observation, last_seen: Observation, away: Optional[str], timeout: float, retry: Optional[int] = None
) -> Verdict:
    """The Verdict when time is up. ``away``: why the last question was not answered, None where it was.

    ``retry``: seconds after which the agent may try again what has failed; None where nothing has.
    """
    if away:
        return Verdict(
            UNKNOWN,
            "the device could not be asked again within %d s, so what it did is unknown: %s" % (timeout, away),
        )
    if in_progress(last_seen):
        return Verdict(
            TIMEOUT, "the agent was still at work after %d s%s" % (timeout, _trouble_reaching_server(before, last_seen))
        )
    if retry is not None:
        return Verdict(
            TIMEOUT,
            "the agent's last attempt failed with %s, and it may try again within %d s; the time of %d s is up%s"
            % (_word(last_seen), retry, timeout, _trouble_reaching_server(before, last_seen)),
        )
    if _new_end(before, last_seen):
        return Verdict(
            TIMEOUT,
            "the agent ended with %s, but the device did not reload within %d s" % (_word(last_seen), timeout),
        )
    return Verdict(
        TIMEOUT,
        "the agent showed no sign of an upgrade within %d s%s" % (timeout, _trouble_reaching_server(before, last_seen)),
    )


def _after_reload(before: Observation, now: Observation, target: Target) -> Optional[Verdict]:
    if not (now.get("version") or now.get("image_file")):
        return None  # it does not say yet what it runs
    wanted = target.version or base_name(target.image)
    missed = _missed(now, target)
    if not _other_image(before, now):
        return Verdict(
            FAILED,
            "came back on the old image %s: the new one did not boot%s"
            % (running(now), " (wanted %s)" % wanted if wanted else ""),
        )
    if missed:
        differs = " and ".join(missed)
        return Verdict(FAILED, "came back on %s, which is not what was wanted (%s): %s" % (running(now), wanted, differs))
    reason = "the device runs %s after a reload; before it ran %s" % (running(now), running(before))
    if undecided(now, target):
        reason += ". In install mode it is unknown whether that is %s: name target_version as well" % wanted
    return Verdict(SUCCESS, reason)


def _other_image(before: Observation, now: Observation) -> bool:
    """Whether the release or the image is another; what one of the observations lacks is not compared."""
    versions = before.get("version"), now.get("version")
    images = base_name(before.get("image_file")), base_name(now.get("image_file"))
    others = [one != other for one, other in (versions, images) if one and other]
    return any(others) and not (same_version(*versions) and len(set(images)) == 1)


def _agent_says(before: Observation, now: Observation, target: Target, expect_reload: bool) -> Optional[Verdict]:
    """Judge by the agent's counters and its word on the last upgrade."""
    if not _new_end(before, now):
        return None
    word = _word(now)
    if says_nothing_new(word):
        return Verdict(NO_NEW_IMAGE, "the server has no new image for this device (the agent says %s)" % word)
    if word == _NO_WORD and not any(_rose(before, now, counter) for counter in ("failed", "successful")):
        return None  # it has not said yet how it ended
    # The agent tries again by itself, so a failure may be counted before the success that the word is about.
    failed, succeeded = _rose(before, now, "failed"), _rose(before, now, "successful")
    good = succeeded or (_SUCCESS_WORD.match(word) and not failed)
    if _FAILURE_WORD.search(word) or not good:
        return Verdict(FAILED, "the agent ended the upgrade with %s%s" % (word, _trouble_reaching_server(before, now)))
    if expect_reload:
        return None
    return Verdict(SUCCESS, "the agent ended the upgrade with %s; the device still runs %s" % (word, running(now)))


def _new_end(before: Observation, now: Observation) -> bool:
    """Whether the agent ended an upgrade since ``before``."""
    ended = last_end(now)
    return _is_time(ended) and ended != last_end(before)


def _trouble_reaching_server(before: Observation, now: Observation) -> str:
    """What the connection counters add to a reason."""
    lost = _rose(before, now, "never_connected", of="connections") or 0
    cut = _rose(before, now, "abrupt_disconnects", of="connections") or 0
    told = ["%d connection attempts never reached the image server" % lost] if lost else []
    told += ["%d connections ended abruptly" % cut] if cut else []
    return ": " + ", ".join(told) if told else ""


def _word(observed: Observation) -> str:
    return _last_upgrade(observed).get("status") or _NO_WORD


def _last_upgrade(observed: Observation) -> dict[str, Any]:
    return (observed.get("status") or {}).get("last_upgrade") or {}


def _count(observed: Observation, name: str, of: str = "status") -> Optional[int]:
    return (observed.get(of) or {}).get(name)


def _rose(before: Observation, now: Observation, name: str, of: str = "status") -> int:
    return max(0, _counted(now, name, of) - _counted(before, name, of))


def _counted(observed: Observation, name: str, of: str) -> int:
    return _count(observed, name, of) or 0


def running(observed: Observation) -> str:
    """What a device runs, for people."""
    return "%s (%s)" % (observed.get("version") or "an unknown version", observed.get("image_file") or "image unknown")


def _never(text: str) -> bool:
    return text.lower().startswith(("never", "none", "not ", "00:00:00"))


def _at_zero(time: Optional[str]) -> bool:
    """Whether a time is 00:00:00, which an agent prints, with any date, for what has never been."""
    return bool(re.search(r"T00:00:00(?![0-9.])", time or ""))


def _is_time(text: Optional[str]) -> bool:
    return _seconds_between(text, text) is not None


def _elapsed(before: Observation, now: Observation) -> Optional[float]:
    first, then = before.get("asked_at"), now.get("asked_at")
    return None if first is None or then is None else then - first


def _seconds_between(one: Optional[str], other: Optional[str]) -> Optional[float]:
    """Seconds from one ISO 8601 time to another; None where one of them is no such time."""
    try:
        first, then = (datetime.datetime.fromisoformat(time or "") for time in (one, other))
        return (then - first).total_seconds()
    except (TypeError, ValueError):  # a zone in one of them only, or no time
        return None
