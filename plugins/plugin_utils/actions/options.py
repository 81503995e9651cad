# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of an action that runs on the controller, validated against the documentation of its module."""

from __future__ import annotations

import copy
import os
from collections.abc import Container, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.loader import fragment_loader, module_loader
from ansible.utils.plugin_docs import get_docstring

from ansible_collections.cns.image_agent.plugins.module_utils.errors import InputError

_IN_SPEC = ("type", "elements", "required", "default", "choices")


class Options:
    """What a module documents as its options, and how to read arguments by it."""

    def __init__(self, module: str):
        """``module``: its fully qualified name."""
        path = module_loader.find_plugin(module)
        documentation = get_docstring(path, fragment_loader, collection_name="cns.image_agent", is_module=True)[0]
        self._module = module
        self._spec = _spec(documentation["options"])
        self._validator = ArgumentSpecValidator(self._spec)

    def only(self, names: Container[str]) -> Options:
        """The same for some of the options."""
        some = copy.copy(self)
        some._spec = {name: spec for name, spec in self._spec.items() if name in names}
        some._validator = ArgumentSpecValidator(some._spec)
        return some

    def read(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Every option with its value, defaults included. Raises InputError, which names all that is wrong."""
        result = self._validator.validate(dict(arguments))
        if result.error_messages:
            errors = "; ".join(_said(error) for error in result.errors)
            raise InputError("%s: %s. Nothing was sent." % (self._module, errors))
        read = result.validated_parameters
        wrong = [name for name, spec in self._spec.items() for path in _paths(spec, read[name]) if not _names_a_file(path)]
        if wrong:
            raise InputError("%s: %s names no file that can be. Nothing was sent." % (self._module, ", ".join(wrong)))
        return read


def _paths(spec: Mapping[str, Any], value: Any) -> list[str]:
    """The names of files in the value of an option."""
    if "path" not in (spec.get("type"), spec.get("elements")) or value is None:
        return []
    return value if isinstance(value, list) else [value]


def _names_a_file(path: str) -> bool:
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _said(error: Exception) -> str:
    text = str(error).rstrip(".")
    return "Unsupported parameters: %s" % text if isinstance(error, UnsupportedError) else text


def _spec(options: Mapping[str, Any]) -> dict[str, Any]:
    """The argument spec that the documentation of options amounts to."""
    spec = {}
    for name, documented in options.items():
        spec[name] = {key: documented[key] for key in _IN_SPEC if key in documented}
        if "suboptions" in documented:
            spec[name]["options"] = _spec(documented["suboptions"])
    return spec
