# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Journals of rollouts, written by hand and at random."""

from __future__ import annotations

from hypothesis import strategies as st

TARGET = {"version": "15.7(3)M9", "image": None}
OLD = {"version": "15.5(3)M2", "xe_version": None, "image_file": "flash:old.bin"}
NEW = {"version": "15.7(3)M9", "xe_version": None, "image_file": "flash:new.bin"}


def entry(at, host, step, **data):
    return dict(at=at, host=host, step=step, target=TARGET, **data)


def plan(at, *waves):
    return entry(at, None, "rollout", waves=[list(wave) for wave in waves], stop_at="0")


def wave(at, number, of, *hosts):
    return entry(at, None, "wave", wave=number, of=of, hosts=list(hosts))


def ended(at, host, outcome, reason="", **data):
    return entry(at, host, "ended", outcome=outcome, reason=reason, **data)


def upgrade(at, host):
    """The lines of an upgrade that begins at ``at`` and takes 100 s from the trigger."""
    return [
        entry(at + 4, host, "preflight", ready=True, findings=[], running={"model": "CISCO2911/K9", **OLD}),
        entry(at + 10, host, "triggering", before=OLD),
        entry(at + 11, host, "triggered"),
        entry(at + 20, host, "phase", phase="working"),
        entry(at + 60, host, "phase", phase="away"),
        entry(at + 100, host, "phase", phase="waiting"),
        ended(at + 110, host, "success", "the device runs 15.7(3)M9", elapsed=99.0, reloads=1, after=NEW),
    ]


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_HOST = st.sampled_from(["r1", "r2", "r3"])


def _or_anything(strategy):
    return strategy | strategy | strategy | _ANYTHING


_LIKELY = st.fixed_dictionaries(
    {
        "at": _or_anything(st.integers(0, 5000)),
        "host": _or_anything(_HOST | st.none()),
        "step": _or_anything(
            st.sampled_from(
                [
                    "rollout",
                    "wave",
                    "preflight",
                    "triggering",
                    "triggered",
                    "phase",
                    "ended",
                    "checked",
                    "posted",
                    "stopped",
                    "finished",
                ]
            )
        ),
    },
    optional={
        "target": _or_anything(st.just(TARGET)),
        "waves": _or_anything(st.lists(st.lists(_HOST, max_size=3), max_size=3)),
        "wave": _or_anything(st.integers(0, 4) | st.just("2")),
        "of": _or_anything(st.integers(0, 4)),
        "hosts": _or_anything(st.lists(_HOST, max_size=3)),
        "phase": _or_anything(st.sampled_from(["away", "working", "waiting"])),
        "outcome": _or_anything(st.sampled_from(["success", "failed", "unknown", "skipped", "blocked"])),
        "reason": _or_anything(st.text(max_size=8)),
        "reloads": _ANYTHING,
        "before": _or_anything(st.just(OLD)),
        "after": _or_anything(st.just(NEW)),
        "running": _ANYTHING,
        "findings": _or_anything(st.lists(st.dictionaries(st.just("what"), _ANYTHING), max_size=2)),
        "messages": _or_anything(st.lists(st.dictionaries(st.sampled_from(["at", "device", "state"]), _ANYTHING), max_size=2)),
        "disagreement": _ANYTHING,
        "differences": _or_anything(st.lists(st.dictionaries(st.just("what"), _ANYTHING), max_size=2)),
    },
)

# Lists of whatever can be read from a file of JSON lines, most of it nearly right.
journals = st.lists(_LIKELY | _LIKELY | _LIKELY | _ANYTHING, max_size=12)
