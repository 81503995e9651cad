# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user gives by mistake: callbacks that record results must not get it."""

from __future__ import annotations

import pytest

from ansible_collections.cns.image_agent.tests.unit.plugins.module_utils.run_module import run_module

SECRET = "s3cret-of-the-agent"
KEY = "-----BEGIN %sPRIVATE KEY-----\nMIIEvQ" + SECRET + "ASCBKcw\nAgEAAoIB\n-----END %sPRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "config",
    [
        "password: " + SECRET,
        "{server: http://h/, password: %s}" % SECRET,
        "server: http://u:%s@h/" % SECRET,
        "cns image password " + SECRET,
        "password " + SECRET,
        SECRET,
        ["password: " + SECRET],
        ["password " + SECRET],
        [SECRET],
        [{"password": SECRET}],
    ],
)
@pytest.mark.parametrize("module", ["cns_image", "cns_id"])
def test_a_config_that_is_no_dictionary_is_an_error_without_its_secret(capsys, module, config):
    result = run_module(capsys, module, config=config)
    assert result["failed"] and "config" in result["msg"]
    assert SECRET not in result["text"]


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "ENCRYPTED "])
def test_a_private_key_in_place_of_a_certificate_is_an_error_without_the_key(capsys, kind):
    result = run_module(capsys, "cns_trustpoint", ca_certificate=KEY % (kind, kind))
    assert result["failed"] and "ca_certificate" in result["msg"]
    assert SECRET not in result["text"] and "AgEAAoIB" not in result["text"]
