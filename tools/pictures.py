# Copyright (c) 2026, the cns.image_agent authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take the pictures of the documentation, light and dark: a rollout on a virtual fleet, its progress and its report.

Usage: pictures.py FOLDER COLLECTIONS    writes PNG files to FOLDER; COLLECTIONS is where ansible_collections is
"""

from __future__ import annotations

import html
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pexpect
import pyte

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COLUMNS, ROWS = 100, 40
BUSY = re.compile(r" *R\d+ .*\b(away|triggered|at work|back|preparing|preflight|downloading)")  # a device in the progress display
ROLLOUT = ("-e", '{"cns_waves": [1, 7, "100%"]}')
# of the terminal: paper, ink, and the colours of its devices
COLOURS = {
    "light": {"paper": "#ffffff", "ink": "#24292f", "green": "#116329", "red": "#a40e26", "cyan": "#0b6e8a", "brown": "#7d4e00"},
    "dark": {"paper": "#131416", "ink": "#d0d4da", "green": "#7ee787", "red": "#ff7b72", "cyan": "#79c0ff", "brown": "#e3b341"},
}
Cells = list[list[tuple[str, str, bool]]]  # the characters of a screen, each with its colour and whether it is bold
TERMINAL = """<!doctype html><meta charset="utf-8"><body style="margin:0;background:{paper};color:{ink}">
<pre style="font:14px/1.4 'DejaVu Sans Mono',monospace;margin:16px">{text}</pre>"""


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


class Fleet:
    """Twelve virtual devices, of which one has a damaged download."""

    def __init__(self, folder: Path, collections: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(Path(collections).resolve()),
            "ANSIBLE_CALLBACKS_ENABLED": "cns.image_agent.cns_progress",
            "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
            "ANSIBLE_HOME": str(folder / "ansible"),
            "PWD": str(folder),
            "TERM": "xterm-256color",
        }

    def __enter__(self) -> Fleet:
        address = f"127.{random.randrange(128, 228)}.0.0"
        self.lab("up", "--devices", "12", "--boot-seconds", "4", "--image-version", "15.7(3)M9", "--address-base", address)
        self.lab("fault", "R4", "wrong-checksum")
        for device, seconds in (("R3", 0.1), ("R5", 0.2), ("R7", 0.3)):  # so that not all are in the same phase
            self.lab("fault", device, f"latency={seconds}")
        return self

    def __exit__(self, *_error: object) -> None:
        self.lab("down")

    def lab(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "lab", *arguments, "--dir", str(self.folder / "lab")]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    def playbook(self, name: str, *arguments: str) -> list[str]:
        inventories = ["-i", str(self.folder / "lab/inventory.yml"), "-i", str(ROOT / "tools/demo.yml")]
        return ["ansible-playbook", *inventories, f"cns.image_agent.{name}", *arguments]

    def configure(self) -> None:
        subprocess.run(self.playbook("configure"), env=self.environment, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def upgrade(self) -> Cells:
        """Run the rollout in a terminal, and return the moment in which devices are in most phases."""
        program, *arguments = self.playbook("upgrade", *ROLLOUT)
        child = pexpect.spawn(program, arguments, env=self.environment, cwd=str(self.folder), dimensions=(ROWS, COLUMNS))
        best: Cells = []
        screen, most = pyte.Screen(COLUMNS, ROWS), (0, 0)
        stream = pyte.ByteStream(screen)
        while True:
            try:
                stream.feed(child.read_nonblocking(100000, timeout=300))
            except pexpect.EOF:
                return best
            busy = {number: found[1] for number, line in enumerate(screen.display) if (found := BUSY.match(line))}
            if busy and (score := (len(set(busy.values())), len(busy))) >= most:
                best, most = picture_of(screen)[min(busy) :], score


def picture_of(screen: pyte.Screen) -> Cells:
    """What a screen shows."""
    rows = ([screen.buffer[row][column] for column in range(COLUMNS)] for row in range(ROWS))
    return [[(cell.data, cell.fg, cell.bold) for cell in row] for row in rows]


def page_of(cells: Cells, style: str) -> str:
    colours = COLOURS[style]
    lines = ["".join(_span(cell, colours) for cell in line).rstrip() for line in cells]
    return TERMINAL.format(text="\n".join(lines).rstrip(), **colours)


def _span(cell: tuple[str, str, bool], colours: dict[str, str]) -> str:
    text, colour, bold = cell
    if text == " ":
        return text
    shown = colours.get(colour) or ("#" + colour if len(colour) == 6 else colours["ink"])
    return f'<span style="color:{shown};font-weight:{"bold" if bold else "normal"}">{html.escape(text)}</span>'


def photograph(page: Path, picture: Path, style: str, size: str) -> None:
    command = [
        *(browser() or "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
        *(f"--window-size={size}", f"--blink-settings=preferredColorScheme={0 if style == 'dark' else 1}"),
        *(f"--user-data-dir={page.parent / 'profile'}", f"--screenshot={picture}", page.as_uri()),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


def main(target: str, collections: str) -> None:
    target_folder = Path(target).resolve()
    target_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        with Fleet(Path(scratch), collections) as fleet:
            fleet.configure()
            moment = fleet.upgrade()
        for style in COLOURS:
            terminal = Path(scratch) / f"progress-{style}.html"
            text = page_of(moment, style)
            terminal.write_text(text)
            photograph(terminal, target_folder / f"progress-{style}.png", style, f"900,{20 + 20 * text.count(chr(10))}")
            photograph(Path(scratch) / "cns-rollout/report.html", target_folder / f"report-{style}.png", style, "1200,1000")


if __name__ == "__main__":
    main(*sys.argv[1:])
