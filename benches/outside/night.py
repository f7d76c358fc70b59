#!/usr/bin/env python3
"""The long night: eight hours of an incident in eight minutes, with every server breaking in turn, and somebody at the keys.

    python3 benches/outside/night.py                  # 8 hours of the story, 8 minutes by the clock
    python3 benches/outside/night.py --minutes 1      # an hour of it

Draws how memory, threads, files and sockets went, and ends with 1 when a law is broken:
  memory       at the end no more than at the beginning, and what the lines take that came meanwhile; a night of less than
               eight minutes is too short to tell of memory and files
  files        no thread, file or socket more than at the beginning; a few are allowed, since connections come and go
  frames       none later than 100 ms after a key, unless the machine gave the program no processor for so long
  clock        the screen never stands still while time passes
  counters     losses only grow
  recovery     once the faults are over, every server is well again and the record is written; it ends with 0 and gives the terminal back

Linux alone: what a process holds is read from /proc. Tasks are not seen from outside; a lost one shows as memory or a socket.
"""
import argparse
import os
import re
import statistics
import sys
import tempfile
import time

import machine
import terminal

SPEED = 60
SERVERS = ("prometheus", "loki", "tempo", "jaeger", "alertmanager", "grafana")
TROUBLES = ("down", "slow=3s", "http=500", "garbage")
# Story minutes of an hour: each server has each trouble for six of them, one after the other, and peace in between.
TROUBLE, PEACE = 6, 8
FLOOD = "loki:flood=40/s"
LATE_MS = 100
# The screen shows a clock: it is drawn every second.
STILL_MS = 2_000
# Minutes from which growth is judged: in the first two everything is loaded for the first time.
MEMORY_FROM = 8
# A line takes its text, its offsets and its share of the labels.
BYTES_A_LINE = 420
SLACK = 8 * machine.MIB
SPARE = {"threads": 4, "files": 12, "sockets": 12}
BLOCKS = " ▁▂▃▄▅▆▇█"
# What somebody does at night, again and again; focus keys are timed, since each of them always changes the screen.
ROUND = ("3", "gg", "j", "<Enter>", "j", "d", "d", "p", "p", "1", "j", "k", "b", "<Esc>", "3", "x", "1", "4", "x", "2",
         "/error\r", "4", "k", "k", "\\", "1", "2", "G", "k", "{", "0", "4", "#", "#", "G", "3", "=", "q", "1", "?", "<Esc>",
         "2", "R", "[", "]", "0", "4", " ", "1", " ", "0")
NAMED = {"<Enter>": "\r", "<Esc>": "\x1b"}


def faults(hours):
    """Every server with every trouble in every hour, staggered; at the end a while without any."""
    texts = []
    for hour in range(hours):
        for at, server in enumerate(SERVERS):
            for turn, trouble in enumerate(TROUBLES):
                start = hour * 60 + (turn * (TROUBLE + PEACE) + at * 2) % 54
                texts.append(f"{server}:{trouble}@{start + 1}m..{start + 1 + TROUBLE}m")
        texts.append(f"{FLOOD}@{hour * 60 + 20}m..{hour * 60 + 24}m")
    return [part for text in texts for part in ("--fault", text)]


def curve(values):
    low, high = min(values), max(values)
    steps = [BLOCKS[1 + round((value - low) / (high - low or 1) * 7)] for value in values]
    return "".join(steps)


def thinned(values, count=72):
    size = max(1, len(values) / count)
    parts = [values[int(at * size):max(int(at * size) + 1, int((at + 1) * size))] for at in range(min(count, len(values)))]
    return [statistics.median(part) for part in parts if part]


