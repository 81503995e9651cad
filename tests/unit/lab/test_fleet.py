# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet as a process: up, logging in by SSH, status, faults, down."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncssh
import pytest
import yaml

from lab import control
from lab.faults import parse_fault
from lab.profiles import PROFILES, parse_mix

ROOT = Path(__file__).parents[3]
BASE = f"127.{100 + os.getpid() % 100}.{os.getpid() // 100 % 250}.0"  # so that test runs side by side do not meet


def lab(directory, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "lab", *map(str, arguments), "--dir", str(directory)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def up(directory, *arguments, **environment):
    return lab(directory, "up", "--devices", 3, "--address-base", BASE, "--boot-seconds", 0.3, *arguments, **environment)


@pytest.fixture  # for each test its own: ansible-test forks for each, and no fork would end a shared one
def fleet(tmp_path_factory):
    """A running fleet of three: its run directory."""
    directory = tmp_path_factory.mktemp("fleet") / ("long-" * 20) / "lab"
    started = up(directory, "--login-privilege", 1, "--profile", "ios,ios-xe:1", LAB_PASSWORD="from-environment")
    assert started.returncode == 0, started.stderr
    yield directory
    assert lab(directory, "down").returncode == 0


def status(directory, *names, **options):
    return control.request(directory / "control", "status", names=names, **options)


def fault(directory, name, *faults, clear=False):
    return control.request(directory / "control", "fault", names=[name], faults=faults, clear=clear)


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def connect(directory, name="R1", **options):
    address = yaml.safe_load((directory / "inventory.yml").read_text())["ios"]["hosts"][name]["ansible_host"]
    settings = {"username": "lab", "password": "from-environment", "client_keys": None}
    return asyncssh.connect(address, 2222, config=None, known_hosts=str(directory / "known_hosts"), **{**settings, **options})


def run_command(directory, command, name="R1", **options):
    async def scenario():
        async with connect(directory, name, **options) as connection:
            return (await connection.run(command)).stdout

    return asyncio.run(asyncio.wait_for(scenario(), 10))


def test_logging_in_by_password_and_by_key(fleet):
    assert "uptime is 5 weeks" in run_command(fleet, "show version")
    by_key = run_command(fleet, "show privilege", password=None, client_keys=[str(fleet / "id_ed25519")])
    assert by_key == "Current privilege level is 1\r\n"


@pytest.mark.parametrize("options", [{"password": "wrong"}, {"username": "nobody"}])
def test_a_wrong_login_is_refused(fleet, options):
    with pytest.raises(asyncssh.PermissionDenied):
        run_command(fleet, "show version", **options)


def test_an_interactive_session_with_a_terminal(fleet):
    async def scenario():
        async with connect(fleet) as connection:
            process = await connection.create_process(term_type="vt100", term_size=(80, 24))
            process.stdin.write("enable\rlab-enable\rshow running-config\r q\rexit\r")
            return await process.stdout.read()

    printed = asyncio.run(asyncio.wait_for(scenario(), 10))
    assert "R1>enable\r\nPassword: \r\nR1#show running-config" in printed
    assert " --More-- " in printed


def test_the_inventory_leads_to_every_device_and_holds_no_password_of_the_environment(fleet):
    inventory = yaml.safe_load((fleet / "inventory.yml").read_text())["ios"]
    assert list(inventory["hosts"]) == ["R1", "R2", "R3"]
    assert inventory["hosts"]["R1"]["lab_profile"] == "ios-xe"
    variables = inventory["vars"]
    assert variables["ansible_network_os"] == "cisco.ios.ios"
    assert variables["ansible_become_method"] == "ansible.netcommon.enable"
    assert variables["ansible_password"] == "{{ lookup('ansible.builtin.env', 'LAB_PASSWORD') }}"
    assert not [file for file in fleet.rglob("*") if file.is_file() and "from-environment" in file.read_text(errors="replace")]


def test_status_tells_what_was_received(fleet):
    status(fleet, "R2", reset_log=True)
    run_command(fleet, "show privilege", name="R2")
    device = json.loads(lab(fleet, "status", "R2", "--json", "--log").stdout)["devices"][0]
    assert [(entry["mode"], entry["line"]) for entry in device["received"]] == [("exec", "show privilege")]
    assert " exec: show privilege\n" in lab(fleet, "status", "R2", "--log", "--reset-log").stdout
    assert status(fleet, "R2", log=True)["devices"][0]["received"] == []


def test_up_twice_is_refused_politely(fleet):
    pid = status(fleet)["pid"]
    again = up(fleet)
    assert again.returncode == 1
    assert f"a fleet runs in {fleet} already (pid {pid})" in again.stderr
    assert status(fleet)["pid"] == pid


def test_an_address_that_is_taken_is_named(fleet, tmp_path):
    other = up(tmp_path / "other")
    assert other.returncode == 1
    assert "the fleet cannot start" in other.stderr and "address already in use" in other.stderr
    assert not (tmp_path / "other").exists()


def test_faults_are_set_listed_and_cleared(fleet):
    assert lab(fleet, "fault", "R3", "slow-login=0.3", "no-boot").stdout == "R3: slow-login=0.3, no-boot\n"
    assert status(fleet, "R3")["devices"][0]["faults"] == {"slow-login": 0.3, "no-boot": True}
    started = time.monotonic()
    run_command(fleet, "show privilege", name="R3")
    assert time.monotonic() - started >= 0.3
    assert fault(fleet, "R3", "no-boot", clear=True) == {"R3": {"slow-login": 0.3}}
    assert lab(fleet, "fault", "all", "--clear").stdout == "R1: no fault\nR2: no fault\nR3: no fault\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["R9", "no-boot"], "there is no device R9"),
        (["R1", "no-such-fault"], "there is no fault 'no-such-fault'"),
        (["R1", "slow-login=fast"], "slow-login=fast"),
    ],
)
def test_faults_that_make_no_sense(fleet, arguments, message):
    with pytest.raises(control.ControlError, match=message):
        fault(fleet, *arguments)


