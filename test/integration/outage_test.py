#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The cable is pulled: in a network of its own, with the simulated iCloud in it, the only link goes down. Packets are lost then
and nobody refuses anything. What is known stays as quick as it was, reads end in time, unmounting waits for nobody, and when
the link is back nobody has to do anything."""
import errno
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

from rig import PATIENCE, Rig

READ_TIMEOUT = 4
# What a read may take beyond its time on a busy machine, and what counts as at once. A sanitizer's build takes its time.
GRACE = 5
# Unmounting answers what waits at once; measured 0.03 to 0.1 s.
UNMOUNT = 2
# By how much the same may take longer the second time, less than any waiting for the network would.
SLACK = 3
# Before the fifth poll after four that failed, in seconds.
PAUSE = 40
OWN_NETWORK = "ICLOUDPHOTOS_TEST_NETWORK"


def link(state):
    subprocess.run(["ip", "link", "set", "lo", state], check=True, timeout=PATIENCE)


class Outage(Rig):
    def setUp(self):
        if OWN_NETWORK not in os.environ:
            self.skipTest("no network of its own: unshare -n is not allowed here")
        link("up")
        super().setUp()
        self.addCleanup(link, "up")  # before the rest is taken down

    def library(self, *options):
        """A mount that knows the whole library and a photo's bytes; the paths of more photos, none of them read."""
        self.service = self.serve("--assets", "120", "--file-size", "200K", "--per-connection-rate", "20M")
        self.options = [f"--read-timeout={READ_TIMEOUT}s", *options]
        self.mount_first(self.service, *self.options)
        self.all_photos = self.mount_point / "Personal Library" / "All Photos"
        paths = [self.mount_point / path for path in self.files("Personal Library/All Photos")]
        self.kept = paths.pop()
        self.kept_bytes = self.kept.read_bytes()
        return paths

    def timed(self, work):
        started = time.monotonic()
        result = work()
        return time.monotonic() - started, result

    def read(self, path):
        """What reading comes to: an errno, or 0."""
        def attempt():
            try:
                path.read_bytes()
                return 0
            except OSError as error:
                return error.errno
        return self.timed(attempt)

    def run_tool(self, *command, status=0):
        took, ended = self.timed(lambda: subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE))
        self.assertEqual(ended.returncode, status, ended.stderr)
        return took, ended


