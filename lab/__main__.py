# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m lab`: up, status, down, inventory, fault."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from ipaddress import IPv4Address
from pathlib import Path

from . import control
from .faults import FAULTS, MOMENTS
from .profiles import DEFAULT_PROFILE, PROFILES
from .rundir import RunDir

_READY_TIMEOUT = 120.0


def main() -> int:
    arguments = _parser().parse_args()
    run = RunDir(arguments.dir)
    try:
        return arguments.run(arguments, run)
    except control.ControlError as exc:
        return _fail(str(exc))


def _fail(text: str) -> int:
    print(f"lab: {text}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab", description="A fleet of virtual IOS devices.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--dir", type=Path, default=Path("build/lab"), help="run directory (default: build/lab)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_up(commands.add_parser("up", parents=[common], help="start a fleet"))
    down = commands.add_parser("down", parents=[common], help="end it and remove its files")
    down.set_defaults(run=_down)
    inventory = commands.add_parser("inventory", parents=[common], help="print its inventory")
    inventory.set_defaults(run=_inventory)
    _add_status(commands.add_parser("status", parents=[common], help="what the devices and the server are doing"))
    _add_fault(commands.add_parser("fault", parents=[common], help="make something go wrong"))
    return parser


def _add_up(up: argparse.ArgumentParser) -> None:
    profiles = "; ".join(f"{profile.name}: {profile.meaning}" for profile in PROFILES.values())
    up.add_argument("--devices", type=int, default=20, help="how many (default: 20)")
    up.add_argument("--profile", default=DEFAULT_PROFILE, help=f"release family, or a mix like ios:15,ios-xe. {profiles}")
    up.add_argument(
        "--algorithms",
        choices=("modern", "legacy", "ancient"),
        help="what SSH offers (default: as the profile says). legacy: group14-sha1, ssh-rsa, aes128-cbc, hmac-sha1; "
        "ancient: group1-sha1, ssh-rsa with 1024 bits, 3des-cbc, hmac-sha1",
    )
    up.add_argument("--login-privilege", type=int, choices=(1, 15), default=15, help="of the user (1: enable is needed)")
    up.add_argument("--user", default="lab", help="who may log in (default: lab)")
    up.add_argument("--image-version", help="version of the image on the server (default: newer than the profile's)")
    up.add_argument("--image-size", type=int, help="its size in bytes (default: 256 KB)")
    up.add_argument("--catalogue", type=Path, help="file that says which device gets which image, instead")
    up.add_argument("--https", action="store_true", help="the image server speaks HTTPS too")
    up.add_argument("--boot-seconds", type=float, help="how long a boot takes")
    up.add_argument("--kron-minute", type=float, default=60.0, help="seconds in a minute of Command Scheduler")
    up.add_argument("--address-base", type=IPv4Address, default=IPv4Address("127.20.0.0"), help="device N is at base + N")
    up.add_argument("--port", type=int, default=2222, help="SSH port of every device")
    up.add_argument("--server-port", type=int, default=8080, help="of the image server")
    up.add_argument("--https-port", type=int, default=8443, help="of the image server")
    up.add_argument("--connection", default="cns.image_agent.network_cli", help="connection plugin of the inventory")
    up.add_argument("--foreground", action="store_true", help="stay in the foreground until interrupted")
    up.set_defaults(run=_up)


def _add_status(status: argparse.ArgumentParser) -> None:
    status.add_argument("devices", nargs="*", help="names (default: all)")
    status.add_argument("--json", action="store_true", help="everything, for programs")
    status.add_argument("--log", action="store_true", help="the lines the devices received")
    status.add_argument("--reset-log", action="store_true", help="forget those lines afterwards")
    status.set_defaults(run=_status)


def _add_fault(fault: argparse.ArgumentParser) -> None:
    fault.add_argument("device", nargs="?", default="all", help="a name, or all")
    fault.add_argument("faults", nargs="*", metavar="NAME[=VALUE]")
    fault.add_argument("--clear", action="store_true", help="switch these off, or all of them")
    fault.add_argument("--list", action="store_true", help="explain the faults")
    fault.set_defaults(run=_fault)


def _up(arguments: argparse.Namespace, run: RunDir) -> int:
    if pid := run.running():
        return _fail(f"a fleet runs in {run.path} already (pid {pid}); python -m lab down ends it")
    if arguments.foreground:
        return _serve(arguments, run)
    run.clean()
    started = time.monotonic()
    if not _start_in_background(run):
        return 1
    print(f"Ready after {time.monotonic() - started:.1f} s.")
    _explain(run)
    return 0


def _serve(arguments: argparse.Namespace, run: RunDir) -> int:
    from .fleet import Options, serve  # loads much, and only this command needs it

    names = Options.__dataclass_fields__
    options = {name: value for name, value in vars(arguments).items() if name in names}
    try:
        asyncio.run(serve(Options(directory=run.path, **options)))
    except (ValueError, OSError) as exc:
        return _fail(f"the fleet cannot start: {exc}")
    return 0


def _start_in_background(run: RunDir) -> bool:
    """Start the same command with --foreground as a process of its own. Whether it got ready."""
    run.path.mkdir(parents=True, exist_ok=True)
    root = str(Path(__file__).resolve().parent.parent)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}
    with (run / "lab.log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lab", *sys.argv[1:], "--foreground", "--dir", str(run.path)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
        )
        deadline = time.monotonic() + _READY_TIMEOUT
        while run.running() != process.pid:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                log.seek(0)
                print(log.read(), end="", file=sys.stderr)
                run.clean()
                return False
            time.sleep(0.02)
    return True


