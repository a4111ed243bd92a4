# SPDX-License-Identifier: MIT
"""What the programs here share: a service and a mount of it to measure, rows with a goal, and how a table of them is printed."""
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import time
import urllib.request

BENCH = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent / "integration"))
import rig  # noqa: E402

READER = os.environ.get("TEST_READER") or str(pathlib.Path(rig.PROGRAM).resolve().parent.parent / "test/bench/reader")
REPEATS = int(os.environ.get("REPEATS", "5"))
# A row that is this slow is a miss whatever its spread is.
PATIENCE_S = 60
MILLION = bool(os.environ.get("MILLION"))
TLS = BENCH.parent / "data" / "tls"
# The shaped network of product numbers: a round trip, and what one connection carries.
LATENCY_MS, RATE = 50, 10_000_000
LINE = ("--latency", str(LATENCY_MS), "--per-connection-rate", str(RATE))


class Row:
    """One measured thing: values, and a goal that the median has to reach. `floors` are what the same run could have had at
    best; a goal of `ratio` is about the quotients."""

    def __init__(self, name, unit, values, *, most=None, least=None, most_ratio=None, least_ratio=None, floors=None, note=""):
        self.name, self.unit, self.values, self.note = name, unit, list(values), note
        self.most, self.least, self.most_ratio, self.least_ratio = most, least, most_ratio, least_ratio
        if floors is not None and not isinstance(floors, (list, tuple)):
            floors = [floors] * len(self.values)
        self.floors = list(floors) if floors is not None else None

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def ratio(self):
        if not self.floors:
            return None
        return statistics.median(value / floor for value, floor in zip(self.values, self.floors))

    @property
    def goal(self):
        parts = []
        if self.most is not None:
            parts.append(f"≤ {number(self.most)} {self.unit}")
        if self.least is not None:
            parts.append(f"≥ {number(self.least)} {self.unit}")
        if self.most_ratio is not None:
            parts.append(f"≤ {number(self.most_ratio)} ×")
        if self.least_ratio is not None:
            parts.append(f"≥ {number(self.least_ratio)} ×")
        return ", ".join(parts) or "–"

    @property
    def reached(self):
        """None: it has no goal."""
        if self.goal == "–":
            return None
        return ((self.most is None or self.median <= self.most) and (self.least is None or self.median >= self.least)
                and (self.most_ratio is None or self.ratio <= self.most_ratio)
                and (self.least_ratio is None or self.ratio >= self.least_ratio))

    def as_json(self):
        return {"name": self.name, "unit": self.unit, "values": self.values, "median": self.median, "floors": self.floors,
                "ratio": self.ratio, "goal": self.goal, "reached": self.reached, "note": self.note}

    def cells(self):
        verdict = {True: "reached", False: "**missed**", None: ""}[self.reached]
        floor = "" if not self.floors else f"{number(statistics.median(self.floors))}"
        ratio = "" if self.ratio is None else f"{number(self.ratio)}"
        spread = f"{number(min(self.values))}..{number(max(self.values))} ({len(self.values)})"
        return [self.name, f"{number(self.median)} {self.unit}", spread, floor,
                ratio, self.goal, verdict, self.note]


HEADER = ["work", "median", "min..max (runs)", "floor or underlying", "ratio", "goal", "", "note"]