class Pulled(Outage):
    """While there is no link."""

    def compare(self, before):
        """Runs the tools again; they say the same and take no longer."""
        for tool, (took, ended) in before.items():
            later, again = self.run_tool(*tool)
            self.assertEqual(again.stdout, ended.stdout)
            self.assertLess(later, took + SLACK, tool)

    def start_readers(self, paths):
        """Readers who wait for the cloud."""
        os.kill(self.daemons()[0], signal.SIGHUP)  # else they might be refused at once: a failure is remembered
        readers = [subprocess.Popen(["cat", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for path in paths]
        self.wait_for(lambda: any(self.waits(reader) for reader in readers), "readers to wait")
        return readers

    def waits(self, reader):
        """Uninterruptibly, for a page."""
        return pathlib.Path(f"/proc/{reader.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "D"

    def test_metadata_is_as_quick_as_before_and_reads_end_in_time(self):
        paths = self.library()
        before = {tool: self.run_tool(*tool) for tool in
                  [("ls", "-lR", str(self.mount_point)), ("df", str(self.mount_point)), ("du", "-s", str(self.all_photos))]}
        running = [subprocess.Popen(tool, stdout=subprocess.DEVNULL) for tool in before]
        link("down")
        self.assertEqual({tool.wait(PATIENCE) for tool in running}, {0})
        self.compare(before)
        self.assertEqual(self.kept.read_bytes(), self.kept_bytes)

        took, error = self.read(paths[0])
        self.assertEqual(error, errno.ETIMEDOUT)
        self.assertLess(took, READ_TIMEOUT + GRACE)
        took, error = self.read(paths[1])
        self.assertEqual(error, errno.ETIMEDOUT)
        self.assertLess(took, READ_TIMEOUT / 2, "the second read waited too")

        readers = self.start_readers(paths[2:40])
        self.compare(before)
        self.assertEqual(self.kept.read_bytes(), self.kept_bytes)
        for reader in readers:
            self.assertIn("Connection timed out", reader.communicate(timeout=PATIENCE)[1])

    def test_a_copy_ends_with_an_error_and_goes_on_when_the_link_is_back(self):
        self.library()
        copy = self.folder / "copy"
        first = subprocess.Popen(["rsync", "-a", f"{self.all_photos}/", str(copy)], stderr=subprocess.PIPE, text=True)
        self.wait_for(lambda: list(copy.rglob("IMG*")), "rsync to begin")
        link("down")
        _, said = first.communicate(timeout=PATIENCE)
        self.assertEqual(first.returncode, 23, said)
        self.assertIn("Connection timed out (110)", said)
        self.assertNotIn("Input/output error", said)
        link("up")
        again = ["rsync", "-a", "--delete", f"{self.all_photos}/", str(copy)]
        self.wait_for(lambda: subprocess.run(again, stderr=subprocess.DEVNULL, timeout=PATIENCE).returncode == 0, "a whole copy")
        self.assertEqual(self.run_tool("diff", "-r", str(self.all_photos), str(copy))[1].stdout, "")

    def leave(self, *command):
        """Has it unmounted; how long until the mount and its daemon were gone."""
        def leave():
            subprocess.run(command, check=True, timeout=PATIENCE)
            self.wait_for(lambda: not self.daemons(), "the daemon to end")
        took, _ = self.timed(leave)
        self.assertFalse(self.is_mounted())
        return took

    def test_mounting_and_unmounting_wait_for_nobody(self):
        paths = self.library()
        self.leave("fusermount3", "-u", str(self.mount_point))
        quick, _ = self.timed(lambda: self.mount_again(self.service, *self.options))
        link("down")
        readers = self.start_readers(paths[:40])
        self.assertLess(self.leave("kill", str(self.daemons()[0])), UNMOUNT)
        for reader in readers:
            reader.communicate(timeout=PATIENCE)
            self.assertNotEqual(reader.returncode, 0)

        took, _ = self.timed(lambda: self.mount_again(self.service, *self.options))
        self.assertLess(took, quick + SLACK)
        self.assertEqual(self.kept.read_bytes(), self.kept_bytes)
        self.assertEqual(self.read(paths[0])[1], errno.ETIMEDOUT)
        self.assertLess(self.leave("fusermount3", "-u", str(self.mount_point)), UNMOUNT)


class Back(Outage):
    """And then the link is back."""

    def let_polls_fail(self):
        """Until the pause before the next one is far longer than all else here."""
        self.service.control("faults", {"match": "", "action": "reset"})
        for _ in range(4):
            refresh = subprocess.run(self.icloudphotos(self.service, "refresh", "--wait"), capture_output=True, text=True, timeout=PATIENCE)
            self.assertNotEqual(refresh.returncode, 0, refresh)

    def end_faults(self):
        """What is new then nobody has asked for."""
        self.service.control("faults/clear", {})
        self.service.control("add", {"name": "BRAND_NEW.JPG", "favorite": True})

    def see_what_is_new(self):
        favorites = self.mount_point / "Personal Library" / "Favorites"
        took, _ = self.timed(lambda: self.wait_for(lambda: "BRAND_NEW.JPG" in os.listdir(favorites), "what is new"))
        self.assertLess(took, PAUSE / 2, "that was the next poll")

    def test_a_link_that_is_back_is_noticed_by_itself(self):
        paths = self.library()
        self.let_polls_fail()
        self.end_faults()
        link("down")
        self.assertEqual(self.read(paths[0])[1], errno.ETIMEDOUT)
        link("up")
        self.see_what_is_new()
        self.assertEqual(self.read(paths[0])[1], 0)

    def test_bytes_that_come_again_are_a_reason_to_look_for_what_is_new(self):
        paths = self.library()
        self.let_polls_fail()
        self.assertEqual(self.read(paths[0])[1], errno.ETIMEDOUT)
        self.end_faults()
        self.wait_for(lambda: self.read(paths[0])[1] == 0, "a read to work again")
        self.see_what_is_new()


def in_a_network_of_its_own():
    """Starts this program again in one, where that is allowed."""
    if OWN_NETWORK in os.environ or subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], check=False).returncode != 0:
        return
    os.execvpe("unshare", ["unshare", "-n", sys.executable, *sys.argv], {**os.environ, OWN_NETWORK: "yes"})


if __name__ == "__main__":
    in_a_network_of_its_own()
    unittest.main(verbosity=2)
