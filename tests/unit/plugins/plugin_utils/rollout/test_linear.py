# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done with a journal, or for a fleet, is as much work per device in a fleet of thousands as in one of a few."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.preflight import shared_ids
from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.teller import Teller
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout import (
    artifact,
    heard,
    merge,
    report,
    screens,
    state,
    timeline,
)
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.progress import Progress
from ansible_collections.cns.image_agent.plugins.plugin_utils.rollout.waves import plan_waves
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.rollout_journals import (
    TARGET,
    entry,
    plan,
    upgrade,
    wave,
)
from ansible_collections.cns.image_agent.tests.unit.plugins.plugin_utils.work import Name, work_of


def names(count):
    return [Name("r%d" % number) for number in range(count)]


def journal(hosts):
    """A rollout in ten waves; every third device was triggered and not seen to end."""
    cut = plan_waves(hosts, ["10%"])
    found = [plan(0, *cut)]
    for number, members in enumerate(cut, 1):
        found.append(wave(number * 1000, number, len(cut), *members))
        lines = [upgrade(number * 1000, host)[: 3 if place % 3 else None] for place, host in enumerate(members)]
        found += sorted((line for steps in lines for line in steps), key=lambda line: line["at"])
    return found


def follow(entries):
    progress = Progress()
    for line in entries:
        progress.add(line)
        if line["step"] == "wave":
            screens.summary_line(progress, line["at"])


def begun(entries, hosts):
    steps = state.by_host(entries)
    return [state.begun(steps[host], TARGET) for host in hosts]


def tell(entries, hosts):
    teller = Teller(str, len(hosts), lambda: 0)
    for line in entries:
        if line["host"]:
            teller.hear(line["host"], line)


def post(hosts):
    messages = [dict(at=at, device=host, state="in_progress") for host in hosts for at in range(3)]
    return heard.picture(heard.Heard(messages), hosts)


def halves(entries, hosts):
    return [report.report(part) for part in (entries, [plan(0, hosts[::2])])]


def sites(hosts):
    return {host: str(place // 3) for place, host in enumerate(hosts)}


WORK = {
    "begun": begun,
    "state": lambda entries, hosts: state.devices(entries, TARGET),
    "report": lambda entries, hosts: report.report(entries),
    "merge": lambda entries, hosts: merge.merge(halves(entries, hosts)),
    "artifact": lambda entries, hosts: artifact.entries_of(artifact.artifact(entries, hosts)),
    "timeline": lambda entries, hosts: timeline.waves(entries),
    "progress": lambda entries, hosts: follow(entries),
    "teller": tell,
    "heard": lambda entries, hosts: post(hosts),
    "waves": lambda entries, hosts: plan_waves(hosts, ["10%"], canary=hosts[::2]),
    "waves kept apart": lambda entries, hosts: plan_waves(
        hosts, ["10%"], {host: str(place // 3) for place, host in enumerate(hosts)}
    ),
    "shared IDs": lambda entries, hosts: shared_ids(dict.fromkeys(hosts, "the same")),
}


def work(act, count):
    hosts = names(count)
    entries = journal(hosts)
    return work_of(lambda: act(entries, hosts))


@pytest.mark.parametrize("name", WORK)
def test_four_times_the_devices_are_four_times_the_work(name):
    few, many = work(WORK[name], 60), work(WORK[name], 240)
    assert few and many < 6 * few


def test_what_is_not_linear_is_seen():
    def search(_entries, hosts):
        return [host for host in hosts if host not in hosts[::-1]]

    assert work(search, 240) > 12 * work(search, 60)


def test_a_thousand_times_the_same_device():
    """Retried over and over: what it is in does not depend on how often."""
    steps = [line for at in range(1000) for line in (entry(at, "r1", "triggering", before=at), entry(at, "r1", "snapshot"))]
    assert state.begun(state.by_host(steps)["r1"], TARGET)["before"] == 999
