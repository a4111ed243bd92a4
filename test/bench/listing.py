#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How long until a library is listed completely, cold, and until a remount answers its first `ls` with the service gone.

The floor of the cold listing is what the requests alone would take: windows of 99 photos, as many in flight as the program sends.
  listing.py [--assets N] [--latency MS] [--repeat N]
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from rig import Rig  # noqa: E402


class Bench(Rig):
    def runTest(self):
        pass

    def once(self, assets, latency):
        self.setUp()
        try:
            service = self.serve("--assets", str(assets), "--latency", str(latency))
            self.mount_first(service)
            started = time.monotonic()
            # The whole tree: every view and every album.
            found = subprocess.run(["find", str(self.mount_point), "-type", "f"], capture_output=True, text=True, check=True)
            cold = time.monotonic() - started
            files = len(found.stdout.splitlines())
            requests = sum(service.control("counters")["requests"].values())
            peak = self.peak_kb()
            self.unmount()
            service.stop()
            started = time.monotonic()
            self.mount_again(service)
            os.listdir(self.mount_point)
            remount = time.monotonic() - started
            return {"cold_s": cold, "remount_s": remount, "files": files, "requests": requests, "peak_mb": peak / 1024}
        finally:
            self.doCleanups()

    def peak_kb(self):
        status = open(f"/proc/{self.daemons()[0]}/status").read()
        return int(status.split("VmHWM:")[1].split()[0])


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--assets", type=int, default=10_000)
    options.add_argument("--latency", type=int, default=100)
    options.add_argument("--repeat", type=int, default=3)
    chosen = options.parse_args()
    runs = [Bench().once(chosen.assets, chosen.latency) for _ in range(chosen.repeat)]
    floor = chosen.assets / 99 / 6 * chosen.latency / 1000
    row = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    print(f"{'':24}{'median':>10}{'min':>10}{'max':>10}{'floor':>10}")
    for key in row:
        values = [run[key] for run in runs]
        print(f"{key:24}{row[key]:10.2f}{min(values):10.2f}{max(values):10.2f}" + (f"{floor:10.2f}" if key == "cold_s" else ""))
    print(json.dumps({"assets": chosen.assets, "latency_ms": chosen.latency, "runs": runs}))


if __name__ == "__main__":
    main()
