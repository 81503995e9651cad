#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Installs the browser for tests of the report's page and for pictures, if nobody has to be asked: on Debian, as root.
# Without one those tests are skipped, so that it cannot be had is no error.
set -euo pipefail

for browser in chromium chromium-browser google-chrome; do
    if command -v "$browser" >/dev/null; then exit 0; fi
done

if [ "$(id -u)" != 0 ] || ! grep -qsx 'ID=debian' /etc/os-release; then
    echo "There is no chromium, and only root on Debian gets it installed here: tests of the report's page will be skipped."
    exit 0
fi
echo "Installing chromium"
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core; } >/dev/null; then
    echo "chromium cannot be installed: tests of the report's page will be skipped."
fi