class Night:
    def __init__(self, program, minutes):
        self.program, self.minutes = program, minutes
        self.samples, self.keys, self.late, self.waited, self.stills, self.pressed = [], [], [], 0, [], []
        self.lost, self.shrunk, self.last_byte = {}, [], time.monotonic_ns()

    def sample(self, elapsed):
        pid = self.program.pid
        resident, anonymous, _ = machine.memory_of(pid)
        threads, files, sockets = machine.holdings_of(pid)
        self.samples.append((elapsed, anonymous or resident, threads, files, sockets))
        screen = self.program.show()
        for name, pattern in (("facts dropped", r"(\d+) facts dropped"), ("lines dropped", r"dropped: (\d+)")):
            if found := re.search(pattern, screen):
                count = int(found[1])
                if count < self.lost.get(name, 0):
                    self.shrunk.append(f"{name}: {self.lost[name]} then {count}")
                self.lost[name] = count

    def press(self, key):
        self.pressed = [*self.pressed[-8:], key]
        before = machine.time_of(self.program.pid)[1]
        timed = key in "12345"
        answer = self.program.key(NAMED.get(key, key), most=STILL_MS / 1000)
        if answer.first is None:
            return
        self.last_byte = time.monotonic_ns()
        took = answer.first / terminal.MS
        if timed:
            self.keys.append(took)
            if took > LATE_MS:
                waited = (machine.time_of(self.program.pid)[1] - before) / terminal.MS
                if took - waited > LATE_MS:
                    self.late.append((time.monotonic() - self.start, self.before_it + key, took, waited))
                else:
                    self.waited += 1

    @property
    def before_it(self):
        return " ".join(self.pressed[-4:-1]) + " "

    def rest(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.program.read(min(left, 0.05)):
                now = time.monotonic_ns()
                still = (now - self.last_byte) / terminal.MS
                if still > STILL_MS:
                    self.stills.append((time.monotonic() - self.start, still))
                self.last_byte = now

    def watch(self):
        self.start = time.monotonic()
        end, turn, sampled = self.start + self.minutes * 60, 0, 0
        while (now := time.monotonic()) < end and self.program.alive():
            if now - sampled >= 1:
                self.sample(now - self.start)
                sampled = now
            self.press(ROUND[turn % len(ROUND)])
            turn += 1
            self.rest(0.12)

    def verdict(self):
        """Whether all laws held, told line by line."""
        program, count = self.program, len(self.samples)
        if count < 16:
            print(f"BROKEN  the night was over after {count} seconds; the program ended with {program.status}")
            print(program.show())
            return False
        part = count // 8
        # The beginning is taken once everything was loaded for the first time.
        first, last = self.samples[2 * part:3 * part] if self.minutes >= MEMORY_FROM else self.samples[part:2 * part], self.samples[-part:]
        laws = []

        def middle(rows, at):
            return statistics.median(row[at] for row in rows)

        grown = middle(last, 1) - middle(first, 1)
        allowed = SLACK + self.lines_between() * BYTES_A_LINE
        print(f"memory   {curve(thinned([row[1] for row in self.samples]))}")
        print(f"         {' '.join(f'{value / machine.MIB:.0f}' for value in thinned([row[1] for row in self.samples], 24))} MiB")
        is_told = self.minutes >= MEMORY_FROM
        laws.append((f"memory grew by {grown / machine.MIB:.1f} MiB from the first to the last eighth; "
                     f"allowed {allowed / machine.MIB:.1f}{'' if is_told else ', in a longer night than this'}",
                     grown <= allowed or not is_told))
        for at, name in ((2, "threads"), (3, "files"), (4, "sockets")):
            print(f"{name:<8} {curve(thinned([row[at] for row in self.samples]))}  {middle(first, at):.0f} then {middle(last, at):.0f}")
            more = middle(last, at) - middle(first, at)
            laws.append((f"{name}: {more:+.0f}{'' if is_told else ', judged in a longer night than this'}",
                         more <= SPARE[name] or not is_told))
        keys = sorted(self.keys)
        laws.append((f"{len(keys)} focus keys: median {statistics.median(keys):.1f} ms, worst {keys[-1]:.0f} ms, {len(self.late)} late"
                     f" ({self.waited} more waited for a processor)", not self.late))
        for moment, key, took, waited in self.late[:20]:
            print(f"late     at {moment:.1f} s: {key!r} {took:.0f} ms, of which {waited:.0f} ms without a processor")
        laws.append((f"the screen stood still {len(self.stills)} times for more than {STILL_MS} ms", not self.stills))
        laws.append((f"counters only grow: {self.lost or 'nothing lost'} {self.shrunk or ''}", not self.shrunk))
        laws += self.after()
        for text, held in laws:
            print(f"{'held' if held else 'BROKEN':<8} {text}")
        return all(held for _, held in laws)

    def lines_between(self):
        """How many lines came between the first and the last eighth: the story's own and the floods."""
        hours = self.minutes * 0.75
        return hours * (60 * 60 * 2 + 4 * 60 * 40)

    def after(self):
        program = self.program
        well = program.wait(lambda screen: "●●●●●●" in screen.lines()[0] and " 0 queued" in screen.lines()[0], 40)
        laws = [(f"every server is well again, and nothing waits to be written: {program.screen.lines()[0].strip()}", well is not None)]
        sent = program.send("\x03\x03")
        took = program.ended(sent)
        laws.append((f"it ends with {program.status} and gives the terminal back", program.status == 0 and program.is_given_back()))
        if took is None:
            laws.append(("it ends when it is told to", False))
        return laws


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--warroom", default="target/release/warroom", help="the program [default: %(default)s]")
    asked.add_argument("--minutes", type=float, default=8, help="by the clock; each is an hour of the story [default: %(default)s]")
    asked.add_argument("--ahead", action="store_true", help="run before ordinary work (root), on a busy machine")
    asked = asked.parse_args()
    if not machine.is_known():
        sys.exit("night.py needs /proc: Linux alone")
    if not os.access(asked.warroom, os.X_OK):
        sys.exit(f"{asked.warroom} is missing: cargo build --release, or name it with --warroom")
    if asked.ahead:
        machine.go_ahead()
    hours = max(1, int(asked.minutes))
    with tempfile.TemporaryDirectory(prefix="warroom-night-") as home:
        surroundings = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        command = [os.path.abspath(asked.warroom), "demo", "--speed", str(SPEED), *faults(hours)]
        program = terminal.Program(command, (120, 40), env=surroundings, cwd=home)
        try:
            night = Night(program, asked.minutes)
            night.watch()
            held = night.verdict()
        finally:
            program.close()
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
