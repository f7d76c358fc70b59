"""Large loads, made here so that everybody measures the same: a million log lines, a trace of a hundred thousand spans as
protobuf and as JSON, and servers on loopback that give them out. The servers run in a process of their own: what is timed
never waits for them. They say what the real ones do to the few questions that the measuring needs, and 404 to the rest.
"""
import base64
import datetime
import hashlib
import http.server
import json
import multiprocessing
import os
import random
import socketserver
import struct
import time

NEEDLE = "needle-unique-7777"
TRACE = "5af7183fb1d4cf5f41e6c9d2ab3e77aa"
SERVICES = ("checkout", "payments", "carrier-api", "orders", "inventory", "gateway", "notify", "stock-sync")
LEVELS = ("info",) * 80 + ("debug",) * 10 + ("warn",) * 7 + ("error",) * 3
MESSAGES = ("order accepted", "label requested from carrier", "payment authorised", "stock reserved", "request completed",
            "message published topic=shipments", "calling upstream again", "no answer from carrier within 2 s",
            "connection reset by peer", "not in the cache")


def lines(count, begin=0):
    """JSON lines of about 205 bytes; one near the beginning of a file holds the needle, and the last is an error."""
    chance = random.Random(7)
    at = datetime.datetime(2026, 1, 5, 9, 0, 0)
    # Who looks at the newest lines first comes to it last; lnav shows what it found when it has gone through all.
    needle = count * 1_111 // 1_000_000
    for number in range(begin, begin + count):
        at += datetime.timedelta(microseconds=chance.randrange(200, 7000))
        order = chance.randrange(10**7)
        message = f"{NEEDLE} carrier exploded" if number == needle else chance.choice(MESSAGES)
        level = "error" if number in (needle, begin + count - 1) else chance.choice(LEVELS)
        yield (f'{{"time":"{at.isoformat(timespec="microseconds")}Z","level":"{level}",'
               f'"msg":"{message} id={order}","service":"{chance.choice(SERVICES)}","order_id":"{order}",'
               f'"trace_id":"{chance.getrandbits(128):032x}","duration_ms":{chance.expovariate(1 / 80):.2f}}}\n')


def file_of_lines(folder, count):
    path = os.path.join(folder, f"{count}-lines.log")
    if not os.path.exists(path):
        with open(path + ".new", "w") as out:
            out.writelines(lines(count))
        os.rename(path + ".new", path)
    return path