def number(value):
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(rows):
    lines = [HEADER, ["---"] * len(HEADER)] + [row.cells() for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main(measure):
    """Of each program: measures, prints its part of the table and the numbers."""
    leave_tidily()
    rows = list(measure())
    print(table(rows))
    print(json.dumps([row.as_json() for row in rows]))
    return 0


def leave_tidily():
    """When it is told to end, what it has mounted and started ends as well."""
    def leave(*_):
        raise SystemExit("told to end")
    signal.signal(signal.SIGTERM, leave)


def repeat(once, times=None):
    """Runs it several times, fewer when that takes long; a dict of lists from a list of dicts."""
    runs, start = [], time.perf_counter()
    while len(runs) < (times or REPEATS) and (not runs or time.perf_counter() - start < PATIENCE_S):
        runs.append(once())
    return {key: [run[key] for run in runs] for key in runs[0]}


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def reader(*words):
    """(seconds, files) that the small program beside this one took."""
    ended = subprocess.run([READER, *map(str, words)], capture_output=True, text=True, check=True)
    took, count = ended.stdout.split()
    return float(took), int(count)


def read_whole(path, block=1 << 20):
    into = bytearray(block)
    total = 0
    with open(path, "rb", buffering=0) as file:
        while count := file.readinto(into):
            total += count
    return total


def can_drop_caches():
    return os.access("/proc/sys/vm/drop_caches", os.W_OK)


def drop_caches():
    """So that the file system below begins as cold as ours."""
    os.sync()
    with contextlib.suppress(OSError):
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")


class TlsService(rig.Service):
    def __init__(self, folder, *options):
        context = ssl.create_default_context(cafile=TLS / "authority.pem")
        urllib.request.install_opener(urllib.request.build_opener(urllib.request.HTTPSHandler(context=context)))
        super().__init__(folder, "--tls-cert", str(TLS / "loopback.pem"), "--tls-key", str(TLS / "loopback.key"), *options)
        self.url = self.url.replace("http:", "https:")


class Bed(rig.Rig):
    """A place to measure in: a temporary directory, a service, a mount. `with Bed() as bed:`"""

    def runTest(self):
        pass

    def __enter__(self):
        self.setUp()
        return self

    def __exit__(self, *failure):
        self.doCleanups()

    @property
    def cache(self):
        return self.folder / "cache"

    @property
    def personal(self):
        return self.mount_point / "Personal Library"

    @property
    def photos(self):
        return self.personal / "All Photos"

    def at_home(self):
        """Whatever is started next is this one's, not of another place to measure in."""
        os.environ["XDG_RUNTIME_DIR"] = str(self.folder / "runtime")

    def command(self, service, *options):
        self.at_home()
        return super().command(service, *options)

    def icloudphotos(self, service, *words):
        self.at_home()
        return super().icloudphotos(service, *words)

    def serve_tls(self, *options):
        service = TlsService(self.folder, *options)
        self.addCleanup(service.stop)
        return service

    def serve_on(self, port, *options):
        """A service that a session of an earlier one on that port still knows."""
        return self.serve("--port", str(port), *options)

    def mounted(self, service, *options):
        """A first mount, whole; then one without the bytes that it may have fetched."""
        self.mount_first(service, *options)
        self.wait_until_complete()

    def cold_again(self, service, *options, bytes_too=True):
        """As mounted, with nothing in the kernel's caches and, unless they are to stay, no bytes on disk."""
        self.unmount()
        if bytes_too:
            shutil.rmtree(self.cache, ignore_errors=True)
        self.mount_again(service, *options)

    def add(self, service, count, size, name, kind="public.jpeg", captured=None):
        """Photos besides those of the library, with a date of their own: paths tell them by their name."""
        wish = {"count": count, "bytes": size, "type": kind}
        if name:
            wish["name"] = name
        if captured is not None:
            wish["captured"] = captured
        service.control("add", wish)

    def find(self, pattern, count, below=None):
        """Files of that name, once so many are there."""
        found = []

        def all_there():
            found[:] = sorted((below or self.photos).rglob(pattern))
            return len(found) >= count
        self.wait_for(all_there, f"{count} files {pattern}")
        return found

    def content_bytes(self, service):
        """Bytes of content sent since the counters were reset, once no more come."""
        before, now = -1, service.control("counters")["content_bytes"]
        while before != now:
            time.sleep(0.3)
            before, now = now, service.control("counters")["content_bytes"]
        return now

    def forget_counters(self, service):
        self.content_bytes(service)
        service.control("counters/reset", {})

    def cpu_seconds(self):
        """Of the mount's program, all threads, since it was started."""
        fields = pathlib.Path(f"/proc/{self.daemons()[0]}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self):
        status = pathlib.Path(f"/proc/{self.daemons()[0]}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Known:
    """A large library that was read whole once, for all programs of one run that want it: its state is copied, its service
    started again on the same port."""
    made = {}

    def __init__(self, assets, *options):
        self.assets = assets
        self.bed = Bed()
        self.bed.setUp()
        try:
            self.options = ("--assets", str(assets), "--file-size", "2000000")
            service = self.bed.serve(*self.options)
            self.port = int(service.url.rpartition(":")[2])
            start = time.perf_counter()
            self.bed.mount_first(service, *options)
            self.wait_until_complete()
            self.indexed_s = time.perf_counter() - start
            self.files = int(subprocess.run(["sh", "-c", f"find '{self.bed.mount_point}' | wc -l"], capture_output=True, text=True,
                                            check=True).stdout)
            self.peak_mb = self.bed.peak_mb()
            self.bed.unmount()
            service.stop()
        except BaseException:
            self.bed.doCleanups()
            raise

    def wait_until_complete(self):
        while not all(library["complete"] for library in self.bed.mount_status()["libraries"] or [{"complete": False}]):
            time.sleep(0.5)

    @classmethod
    def of(cls, assets):
        if assets not in cls.made:
            cls.made[assets] = cls(assets)
        return cls.made[assets]

    @classmethod
    def forget_all(cls):
        for known in cls.made.values():
            known.bed.doCleanups()
        cls.made.clear()

    def serve(self):
        return self.bed.serve_on(self.port, *self.options)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


def shuffled(items, seed=1):
    items = list(items)
    random.Random(seed).shuffle(items)
    return items
