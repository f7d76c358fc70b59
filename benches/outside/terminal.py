"""A program in a pseudo terminal, seen from outside: what it writes and when, what its screen shows, what it takes of the machine.

Only the standard library. What is timed is never emulated while the clock runs: chunks are kept with the moment at which they
came, and the screen is made of them afterwards. Not what is measured with it: that is `goals.py` and `night.py`.
"""
import fcntl
import os
import pty
import re
import resource
import select
import signal
import struct
import termios
import time
import unicodedata

MS = 1_000_000
# Modes that a program must have left when it ends: the alternate screen, mouse, focus reports, bracketed paste.
QUESTIONS = ((b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[5n", b"\x1b[0n"), (b"\x1b[6n", b"\x1b[1;1R"))
LENT = (47, 1047, 1049, 1000, 1002, 1003, 1006, 1004, 2004)


MOST_MEMORY = 8 << 30


class Screen:
    """The cells of a terminal as text, without colours. It knows what full-screen programs write, and no more."""

    TOKEN = re.compile(
        r"\x1b\[([?>=<]?)([0-9;:]*)([ !\"'$]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]*\x1b\\"
        r"|\x1b[()*+][0-9A-Za-z]|\x1b([0-9A-Za-z=><~|}])|([\x00-\x1f\x7f])|([^\x00-\x1f\x7f\x1b]+)|(\x1b)", re.S)

    def __init__(self, columns, rows):
        self.rest = b""
        self.set_size(columns, rows)

    def set_size(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.top, self.bottom = 0, rows - 1
        self.saved = (0, 0)

    def feed(self, data):
        data = self.rest + data
        self.rest = b""
        # What is cut in the middle of a sequence or of a letter waits for the rest.
        for back in range(1, min(64, len(data)) + 1):
            byte = data[-back]
            if byte == 0x1B:
                # A whole sequence with text behind it waits for nothing.
                token = self.TOKEN.match(data[-back:].decode("utf-8", "replace"))
                if token is None or token[0] == "\x1b":
                    data, self.rest = data[:-back], data[-back:]
                break
            if byte >= 0xC0:
                length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
                if back < length:
                    data, self.rest = data[:-back], data[-back:]
                break
        for token in self.TOKEN.finditer(data.decode("utf-8", "replace")):
            if token[7] is not None:
                self.text(token[7])
            elif token[6] is not None:
                self.control(token[6])
            elif token[5] is not None:
                self.escape(token[5])
            elif token[4] is not None and not token[1] and not token[3]:
                self.sequence(token[2], token[4])
            elif token[1] == "?" and token[4] == "h" and token[2] in ("1049", "1047", "47"):
                self.set_size(self.columns, self.rows)

    def text(self, text):
        for letter in text:
            wide = unicodedata.east_asian_width(letter) in "WF"
            if unicodedata.combining(letter):
                continue
            if self.x + (2 if wide else 1) > self.columns:
                self.x = 0
                self.feed_line()
            self.cells[self.y][self.x] = letter
            if wide:
                self.cells[self.y][self.x + 1] = ""
            self.x += 2 if wide else 1

    def control(self, sign):
        if sign == "\r":
            self.x = 0
        elif sign in "\n\x0b\x0c":
            self.feed_line()
        elif sign == "\b":
            self.x = max(0, min(self.x, self.columns - 1) - 1)
        elif sign == "\t":
            self.x = min(self.columns - 1, (self.x // 8 + 1) * 8)

    def escape(self, sign):
        if sign == "M":
            if self.y == self.top:
                self.shift(self.top, -1)
            else:
                self.y = max(0, self.y - 1)
        elif sign in "DE":
            self.x = 0 if sign == "E" else self.x
            self.feed_line()
        elif sign == "7":
            self.saved = (self.x, self.y)
        elif sign == "8":
            self.x, self.y = self.saved
        elif sign == "c":
            self.set_size(self.columns, self.rows)

    def feed_line(self):
        if self.y == self.bottom:
            self.shift(self.top, 1)
        else:
            self.y = min(self.rows - 1, self.y + 1)

    def shift(self, top, count):
        """Rows from `top` to the lower margin: up by `count`, or down."""
        for _ in range(min(abs(count), self.bottom - top + 1)):
            leaves, enters = (top, self.bottom) if count > 0 else (self.bottom, top)
            del self.cells[leaves]
            self.cells.insert(enters, [" "] * self.columns)

    def sequence(self, text, final):
        numbers = [int(part.split(":")[0] or 0) for part in text.split(";")] if text else [0]
        first = numbers[0]
        count = max(1, first)
        x = min(self.x, self.columns - 1)
        row = self.cells[self.y]
        if final in "Hf":
            self.y = min(self.rows, count) - 1
            self.x = min(self.columns, max(1, numbers[1] if len(numbers) > 1 else 1)) - 1
        elif final == "A":
            self.y = max(0, self.y - count)
        elif final in "Be":
            self.y = min(self.rows - 1, self.y + count)
        elif final in "Ca":
            self.x = min(self.columns - 1, x + count)
        elif final == "D":
            self.x = max(0, x - count)
        elif final in "G`":
            self.x = min(self.columns, count) - 1
        elif final == "d":
            self.y = min(self.rows, count) - 1
        elif final in "EF":
            self.x, self.y = 0, max(0, min(self.rows - 1, self.y + (count if final == "E" else -count)))
        elif final == "J":
            self.sequence(text, "K")
            for y in range(self.rows):
                if first >= 2 or (first == 0 and y > self.y) or (first == 1 and y < self.y):
                    self.cells[y] = [" "] * self.columns
        elif final == "K":
            start, end = {0: (x, self.columns), 1: (0, x + 1)}.get(first, (0, self.columns))
            row[start:end] = [" "] * (end - start)
        elif final == "X":
            end = min(self.columns, x + count)
            row[x:end] = [" "] * (end - x)
        elif final == "P":
            row[x:] = (row[x + count:] + [" "] * count)[:self.columns - x]
        elif final == "@":
            row[x:] = ([" "] * count + row[x:])[:self.columns - x]
        elif final in "LM":
            if self.top <= self.y <= self.bottom:
                self.shift(self.y, count if final == "M" else -count)
                self.x = 0
        elif final in "ST":
            self.shift(self.top, count if final == "S" else -count)
        elif final == "b" and x:
            self.text(row[x - 1] * count)
        elif final == "r":
            end = numbers[1] if len(numbers) > 1 and numbers[1] else self.rows
            self.top, self.bottom = max(0, count - 1), min(self.rows, end) - 1
            self.x = self.y = 0
        elif final == "s":
            self.saved = (self.x, self.y)
        elif final == "u":
            self.x, self.y = self.saved

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def __str__(self):
        return "\n".join(self.lines())

    def signs(self):
        """How many cells are not blank."""
        return sum(cell not in (" ", "") for row in self.cells for cell in row)


class Answer:
    """What came after something was sent: the moments are nanoseconds since then."""

    def __init__(self, since, chunks):
        self.first = chunks[0][0] - since if chunks else None
        self.last = chunks[-1][0] - since if chunks else None
        self.bytes = sum(len(data) for _, data in chunks)
        self.chunks = chunks


class Program:
    """One program in a terminal of its own. `rate` in bytes a second is that of the line between; 0 is none."""

    def __init__(self, command, size, rate=0, env=None, cwd=None):
        self.columns, self.rows = size
        self.screen = Screen(*size)
        self.rate, self.free = rate, 0
        self.unseen = []
        self.modes = {25}
        self.total = 0
        self.status = None
        master, slave = pty.openpty()
        self.master, self.slave = master, slave
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        surroundings = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", LC_ALL="C.UTF-8")
        for name in ("TMUX", "TMUX_PANE", "NO_COLOR"):
            surroundings.pop(name, None)
        surroundings.update(env or {})
        self.pid = os.fork()
        # Making a copy of this process is our time, not the program's.
        self.began = time.monotonic_ns()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for fd in (0, 1, 2):
                    os.dup2(slave, fd)
                os.closerange(3, 256)
                # What grows without end falls, and not the machine.
                resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
                if cwd:
                    os.chdir(cwd)
                os.execvpe(command[0], command, surroundings)
            except OSError:
                os._exit(127)
        os.set_blocking(master, False)
        self.poll = select.poll()
        self.poll.register(master, select.POLLIN)

    def send(self, text):
        data = text.encode() if isinstance(text, str) else text
        sent = time.monotonic_ns()
        os.write(self.master, data)
        return sent

    def read(self, wait):
        """One chunk with the moment at which its last byte came over the line; none when nothing comes in `wait` seconds."""
        if self.rate and (left := self.free - time.monotonic_ns()) > 0:
            time.sleep(left / 1e9)
        if not self.poll.poll(max(0, wait * 1000)):
            return None
        try:
            data = os.read(self.master, 65536 if not self.rate else max(1, self.rate // 200))
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        now = time.monotonic_ns()
        if not data:
            time.sleep(min(wait, 0.005))
            return None
        if self.rate:
            self.free = now = max(now, self.free) + len(data) * 1_000_000_000 // self.rate
        self.total += len(data)
        # Some ask the terminal who it is, and wait for seconds when nobody answers.
        for asks, answer in QUESTIONS:
            if asks in data:
                os.write(self.master, answer)
        chunk = (now, data)
        self.unseen.append(chunk)
        return chunk

    def gather(self, quiet, most):
        """Chunks until none came for `quiet` seconds, but no longer than `most`."""
        chunks, end = [], time.monotonic() + most
        while (now := time.monotonic()) < end:
            chunk = self.read(min(quiet if chunks else most, end - now))
            if chunk is None:
                if chunks:
                    break
                continue
            chunks.append(chunk)
        return chunks

    def key(self, text, quiet=0.012, most=1.0):
        sent = self.send(text)
        return Answer(sent, self.gather(quiet, most))

    def settle(self, quiet=0.04, most=2.0):
        """Until it is quiet; programs that never are get `most` seconds."""
        end = time.monotonic() + most
        while time.monotonic() < end and self.read(quiet) is not None:
            pass

    def show(self):
        """The screen as it is by what was read so far."""
        for _, data in self.unseen:
            self.take(data)
        self.unseen.clear()
        return str(self.screen)

    def take(self, data):
        self.screen.feed(data)
        for numbers, way in re.findall(rb"\x1b\[\?([0-9;]+)([hl])", data):
            for number in map(int, numbers.split(b";")):
                (self.modes.add if way == b"h" else self.modes.discard)(number)

    def wait(self, is_there, most, step=0.02):
        """The moment at which the screen first was as `is_there(screen)` says; none when it is not within `most` seconds."""
        end = time.monotonic() + most
        while True:
            while self.unseen:
                moment, data = self.unseen.pop(0)
                self.take(data)
                # Whatever stands in one chunk came at one moment; a screen is looked at once a chunk.
                if is_there(self.screen):
                    return moment
            if time.monotonic() > end or not self.alive():
                return None
            self.read(step)

    def wait_text(self, pattern, most):
        wanted = re.compile(pattern)
        return self.wait(lambda screen: wanted.search(str(screen)), most)

    def resize(self, columns, rows):
        self.show()
        self.columns, self.rows = columns, rows
        self.screen.set_size(columns, rows)
        moment = time.monotonic_ns()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return moment

    def alive(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is None

    def ended(self, since, most=5.0):
        """Nanoseconds from `since` until the process was gone; none when it stays."""
        end = time.monotonic() + most
        while self.alive():
            if time.monotonic() > end:
                return None
            if self.poll.poll(1):
                self.read(0)
        return time.monotonic_ns() - since

    def is_given_back(self):
        """After the end: is the terminal as it was?"""
        while self.read(0.02):
            pass
        self.show()
        now = termios.tcgetattr(self.slave)
        same = now[:3] == self.before[:3] and now[3] & ~termios.PENDIN == self.before[3] & ~termios.PENDIN
        return same and not self.modes.intersection(LENT) and 25 in self.modes

    def close(self):
        for end in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive():
                break
            os.kill(self.pid, end)
            self.ended(0, 2.0)
        os.close(self.slave)
        os.close(self.master)
