# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Sphinx makes the web site. tools/docs.py puts the pages beside this file."""

from __future__ import annotations

import re

from docutils import nodes

project = "cns.image_agent"
author = "the cns.image_agent authors"
copyright = "2026, the cns.image_agent authors"  # pylint: disable=redefined-builtin

extensions = ["sphinx_antsibull_ext", "myst_parser"]
default_role = "any"
nitpicky = True
myst_heading_anchors = 3

html_theme = "furo"
html_title = "cns.image_agent"
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
html_use_index = False
html_copy_source = False
html_show_sphinx = False
highlight_language = "text"
pygments_style = "ansible"

# Pages of Ansible's own documentation. Links to them are made by rule, so that the build needs no network.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
PLUGIN = re.compile(
    r"ansible_collections\.(?!cns\.)(\w+)\.(\w+)\.(\w+_(?:module|connection|filter|lookup|callback|become|cliconf|terminal))"
)
LABELS = {
    "action_plugins": "plugins/action.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "callback_plugins": "plugins/callback.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def page_elsewhere(kind: str, target: str) -> str | None:
    """The page of Ansible's documentation on a plugin of another collection, an environment variable, or a topic."""
    if found := PLUGIN.match(target):
        return "collections/{}/{}/{}.html".format(*found.groups())
    if kind == "envvar":
        return f"reference_appendices/config.html#envvar-{target}"
    return LABELS.get(target)


def link_elsewhere(app, env, node, content):
    """A reference that leads out of this site."""
    if page := page_elsewhere(node.get("reftype", ""), node.get("reftarget", "")):
        return nodes.reference("", "", content, refuri=ANSIBLE + page, internal=False)
    return None


def setup(app):
    app.connect("missing-reference", link_elsewhere)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
