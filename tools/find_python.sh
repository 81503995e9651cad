#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Usage: find_python.sh NAME
# Prints the path of the Python NAME (such as python3.12): on the search path, or one that only pyenv knows of.
set -euo pipefail

if "$1" -c '' 2>/dev/null; then
    "$1" -c 'import sys; print(sys.executable)'
elif version=$(pyenv whence "$1" 2>/dev/null | tail -n 1) && [ -n "$version" ]; then
    PYENV_VERSION=$version pyenv which "$1"
else
    echo "$1 was not found." >&2
    exit 1
fi
