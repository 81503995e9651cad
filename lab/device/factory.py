# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration a device comes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..releases import xe_release
from .config import Config
from .factory_trust import trustpoints
from .passwords import hashed_secret

if TYPE_CHECKING:
    from .device import Device

BANNER = "\nThis is a virtual device. Nothing you do here matters.\n\n"


def factory_configuration(device: Device) -> Config:
    """Reachable at its address, with the fleet's user and enable secret, and its image in the boot list."""
    setup, profile = device.setup, device.profile
    config = Config()
    release = xe_release(profile.version).ios.partition("(")[0]
    config.set(("version",), f"version {'.'.join(release.split('.')[:2])}")
    habits = profile.habits
    config.set(("service", "timestamps", "debug"), f"service timestamps debug {habits.log_stamps}")
    config.set(("service", "timestamps", "log"), f"service timestamps log {habits.log_stamps}")
    for service in ("compress-config", "sequence-numbers"):
        if getattr(habits, service.replace("-", "_")):
            config.set(("service", service), f"service {service}")
    config.set(("service", "password-encryption"), "no service password-encryption")
    config.set(("hostname",), f"hostname {device.name}", device.name)
    image = device.first_image
    config.set(("boot", "system", image), device.hardware.boot_line(device, image), image)
    config.set(("enable", "secret"), f"enable secret 5 {hashed_secret(setup.enable_secret)}", setup.enable_secret)
    config.set(("ip-domain", "lookup"), "no ip domain lookup")
    config.set(("ip-domain", "name"), "ip domain name lab.example", "lab.example")
    config.set(
        ("username", setup.user),
        f"username {setup.user} privilege {setup.login_privilege} secret 5 {hashed_secret(setup.password)}",
        {"password": setup.password, "privilege": setup.login_privilege},
    )
    _configure_interfaces(device, config)
    for line in device.hardware.license_lines(device):
        config.set(("license", line), line)
    _set_trustpoints(device, config)
    config.set(("ip-forward",), "ip forward-protocol nd")
    config.set(("ip-http", "server"), "no ip http server")
    config.set(("ip-http", "secure-server"), "no ip http secure-server")
    config.set(("banner",), f"banner motd ^C{BANNER}^C", BANNER)
    config.set(("line", "con"), "line con 0")
    timestamp = " exec prompt timestamp\n" if habits.prompt_timestamp else ""
    config.set(("line", "vty"), f"line vty 0 15\n{timestamp} login local\n transport input ssh")
    return config


def _configure_interfaces(device: Device, config: Config) -> None:
    """The first has the address; the others are shut down, unless they are in use."""
    for number, name in enumerate(device.profile.interfaces):
        key = ("interface", name)
        config.set(key, f"interface {name}")
        if number == 0:
            config.set_child(key, ("ip",), f"ip address {device.address} 255.0.0.0", device.address)
            continue
        config.set_child(key, ("ip",), "no ip address")
        if name not in device.profile.habits.up:
            config.set_child(key, ("shutdown",), "shutdown", True)


def _set_trustpoints(device: Device, config: Config) -> None:
    for key, text, data in trustpoints(device):
        config.set(key, text, data)