def _explain(run: RunDir) -> None:
    state = control.request(run.control, "status", names=[])
    first, last = state["devices"][0], state["devices"][-1]
    print(
        f"Devices:      {first['name']} ({first['address']}) to {last['name']} ({last['address']}), port {first['port']}\n"
        f"Image server: {state['server']['lab_server_url']}, status to {state['server']['lab_status_url']}\n"
        f"Inventory:    {run / 'inventory.yml'}\n"
        f"By hand:      ssh -F {run / 'ssh_config'} {first['name']}\n"
        "End:          python -m lab down"
    )


def _down(arguments: argparse.Namespace, run: RunDir) -> int:
    print("The fleet has ended." if run.end() else f"No fleet runs in {run.path}.")
    return 0


def _inventory(arguments: argparse.Namespace, run: RunDir) -> int:
    control.request(run.control, "status", names=["R1"])  # says so when there is no fleet
    print((run / "inventory.yml").read_text(), end="")
    return 0


def _status(arguments: argparse.Namespace, run: RunDir) -> int:
    state = control.request(run.control, "status", names=arguments.devices, log=arguments.log, reset_log=arguments.reset_log)
    if arguments.json:
        print(json.dumps(state, indent=2))
        return 0
    print(f"{'DEVICE':<8} {'ADDRESS':<15} {'PROFILE':<15} {'STATE':<8} {'AGENT':<9} {'VERSION':<12} {'UPTIME':>8}  FAULTS")
    for device in state["devices"]:
        faults = ", ".join(device["faults"])
        print(
            f"{device['name']:<8} {device['address']:<15} {device['profile']:<15} {device['state']:<8} "
            f"{device['phase']:<9} {device['version']:<12} {device['uptime']:>7}s  {faults}".rstrip()
        )
        for entry in device.get("received", ()):
            print(f"    {entry['time']:.3f} {entry['mode']}: {entry['line']}")
    return 0


def _fault(arguments: argparse.Namespace, run: RunDir) -> int:
    if arguments.list:
        for name, fault in FAULTS.items():
            print(f"{name + ('=' + fault.value if fault.value else ''):<36} {fault.meaning}")
        print(f"\nPhases: {', '.join(MOMENTS)}")
        return 0
    if not arguments.faults and not arguments.clear:
        return _fail("name a fault, or --clear, or --list")
    active = control.request(run.control, "fault", names=[arguments.device], faults=arguments.faults, clear=arguments.clear)
    for name, faults in active.items():
        shown = ", ".join(fault if value is True else f"{fault}={value}" for fault, value in faults.items())
        print(f"{name}: {shown or 'no fault'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
