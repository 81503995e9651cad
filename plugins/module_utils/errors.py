# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors this collection raises for people; the modules turn them into C(fail_json)."""

from __future__ import annotations

from typing import Any


class CnsError(Exception):
    """Something a person must know: what was asked, what the device said, what to do.

    ``details`` are returned beside the message (``commands``, ``failed_command``, ``device_said`` ...).
    """

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InputError(CnsError):
    """What the user gave cannot be used; nothing was sent to the device."""


class Refused(CnsError):
    """The device answered, and its answer is a refusal (C(details["device_said"]))."""


class DeviceAway(CnsError):
    """The device did not answer: nobody knows from this alone what state it is in."""