def test_a_reload_closes_the_port_and_opens_it_again(fleet):
    async def scenario():
        async with connect(fleet, "R2") as connection:
            process = await connection.create_process(term_type="vt100", term_size=(80, 24))
            process.stdin.write("enable\rlab-enable\rreload\r\r")
            with pytest.raises(asyncssh.Error):
                await process.stdout.read()
                await connection.wait_closed()
                raise asyncssh.ConnectionLost("the session ended")
        with pytest.raises(ConnectionRefusedError):
            await connect(fleet, "R2")
        await asyncio.sleep(0.5)
        async with connect(fleet, "R2") as connection:
            return (await connection.run("show version")).stdout

    assert "R2 uptime is 0 minutes" in asyncio.run(asyncio.wait_for(scenario(), 20))


def test_a_device_that_hangs_does_not_greet(fleet):
    fault(fleet, "R3", "hang")

    async def greeting():
        async with asyncio.timeout(0.5):
            reader, _writer = await asyncio.open_connection(f"{BASE.rpartition('.')[0]}.3", 2222)
            await reader.readline()

    with pytest.raises(TimeoutError):
        asyncio.run(greeting())
    fault(fleet, "R3", clear=True)


def test_what_a_killed_fleet_left_does_not_matter_and_down_removes_everything(tmp_path):
    directory = tmp_path / "lab"
    ports = ("--port", 2223, "--server-port", 8090, "--https", "--https-port", 8490)
    assert up(directory, *ports).returncode == 0
    os.kill(status(directory)["pid"], signal.SIGKILL)
    assert up(directory, *ports).returncode == 0
    urls = yaml.safe_load((directory / "inventory.yml").read_text())["ios"]["vars"]
    assert Path(urls["lab_ca_file"]).read_text().startswith("-----BEGIN CERTIFICATE-----")
    pid = status(directory)["pid"]
    assert lab(directory, "down").stdout == "The fleet has ended.\n"
    assert not directory.exists()
    assert not is_alive(pid)
    assert lab(directory, "down").stdout == f"No fleet runs in {directory}.\n"
    nobody = lab(directory, "status")
    assert (nobody.returncode, "no fleet runs" in nobody.stderr) == (1, True)


def test_down_leaves_another_process_with_the_same_pid_alone(tmp_path):
    directory = tmp_path / "lab"
    directory.mkdir()
    (directory / "process.json").write_text(json.dumps({"pid": os.getpid(), "started": 1}))
    assert lab(directory, "down").stdout == f"No fleet runs in {directory}.\n"
    assert not (directory / "process.json").exists()


def test_a_mix_of_profiles():
    assert [profile.name for profile in parse_mix("ios-xe:1,ios", 3)] == ["ios-xe", "ios", "ios"]
    for wrong in ("nothing", "ios:4", "ios:1,ios-xe:1", "ios,ios-xe"):
        with pytest.raises(ValueError):
            parse_mix(wrong, 3)


@pytest.mark.parametrize(
    ("profile", "version", "name"),
    [
        ("ios", "15.7(3)M9", "c2900-universalk9-mz.SPA.157-3.M9.bin"),
        ("ios-xe", "16.9.8", "isr4300-universalk9.16.09.08.SPA.bin"),
        ("ios", "odd version/7", "c2900-universalk9-mz.SPA.odd-version-7.bin"),
    ],
)
def test_image_names(profile, version, name):
    assert PROFILES[profile].image_name(version) == name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no-boot", True),
        ("hang", 0.0),
        ("hang=5", 5.0),
        ("hang=download", "download"),
        ("drop", "command"),
        ("drop=reload", "reload"),
        ("stall=2", (2.0, "answer")),
        ("stall=0.5:prompt", (0.5, "prompt")),
        ("refuse-line=^cns", "^cns"),
    ],
)
def test_fault_values(text, value):
    assert parse_fault(text) == (text.partition("=")[0], value)


@pytest.mark.parametrize("text", ["no-boot=3", "drop=later", "stall=1:middle", "refuse-line=(", "latency=-1", "latency"])
def test_fault_values_that_are_wrong(text):
    with pytest.raises(ValueError, match=text.partition("=")[0]):
        parse_fault(text)
