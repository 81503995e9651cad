# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import tracemalloc
from types import SimpleNamespace
from unittest import mock

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.cns.image_agent.plugins.plugin_utils.fleet.hosts import Hosts

LISTS = ("ansible_play_hosts_all", "ansible_play_hosts", "ansible_play_batch", "play_hosts")


@pytest.fixture
def hosts():
    """Returns a function(all_hosts, **variables) that makes the hosts of a play, of which each has these variables."""

    def make(all_hosts=("R1",), **variables):
        def lists():
            return {name: list(all_hosts) for name in LISTS}

        context = SimpleNamespace(
            remote_addr="127.0.0.1",
            port=22,
            remote_user="admin",
            password="p",
            private_key_file=None,
            timeout=10,
            become=True,
            become_method="ansible.netcommon.enable",
            become_pass=None,
        )
        context.set_task_and_variable_override = lambda **_given: context
        # As core does: new lists for each host, and all of it once more
        manager = mock.Mock(get_vars=lambda **_given: {**(has := {**variables, **lists()}), "vars": has})
        inventory = mock.Mock(get_host=lambda name: SimpleNamespace(name=name))
        task = mock.Mock(args={}, action="x", connection="cns.image_agent.network_cli")
        task.get_ds.return_value = {}
        action = mock.Mock(_task=task, _loader=DataLoader(), _play_context=context)
        hostvars = SimpleNamespace(_variable_manager=manager, _inventory=inventory)
        return Hosts(action, {"inventory_hostname": "R1", "hostvars": hostvars, **lists()})

    return make


@pytest.mark.parametrize("name", ["ansible_become_password", "ansible_become_pass", "ansible_enable_pass"])
def test_the_enable_password_is_that_of_the_device(hosts, name):
    assert hosts(**{name: "secret"}).device("R1").login().enable_secret == "secret"


def test_without_an_enable_password_there_is_none(hosts):
    assert hosts().device("R1").login().enable_secret is None


def test_the_variables_of_a_device_take_no_more_memory_in_a_large_fleet(hosts):
    def memory(count):
        names = ["R%d" % number for number in range(count)]
        of_all = hosts(names)
        tracemalloc.start()
        try:
            for name in names:
                of_all.device(name)
            return tracemalloc.get_traced_memory()[0] / count
        finally:
            tracemalloc.stop()

    assert memory(800) < 1.5 * memory(100)


def test_a_device_knows_the_hosts_of_the_play(hosts):
    device = hosts(["R1", "R2"]).device("R1")
    assert [device.variable(name) for name in LISTS] == [["R1", "R2"]] * 4
    assert device.variable("vars")["ansible_play_hosts"] == ["R1", "R2"]
