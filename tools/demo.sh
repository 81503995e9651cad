#!/usr/bin/env bash
# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# A rollout on twenty virtual devices: a canary, a wave that stops it, the resume, the report. Every claim that is printed is
# checked first. Run it with `make demo`; the whole output of Ansible is in build/demo/ansible.log.
set -euo pipefail
cd "$(dirname "$0")/.."

devices=20 broken=R5
old='15.5(3)M2' new='15.7(3)M9'
image_size=1048576
addresses=127.$((128 + RANDOM % 100)).0.0 # so that two demos at a time do not meet

run=$(mktemp -d -t cns-demo.XXXXXX)
root=$PWD
kept=$root/build/demo # what stays: the report, the journal, the log
rm -rf "$kept"
mkdir -p "$kept"

stop() {
    trap '' INT TERM
    python -m lab down --dir "$run/lab" >/dev/null 2>&1 || true
    rm -rf "$run"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The secrets of this run: random, only in the environment, never written down.
random() { python -c 'import secrets; print(secrets.token_hex(12))'; }
LAB_PASSWORD=$(random) LAB_ENABLE_SECRET=$(random) LAB_IMAGE_PASSWORD=$(random)
export LAB_PASSWORD LAB_ENABLE_SECRET LAB_IMAGE_PASSWORD

mkdir -p "$run/collections/ansible_collections/cns"
ln -s "$root" "$run/collections/ansible_collections/cns/image_agent"
cat >"$run/ansible.cfg" <<END
[defaults]
home = $run/ansible
collections_path = $run/collections
forks = $devices
callback_result_format = yaml
callbacks_enabled = cns.image_agent.cns_progress
display_skipped_hosts = false
END
export ANSIBLE_CONFIG=$run/ansible.cfg CNS_PROGRESS_STYLE=plain

headline() { printf '\n== %s\n' "$1"; fmt -w 100 <<<"$2" | sed 's/^/   /'; }

# playbook NAME [ARGUMENT...]: runs it, shows what matters of its output, keeps all of it. Returns its exit status.
playbook() {
    echo "   \$ ansible-playbook cns.image_agent.$*" | sed "s|$run/||g; s|$root/||g"
    ansible-playbook -i "$run/lab/inventory.yml" -i tools/demo.yml "cns.image_agent.$1" "${@:2}" 2>&1 |
        tee "$run/last.log" | tee -a "$kept/ansible.log" | awk -v "playbook=$1" -f tools/demo_output.awk
}

upgrade() { playbook upgrade -e cns_waves=1,25%,100% -e "cns_rollout_dir=$kept"; }

# claim TEXT FOUND EXPECTED: prints what was proven, or ends the demo.
claim() {
    if [ "$2" != "$3" ]; then
        echo "   NOT TRUE: $1 (expected $3, found $2; see ${kept#"$root"/}/ansible.log)" >&2
        exit 1
    fi
    echo "   proven: $1"
}

# What the fleet itself keeps book of. got LINE TIMES: how many devices got that line so many times.
fleet() { python -m lab status --json "${@:2}" --dir "$run/lab" | jp.py "$1"; }
got() { fleet "length(devices[?length(received[?line=='$1'])==\`$2\`])" --log; }
forget() { python -m lab status --reset-log --dir "$run/lab" >/dev/null; }
fault() { python -m lab fault "$@" --dir "$run/lab" >/dev/null; }
report() { jp.py "$1" <"$kept/report.json"; }

# What ansible-playbook said last: for how many devices the recap has this.
recap() { grep -cE "^R[0-9]+ .* $1 .* failed=0 " "$run/last.log" || true; }

headline "$devices virtual IOS devices and an image server" \
    "One process on this machine. The server has an image with $new; the devices run $old. The download of $broken will be damaged."
python -m lab up --dir "$run/lab" --devices $devices --login-privilege 1 --address-base "$addresses" \
    --image-version "$new" --image-size $image_size |
    grep -E '^(Ready|Devices|Image server)' | sed 's/^/   /'
fault $broken wrong-checksum

headline "Configure the image agent of every device" \
    "A device upgrades itself: its CNS image agent asks a server for an image. The variables of tools/demo.yml say where \
that is."
playbook configure
claim "every device was changed" "$(recap changed=1)" $devices

headline "Upgrade: a canary, a quarter, the rest" \
    "Each device gets one command, cns image retrieve, then downloads, checks and reloads by itself. It has succeeded when it \
says so after the reload. A wave with a failure is the last one."
status=0
upgrade || status=$?
claim "the rollout stopped, with an error status" "$(report state) $((status > 0))" '"stopped" 1'
claim "the canary was upgraded" "$(report "devices[?host=='R1'].outcome | [0]")" '"success"'
claim "$broken failed in wave 2" "$(report "devices[?host=='$broken' && wave==\`2\`].outcome | [0]")" '"failed"'
claim "nothing of wave 3 was touched" "$(fleet "length(devices[?reloads==\`1\`])")" "$(report "length(devices[?outcome=='success'])")"

headline "The fleet now" "What nine of the devices say of themselves."
playbook status --limit 'R?'
claim "$broken still runs $old" "$(fleet "devices[?name=='$broken'].version | [0]")" "\"$old\""

headline "Resume" "The cause is found and removed. The same command upgrades the rest."
fault $broken --clear
forget
done_before=$(report "length(devices[?outcome=='success'])")
upgrade
claim "all $devices devices run $new, after one reload each" \
    "$(fleet "length(devices[?version=='$new' && reloads==\`1\`])")" $devices
claim "a device that was done did not get the command again" "$(got 'cns image retrieve' 0)" "$done_before"
claim "the report has $devices upgraded devices" "$(report "length(devices[?outcome=='success'])")" $devices

headline "Secrets" "The passwords of this run were random, and lived in the environment only."
secrets=$(printf '%s\n' "$LAB_PASSWORD" "$LAB_ENABLE_SECRET" "$LAB_IMAGE_PASSWORD")
claim "none of them is in the output, the report, the journal, or another file that was written" \
    "$(grep -rlF -f <(echo "$secrets") "$run" "$kept" --exclude-dir collections | wc -l)" 0

reachable() { (exec 3<>"/dev/tcp/${addresses%.0}.1/2222") 2>/dev/null && echo yes || echo no; }
was=$(reachable)
stop
headline "Done after $SECONDS s" "The report of the rollout: ${kept#"$root"/}/report.html. Next: docs/docsite/rst/guide_getting_started.rst, or make docs."
claim "the devices have gone" "$was $(reachable)" "yes no"
