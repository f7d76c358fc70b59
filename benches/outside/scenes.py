"""What is measured, set up: warroom in its scenes, its peers, and how each is brought to where its keys are timed.

Not the measuring: that is `goals.py`.
"""
import json
import multiprocessing
import os
import re
import shlex
import shutil
import subprocess
import time

import loads
import terminal
from loads import NEEDLE

SPANS, LINES = 100_000, 1_000_000
__all__ = ["NEEDLE", "Stage"]


class Stage:
    def __init__(self, asked, home):
        self.warroom, self.limits, self.btm = (os.path.abspath(asked.warroom), os.path.abspath(asked.limits), asked.btm)
        self.home = home
        data = asked.data or home
        os.makedirs(data, exist_ok=True)
        self.lines = loads.file_of_lines(data, LINES)
        self.few = os.path.join(home, "tail.log")
        with open(self.few, "w") as out:
            out.writelines(loads.lines(20_000))
        self.teach_lnav()
        self.servers = loads.Servers(data, SPANS, LINES)
        self.lineless = loads.Servers(data, SPANS, 0)
        self.demos = []
        config = self.serve()
        self.configs = {"loaded": self.config("loaded", config, self.servers), "config": self.config("plain", config, None)}
        self.hanging = None
        self.missing = [name for name, path in (("lnav", shutil.which("lnav")), ("less", shutil.which("less")),
                                                ("btm", shutil.which(self.btm)), ("tmux", shutil.which("tmux")),
                                                ("the example limits", shutil.which(self.limits))) if not path]
        self.sockets = 0

    def teach_lnav(self):
        """The lines are a log to it and not a text: as whoever reads such lines with lnav every day has it."""
        folder = os.path.join(self.home, "lnav", "formats", "measured")
        os.makedirs(folder)
        parts = [{"field": "__timestamp__"}, " ", {"field": "__level__"}, " ", {"field": "service"}, " ", {"field": "msg"}]
        own = {"title": "measured", "json": True, "file-pattern": r"\.log$", "timestamp-field": "time", "level-field": "level",
               "body-field": "msg", "hide-extra": True, "line-format": parts,
               "value": {"service": {"kind": "string"}, "msg": {"kind": "string"}}}
        with open(os.path.join(folder, "format.json"), "w") as out:
            json.dump({"measured_log": own}, out)

    def clear_lnav(self):
        """It keeps a session for each file: the filter of one round would be there already in the next, while it loads."""
        for name in os.listdir(os.path.join(self.home, "lnav")):
            if name.startswith(("view-info", "file-", "session")):
                os.remove(os.path.join(self.home, "lnav", name))

    def serve(self, *faults):
        """The demo's servers as a process of their own; gives their config."""
        command = [self.warroom, "demo", "--seek", "6m", *[part for fault in faults for part in ("--fault", fault)], "--serve"]
        demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ, HOME=self.home))
        self.demos.append(demo)
        told = []
        for line in demo.stdout:
            if line.startswith("# ready"):
                return "".join(told)
            told.append(line)
        raise SystemExit("warroom demo --serve did not say that it is ready")

    def config(self, name, text, servers):
        """With large servers in the place of the demo's Tempo and Loki; Jaeger and Grafana are left out."""
        parts = re.split(r"(?m)^(?=\[\[source\]\])", text)
        kept = []
        for part in parts:
            kind = re.match(r'\[\[source\]\]\s*kind = "(\w+)"', part)
            if servers and kind:
                if kind[1] == "jaeger":
                    continue
                if kind[1] in ("tempo", "loki"):
                    part = re.sub(r'url = "[^"]*"', f'url = "{servers.url}"', part, count=1)
            kept.append(part)
        path = os.path.join(self.home, f"{name}.toml")
        with open(path, "w") as out:
            out.write("".join(kept))
        return path

    def command(self, name):
        installed = {"lnav": "lnav", "lnav few": "lnav", "less": "less", "btm": self.btm, "limits": self.limits,
                     "panics": self.limits}.get(name)
        if installed and not shutil.which(installed):
            return None
        if name == "hanging" and not self.hanging:
            slow = self.serve(*[f"{kind}:slow=60s" for kind in ("prometheus", "loki", "tempo", "jaeger", "alertmanager", "grafana")])
            self.hanging = self.config("hanging", slow, None)
        if name == "trace" and "trace" not in self.configs:
            with open(self.configs["loaded"]) as file:
                text = file.read().replace(self.servers.url, self.lineless.url)
            self.configs["trace"] = self.config("trace", text, None)
        return {
            "config": [self.warroom, "--config", self.configs["config"]],
            "loaded": [self.warroom, "--config", self.configs["loaded"], loads.TRACE],
            "trace": [self.warroom, "--config", self.configs.get("trace", ""), loads.TRACE],
            "hanging": [self.warroom, "--config", self.hanging or ""],
            "logs": [self.warroom, "logs", self.lines],
            "piped": ["sh", "-c", f"exec cat {shlex.quote(self.lines)} | exec {shlex.quote(self.warroom)} logs -"],
            "few": [self.warroom, "logs", self.few],
            "lnav": ["lnav", "-N", self.lines],
            "lnav few": ["lnav", "-N", self.few],
            "less": ["less", "-S", self.lines],
            "btm": [self.btm, "--default_widget_type", "proc"],
            "limits": [self.limits, "frame"],
            "panics": [self.limits, "panic"],
        }[name]

    def start(self, name, size, rate=0, place=""):
        """None when it is not installed. `place`: inside tmux over its `full` width, or beside another pane of `half` of it."""
        command = self.command(name)
        if command is None or (place and "tmux" in self.missing):
            return None
        if name.startswith("lnav"):
            self.clear_lnav()
        env = {"HOME": self.home, "XDG_CONFIG_HOME": self.home, "XDG_DATA_HOME": os.path.join(self.home, "data"), "LESS": "", "RUST_BACKTRACE": "0"}
        if not place:
            return terminal.Program(command, size, rate, env, self.home)
        self.sockets += 1
        socket = f"warroom-goals-{os.getpid()}-{self.sockets}"
        conf = os.path.join(self.home, "tmux.conf")
        with open(conf, "w") as out:
            out.write("set -g status off\nset -s escape-time 0\nset -g default-terminal screen-256color\n")
        program = terminal.Program(["tmux", "-u", "-L", socket, "-f", conf, "new-session", *command], size, rate, env, self.home)
        program.socket = socket
        if place == "half":
            program.settle(0.3, 2)
            subprocess.run(["tmux", "-L", socket, "split-window", "-h", "-d", "exec sleep 100000"], check=False)
        return program

    def prepare(self, name, program):
        """Until everything is loaded, and to the pane whose keys are timed."""
        if name == "loaded":
            end = time.monotonic() + 120
            while self.servers.sent.value < LINES and time.monotonic() < end:
                program.read(0.05)
            program.settle(0.3, 3)
            self.servers.sent.value = 0
            program.send("3")
        elif name in ("logs", "lnav"):
            program.wait_text(r" id=\d+", 10)
            program.settle(1.2, 6)
        else:
            program.settle(0.3, 2)
        program.settle(0.3, 1)

    def end(self, _name, program):
        if program is None:
            return
        if socket := getattr(program, "socket", None):
            subprocess.run(["tmux", "-L", socket, "kill-server"], check=False, stderr=subprocess.DEVNULL)
        program.close()

    def append(self, rate, seconds):
        writer = multiprocessing.Process(target=loads.append, args=(self.few, rate, seconds), daemon=True)
        writer.start()
        return writer

    def last_line(self):
        """The end of the text of the last line, as a screen shows it."""
        with open(self.few, "rb") as file:
            file.seek(-300, os.SEEK_END)
            return re.findall(r"id=\d+", file.read().decode())[-1]

    def limit(self, parser, path):
        """Milliseconds that the parser alone takes."""
        if not shutil.which(self.limits):
            return None
        return float(subprocess.run([self.limits, parser, path], capture_output=True, text=True, check=True).stdout)

    def close(self):
        self.servers.close()
        self.lineless.close()
        for demo in self.demos:
            demo.terminate()
            demo.wait()
