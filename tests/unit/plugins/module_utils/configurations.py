# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random configurations of every feature (hypothesis strategies), in the form that a device's lines are parsed to."""

from __future__ import annotations

from hypothesis import strategies as st

from ansible_collections.cns.image_agent.plugins.module_utils.features import agent_id as id_feature
from ansible_collections.cns.image_agent.plugins.module_utils.features import endpoint, trusted_server
from ansible_collections.cns.image_agent.plugins.module_utils.features.registry import AGENTS

PRINTABLE = [chr(code) for code in range(0x21, 0x7F) if chr(code) != "?"]
KEYWORDS = set(endpoint.FLAGS) | set(endpoint.NUMBERS) | {"keepalive", "source"}
INTERFACES = ("Loopback0", "GigabitEthernet0/1/1", "FastEthernet0/1", "Vlan100", "Port-channel10", "Serial0/0/0:15")

# A text that looks like a mask, and a password of the form that stands for a hidden one, cannot be told from them.
texts = st.text(PRINTABLE, min_size=1, max_size=10).filter(lambda text: "***" not in text)
passwords = texts.filter(lambda text: not text.startswith(("*", "<")))
hosts = st.one_of(
    st.sampled_from(["10.1.1.1", "10.21.9.7", "ce", "ce.example.com", "2001:db8::1"]),
    texts.filter(lambda text: not text.isdigit() and text not in KEYWORDS and "@" not in text),
)
urls = st.one_of(
    st.sampled_from(["https://10.21.2.3/cns/imgsvr", "http://10.21.2.3:8080/cns/status/", "10.2.2.8"]),
    st.builds(
        "http{}://u:{}@{}/x".format,
        st.sampled_from(["", "s"]),
        passwords.filter(lambda t: "/" not in t and "@" not in t),
        st.just("h"),
    ),
)
interfaces = st.sampled_from(INTERFACES)
sources = st.none() | interfaces | st.just("172.22.2.1")
# Defaults among them, which a random number would never be.
ports = st.none() | st.sampled_from([80, 11011, 11012]) | st.integers(1, 65535)
seconds = st.none() | st.sampled_from([3, 10, 3600]) | st.integers(0, 65535)
flags = st.booleans()


@st.composite
def _ids(draw):
    ids = []
    for agent in id_feature.AGENTS:
        kind = draw(st.sampled_from(["hostname"] + list(id_feature.KEYWORDS)))
        entry = {"agent": agent, "type": kind, "interface": None, "value": None}
        if kind in id_feature.OF_INTERFACE:
            entry["interface"] = draw(interfaces)
        elif kind == "string":
            entry["value"] = draw(texts | st.sampled_from(["image", "event", "string", "udi", "ipaddress"]))
        ids += [entry] if kind != "hostname" else []
    return {"ids": ids, "password": draw(st.none() | passwords)}


@st.composite
def _image(draw):
    server = draw(st.none() | urls)
    return {
        "enabled": server is not None or draw(flags),
        "server": server,
        "status": draw(st.none() | urls) if server else None,
        "password": draw(st.none() | passwords),
        "retry": draw(st.sampled_from([60, 0, 240, 65535])),
    }


@st.composite
def _event(draw):
    gateway = st.fixed_dictionaries(
        {
            "host": hosts,
            "encrypt": flags,
            "backup": flags,
            "port": ports,
            "failover_time": seconds,
            "keepalive": st.none() | st.fixed_dictionaries({"seconds": st.integers(0, 9), "retries": st.integers(0, 9)}),
            "source": sources,
            "clock_timeout": seconds,
            "reconnect_time": seconds,
        }
    )
    return {"gateways": draw(st.lists(gateway, max_size=3, unique_by=lambda entry: entry["host"]))}


@st.composite
def _trusted(draw):
    server = st.fixed_dictionaries({"agent": st.sampled_from(trusted_server.AGENTS), "host": hosts})
    return {"servers": draw(st.lists(server, max_size=4, unique_by=lambda entry: (entry["agent"], entry["host"])))}


@st.composite
def _exec(draw):
    if not draw(flags):
        return {"enabled": False, "host": None, "port": None, "source": None, "encrypt": False}
    return {
        "enabled": True,
        "host": draw(st.none() | hosts),
        "port": draw(ports),
        "source": draw(sources),
        "encrypt": draw(flags),
    }


@st.composite
def _config(draw):
    partial = st.fixed_dictionaries({"host": hosts, "port": ports, "encrypt": flags, "source": sources, "inventory": flags})
    notify = st.fixed_dictionaries(
        {"changes": st.sampled_from(["all", "diff"]), "interval": st.sampled_from([None, 0, 5, 35791])}
    )
    return {"partial": draw(st.none() | partial), "notify": draw(st.none() | notify)}


OF_FEATURE = {
    "trusted_server": _trusted(),
    "id": _ids(),
    "event": _event(),
    "config": _config(),
    "exec": _exec(),
    "image": _image(),
}
everything = st.fixed_dictionaries({feature.name: OF_FEATURE[feature.name] for feature in AGENTS})
