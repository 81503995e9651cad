# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.cns.image_agent.plugins.plugin_utils.actions import variables

OURS = str(variables._COLLECTION / "roles" / "upgrade" / "tasks" / "main.yml") + ":7"


def task(path=OURS):
    return SimpleNamespace(get_path=lambda: path)


@pytest.mark.parametrize(
    "name, nearest",
    [
        ("cns_target_verison", "cns_target_version"),
        ("cns_image_stauts_url", "cns_image_status_url"),
        ("cns_wave", "cns_waves"),
        ("cns_something_else_entirely", None),
    ],
)
def test_what_nothing_reads_is_said(name, nearest):
    (warning,) = variables.warnings(task(), ["inventory_hostname", name, "cns_waves"])
    assert "The variable %s is set, and nothing here reads it." % name in warning
    assert warning.endswith("Did you mean %s?" % nearest if nearest else "reads it.")


def test_what_is_documented_is_read():
    documented = [
        "cns_target_version",
        "cns_targets",
        "cns_canary",
        "cns_apart",
        "cns_image_server_url",
        "cns_ca_certificate",
        "cns_hosts",
    ]
    documented += [
        "cns_connection",
        "cns_status_query",
        "cns_schedule",
        "cns_preflight_accept",
        "cns_wait",
        "cns_on_stop",
        "cns_ids",
    ]
    assert variables.warnings(task(), documented) == []


@pytest.mark.parametrize("path", ["/srv/site.yml:3", None])
def test_a_playbook_of_the_user_may_have_variables_of_its_own(path):
    assert variables.warnings(task(path), ["cns_mine"]) == []
