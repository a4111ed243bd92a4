#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""-o passthrough: the kernel reads whole photos from the cache without asking us, everything else goes the normal way, and who may
not have it gets the same bytes."""
import contextlib
import ctypes
import fcntl
import hashlib
import mmap
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest

from rig import CODE, PATIENCE, PROGRAM, Rig, on_terminal

HAS_MORE_FLAGS, PASSTHROUGH = 1 << 30, 1 << 5
BACKING_OPEN = 0x4010E501  # _IOW(229, 1, struct fuse_backing_map)


def why_not():
    """Asks the kernel itself, by a mount of a few lines, so that a mistake of ours is not taken for its refusal."""
    if os.geteuid() != 0:
        return "it needs root"
    libc = ctypes.CDLL(None, use_errno=True)
    folder = tempfile.mkdtemp(prefix="icloudphotos-")
    device = os.open("/dev/fuse", os.O_RDWR)
    try:
        options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
        if libc.mount(b"probe", folder.encode(), b"fuse", 1, options) != 0:
            return f"no mount: {os.strerror(ctypes.get_errno())}"
        with contextlib.ExitStack() as stack:
            stack.callback(libc.umount2, folder.encode(), 2)
            request = os.read(device, 1 << 20)
            number = struct.unpack_from("<Q", request, 8)[0]
            version = struct.unpack_from("<II", request, 40)
            flags, more_flags = struct.unpack_from("<II", request, 52)
            if not flags & HAS_MORE_FLAGS or not more_flags & PASSTHROUGH:
                return f"Linux {os.uname().release} does not offer it"
            answer = struct.pack("<IiQ", 80, 0, number) + struct.pack("<IIIIHHIIHHII24x", *version, 65536, HAS_MORE_FLAGS, 12, 9,
                                                                      65536, 1, 0, 0, PASSTHROUGH, 1)
            os.write(device, answer)
            with tempfile.TemporaryFile() as file:
                try:
                    fcntl.ioctl(device, BACKING_OPEN, struct.pack("<iIQ", file.fileno(), 0, 0))
                except OSError as error:
                    return f"the kernel refuses: {error.strerror}"
        return None
    finally:
        os.close(device)
        os.rmdir(folder)


class Passthrough(Rig):
    SIZE = 5 << 20

    def setUp(self):
        super().setUp()
        self.service = self.serve("--assets", "10", "--shared-assets", "0", "--file-size", "5M")

    def mount(self, *options):
        self.mount_first(self.service, *options)
        photos = [path for path in self.files("Personal Library/All Photos")
                  if os.stat(self.mount_point / path).st_size > self.SIZE // 2]
        self.assertGreaterEqual(len(photos), 3)
        return [self.mount_point / path for path in photos]

    def bytes_read_by_daemon(self):
        (daemon,) = self.daemons()
        return int(pathlib.Path(f"/proc/{daemon}/io").read_text().split()[1])

    def passes(self, read):
        """What `read` returns, if that took the daemon no reading of files."""
        before = self.bytes_read_by_daemon()
        got = read()
        return got if self.bytes_read_by_daemon() - before < len(got) // 2 else None

    def wait_until_it_passes(self, photo):
        """A photo that has come is compared as a whole before it is given away; that takes a moment."""
        self.wait_for(lambda: self.passes(photo.read_bytes), f"{photo.name} to be passed through")

    def drop_pages(self, photo):
        with open(photo, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


class WhereTheKernelHasIt(Passthrough):
    def setUp(self):
        reason = why_not()
        if reason:
            self.skipTest(reason)
        super().setUp()

    def test_whole_photos_are_read_and_mapped_without_us(self):
        photo = self.mount("-o", "passthrough")[0]
        right = photo.read_bytes()
        self.wait_until_it_passes(photo)
        self.assertEqual(self.passes(photo.read_bytes), right)

        def mapped():
            with open(photo, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
                return memory[:]
        self.assertEqual(self.passes(mapped), right)
        with open(photo, "rb") as file:
            for at in random.Random(1).sample(range(len(right)), 50):
                self.assertEqual(os.pread(file.fileno(), 4096, at), right[at:at + 4096])
            self.assertEqual(os.pread(file.fileno(), 10, len(right)), b"")

    def test_a_photo_in_part_here_is_read_the_normal_way_while_anybody_has_it_open(self):
        photo = self.mount("-o", "passthrough")[0]
        with open(photo, "rb", buffering=0) as early:
            head = early.read(4096)
            right = photo.read_bytes()
            self.assertEqual(right[:4096], head)
            for _ in range(20):
                self.drop_pages(photo)
                self.assertIsNone(self.passes(photo.read_bytes))
            early.seek(0)
            self.assertEqual(early.read(), right)
        self.wait_until_it_passes(photo)
        self.assertEqual(photo.read_bytes(), right)

    def test_many_have_one_photo_open(self):
        photo = self.mount("-o", "passthrough")[0]
        right = photo.read_bytes()
        self.wait_until_it_passes(photo)
        with contextlib.ExitStack() as stack:
            files = [stack.enter_context(open(photo, "rb")) for _ in range(50)]
            self.assertTrue(self.passes(lambda: b"".join(file.read() for file in files)) == right * 50)
            for file in files[:49]:
                file.close()
            os.lseek(files[49].fileno(), 0, os.SEEK_SET)
            self.assertEqual(os.read(files[49].fileno(), 4096), right[:4096])
            self.assertEqual(photo.read_bytes(), right)

    def test_a_photo_that_is_evicted_stays_readable_for_who_has_it_open(self):
        photo = self.mount("-o", "passthrough")[0]
        right = photo.read_bytes()
        self.wait_until_it_passes(photo)
        with open(photo, "rb") as file:
            for blobs in (self.folder / "cache").rglob("blobs"):
                shutil.rmtree(blobs)
            self.assertEqual(file.read(), right)

    def test_a_photo_that_was_here_before_passes_after_it_was_compared(self):
        photo = self.mount("-o", "passthrough")[0]
        right = photo.read_bytes()
        self.wait_until_it_passes(photo)
        self.unmount()
        self.mount_again(self.service, "-o", "passthrough")
        self.service.stop()
        self.wait_until_it_passes(photo)
        self.assertEqual(photo.read_bytes(), right)

    def test_everybody_sees_the_same_mount_and_it_ends_in_the_same_ways(self):
        def shown():
            (line,) = [line for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
                       if line.split()[4] == str(self.mount_point)]
            return line.split()[5:]
        self.mount("-o", "allow_other")
        without = shown()
        self.unmount()
        self.mount_again(self.service, "-o", "allow_other,passthrough")
        self.assertEqual(shown(), without)

        photo = self.mount_point / self.files("Personal Library/All Photos")[0]
        right = photo.read_bytes()
        with open(photo, "rb") as file:
            self.assertEqual(subprocess.run(["umount", "-l", str(self.mount_point)], timeout=PATIENCE, check=False).returncode, 0)
            self.assertEqual(file.read(), right)
        self.wait_for(lambda: not self.daemons(), "the daemon to end")

        self.mount_again(self.service, "-o", "allow_other,passthrough")
        with contextlib.suppress(OSError), open(photo, "rb"):  # closing it may say that nobody is there any more
            (daemon,) = self.daemons()
            os.kill(daemon, signal.SIGKILL)
            self.wait_for(lambda: not self.daemons(), "the daemon to die")
        subprocess.run(["fusermount3", "-u", str(self.mount_point)], timeout=PATIENCE, check=True)
        self.assertFalse(self.is_mounted())


class WhereItIsNotPossible(Passthrough):
    def test_the_same_bytes_come_the_normal_way_and_a_line_says_why(self):
        """A cache in a container, on overlayfs: the kernel takes no such file."""
        reason = why_not()
        if reason:
            self.skipTest(reason)
        cache, upper, work = (self.folder / name for name in ("cache", "upper", "work"))
        for folder in (cache, upper, work):
            folder.mkdir(mode=0o700)
        overlay = subprocess.run(["mount", "-t", "overlay", "none", "-o", f"lowerdir={cache},upperdir={upper},workdir={work}", cache],
                                 capture_output=True, text=True, timeout=PATIENCE, check=False)
        if overlay.returncode != 0:
            self.skipTest(f"no overlayfs: {overlay.stderr}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(cache)], check=False)
        self.addCleanup(self.unmount)
        photo = self.mount("-o", "passthrough")[0]
        self.unmount()

        log = self.folder / "log"
        with open(log, "w", encoding="utf-8") as out:
            daemon = subprocess.Popen(self.command(self.service, "-f", "-o", "passthrough"), stdin=subprocess.DEVNULL, stdout=out,
                                      stderr=out)
        self.addCleanup(daemon.wait, PATIENCE)
        self.addCleanup(daemon.terminate)
        self.wait_for(photo.exists, "the mount")
        right = photo.read_bytes()

        def said():
            self.drop_pages(photo)
            self.assertEqual(photo.read_bytes(), right)
            return "passthrough is not possible" in log.read_text()
        self.wait_for(said, "a line that says why")
        self.assertIn("--cache-dir", log.read_text())
        with open(photo, "rb") as file:
            self.assertTrue(said())
            self.assertEqual(file.read(), right)
        self.assertEqual(log.read_text().count("passthrough is not possible"), 1)


class WhoeverMayNotHaveIt(Passthrough):
    def setUp(self):
        super().setUp()
        self.nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", f"HOME={self.folder}"]

    def as_nobody(self, *command):
        return subprocess.run([*self.nobody, *command], stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False)

    def test_gets_the_same_bytes_and_a_line_that_says_why(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("it takes root to be somebody else")
        if self.as_nobody("test", "-x", PROGRAM, "-a", "-w", "/dev/fuse").returncode != 0:
            self.skipTest("nobody else may run this program, or use /dev/fuse")
        for folder in (self.folder, self.mount_point, self.folder / "runtime"):
            os.chown(folder, 65534, 65534)
        ended = on_terminal([*self.nobody, *self.command(self.service)], [("ode", CODE)])
        self.assertEqual(ended.status, 0, ended)
        self.unmount()

        log = self.folder / "log"
        with open(log, "w", encoding="utf-8") as out:
            daemon = subprocess.Popen([*self.nobody, *self.command(self.service, "-f", "-o", "passthrough")], stdin=subprocess.DEVNULL,
                                      stdout=out, stderr=out)
        self.addCleanup(daemon.wait, PATIENCE)
        self.addCleanup(daemon.terminate)
        self.wait_for(lambda: self.is_mounted() or daemon.poll() is not None, "the mount")
        self.assertTrue(self.is_mounted(), log.read_text())

        top = self.mount_point / "Personal Library/All Photos"
        listed = []
        def a_photo():
            listed[:] = self.as_nobody("find", str(top), "-type", "f", "-size", f"+{self.SIZE // 2}c").stdout.decode().splitlines()
            return listed
        self.wait_for(a_photo, "a photo")
        right = {resource["sha256"] for photo in self.service.control("truth?library=personal&from=0&digests=all")["photos"]
                 for resource in photo["resources"]}
        def said():
            got = self.as_nobody("cat", listed[0])
            self.assertEqual(got.returncode, 0, got.stderr)
            self.assertIn(hashlib.sha256(got.stdout).hexdigest(), right)
            return "passthrough is not possible" in log.read_text()
        self.wait_for(said, "a line that says why")
        self.assertEqual(log.read_text().count("passthrough is not possible"), 1)
        self.assertTrue(said())


if __name__ == "__main__":
    unittest.main(verbosity=2)
