# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How IOS keeps passwords: the reversible type 7, and one-way secrets."""

from __future__ import annotations

import hashlib
import random
from base64 import b64encode

_TYPE7_KEY = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"


def encrypt_type7(plain: str) -> str:
    """`cisco` -> for example `02050D480809`. The salt is drawn each time, as on the device."""
    salt = random.randrange(16)
    encoded = (
        byte ^ _TYPE7_KEY[(salt + place) % len(_TYPE7_KEY)] for place, byte in enumerate(plain.encode("latin-1", "replace"))
    )
    return f"{salt:02d}" + "".join(f"{byte:02X}" for byte in encoded)


def decrypt_type7(encoded: str) -> str:
    """The plain text. ValueError when this is no type 7 string."""
    salt, body = int(encoded[:2]), bytes.fromhex(encoded[2:])
    if not body or not 0 <= salt < len(_TYPE7_KEY):
        raise ValueError("not a type 7 password")
    return bytes(byte ^ _TYPE7_KEY[(salt + place) % len(_TYPE7_KEY)] for place, byte in enumerate(body)).decode("latin-1")


def hashed_secret(plain: str) -> str:
    """What the configuration shows of an `enable secret`: it looks like type 5, and nothing leads back."""
    digest = b64encode(hashlib.sha256(plain.encode()).digest(), altchars=b"./").decode()
    return f"$1${digest[:4]}${digest[4:26]}"
