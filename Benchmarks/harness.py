"""Builds the load generator and the provider stand-in, starts things on free ports of loopback, measures them, and
stops them by their process ids. Nothing here is specific to one program."""
import argparse
import atexit
import fnmatch
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TOOLS = ROOT / ".build/bench"
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", 64))
RUNS = int(os.environ.get("BENCH_RUNS", 3))
MESSAGES = int(os.environ.get("BENCH_MESSAGES", 20_000))
TICK = os.sysconf("SC_CLK_TCK")
# 94 characters of GSM text once @SEQ@ is filled in: one segment.
BODY = "@SEQ@ Your appointment is confirmed for Monday at 09:30. Reply C to confirm or R to reschedule."
_begin = time.monotonic()
_started = []
_sequence = 0


def build():
    """Compiles the tools where a source is newer than its binary."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    compiler = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    if compiler is None:
        sys.exit("bench: a C compiler is needed (gcc or clang)")
    for name in ("sink", "load", "pace"):
        source, binary = HERE / f"{name}.c", TOOLS / name
        if not binary.exists() or binary.stat().st_mtime < source.stat().st_mtime:
            subprocess.run([compiler, "-O2", "-o", binary, source], check=True)


def unevenness():
    """Percentage of the time in which others had the machine; see pace.c."""
    return float(subprocess.run([TOOLS / "pace"], check=True, capture_output=True, text=True).stdout)


def microbenchmarks(*arguments):
    """What the microbenchmarks print."""
    subprocess.run(["swift", "build", "-c", "release", "--product", "Microbenchmarks"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    command = [ROOT / ".build/release/Microbenchmarks", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def folder():
    """A temporary folder that goes with the process."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="gateway-bench-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command, environment=None, log=None):
    output = open(log, "ab") if log else subprocess.DEVNULL
    process = subprocess.Popen(
        [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        env={**os.environ, **(environment or {})}, start_new_session=True)
    _started.append(process)
    return process


def stop(process, patience=15):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process in _started:
        _started.remove(process)


@atexit.register
def _stop_all():
    for process in reversed(list(_started)):
        stop(process)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def wait_for(condition, limit=60, pause=0.005):
    """Seconds until the condition held."""
    begin = time.monotonic()
    while time.monotonic() - begin < limit:
        try:
            if condition():
                return time.monotonic() - begin
        except OSError:
            pass
        time.sleep(pause)
    sys.exit("bench: timed out waiting; see the program's log")


def is_open(port):
    with socket.create_connection(("127.0.0.1", port), 0.2):
        return True


def get(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
        return answer.read()


def cpu(processes):
    """CPU seconds, user and system, with children that have ended."""
    ticks = 0
    for process in processes:
        try:
            text = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
        except OSError:
            continue
        ticks += sum(int(field) for field in text[text.rindex(")") + 2:].split()[11:15])
    return ticks / TICK


def resident(processes):
    """Resident memory in MiB."""
    total = 0
    for process in processes:
        text = pathlib.Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        total += int(re.search(r"^Rss:\s+(\d+)", text, re.M)[1])
    return total / 1024


class Sink:
    """The stand-in for the provider's API."""

    def __init__(self, callbacks=None, arrivals=None):
        """May write down callback addresses, and when each message came (see sink.c)."""
        self.port = free_port()
        extra = (["-c", callbacks] if callbacks else []) + (["-a", arrivals] if arrivals else [])
        self.process = start([TOOLS / "sink", "-p", self.port, "-s", free_port(), *extra])
        wait_for(lambda: is_open(self.port))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def reset(self, latency=0):
        """Forgets its counts; answers after so many milliseconds from now on."""
        get(f"{self.url}/__reset?l={latency}")

    def counts(self):
        return json.loads(get(f"{self.url}/__stats"))

    def drain(self, wanted, quiet=4.0, limit=120):
        """Waits until so many different messages came, or none for `quiet` seconds."""
        begin = last = time.monotonic()
        before = -1
        while True:
            counts = self.counts()
            now = time.monotonic()
            if counts["uniq"] >= wanted or now - last > quiet or now - begin > limit:
                return counts
            if counts["total"] != before:
                before, last = counts["total"], now
            time.sleep(0.02)


def post(path, body, port, headers=(), kind="application/json"):
    """A whole request as bytes; its length is that of the body with the marks filled in."""
    length = len(body.replace("@SEQ@", "zq00000000").replace("@NUM@", "0000000").encode())
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Type: {kind}", f"Content-Length: {length}"]
    return ("\r\n".join([*lines, *headers]) + "\r\n\r\n" + body).encode()


def filled(template, number):
    """A request of its own, as the load generator makes them from a template."""
    return template.replace(b"@SEQ@", b"zq%08d" % number).replace(b"@NUM@", b"%07d" % number)


def load(port, count, template=None, requests=None, rate=None, connections=None, limit=120):
    """Runs the load generator; one request at a time on each connection, or at a fixed rate."""
    global _sequence
    with tempfile.NamedTemporaryFile() as file:
        if requests is None:
            file.write(template)
        else:
            for request in requests:
                file.write(b"%d\n" % len(request) + request)
        file.flush()
        command = [TOOLS / "load", "-p", port, "-c", connections or CONNECTIONS, "-n", count, "-s", _sequence]
        command += ["-T", limit, "-q" if requests is not None else "-f", file.name]
        command += ["-r", rate] if rate else []
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True)
    _sequence += count
    return json.loads(result.stdout)


def expect_all(result):
    """What was refused would make the figure wrong."""
    if result["ok"] < result["n"]:
        sys.exit(f"bench: {result['n'] - result['ok']} of {result['n']} were refused: {result['codes']}")


def measure(processes, sink, port, template, count=MESSAGES, runs=RUNS, latency=0):
    """Medians over the runs of what was accepted, and of what reached the sink."""
    rows = []
    sink.reset()
    warm = load(port, max(CONNECTIONS, count // 10), template)
    sink.drain(warm["ok"])
    for _ in range(runs):
        sink.reset(latency)
        before = cpu(processes)
        accepted = load(port, count, template)
        memory = resident(processes)
        counts = sink.drain(accepted["ok"])
        if accepted["ok"] < count:
            tell(f"{count - accepted['ok']} of {count} not accepted: {accepted['codes']}")
        if counts["uniq"] < accepted["ok"] or counts["dup"]:
            tell(f"accepted {accepted['ok']}, arrived {counts['uniq']}, doubled {counts['dup']}")
        rows.append({
            "accepted": accepted["ok"] / accepted["seconds"], "p50": accepted["p50_ms"], "p99": accepted["p99_ms"],
            "delivered": counts["uniq"] / max(1e-9, counts["last"] - accepted["t0"]), "memory": memory,
            "cpu": (cpu(processes) - before) / max(1, counts["uniq"]) * 10_000,
        })
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def percentile(values, part):
    """The value below which such a part (0 to 1) of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def say(name, value, unit):
    """One figure: `name value unit`."""
    print(name, f"{value:.3g}" if value < 100 else round(value), unit, flush=True)


def tell(text):
    """Progress and warnings, which are no figures."""
    print(f"bench: {time.monotonic() - _begin:5.0f} s  {text}", file=sys.stderr, flush=True)


def figures(*names):
    """Marks a function that measures these figures and says them."""
    def mark(function):
        function.figures = names
        return function
    return mark


def main(description, functions):
    """Runs the functions in order: all of them, or with `--only PATTERN…` those with a figure that matches."""
    parser = argparse.ArgumentParser(
        description=description, epilog="figures: " + " ".join(name for one in functions for name in one.figures))
    parser.add_argument("--only", nargs="+", metavar="PATTERN", default=["*"],
                        help="what measures these figures alone, such as 'timers_*'")
    patterns = parser.parse_args().only
    for pattern in patterns:
        if not any(fnmatch.filter(one.figures, pattern) for one in functions):
            parser.error(f"no figure is called {pattern}; --help lists them")
    build()
    for one in functions:
        if any(fnmatch.filter(one.figures, pattern) for pattern in patterns):
            tell("measuring " + " ".join(one.figures))
            one()
