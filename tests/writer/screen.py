# Plays frames to pyte and compares each row of its screen with the row that was meant. Lines of the input:
# `size COLUMNS ROWS` begins a new screen, `bytes HEX` is a frame, `row HEX` is a row of it, in order.
import sys

import pyte


class Screen(pyte.Screen):
    """pyte leaves a stale row behind when a row that was never written is pulled up."""

    def delete_lines(self, count=None):
        count = count or 1
        top, bottom = self.margins or pyte.screens.Margins(0, self.lines - 1)
        if not top <= self.cursor.y <= bottom:
            return
        self.dirty.update(range(self.cursor.y, self.lines))
        for y in range(self.cursor.y, bottom + 1):
            if y + count <= bottom and y + count in self.buffer:
                self.buffer[y] = self.buffer.pop(y + count)
            else:
                self.buffer.pop(y, None)
        self.carriage_return()


screen = stream = None
row = frame = compared = 0
for line in sys.stdin:
    kind, *rest = line.split()
    if kind == "size":
        screen = Screen(int(rest[0]), int(rest[1]))
        stream = pyte.ByteStream(screen)
        frame = 0
    elif kind == "bytes":
        stream.feed(bytes.fromhex(rest[0]) if rest else b"")
        shown = screen.display
        row = 0
        frame += 1
    else:
        wanted = bytes.fromhex(rest[0]).decode() if rest else ""
        if shown[row] != wanted:
            sys.exit(f"frame {frame} of {screen.columns}x{screen.lines}, row {row}:\n  {wanted!r} is shown as\n  {shown[row]!r}")
        row += 1
        compared += 1
print(f"{compared} rows are equal")
