# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Shortens what ansible-playbook prints for many devices, and leaves out nothing else:
# the devices of a task stand on one line, the recap is summed up, and a table stands alone.

/^(ok|changed): \[[^] ]+\]$/ {
    if ($1 != verdict) { end_line(); verdict = $1; printf "   %s", $1 }
    gsub(/[][]/, "", $2)
    printf " %s", $2
    fflush()
    next
}

{ end_line() }

/^PLAY RECAP/ { recap = 1; next }

recap && / : ok=/ {
    devices++
    for (i = 3; i <= NF; i++) { split($i, part, "="); sum[part[1]] += part[2] }
    next
}

/^$/ || /^ok: \[[^]]+\] => *$/ || /^    msg: \|-$/ { next }

/^(PLAY|TASK) / { sub(/ \*+$/, "") }

{ sub(/^        /, "   "); print "   " $0; fflush() }

END {
    end_line()
    if (devices) {
        printf "   %d devices: changed=%d failed=%d unreachable=%d\n", devices, sum["changed"], sum["failed"], sum["unreachable"]
    }
}

function end_line() { if (verdict) { print ""; verdict = "" } }
