#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random changes of the libraries, with a service that fails in every way, under three readers: after each quiet point the mount
equals the service's truth, and no listing was ever neither complete nor ended by an error. CHANGES=20000 soaks longer than every
day's tests; SEED=N repeats a run."""
import collections
import contextlib
import errno
import os
import random
import shutil
import subprocess
import threading
import time
import unittest

from mirror import OURS, Changes, Mirror, is_of
from rig import PATIENCE

CHANGES = int(os.environ.get("CHANGES", "150"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 2**32)
BAD_TOKEN = ('{"zones":[{"zoneID":{"zoneName":"PrimarySync","ownerRecordName":"_defaultOwner","zoneType":"REGULAR_CUSTOM_ZONE"},'
             '"serverErrorCode":"BAD_REQUEST","reason":"Unknown sync continuation type"}]}')
FAULTS = [
    {"match": "private ", "action": "status", "status": 503, "headers": {"Retry-After": "1"}, "probability": 0.04},
    {"match": "shared ", "action": "status", "status": 503, "probability": 0.04},
    {"match": "", "action": "reset", "probability": 0.03},
    {"match": "private ", "action": "html", "probability": 0.03},
    {"match": "changes/zone", "action": "truncate", "at": 300, "probability": 0.05},
    {"match": "changes/zone", "action": "corrupt", "at": 0, "probability": 0.05},
    {"match": "", "action": "delay", "ms": 30, "probability": 0.1},
    {"match": "GET /B", "action": "corrupt", "at": 500, "probability": 0.05},
    {"match": "GET /B", "action": "truncate", "at": 1000, "probability": 0.05},
    {"match": "GET /B", "action": "slow", "bytes_per_second": 200_000, "probability": 0.1},
    {"match": "GET /B", "action": "status", "status": 503, "probability": 0.03},
    {"match": "GET /B", "action": "status", "status": 410, "probability": 0.03},
]
# Directories whose contents the calendar changes.
FICKLE = ("On This Day",)


class Epoch:
    """What the mount showed at the last quiet point; readers hold it while they look, so that none looks across the next one."""

    def __init__(self):
        self.changed = threading.Condition()
        self.inside, self.closed = 0, True
        self.names, self.folders, self.inodes, self.touched = {}, {}, {}, set()

    @contextlib.contextmanager
    def look(self):
        with self.changed:
            self.changed.wait_for(lambda: not self.closed)
            self.inside += 1
        try:
            yield
        finally:
            with self.changed:
                self.inside -= 1
                self.changed.notify_all()

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.wait_for(lambda: self.inside == 0)

    def open(self):
        with self.changed:
            self.closed = False
            self.changed.notify_all()

    def may_have_changed(self, inode):
        known = self.inodes.get(inode)
        return known is None or known[0] in self.touched

    def is_steady(self, folder):
        """Whether only photos that were touched can have come or gone there."""
        return not any(part.startswith(OURS) or part in FICKLE for part in folder.split("/")) and not folder.startswith("Shared Albums")


class Reader(threading.Thread):
    """Does something over and over until it is told to stop; `seen` counts what it saw, `wrong` is what nobody may see."""

    def __init__(self, top, epoch, seed):
        super().__init__(daemon=True)
        self.top, self.epoch, self.random = top, epoch, random.Random(seed)
        self.seen, self.wrong, self.stopping = collections.Counter(), [], False

    def run(self):
        try:
            while not self.stopping:
                self.once()
        except Exception as problem:  # pylint: disable=broad-except
            self.wrong.append(repr(problem))


class Walker(Reader):
    """Lists every directory, and compares each listing that did not end in an error."""

    def once(self):
        todo = [""]
        while todo and not self.stopping:
            here = todo.pop()
            with self.epoch.look():
                try:
                    with os.scandir(self.top / here) as entries:
                        listed = {entry.name: (entry.inode(), entry.is_dir(follow_symlinks=False)) for entry in entries}
                except OSError as error:
                    self.seen[errno.errorcode[error.errno]] += 1
                    self.judge_error(here, error)
                    continue
                self.seen["listings"] += 1
                self.judge(here, listed)
            todo += [os.path.join(here, name) for name, (_, is_dir) in listed.items() if is_dir]

    def judge_error(self, here, error):
        steady = self.epoch.is_steady(here) and any(not self.epoch.may_have_changed(i) for i in self.epoch.names.get(here, {}).values())
        if error.errno == errno.ENOENT and steady:
            self.wrong.append(f"{here} is gone")

    def judge(self, here, listed):
        if not self.epoch.is_steady(here):
            return
        before = self.epoch.names.get(here, {})
        for name, inode in before.items():
            if not self.epoch.may_have_changed(inode) and listed.get(name, (None,))[0] != inode:
                self.wrong.append(f"{here} was listed without {name}")
        for name, (inode, is_dir) in listed.items():
            if not is_dir and before.get(name) != inode and not self.epoch.may_have_changed(inode):
                self.wrong.append(f"{here} was listed with {name}")
        for name in self.epoch.folders.get(here, []):
            below = os.path.join(here, name)
            if name not in listed and self.epoch.is_steady(below) and any(
                    not self.epoch.may_have_changed(inode) for inode in self.epoch.names[below].values()):
                self.wrong.append(f"{here} was listed without {name}/")


class Statter(Reader):
    """Asks for names at random: of one whose photo was not touched nothing may have changed."""

    def once(self):
        with self.epoch.look():
            folder = self.random.choice(list(self.epoch.names))
            names = self.epoch.names[folder]
            if not names or not self.epoch.is_steady(folder):
                return
            name = self.random.choice(list(names))
            try:
                found = os.lstat(self.top / folder / name).st_ino
            except OSError as error:
                found = errno.errorcode[error.errno]
            if not self.epoch.may_have_changed(names[name]) and found != names[name]:
                self.wrong.append(f"stat of {folder}/{name} said {found}")
            self.seen["stats"] += 1


class Copier(Reader):
    """rsync --delete, over and over: what a copy without errors deleted was not in the mount."""
    LEFT_OUT = ("/Shared Albums", "Recents", "Media Types", f"{OURS} *")

    def __init__(self, top, epoch, seed, copy, kept):
        super().__init__(top, epoch, seed)
        self.copy, self.process, self.had = copy, None, set()
        self.kept = {path for path in kept if not {"Recents", "Media Types"} & set(path.split("/"))}

    def once(self):
        self.process = subprocess.Popen(
            ["rsync", "-rt", "--delete", *(f"--exclude={name}" for name in self.LEFT_OUT), f"{self.top}/", f"{self.copy}/"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        status = self.process.wait()
        self.seen[f"rsync {status}"] += 1
        have = {path for path in self.kept if (self.copy / path).exists()}
        self.wrong += [f"rsync deleted {path}" for path in self.had - have]
        self.had |= have

    def stop(self):
        self.stopping = True
        if self.process:
            self.process.terminate()


class Soak(Mirror):
    def first_listings(self, until):
        """Listings taken while the library is read for the first time, which did not end in an error."""
        found = []
        while not until.is_set():
            todo = [""]
            while todo and not until.is_set():
                here = todo.pop()
                with contextlib.suppress(OSError), os.scandir(self.mount_point / here) as entries:
                    listed = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
                    found.append((here, frozenset(listed)))
                    todo += [os.path.join(here, name) for name, is_dir in listed.items() if is_dir]
        return found

    def check_first_listings(self, listings):
        short = {}
        for folder, names in listings:
            missing = {*self.names.get(folder, {}), *self.folders.get(folder, [])} - names
            if missing and folder.split("/")[-1] not in FICKLE:
                short.setdefault(folder, (len(names), len(missing)))
        self.assertEqual(short, {}, "first listings that ended without an error: folder, names shown, names missing")

    def quiet_point(self):
        """No faults any more: everything that was changed is shown, and nothing else."""
        self.service.control("faults/clear", {})
        self.wait_until_current(self.service)
        self.epoch.close()
        before = {f"{folder}/{name}" for folder, names in self.names.items() for name in names}
        self.check_everything(self.service)
        gone = before - {f"{folder}/{name}" for folder, names in self.names.items() for name in names}
        self.wait_for(lambda: not any(os.path.lexists(self.mount_point / path) for path in gone), "the kernel to forget what is gone")
        self.epoch.names, self.epoch.folders, self.epoch.inodes = self.names, self.folders, self.inodes
        self.changes.touched.clear()
        self.changes.touched.add(self.changes.first.upper())
        self.changes.deleted = 0
        for reader in self.readers:
            self.assertEqual(reader.wrong[:5], [], f"{type(reader).__name__} saw what never was, SEED={SEED}")
            self.assertTrue(reader.is_alive(), type(reader).__name__)
        self.epoch.open()

    def trouble(self):
        for fault in FAULTS:
            if self.random.random() < 0.6:
                self.service.control("faults", fault)
        chance = self.random.random()
        if chance < 0.2:
            self.service.control("expire", {"what": "session"})
        elif chance < 0.4:
            self.service.control("expire", {"what": "urls"})
        elif chance < 0.5:
            self.service.control("faults", {"match": "private changes/zone", "action": "status", "status": 200,
                                            "content_type": "application/json", "body": BAD_TOKEN, "times": 1})

    def burst(self, count):
        self.trouble()
        while count > 0:
            some = min(count, self.random.randint(1, 25))
            self.changes.make(some)
            count -= some
            for daemon in self.daemons():
                os.kill(daemon, 1)
            time.sleep(self.random.uniform(0, 0.1))

    def test_after_each_quiet_point_the_mount_equals_the_truth_and_no_listing_was_short(self):
        print(f"SEED={SEED} CHANGES={CHANGES}", flush=True)
        self.random = random.Random(SEED)
        self.service = self.serve("--assets", "240", "--shared-assets", "40", "--file-size", "9K", "--latency", "2")
        self.mount_first(self.service, *self.SHOWN)
        complete = threading.Event()
        listings = []
        early = threading.Thread(target=lambda: listings.extend(self.first_listings(complete)))
        early.start()
        self.wait_until_complete()
        complete.set()
        early.join(PATIENCE)
        self.check_everything(self.service)
        self.check_first_listings(listings)

        self.changes = Changes(self.service, self.random)
        self.epoch = Epoch()
        self.epoch.names, self.epoch.folders, self.epoch.inodes, self.epoch.touched = self.names, self.folders, self.inodes, self.changes.touched
        self.readers = [Walker(self.mount_point, self.epoch, SEED), Statter(self.mount_point, self.epoch, SEED + 1)]
        kept = [f"{folder}/{name}" for folder, names in self.names.items() if self.epoch.is_steady(folder)
                for name, inode in names.items() if self.inodes[inode][0] in self.changes.kept]
        copy = self.folder / "copy"
        copy.mkdir()
        if shutil.which("rsync"):
            copier = Copier(self.mount_point, self.epoch, SEED + 2, copy, kept)
            self.addCleanup(copier.stop)
            self.readers.append(copier)
        self.epoch.open()
        for reader in self.readers:
            reader.start()
        began, done, points = time.monotonic(), 0, 0
        while done < CHANGES:
            some = min(self.random.randint(40, 120), CHANGES - done)
            self.burst(some)
            self.quiet_point()
            done, points = done + some, points + 1
            if points % 20 == 0:
                print(f"{done} changes, {time.monotonic() - began:.0f} s", flush=True)
        for reader in self.readers:
            reader.stopping = True
        if len(self.readers) > 2:
            self.readers[2].stop()
        for reader in self.readers:
            reader.join(PATIENCE)
            self.assertEqual(reader.wrong, [], f"{type(reader).__name__}, SEED={SEED}")
        wrong = [path for path in kept if (copy / path).exists() and not self.is_right(copy / path, path)]
        self.assertEqual(wrong, [], "the copy has wrong bytes")
        print(f"{done} changes, {points} quiet points in {time.monotonic() - began:.0f} s; {len(listings)} early listings;",
              *(dict(reader.seen) for reader in self.readers))

    def is_right(self, copied, path):
        inode = self.names[os.path.dirname(path)].get(os.path.basename(path))
        return inode is None or is_of(copied.read_bytes(), self.inodes[inode][1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
