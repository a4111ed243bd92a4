# SPDX-License-Identifier: MIT
"""A simulated iCloud and mounts of it, for integration tests. Everything is in a temporary directory and ends with the test."""
import contextlib
import errno
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.request

PROGRAM = os.environ.get("TEST_PROGRAM", "build/src/mount.icloudphotos")
SERVICE = os.environ.get("TEST_SERVICE", "build/src/demo/icloud-demo")
ACCOUNT, PASSWORD, CODE = "demo@example.com", "demo-Password-1", "123456"
# Nothing here takes long; whatever does hangs.
PATIENCE = 120


class Ended:
    """How a program ended: its exit status and all it wrote."""

    def __init__(self, status, output):
        self.status, self.output = status, output

    def __repr__(self):
        return f"status {self.status}: {self.output}"


def on_terminal(command, answers, environment=None, interrupt_at=None, patience=PATIENCE):
    """Runs a program on a terminal of its own; `answers` are (what it must ask, what is typed then), in order."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, {**os.environ, **(environment or {})})
    output, answers, deadline = "", list(answers), time.monotonic() + patience
    seen = 0
    while True:
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(terminal)
            raise AssertionError(f"{command} did not end; it wrote: {output}")
        ready, _, _ = select.select([terminal], [], [], 0.2)
        if ready:
            try:
                got = os.read(terminal, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                got = b""
            if not got:
                break
            output += got.decode(errors="replace")
            if interrupt_at and interrupt_at in output:
                os.write(terminal, b"\x03")
                interrupt_at = None
            elif answers and answers[0][0] in output[seen:]:
                seen = len(output)
                os.write(terminal, answers.pop(0)[1].encode() + b"\n")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    if answers:
        raise AssertionError(f"{command} never asked {answers[0][0]!r}; it wrote: {output}")
    return Ended(os.waitstatus_to_exitcode(status), output)


class Service:
    """The simulated iCloud as a program of its own."""

    def __init__(self, folder, *options):
        self.port_file = pathlib.Path(folder) / "port"
        self.port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [SERVICE, "--port", "0", "--port-file", str(self.port_file), "--account", ACCOUNT, "--password", PASSWORD,
             "--code", CODE, *options], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if "listening" not in line:
            raise AssertionError(f"the service did not start: {line}")
        self.url = f"http://127.0.0.1:{self.port_file.read_text().strip()}"

    def control(self, path, body=None):
        request = urllib.request.Request(f"{self.url}/control/{path}", method="GET" if body is None else "POST",
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"null")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self.process.stdout.close()


class Rig(unittest.TestCase):
    """A test with a temporary directory, a mount point, and whatever it starts cleaned up behind it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="icloudphotos-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.mount_point = self.folder / "Photos"
        self.mount_point.mkdir()
        self.state_home = self.folder / "state"
        os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)  # nobody's desktop takes part
        os.environ["XDG_RUNTIME_DIR"] = str(self.folder / "runtime")
        (self.folder / "runtime").mkdir(mode=0o700)
        self.addCleanup(self.unmount)

    def serve(self, *options):
        service = Service(self.folder, *options)
        self.addCleanup(service.stop)
        return service

    def command(self, service, *options):
        """The command line of a mount of that service; the password comes from a command, the code from the terminal."""
        url = service if isinstance(service, str) else service.url
        return [PROGRAM, ACCOUNT, str(self.mount_point), "--identity-url", url, "--setup-url", f"{url}/setup/ws/1",
                "--password-command", f"echo {PASSWORD}", "--state-dir", str(self.state_home),
                "--cache-dir", str(self.folder / "cache"), *options]

    def icloudphotos(self, service, *words):
        """The command line of a command about the account."""
        program = self.folder / "icloudphotos"
        if not program.exists():
            program.symlink_to(os.path.abspath(PROGRAM))
        url = service if isinstance(service, str) else service.url
        return [str(program), *words, "--identity-url", url, "--setup-url", f"{url}/setup/ws/1",
                "--state-dir", str(self.state_home), "--cache-dir", str(self.folder / "cache")]

    def mount_first(self, service, *options):
        ended = on_terminal(self.command(service, *options), [("ode", CODE)])
        self.assertEqual(ended.status, 0, ended)
        return ended

    def mount_again(self, service, *options):
        """Without a terminal: whoever asked anything now would fail."""
        ended = subprocess.run(self.command(service, *options), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               timeout=PATIENCE, start_new_session=True)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended

    def is_mounted(self):
        mounts = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
        return any(line.split()[4] == str(self.mount_point) for line in mounts)

    def unmount(self):
        if self.is_mounted():
            subprocess.run(["fusermount3", "-u", str(self.mount_point)], timeout=PATIENCE, check=False)
        if self.is_mounted():
            subprocess.run(["umount", "-l", str(self.mount_point)], timeout=PATIENCE, check=False)
        self.wait_for(lambda: not self.daemons(), "the daemon to end")

    def daemons(self):
        """Processes of ours that serve this mount point."""
        found = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                arguments = (folder / "cmdline").read_bytes().split(b"\0")
                if os.path.basename(arguments[0]) == b"mount.icloudphotos" and str(self.mount_point).encode() in arguments:
                    found.append(int(folder.name))
        return found

    def wait_for(self, condition, what):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"waited in vain for {what}")
            time.sleep(0.01)

    def mount_status(self):
        """What the mount that runs says of itself."""
        command = self.icloudphotos("http://127.0.0.1", "status", ACCOUNT, "--json")
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return json.loads(ended.stdout)

    def wait_until_complete(self):
        """Until the lists and the whole change feed of every library are read and shown: nothing comes or goes by itself then."""
        def complete():
            libraries = self.mount_status()["libraries"]
            return libraries and all(library["complete"] for library in libraries)
        self.wait_for(complete, "the libraries to be complete")

    def files(self, below=""):
        """Paths of all files, relative to the mount point, once they are all there."""
        self.wait_until_complete()
        def fail(error):
            raise error
        top = self.mount_point / below
        return sorted(os.path.relpath(os.path.join(folder, name), self.mount_point)
                      for folder, _, names in os.walk(top, onerror=fail) for name in names)
