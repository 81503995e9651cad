#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Runs the rulebook of the collection against the virtual fleet. ansible-rulebook has an environment of its own below build/.
set -euo pipefail
cd "$(dirname "$0")/.."

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
found=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' || true)
if [ "${found:-0}" -lt 17 ]; then
    echo "Skipped: ansible-rulebook needs Java 17 or newer, and found ${found:-none} (on Debian: apt-get install openjdk-17-jre-headless)."
    exit 77  # how tools/check.py knows what was skipped
fi
version=$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
venv=$PWD/build/eda/$version
if [ "$venv/.installed" -ot requirements/eda.txt ]; then
    tools/venv.sh "$(command -v python)" "$venv" requirements/eda.txt
    touch "$venv/.installed"
fi
exec python -m tests.eda "$venv/bin"
