#!/usr/bin/env python3
"""The twelve goals of speed, measured from outside: warroom, its peers (lnav, less, btm) and a bare ratatui program, in turn.

    cargo build --release --bin warroom --example limits
    python3 benches/outside/goals.py                 # 120x40, at full speed and at 32 KiB/s
    python3 benches/outside/goals.py --all           # also 80x24 and 200x60, and the keys inside tmux; prints README's tables
    python3 benches/outside/goals.py --only 3,4      # some of them

What was measured of this very program is kept beside it (`goals.json`) and not measured again: run it again to go on after
an interruption, or after --minutes were over; --fresh begins anew.

An absolute time means little on another machine: what counts is the ratio to a peer in the same run. Programs take turns, keys
in blocks of seven, starts one by one; figures are medians. A peer that is not installed is named, and its rows say "not measured".
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import machine
import scenes
from terminal import MS

KEYS, BLOCK = 21, 7
USUAL = (120, 40)
SIZES = (USUAL, (80, 24), (200, 60))
SLOW = 32 * 1024
PAGE = "\x1b[6~"
DOWN = "\x1b[B"
FULL, KIB = "full speed", "32 KiB/s"


def middle(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


class Table:
    """Rows, in sections that are measured once: what is kept is of the same program, or it is forgotten."""

    def __init__(self, place, program, fresh):
        self.place, self.sections, self.section = place, {}, None
        told = os.stat(program)
        self.of = [told.st_mtime_ns, told.st_size]
        if not fresh and os.path.exists(place):
            with open(place) as file:
                kept = json.load(file)
            if kept["of"] == self.of:
                self.sections = {name: [tuple(row) for row in rows] for name, rows in kept["sections"].items()}

    @property
    def rows(self):
        return [row for rows in self.sections.values() for row in rows]

    def measure(self, name, function, *arguments):
        self.section, began = [], time.monotonic()
        function(*arguments)
        self.sections[name] = self.section
        with open(self.place, "w") as file:
            json.dump({"of": self.of, "sections": self.sections}, file)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    def add(self, goal, what, where, ours, unit, peer, theirs, most, whole=None):
        """`most` is the greatest ratio that holds; with `whole` the figure itself must not be greater than that; without both it is told and not judged."""
        ratio = ours / theirs if ours is not None and theirs else None
        if whole is not None:
            verdict = "-" if ours is None else "held" if ours <= whole else "missed"
            limit = f"{number(whole)} {unit}"
        elif most is None:
            verdict, limit = ("not measured" if ratio is None else "told"), ""
        else:
            verdict = "not measured" if ratio is None else "held" if ratio <= most else "missed"
            limit = f"{most:g}x"
        row = (str(goal), what, where, f"{number(ours)} {unit}".strip(), peer, number(theirs) if peer else "",
               f"{ratio:.2f}" if ratio is not None else "", limit, verdict)
        self.section.append(row)
        print("   ".join(part for part in row if part), file=sys.stderr, flush=True)

    def __str__(self):
        rows = [("goal", "what", "where", "warroom", "peer", "peer's", "ratio", "limit", ""), *self.rows]
        return "\n".join("| " + " | ".join(row) + " |" + ("\n|" + "---|" * 9 if at == 0 else "") for at, row in enumerate(rows))


def starts(stage, table, rounds, size):
    """1: from exec to the first frame, and what is written until it is quiet."""
    seen, written = {}, []
    for turn in range(rounds):
        names = ["warroom", "limits", "btm", "lnav"]
        for name in names if turn % 2 else names[::-1]:
            program = stage.start("config" if name == "warroom" else name, size)
            if program is None:
                continue
            moment = program.wait(lambda screen: screen.signs() >= 20, 5)
            if moment:
                seen.setdefault(name, []).append((moment - program.began) / MS)
            if name == "warroom":
                # Its end is the budget, which needs the most answers. Frames of the start are up to 350 ms apart; the tail goes
                # on for ever, a few lines every 500 ms: what it costs is told by the bytes of a live screen.
                program.wait_text(r"budget +\d", 4)
                program.settle(0.45, 2)
                written.append(program.total)
            program.close()
    ours, where = middle(seen.get("warroom", [])), "%dx%d" % size
    table.add(1, "exec to first frame", where, ours, "ms", "btm", middle(seen.get("btm", [])), 0.35)
    table.add(1, "exec to first frame", where, ours, "ms", "bare ratatui", middle(seen.get("limits", [])), 2)
    table.add(1, "exec to first frame", where, ours, "ms", "lnav", middle(seen.get("lnav", [])), None)
    table.add(1, "bytes until it is quiet", where, middle(written), "B", "", None, None, 8 * 1024)


class Series:
    """Keys of one kind in one program."""

    def __init__(self, program, keys, before=()):
        self.program, self.keys, self.before = program, keys, before
        self.times, self.bytes, self.sent = [], [], 0

    def block(self):
        if self.program is None:
            return
        for key in self.before:
            self.program.send(key)
            self.program.settle(0.08, 0.5)
        self.program.settle(0.08, 1.5)
        for _ in range(BLOCK):
            answer = self.program.key(self.keys[self.sent % len(self.keys)])
            self.sent += 1
            if answer.last is not None:
                self.times.append(answer.last / MS)
                self.bytes.append(answer.bytes)
            self.program.settle(0.05, 0.3)

    def ms(self):
        return middle(self.times)

    def size(self):
        return middle(self.bytes)


def keys(stage, table, size, rate, place):
    """2, 3, 4: keys, with everything loaded."""
    where = " ".join(filter(None, ("%dx%d" % size, KIB if rate else "", place and f"tmux {place}")))
    # What a multiplexer changes is the way of the bytes: there the logs and their peers will do.
    names = ("logs", "lnav", "less") if place or (rate and size != USUAL) else ("loaded", "logs", "lnav", "less", "btm")
    programs = {}
    try:
        # One after the other: what nobody reads while the next one loads would take its link for a slow one.
        for name in names:
            programs[name] = stage.start(name, size, rate, place)
            if programs[name]:
                stage.prepare(name, programs[name])
        series = {
            "focus": Series(programs.get("loaded"), ("3", "4")),
            "span": Series(programs.get("loaded"), ("j",), ("3",)),
            "btm": Series(programs.get("btm"), (DOWN,)),
            "j": Series(programs["logs"], ("j",), ("G", "gg", *[PAGE] * 2, *["j"] * 3)),
            "page": Series(programs["logs"], (PAGE,)),
            "lnav j": Series(programs["lnav"], ("j",), ("g",)),
            "lnav page": Series(programs["lnav"], (PAGE,)),
            "less j": Series(programs["less"], ("j",), ("g",)),
            "less page": Series(programs["less"], (PAGE,)),
        }
        for _ in range(max(1, -(-KEYS // BLOCK)) if size == USUAL and not place else 2):
            for one in series.values():
                one.block()
                # The cursor is at the lower edge once; it must not be sent back there with every block.
                if one.keys == ("j",) and one.sent and one is series["j"]:
                    one.before = ()
    finally:
        for name, program in programs.items():
            stage.end(name, program)
    ms = {name: one.ms() for name, one in series.items()}
    size_of = {name: one.size() for name, one in series.items()}
    if not rate and not place:
        table.add(2, "focus 3, 4: last byte", where, ms["focus"], "ms", "btm", ms["btm"], 1)
        table.add(2, "j in the trace: last byte", where, ms["span"], "ms", "btm", ms["btm"], 1)
    if not rate:
        table.add(3, "j in the logs: last byte", where, ms["j"], "ms", "lnav", ms["lnav j"], 0.6)
        table.add(3, "PgDn in the logs: last byte", where, ms["page"], "ms", "lnav", ms["lnav page"], 0.7)
        table.add(3, "j in the logs: last byte", where, ms["j"], "ms", "less", ms["less j"], None)
        table.add(4, "j in the logs: bytes", where, size_of["j"], "B", "lnav", size_of["lnav j"], 1)
        table.add(4, "PgDn in the logs: bytes", where, size_of["page"], "B", "lnav", size_of["lnav page"], 1)
    else:
        table.add(4, "j in the logs: last byte", where, ms["j"], "ms", "lnav", ms["lnav j"], 1.5)
        table.add(4, "PgDn in the logs: last byte", where, ms["page"], "ms", "lnav", ms["lnav page"], 1)
        if ms["span"] is not None:
            table.add(4, "j in the trace: last byte", where, ms["span"], "ms", "btm", ms["btm"], 1)


def rest(program, most=60):
    """The moment at which a program came to rest: from then on it took less than 5 ms of a processor in 250."""
    window, seen, end, spent = 0.25, [], time.monotonic() + most, {}
    while time.monotonic() < end:
        # lnav looks for a line in a process that it starts for that: what has ended keeps what it took.
        for pid in machine.tree(program.pid):
            spent[pid] = machine.spent_by(pid) or spent.get(pid, 0)
        now, ran = time.monotonic_ns(), sum(spent.values())
        seen.append((now, ran))
        while seen[-1][0] - seen[0][0] > window * 1e9 * 1.5:
            seen.pop(0)
        first = next((at for at in seen if now - at[0] <= window * 1e9), seen[0])
        if now - seen[0][0] >= window * 1e9 and ran - first[1] < 5 * MS:
            return first[0]
        program.read(0.01)
    return None


def done(program, is_there, most=30):
    """The moment at which the screen is as asked for and the program does no more work for it: one that shows what it has
    found so far is not done before it has gone through the rest, nor one that has shown nothing yet."""
    shown = program.wait(is_there, most)
    began = time.monotonic_ns()
    at_rest = shown and rest(program)
    # What needs no more work after the screen was done when that was.
    return at_rest and (at_rest if at_rest - began > 20 * MS else shown)


def loads(stage, table, rounds):
    """5, 6, 7: a million lines read, looked through, and held."""
    said = {}

    def note(name, what, value):
        said.setdefault((name, what), []).append(value)

    def is_alone(screen):
        return re.findall(r"(\w+) id=\d", str(screen)) == ["exploded"]

    for turn in range(rounds):
        for name in ("logs", "lnav") if turn % 2 else ("lnav", "logs"):
            program = stage.start(name, (120, 40))
            if program is None:
                continue
            first = program.wait_text(r" id=\d+", 20)
            loaded = rest(program)
            note(name, "first", first and (first - program.began) / MS)
            note(name, "load", loaded and (loaded - program.began) / MS)
            note(name, "memory", machine.memory_of(program.pid)[0] / machine.MIB)
            program.show()
            # In lnav looking for a line and showing no other are two things; here one does both.
            sent = program.send(f"/{scenes.NEEDLE}\r")
            # lnav looks on from where it stands, which is the end: it counts what is before, and goes nowhere.
            found = done(program, is_alone if name == "logs" else lambda screen: re.search(r"\b1 hits? for", str(screen)))
            note(name, "search", found and (found - sent) / MS)
            if name == "lnav":
                program.send("g")
                program.settle(0.3, 3)
                program.show()
                sent = program.send(f":filter-in {scenes.NEEDLE}\r")
                # The hit itself may be on the screen already: it is done when there is no other line.
                found = done(program, is_alone)
            note(name, "filter", found and (found - sent) / MS)
            program.close()
        began = time.monotonic_ns()
        # Into nothing it would stop at the first that it finds.
        subprocess.run(["grep", "-c", scenes.NEEDLE, stage.lines], stdout=subprocess.PIPE, check=False)
        note("grep", "search", (time.monotonic_ns() - began) / MS)
        piped = stage.start("piped", (120, 40))
        piped.wait_text(r"1,000,000 lines|1,000,001 lines", 30)
        rest(piped)
        note("piped", "memory", machine.memory_of(piped.pid)[0] / machine.MIB)
        piped.close()

    def ms(name, what):
        return middle(said.get((name, what), []))

    where, size = "1,000,000 lines", os.path.getsize(stage.lines) / machine.MIB
    table.add(5, "load and index", where, ms("logs", "load"), "ms", "lnav", ms("lnav", "load"), 0.4)
    table.add(5, "first rows", where, ms("logs", "first"), "ms", "", None, None, 50)
    table.add(6, "search of one line", where, ms("logs", "search"), "ms", "lnav", ms("lnav", "search"), 0.05)
    table.add(6, "search of one line", where, ms("logs", "search"), "ms", "grep -c", ms("grep", "search"), 1.4)
    table.add(6, "filter to one line", where, ms("logs", "filter"), "ms", "lnav", ms("lnav", "filter"), 0.06)
    table.add(7, "memory, of a pipe", where, ms("piped", "memory"), "MiB", "raw bytes", size, 1.3)
    table.add(7, "memory, of a file", where, ms("logs", "memory"), "MiB", "lnav", ms("lnav", "memory"), 0.8)


def over(program, seconds):
    """Bytes a second, wake-ups a second and the share of a processor while nobody does anything."""
    program.settle(0.1, 1)
    start, total, wakes, (ran, _) = time.monotonic(), program.total, machine.wakes_of(program.pid), machine.time_of(program.pid)
    while (left := start + seconds - time.monotonic()) > 0:
        program.read(left)
    took = time.monotonic() - start
    return ((program.total - total) / took, (machine.wakes_of(program.pid) - wakes) / took,
            (machine.time_of(program.pid)[0] - ran) / took / 1e7)


def idles(stage, table, rounds):
    """8 and the second half of 7: nobody at the keys."""
    said, memory = {}, {}
    programs = {name: stage.start(name, (120, 40)) for name in ("loaded", "few", "btm")}
    for name, program in programs.items():
        if program:
            stage.prepare(name, program)
    config = stage.start("config", (120, 40))
    config.settle(1, 8)
    memory["warroom"], memory["btm"] = (machine.memory_of(p.pid)[0] / machine.MIB if p else None for p in (config, programs["btm"]))
    config.close()
    for turn in range(rounds):
        for name, program in programs.items():
            if program is None:
                continue
            said.setdefault(name, []).append(over(program, 4))
            if name == "few":
                program.send(" ")
                said.setdefault("frozen", []).append(over(program, 4))
                program.send("0")
                # The byte meter tells of this key for as long as it counts over.
                calm = time.monotonic() + 7
                while time.monotonic() < calm:
                    program.read(0.1)
    for name, program in programs.items():
        stage.end(name, program)

    def of(name, at):
        return middle([one[at] for one in said.get(name, [])])

    for name, what in (("few", "idle, nothing changes"), ("frozen", "frozen")):
        table.add(8, f"{what}: bytes/s", "120x40", of(name, 0), "B/s", "btm", of("btm", 0), None, 0)
        table.add(8, f"{what}: wake-ups/s", "120x40", of(name, 1), "/s", "btm", of("btm", 1), None, 0 if name == "frozen" else 5)
    table.add(8, "idle, nothing changes: processor", "120x40", of("few", 2), "%", "btm", of("btm", 2), 0.5)
    table.add(8, "live, everything loaded: bytes/s", "120x40", of("loaded", 0), "B/s", "btm", of("btm", 0), 1)
    table.add(8, "live, everything loaded: processor", "120x40", of("loaded", 2), "%", "btm", of("btm", 2), 1)
    table.add(7, "memory of four panes", "120x40", memory["warroom"], "MiB", "btm", memory["btm"], 2)


def tails(stage, table, rounds):
    """9: 20,000 lines a second."""
    said = {}
    for turn in range(rounds):
        for name in ("few", "lnav few"):
            program = stage.start(name, (120, 40))
            if program is None:
                continue
            program.settle(0.5, 4)
            program.send("G")
            program.settle(0.3, 1)
            still = Series(program, ("k", "j"))
            still.block()
            program.send("G")
            program.settle(0.2, 1)
            writer = stage.append(20_000, 5)
            time.sleep(0.5)
            bytes_, _, share = over(program, 2)
            busy = Series(program, ("k", "j"))
            for _ in range(BLOCK * 2):
                answer = program.key(busy.keys[busy.sent % 2], quiet=0.001)
                busy.sent += 1
                busy.times += [answer.first / MS] if answer.first else []
                program.settle(0.02, 0.06)
            writer.join()
            program.send("G")
            program.settle(0.5, 3)
            is_whole = "exploded" not in program.show() and stage.last_line() in str(program.screen)
            said.setdefault(name, []).append((share, bytes_, middle(busy.times), still.ms(), is_whole))
            program.close()

    def of(name, at):
        return middle([one[at] for one in said.get(name, [])])

    where = "20,000 lines/s"
    table.add(9, "processor", where, of("few", 0), "%", "lnav", of("lnav few", 0), 1)
    table.add(9, "bytes/s", where, of("few", 1), "B/s", "lnav", of("lnav few", 1), 1)
    table.add(9, "a key, first byte", where, of("few", 2), "ms", "the same, idle", of("few", 3), 2)
    table.add(9, "rounds without the last line", where, float(sum(not one[4] for one in said.get("few", []))), "", "", None, None, 0)


def traces(stage, table, rounds):
    """10: from the question to the first frame of a trace of 100,000 spans."""
    for is_json, parser, most in ((0, "prost", 1.6), (1, "json", 1.4)):
        times, peaks, limits = [], [], []
        for _ in range(rounds):
            stage.lineless.json.value, stage.lineless.asked.value = is_json, 0
            program = stage.start("trace", (120, 40))
            shown = program.wait_text(r"100000 spans", 20)
            if shown:
                times.append((shown - stage.lineless.asked.value) / MS)
                peaks.append(machine.memory_of(program.pid)[2] / machine.MIB)
            program.close()
            limits.append(stage.limit(parser, stage.lineless.files[is_json]))
        stage.lineless.json.value = 0
        name = "serde_json alone" if is_json else "prost alone"
        where = "100,000 spans, " + ("JSON" if is_json else "protobuf")
        table.add(10, "asked to first frame", where, middle(times), "ms", name, middle(limits), most)
        if is_json:
            size = os.path.getsize(stage.lineless.files[1]) / machine.MIB
            table.add(10, "peak memory", where, middle(peaks), "MiB", "the JSON", size, 2.6)


def sizes(stage, table, rounds):
    """11: another size, and a storm of them."""
    programs, said = {name: stage.start(name, (120, 40)) for name in ("loaded", "limits")}, {}
    stage.prepare("loaded", programs["loaded"])
    for turn in range(max(rounds, KEYS) // 2):
        for name, program in programs.items():
            if program is None:
                continue
            for size in ((110, 36), (120, 40)):
                program.settle(0.08, 1)
                sent = program.resize(*size)
                chunks = program.gather(0.015, 1)
                if chunks:
                    said.setdefault(name, []).append((chunks[-1][0] - sent) / MS)
    table.add(11, "a resize: last byte", "120x40", middle(said["loaded"]), "ms", "bare ratatui", middle(said.get("limits", [])), 2)
    program = programs["loaded"]
    for size in ((100, 30), (40, 10), (1, 1), (3, 2), (200, 60), (2, 40), (90, 1), (80, 24), (59, 15), (120, 40)) * 2:
        program.resize(*size)
        program.read(0.004)
    program.settle(0.3, 3)
    program.send("\x0c")
    program.settle(0.3, 2)
    fell = 0 if program.alive() and "Logs" in program.show() else 1
    table.add(11, "a storm of 20 down to 1x1: falls", "120x40", float(fell), "", "", None, None, 0)
    for name, program in programs.items():
        stage.end(name, program)


def ends(stage, table, rounds):
    """12: the end, while every server keeps a question waiting."""
    for how in ("ctrl-c ctrl-c", "SIGTERM", "SIGHUP", "a panic"):
        times, kept = [], 0
        for _ in range(rounds):
            # The program has no key that panics: the example takes the terminal by the same guard, with the same threads.
            program = stage.start("panics" if how == "a panic" else "hanging", (120, 40))
            if program is None:
                continue
            program.settle(0.6, 2)
            if how == "a panic":
                sent = program.send("p")
            elif how.startswith("SIG"):
                sent = time.monotonic_ns()
                os.kill(program.pid, getattr(__import__("signal"), how))
            else:
                sent = program.send("\x03\x03")
            took = program.ended(sent)
            times.append(took / MS if took is not None else None)
            kept += not program.is_given_back()
            program.close()
        table.add(12, f"the end by {how}", "questions in flight", middle(times), "ms", "", None, None, 10)
        table.add(12, f"terminal not given back after {how}", "", float(kept), "", "", None, None, 0)


def readme(rows):
    """The tables of README: the goals at 120x40, and the keys in the logs by size and place."""
    key_rows = {"j in the logs: bytes": "`j`, bytes", "j in the logs: last byte": "`j`, ms",
                "PgDn in the logs: bytes": "`PgDn`, bytes", "PgDn in the logs: last byte": "`PgDn`, ms"}
    lines = ["| goal | | warroom | peer | ratio | limit |", "|---|---|---|---|---|---|"]
    for goal, what, where, ours, peer, theirs, ratio, limit, verdict in rows:
        if what in key_rows and where not in ("120x40", "120x40 32 KiB/s"):
            continue
        sign = "**" if verdict == "missed" else ""
        cells = (goal, f"{what}, {where}".rstrip(", "), ours, f"{peer} {theirs}".strip(), f"{sign}{ratio or verdict}{sign}", limit)
        lines.append("| " + " | ".join(cells) + " |")
    told = {(what, where, peer): (ours, theirs) for _, what, where, ours, peer, theirs, *_ in rows}
    lines += ["", "| in the logs: warroom, lnav | " + " | ".join("%dx%d" % size for size in SIZES) + " |", "|---" * (len(SIZES) + 1) + "|"]
    for place, at in (("", ""), ("tmux full", ", tmux, full width"), ("tmux half", ", tmux, half width")):
        for rate, slow in (("", ""), (KIB, " at 32 KiB/s")):
            for what, short in key_rows.items():
                cells = []
                for size in SIZES:
                    where = " ".join(filter(None, ("%dx%d" % size, rate, place)))
                    ours, theirs = told.get((what, where, "lnav"), ("", ""))
                    cells.append(f"{ours.rsplit(' ', 1)[0]}, {theirs}" if ours else "")
                if any(cells):
                    lines.append(f"| {short}{slow}{at} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--warroom", default="target/release/warroom", help="the program [default: %(default)s]")
    asked.add_argument("--limits", default="target/release/examples/limits", help="bare ratatui and the bare parsers [default: %(default)s]")
    asked.add_argument("--btm", default=shutil.which("btm") or "btm", help="bottom, where it is not on the path")
    asked.add_argument("--data", help="keep the million lines and the trace here for the next time")
    asked.add_argument("--all", action="store_true", help="three sizes, and inside tmux")
    asked.add_argument("--only", default="", help="goals, with commas between them")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--minutes", type=float, default=15, help="begin nothing more after so many [default: %(default)s]")
    asked.add_argument("--fresh", action="store_true", help="measure again what was measured of this program")
    asked.add_argument("--ahead", action="store_true", help="run before ordinary work (root), on a busy machine")
    asked = asked.parse_args()
    if not machine.is_known():
        sys.exit("goals.py needs /proc: Linux alone")
    if not os.access(asked.warroom, os.X_OK):
        sys.exit(f"{asked.warroom} is missing: cargo build --release --bin warroom --example limits")
    if asked.ahead and not machine.go_ahead():
        print("not allowed to run before ordinary work: that takes root", file=sys.stderr)
    only = {int(part) for part in asked.only.split(",") if part} or set(range(1, 13))
    table = Table(os.path.join(os.path.dirname(os.path.abspath(asked.warroom)), "goals.json"), asked.warroom, asked.fresh)
    sizes_of = SIZES if asked.all else (USUAL,)
    wanted = [(f"1 {size}", {1}, starts, (asked.rounds, size)) for size in sizes_of]
    wanted += [(measure.__name__, goals, measure, (asked.rounds,)) for goals, measure in (
        ({7, 8}, idles), ({11}, sizes), ({12}, ends), ({9}, tails), ({10}, traces), ({5, 6, 7}, loads))]
    wanted += [(f"2 {size} {place} {rate}", {2, 3, 4}, keys, (size, rate, place))
               for size in sizes_of for place in (("", "full", "half") if asked.all else ("",)) for rate in (0, SLOW)]
    wanted = [one for one in wanted if one[1] & only]
    left, end = [one for one in wanted if one[0] not in table.sections], time.monotonic() + asked.minutes * 60
    if left:
        with tempfile.TemporaryDirectory(prefix="warroom-goals-") as home:
            stage = scenes.Stage(asked, home)
            missing = ", ".join(stage.missing) or "nothing"
            print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; not installed: {missing}", file=sys.stderr)
            try:
                while left and time.monotonic() < end:
                    name, _, measure, arguments = left.pop(0)
                    table.measure(name, measure, stage, table, *arguments)
            finally:
                stage.close()
    print(table)
    print()
    print(readme(table.rows))
    missed = sum(row[-1] == "missed" for row in table.rows)
    print(f"\n{len(table.rows)} rows, {missed} missed; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors at the end")
    if left:
        sys.exit(f"{len(left)} of {len(wanted)} parts are not measured yet: run it again to go on")


if __name__ == "__main__":
    main()