def append(path, rate, seconds):
    """Adds lines at a steady rate, fifty times a second; blocks."""
    pool, step = list(lines(50_000)), max(1, rate // 50)
    start, sent = time.monotonic(), 0
    with open(path, "a", buffering=1 << 20) as out:
        for turn in range(int(seconds * 50)):
            out.writelines(pool[(sent + at) % len(pool)] for at in range(step))
            out.flush()
            sent += step
            time.sleep(max(0, start + (turn + 1) / 50 - time.monotonic()))


# ---- the trace ---------------------------------------------------------------------------------------------------------

def spans(count):
    """Number, parent's number, service, name, kind, start and end in ns, whether it failed: eight children a span."""
    begin = 1_700_000_000_000_000_000
    chance = random.Random(11)
    ends = {0: (begin, begin + 60_000_000_000)}
    for number in range(1, count + 1):
        parent = (number + 6) // 8 if number > 1 else 0
        start, end = ends[parent]
        length = max(1_000, int((end - start) * chance.uniform(0.2, 0.95)))
        start += int((end - start - length) * chance.random())
        ends[number] = (start, start + length)
        service = SERVICES[chance.randrange(len(SERVICES))]
        yield number, parent, service, f"{service} step {number % 97}", 1 + number % 5, start, start + length, number % 1_000 == 7


def attributes(number):
    return (("http.request.method", "POST"), ("http.route", f"/orders/{number % 31}"), ("order_id", str(4_000_000 + number)),
            ("server.address", f"node-{number % 17}.internal"))


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(tag, data):
    return bytes((tag << 3 | 2,)) + varint(len(data)) + data


def pair(key, value):
    return field(1, key.encode()) + field(2, field(1, value.encode()))


def trace_files(folder, count):
    """The same trace as `/api/v2/traces` answers it, in protobuf and in JSON; gives the paths."""
    paths = [os.path.join(folder, f"trace-{count}.{kind}") for kind in ("pb", "json")]
    if all(map(os.path.exists, paths)):
        return paths
    trace = bytes.fromhex(TRACE)
    by_service = {service: ([], []) for service in SERVICES}
    for number, parent, service, name, kind, start, end, failed in spans(count):
        own, above = struct.pack(">Q", number), struct.pack(">Q", parent)
        told = attributes(number)
        data = (field(1, trace) + field(2, own) + (field(4, above) if parent else b"") + field(5, name.encode())
                + b"\x30" + varint(kind) + b"\x39" + struct.pack("<Q", start) + b"\x41" + struct.pack("<Q", end)
                + b"".join(field(9, pair(key, value)) for key, value in told))
        if failed:
            data += field(15, field(2, b"deadline exceeded") + b"\x18\x02")
        span = {"traceId": base64.b64encode(trace).decode(), "spanId": base64.b64encode(own).decode(), "name": name,
                "kind": ("INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER")[kind - 1].join(("SPAN_KIND_", "")),
                "startTimeUnixNano": str(start), "endTimeUnixNano": str(end),
                "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in told], "status": {}}
        if parent:
            span["parentSpanId"] = base64.b64encode(above).decode()
        if failed:
            span["status"] = {"code": "STATUS_CODE_ERROR", "message": "deadline exceeded"}
        by_service[service][0].append(field(2, data))
        by_service[service][1].append(span)
    proto, batches = b"", []
    for service, (data, told) in by_service.items():
        proto += field(1, field(1, field(1, pair("service.name", service))) + field(2, b"".join(data)))
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
        batches.append({"resource": resource, "scopeSpans": [{"spans": told}]})
    with open(paths[0], "wb") as out:
        out.write(field(1, proto))
    with open(paths[1], "w") as out:
        json.dump({"trace": {"resourceSpans": batches}, "metrics": {}}, out, separators=(",", ":"))
    return paths


# ---- the servers -------------------------------------------------------------------------------------------------------

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "measured"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, body, kind="application/json", status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def do_GET(self):
        path, options = self.path.split("?")[0], self.server.options
        if "/api/v2/traces/" in path or "/api/traces/" in path:
            if not path.endswith(TRACE):
                self.answer(b"", "text/plain", 404)
                return
            is_json = options["json"].value
            options["asked"].value = time.monotonic_ns()
            self.answer(options["trace"][is_json], ("application/protobuf", "application/json")[is_json])
        elif path == "/api/search":
            self.answer(b'{"traces":[],"metrics":{}}')
        elif path.endswith("buildinfo"):
            self.answer(b'{"version":"3.0.3"}')
        elif path == "/loki/api/v1/tail":
            self.tail()
        elif path.startswith("/loki/api/v1/query"):
            self.answer(b'{"status":"success","data":{"resultType":"streams","result":[]}}')
        elif path.startswith("/loki/api/v1/label"):
            self.answer(b'{"status":"success","data":[]}')
        else:
            self.answer(b"404 page not found", "text/plain", 404)

    def tail(self):
        """All lines once, a frame of a thousand at a time, and then silence."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade"),
                            ("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())):
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        options, sent, streams, start = self.server.options, 0, {}, time.monotonic()
        first = time.time_ns() - 60_000_000_000
        for number, line in enumerate(lines(options["lines"])):
            service, level = line.split('"service":"', 1)[1].split('"')[0], line.split('"level":"', 1)[1].split('"')[0]
            streams.setdefault((service, level), []).append([str(first + number * 50_000), line[:-1]])
            if number % 1_000 == 999:
                told = [{"stream": {"service_name": service, "detected_level": level}, "values": values}
                        for (service, level), values in streams.items()]
                self.frame(json.dumps({"streams": told}).encode())
                streams, sent = {}, sent + 1_000
                # The pace that a real server was seen to keep up.
                time.sleep(max(0, start + sent / options["pace"] - time.monotonic()))
        options["sent"].value = sent
        while True:
            time.sleep(5)
            self.frame(b"", 9)

    def frame(self, data, kind=1):
        length = len(data)
        size = bytes((length,)) if length < 126 else struct.pack(">BH", 126, length) if length < 65536 else struct.pack(">BQ", 127, length)
        self.wfile.write(bytes((0x80 | kind,)) + size + data)


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """A client that went away is none of our business."""


class Servers:
    """One process that is a Tempo and a Loki at once. `json` asks for the other form; `asked` is when the trace was."""

    def __init__(self, folder, span_count, line_count, pace=80_000):
        self.files = trace_files(folder, span_count)
        self.json, self.asked = multiprocessing.Value("i", 0), multiprocessing.Value("q", 0)
        self.sent = multiprocessing.Value("q", 0)
        ready = multiprocessing.Value("i", 0)
        self.process = multiprocessing.Process(target=self.run, args=(ready, line_count, pace), daemon=True)
        self.process.start()
        while not ready.value:
            time.sleep(0.01)
        self.url = f"http://127.0.0.1:{ready.value}"

    def run(self, ready, line_count, pace):
        server = Server(("127.0.0.1", 0), Handler)
        trace = []
        for path in self.files:
            with open(path, "rb") as file:
                trace.append(file.read())
        server.options = {"trace": trace, "json": self.json, "asked": self.asked, "lines": line_count, "pace": pace, "sent": self.sent}
        ready.value = server.server_address[1]
        server.serve_forever()

    def close(self):
        self.process.terminate()
        self.process.join()
