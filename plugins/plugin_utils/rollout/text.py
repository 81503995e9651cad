# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress of a rollout in lines of text. Pure."""

from __future__ import annotations

from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Change, Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.words import duration, kind, words


def change_line(change: Change) -> str:
    """What a device did: ``R2: away (reloading), after 1 min 20 s``."""
    if change.outcome is None:
        detail = " (%s)" % change.reason if change.reason else ""
        return "%s: %s%s, after %s" % (change.host, words(change.phase), detail, duration(change.seconds))
    reason = ": " + change.reason if kind(change.outcome) == "bad" and change.reason else ""
    return "%s: %s after %s%s" % (change.host, words(change.outcome), duration(change.seconds), reason)


def summary_line(progress: Progress, now: float) -> str:
    """How far it is: ``wave 2 of 3, 4 of 12 devices ended, 3 in progress, 1 failed; 5 min so far, about 10 min to go``."""
    told = ["wave %d of %d" % (progress.wave, len(progress.waves))] if progress.wave else []
    told.append("%d of %d devices ended" % (len(progress.outcomes), progress.total))
    if progress.devices:
        told.append("%d in progress" % len(progress.devices))
    bad = progress.counts()["bad"]
    if bad:
        told.append("%d failed" % bad)
    return "%s; %s so far, %s" % (", ".join(told), duration(now - progress.begun), _to_go(progress, now))


def _to_go(progress: Progress, now: float) -> str:
    if progress.over:
        return progress.over
    seconds = progress.remaining(now)
    return "time to go unknown" if seconds is None else "about %s to go" % duration(seconds)
