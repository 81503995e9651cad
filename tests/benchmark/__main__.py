# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measure, print Markdown, and write the same as JSON: C(make bench).

C(make bench QUICK=1) measures the first two groups, C(make bench ONLY="scale waiting") those that are named. For the group fleet
SIZES says how many devices: C(make bench ONLY=fleet SIZES="50 3000").
"""

from __future__ import annotations

import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from .alone import Script, script_of
from .fleet import DIRECTORY, fleet, received
from .measure import Measured, run

STOCK, INLINE = "ansible.netcommon.network_cli", "cns.image_agent.network_cli"
LIBRARIES = ("asyncssh", "libssh", "paramiko")
PLAYBOOKS = Path(__file__).parent / "playbooks"
RESULTS = Path("build/bench/results.json")
ROOT = Path.cwd()
PRELOAD = "cns.image_agent.preload"
LIMIT = 1800  # seconds for one run
TARGET, UPGRADE, ALONE, DEFAULT_FORKS = "15.7(3)M9", "the playbook upgrade", "asyncssh alone", 5
SIZES = [int(size) for size in os.environ.get("SIZES", "1 200 1000 3000").split()]  # of the fleets that are upgraded
SLOW = ("latency=0.05", "slow-login=0.3")  # seconds for each command and login


@dataclass(frozen=True)
class Row:
    """One line of a table: what was run, how, and what each round measured."""

    group: str
    what: str
    connection: str
    devices: int
    forks: int
    rounds: list[Measured]

    def median(self, figure: str) -> float:
        return statistics.median(getattr(one, figure) for one in self.rounds)

    def wall(self) -> float:
        return self.median("wall")


def play(
    playbook: str, inventory: Path, connection: str = INLINE, forks: int = 20, callback: str = "", library: str = "auto"
) -> Measured:
    """Measure one run of a playbook. ``callback``: one to enable; ``library``: the SSH library."""
    environment = dict(
        os.environ,
        ANSIBLE_COLLECTIONS_PATH=str(ROOT / "build/bench/collections"),
        ANSIBLE_HOME=str(ROOT / "build/bench/ansible"),
        ANSIBLE_DISPLAY_OK_HOSTS="false",  # so that what failed is easy to find
        # A helper of the stock connection ends after so many seconds without work, and a task that comes at that
        # moment can fail. Four tasks for 50 devices at forks 20 come too close to the default of 30.
        ANSIBLE_PERSISTENT_CONNECT_TIMEOUT="120",
    )
    if callback:
        environment["ANSIBLE_CALLBACKS_ENABLED"] = callback
    variables = ("-e", f"ansible_connection={connection}", "-e", f"ansible_network_cli_ssh_type={library}")
    command = ["ansible-playbook", "-i", str(inventory), "-f", str(forks), *variables]
    return run([*command, str(PLAYBOOKS / f"{playbook}.yml")], environment, LIMIT)


def floor(inventory: Path, which: str) -> Measured:
    """Measure asyncssh alone."""
    return run([sys.executable, "-m", "tests.benchmark.floor", str(inventory), which], dict(os.environ), LIMIT)


def configured(inventory: Path) -> None:
    """Configure the agents, as fast as that can be done."""
    if floor(inventory, "first").status:
        sys.exit("the fleet could not be configured")
    received("R1", forget=True)


def alone(inventory: Path, script: Script) -> Measured:
    """Measure an upgrade by asyncssh alone. It has failed if it sent something else than the playbook did."""
    command = [sys.executable, "-m", "tests.benchmark.alone", str(inventory), json.dumps(asdict(script)), TARGET]
    measured = run(command, dict(os.environ), LIMIT)
    return measured if script_of(received("R1")) == script else replace(measured, status=1)


def rounds(connection: str, devices: int = 50) -> range:
    """A run over the stock connection takes long, or with a thousand devices, so there is only one."""
    return range(1 if connection == STOCK or devices > 200 else 3)


def configure() -> Iterator[Row]:
    """The whole agent on 50 devices: the first run, and one that changes nothing."""
    ways = (
        ("four tasks of ios_config", "four_ios_config", STOCK),
        ("one task of ios_config", "one_ios_config", STOCK),
        ("one task of ios_config", "one_ios_config", INLINE),
        ("one task of cns_agents", "cns_agents", STOCK),
        ("one task of cns_agents", "cns_agents", INLINE),
    )
    for what, playbook, connection in ways:
        first, unchanged = [], []
        for _round in rounds(connection):
            with fleet(50) as inventory:
                first.append(play(playbook, inventory, connection))
                unchanged.append(play(playbook, inventory, connection))
        yield Row("configure, first run", what, connection, 50, 20, first)
        yield Row("configure, unchanged", what, connection, 50, 20, unchanged)
    with fleet(50) as inventory:
        nothing = [play("debug", inventory, "local") for _round in range(3)]
        yield Row("configure, unchanged", "a bare debug task", "local", 50, 20, nothing)
        yield Row("configure, first run", ALONE, "asyncssh", 50, 20, [floor(inventory, "first")])
        yield Row("configure, unchanged", ALONE, "asyncssh", 50, 20, [floor(inventory, "unchanged") for _round in range(3)])


def unmodified() -> Iterator[Row]:
    """A module of cisco.ios as it is, over both connections; so is ios_config above."""
    with fleet(50) as inventory:
        for connection, callback in ((STOCK, ""), (INLINE, ""), (INLINE, PRELOAD)):
            measured = [play("ios_command", inventory, connection, callback=callback) for _round in rounds(connection)]
            what = f"ios_command with the callback {callback}" if callback else "ios_command"
            yield Row("unmodified modules", what, connection, 50, 20, measured)
    yield from libraries()


def libraries() -> Iterator[Row]:
    """The SSH libraries side by side: round by round, so that what else the machine does hits all of them."""
    with fleet(50) as inventory:
        play("cns_agents", inventory)
        for what, playbook in (("ios_command", "ios_command"), ("one task of cns_agents, unchanged", "cns_agents")):
            measured: dict[str, list[Measured]] = {library: [] for library in LIBRARIES}
            for _round in range(5):
                for library in LIBRARIES:
                    measured[library].append(play(playbook, inventory, callback=PRELOAD, library=library))
            for library in LIBRARIES:
                yield Row("SSH libraries", f"{what}, {library}", INLINE, 50, 20, measured[library])


def unchanged(group: str, faults: tuple[str, ...] = ()) -> Iterator[Row]:
    """An unchanged run of the whole agent, from one device to a thousand."""
    for devices in (1, 10, 50, 200, 1000):
        with fleet(devices, faults=faults) as inventory:
            play("cns_agents", inventory)
            for connection in (STOCK, INLINE) if devices <= 50 else (INLINE,):
                measured = [play("cns_agents", inventory, connection) for _round in rounds(connection, devices)]
                yield Row(group, "one task of cns_agents", connection, devices, 20, measured)


def scale() -> Iterator[Row]:
    """Devices that answer at once."""
    return unchanged("scale, unchanged")


def latency() -> Iterator[Row]:
    """The same with 50 ms for each command and 300 ms for each login."""
    return unchanged("slow devices, unchanged", SLOW)


def logins() -> Iterator[Row]:
    """Many small tasks where a login takes two seconds, which is what the stock connection is for."""
    for devices in (1, 10, 50):
        with fleet(devices, faults=("slow-login=2",)) as inventory:
            for connection in (STOCK, INLINE):
                measured = [play("five_ios_command", inventory, connection)]
                yield Row("small tasks, logins of 2 s", "five tasks of ios_command", connection, devices, 20, measured)


def waiting() -> Iterator[Row]:
    """Upgrades that take 60 seconds, with reload; and a task that only sleeps, which is the floor of the memory."""

    def upgrade(what: str, playbook: str, connection: str, devices: int, forks: int, **more: tuple[str, ...]) -> Row:
        with fleet(devices, "--boot-seconds", "58", **more) as inventory:
            play("cns_agents", inventory)
            group = "waiting for slow devices" if more else "waiting, upgrade of 60 s"
            return Row(group, what, connection, devices, forks, [play(playbook, inventory, connection, forks)])

    for devices in (1, 200, 500):
        yield upgrade("cns_image_retrieve", "retrieve", INLINE, devices, devices)
    with fleet(200) as inventory:
        yield Row(
            "waiting, upgrade of 60 s", "a bare task that sleeps", "local", 200, 200, [play("sleep", inventory, "local", 200)]
        )
    yield upgrade("the session is kept", "retrieve", INLINE, 50, 50, faults=SLOW)
    yield upgrade("a login for each look", "retrieve_anew", INLINE, 50, 50, faults=SLOW)
    for forks in (20, 200):
        yield upgrade("until loop of ios_command", "until_ios_command", STOCK, 200, forks)


def rollout() -> Iterator[Row]:
    """The whole playbook upgrade, one wave, with the forks that Ansible has by default; and the same by asyncssh alone."""
    script = None
    for devices in SIZES:
        seconds = 60 if devices <= 1000 else 120
        options = ("--boot-seconds", str(seconds - 2), "--image-version", TARGET)
        group = f"rollout, upgrades of {seconds} s"
        with fleet(devices, *options) as inventory, tempfile.TemporaryDirectory() as folder:
            configured(inventory)
            os.environ["CNS_BENCH_ROLLOUT"] = folder
            yield Row(group, UPGRADE, INLINE, devices, DEFAULT_FORKS, [play("rollout", inventory, forks=DEFAULT_FORKS)])
            script = script or script_of(received("R1"))
        if devices > 1000:  # it takes long, and says nothing new
            continue
        with fleet(devices, *options) as inventory:
            configured(inventory)
            yield Row(group, ALONE, "asyncssh", devices, 1, [alone(inventory, script)])


GROUPS = {
    "configure": configure,
    "unmodified": unmodified,
    "scale": scale,
    "latency": latency,
    "logins": logins,
    "waiting": waiting,
    "fleet": rollout,
}
QUICK = ("configure", "unmodified")


def markdown(rows: list[Row]) -> str:
    """A table per group."""
    lines = []
    for group in dict.fromkeys(row.group for row in rows):
        lines += [f"\n## {group.capitalize()}\n"]
        lines += ["| what | connection | devices | forks | rounds | wall s | s per device | CPU s | peak MB | MB per device |"]
        lines += ["|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
        for row in (one for one in rows if one.group == group):
            wall, cpu, memory = (row.median(figure) for figure in ("wall", "cpu", "memory"))
            failed = " (failed)" if any(one.status for one in row.rounds) else ""
            lines.append(
                f"| {row.what}{failed} | {row.connection} | {row.devices} | {row.forks} | {len(row.rounds)} | {wall:.1f} "
                f"| {wall / row.devices:.3f} | {cpu:.1f} | {memory:.0f} | {memory / row.devices:.1f} |"
            )
    return "\n".join(lines)


def goals(rows: list[Row]) -> str:
    """The ratios that the project promises."""

    def ratio(group: str, above: tuple, below: tuple, figure: Callable[[Row], float] = Row.wall) -> str:
        found = {(row.what, row.connection, row.devices, row.forks): figure(row) for row in rows if row.group == group}
        return f"{found[above] / found[below]:.1f}" if found else ""

    task, retrieve = "one task of cns_agents", "cns_image_retrieve"
    ours, over_stock = (task, INLINE, 50, 20), (task, STOCK, 50, 20)
    first, again, wait = "configure, first run", "configure, unchanged", "waiting, upgrade of 60 s"
    ratios = {
        "first run: four ios_config over stock / ours": ratio(first, ("four tasks of ios_config", STOCK, 50, 20), ours),
        "first run: one ios_config over stock / ours": ratio(first, ("one task of ios_config", STOCK, 50, 20), ours),
        "unchanged: ours / a bare debug task": ratio(again, ours, ("a bare debug task", "local", 50, 20)),
        "seconds per device: 1000 devices / 50 devices": ratio(
            "scale, unchanged", (task, INLINE, 1000, 20), ours, lambda row: row.wall() / row.devices
        ),
        "slow devices: stock / inline": ratio("slow devices, unchanged", over_stock, ours),
        "waiting: 200 devices / one device": ratio(wait, (retrieve, INLINE, 200, 200), (retrieve, INLINE, 1, 1)),
    }
    config, command = "one task of ios_config", "ios_command"
    for when, group in (("first run", first), ("unchanged", again)):
        ratios[f"{when}: one ios_config over stock / inline"] = ratio(group, (config, STOCK, 50, 20), (config, INLINE, 50, 20))
    for what in (command, f"{command} with the callback {PRELOAD}"):
        ratios[f"{command} over stock / {what} inline"] = ratio(
            "unmodified modules", (command, STOCK, 50, 20), (what, INLINE, 50, 20)
        )
    small = "small tasks, logins of 2 s"
    for devices in (1, 10, 50):
        ways = (("five tasks of ios_command", connection, devices, 20) for connection in (STOCK, INLINE))
        ratios[f"{small}, devices: {devices}: stock / inline"] = ratio(small, *ways)
    for forks in (20, 200):
        until = ("until loop of ios_command", STOCK, 200, forks)
        ratios[f"waiting, 200 devices: until loop at forks {forks} / ours"] = ratio(wait, until, (retrieve, INLINE, 200, 200))
    lines = [f"| {what} | {figure} |" for what, figure in ratios.items() if figure]
    return "\n".join(["\n## Ratios\n", "| of wall times | ratio |", "|---|--:|", *lines]) if lines else ""


def ratios_to_alone(rows: list[Row]) -> str:
    """What the playbook upgrade costs beyond what asyncssh alone does."""
    found = {(row.what, row.devices): row for row in rows}
    figures = ("wall", "cpu", "memory")
    lines = [
        f"| {devices} | " + " | ".join(f"{ours.median(name) / floor.median(name):.1f}" for name in figures) + " |"
        for (what, devices), ours in found.items()
        if what == UPGRADE and (floor := found.get((ALONE, devices)))
    ]
    head = [f"\n## {UPGRADE.capitalize()} / {ALONE}\n", "| devices | wall | CPU | peak memory |", "|--:|--:|--:|--:|"]
    return "\n".join([*head, *lines]) if lines else ""


def link_collections() -> None:
    """Where Ansible finds the checkout, under the name of the collection."""
    place = ROOT / "build/bench/collections/ansible_collections/cns"
    place.mkdir(parents=True, exist_ok=True)
    link = place / "image_agent"
    if not link.is_symlink():
        link.symlink_to(ROOT)


def main() -> int:
    """Run the groups and write the results."""
    chosen = os.environ.get("ONLY", "").split() or (QUICK if os.environ.get("QUICK") else GROUPS)
    if unknown := set(chosen) - set(GROUPS):
        sys.exit(f"unknown: {' '.join(unknown)}; choose from {' '.join(GROUPS)}")
    signal.signal(signal.SIGTERM, lambda *_received: sys.exit("stopped"))  # and so through each finally: the fleet ends, too
    link_collections()
    begin, rows = time.monotonic(), []
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    for group in chosen:
        for row in GROUPS[group]():
            rows.append(row)
            RESULTS.write_text(
                json.dumps({"machine": machine, "rows": [asdict(one) for one in rows]}, indent=1), encoding="utf-8"
            )
            print(f"{row.group}: {row.what}, {row.connection}, {row.devices} devices: {row.wall():.1f} s", file=sys.stderr)
    print(f"Measured in {(time.monotonic() - begin) / 60:.0f} minutes on {machine}; medians.")
    print("\n".join(filter(None, (markdown(rows), goals(rows), ratios_to_alone(rows)))))
    return 1 if any(one.status for row in rows for one in row.rounds) else 0


if __name__ == "__main__":
    DIRECTORY.parent.mkdir(parents=True, exist_ok=True)
    sys.exit(main())
