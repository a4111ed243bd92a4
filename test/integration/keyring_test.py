#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The keyring of a desktop: a real gnome-keyring-daemon on a D-Bus of its own, with entries as other programs store them."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import rig

PROBE = os.environ.get("TEST_KEYRING", "build/test/integration/keyring_probe")
PATIENCE = 120
PACKAGES = {"dbus-daemon": "dbus-daemon", "dbus-send": "dbus-bin", "gnome-keyring-daemon": "gnome-keyring",
            "secret-tool": "libsecret-tools"}
ACCOUNT = "ann@example.com"
# As Python's keyring library stores what pyicloud and icloudpd give it, in its two schemes.
PYTHONS = ("service", "pyicloud://icloud-password", "username")
KEEPASSXCS = ("Title", "pyicloud://icloud-password", "UserName")
# Nobody is started by being asked for: without a daemon of ours there is no keyring, and nobody shows a dialogue.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""


class Desktop(unittest.TestCase):
    def setUp(self):
        missing = [package for program, package in PACKAGES.items() if not shutil.which(program)]
        if missing:
            self.skipTest(f"there is no desktop to test with; install {' '.join(missing)}")
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="icloudphotos-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        runtime = self.home / "runtime"
        runtime.mkdir(mode=0o700)
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("DBUS_", "XDG_", "GNOME_")) and name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        self.nowhere = {**kept, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(runtime)}
        self.environment = dict(self.nowhere)

    def start_bus(self):
        configuration = self.home / "bus.conf"
        configuration.write_text(BUS.format(self.home))
        bus = self.start("dbus-daemon", "--nofork", "--nopidfile", "--print-address", f"--config-file={configuration}",
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()

    def start_keyring(self):
        daemon = self.start("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets",
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        daemon.stdin.write(b"the keyring's own password")
        daemon.stdin.close()
        deadline = time.monotonic() + PATIENCE
        while "true" not in self.dbus_send("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner",
                                           "string:org.freedesktop.secrets"):
            self.assertLess(time.monotonic(), deadline, "waited in vain for gnome-keyring-daemon")
            time.sleep(0.01)
        return daemon

    def dbus_send(self, whom, path, *call):
        command = ["dbus-send", "--session", "--print-reply", f"--dest={whom}", path, *call]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE,
                              check=False).stdout

    def start(self, *command, **streams):
        process = subprocess.Popen(command, env=self.environment, start_new_session=True, **streams)

        def end():
            process.kill()
            process.wait(PATIENCE)
            for stream in (process.stdin, process.stdout):
                if stream and not stream.closed:
                    stream.close()
        self.addCleanup(end)
        return process

    def probe(self, *call, typed="", environment=None):
        """(exit status, what it answered). Whatever it wrote besides must hold no password."""
        ended = subprocess.run([PROBE, *call], env=environment or self.environment, input=typed + "\n", text=True,
                               capture_output=True, timeout=60, check=False)
        self.assertNotIn("secret-", ended.stderr)
        return ended.returncode, ended.stdout.strip()

    def secret_tool(self, *arguments, typed=""):
        return subprocess.run(["secret-tool", *arguments], env=self.environment, input=typed, text=True,
                              capture_output=True, timeout=PATIENCE, check=False)

    def store(self, password, account=ACCOUNT, scheme=PYTHONS, application="Python keyring library"):
        title, service, user = scheme
        stored = self.secret_tool("store", f"--label=Password for '{account}' on '{service}'", title, service, user, account,
                                  "application", application, typed=password)
        self.assertEqual(stored.returncode, 0, stored.stderr)

    def entries(self):
        """What is kept by the account's name, as other programs see it."""
        found = self.secret_tool("search", "--all", "service", "pyicloud://icloud-password", "username", ACCOUNT)
        return [line.partition("=")[2].strip() for line in found.stdout.splitlines() if line.startswith("secret")]


class Keyring(Desktop):
    def setUp(self):
        super().setUp()
        self.start_bus()
        self.daemon = self.start_keyring()

    def test_what_icloudpd_stored_is_read(self):
        self.store("secret-1")
        self.assertEqual(self.probe("read", ACCOUNT), (0, "secret-1"))

    def test_it_is_found_however_the_account_was_typed(self):
        self.store("secret-1")
        self.assertEqual(self.probe("read", "Ann@Example.com"), (0, "secret-1"))

    def test_what_was_stored_with_capitals_is_found_by_them(self):
        self.store("secret-1", account="Ann@Example.com")
        self.assertEqual(self.probe("read", "Ann@Example.com"), (0, "secret-1"))

    def test_the_scheme_of_keepassxc_is_read(self):
        self.store("secret-1", scheme=KEEPASSXCS)
        self.assertEqual(self.probe("read", ACCOUNT), (0, "secret-1"))

    def test_nothing_kept_is_no_password(self):
        self.store("secret-1", account="somebody@example.com")
        status, answer = self.probe("read", ACCOUNT)
        self.assertEqual(status, 1)
        self.assertTrue(answer.startswith("needs-sign-in: the keyring has no password for ann@example.com"), answer)

    def test_what_worked_is_kept_where_icloudpd_finds_it(self):
        self.probe("worked", "Ann@Example.com", typed="secret-1")
        self.assertEqual(self.entries(), ["secret-1"])
        self.assertEqual(self.probe("read", ACCOUNT), (0, "secret-1"))
        kept = self.secret_tool("search", "--all", "application", "mount.icloudphotos")
        self.assertIn("label = Password of the Apple Account ann@example.com", kept.stdout)

    def test_what_worked_replaces_what_icloudpd_kept(self):
        self.store("secret-old")
        self.probe("worked", ACCOUNT, typed="secret-new")
        self.assertEqual(self.entries(), ["secret-new"])

    def test_what_is_kept_already_is_not_written_again(self):
        self.store("secret-1")
        files = self.home / ".local/share/keyrings"
        before = {file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in files.iterdir()}
        self.probe("worked", ACCOUNT, typed="secret-1")
        self.assertEqual({file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in files.iterdir()}, before)

    def test_it_is_stored_and_erased_on_wish(self):
        self.assertEqual(self.probe("keep", ACCOUNT, typed="secret-1"), (0, ""))
        self.assertEqual(self.entries(), ["secret-1"])
        self.assertEqual(self.probe("erase", ACCOUNT), (0, ""))
        self.assertEqual(self.entries(), [])
        status, answer = self.probe("erase", ACCOUNT)
        self.assertEqual((status, answer.split(":")[0]), (1, "not-found"))

    def test_erasing_leaves_nothing_that_would_be_read(self):
        self.store("secret-1")
        self.store("secret-2", application="another")
        self.store("secret-3", scheme=KEEPASSXCS)
        self.assertEqual(self.probe("erase", ACCOUNT), (0, ""))
        self.assertEqual(self.probe("read", ACCOUNT)[0], 1)

    def icloudphotos(self, *words):
        program = self.home / "icloudphotos"
        if not program.exists():
            program.symlink_to(os.path.abspath(rig.PROGRAM))
        return [str(program), *words]

    def test_the_password_command_keeps_it_and_deletes_it(self):
        for words, kept in ((("set", "--password-command", "echo secret-9"), ["secret-9"]), (("delete",), [])):
            ended = subprocess.run(self.icloudphotos("password", *words, ACCOUNT), env=self.environment, timeout=PATIENCE,
                                   stdin=subprocess.DEVNULL, capture_output=True, text=True, start_new_session=True)
            self.assertEqual((ended.returncode, ended.stderr), (0, ""))
            self.assertEqual(self.entries(), kept)

    def test_a_password_typed_once_is_not_asked_for_again(self):
        service = rig.Service(self.home, "--account", ACCOUNT)
        self.addCleanup(service.stop)
        where = ("--identity-url", service.url, "--setup-url", f"{service.url}/setup/ws/1")
        for answers in ([("assword", rig.PASSWORD), ("ode", rig.CODE)], [("ode", rig.CODE)]):
            ended = rig.on_terminal(self.icloudphotos("signin", ACCOUNT, *where), answers, self.environment)
            self.assertEqual(ended.status, 0, ended)
            self.assertEqual(self.entries(), [rig.PASSWORD])
            for what in ("trust", "token", "session"):
                service.control("expire", {"what": what})

    def test_the_newest_of_several_counts(self):
        self.store("secret-old")
        time.sleep(1.1)  # the keyring counts in seconds
        self.store("secret-new", application="another")
        self.assertEqual(self.probe("read", ACCOUNT), (0, "secret-new"))

    def test_it_is_known_whether_it_was_changed(self):
        before = int(time.time()) - 1
        self.store("secret-1")
        self.assertEqual(self.probe("unchanged-since", ACCOUNT, str(before)), (0, "0"))
        self.assertEqual(self.probe("unchanged-since", ACCOUNT, str(int(time.time()) + 60)), (0, "1"))

    def lock(self):
        locked = self.dbus_send("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
                                "array:objpath:/org/freedesktop/secrets/collection/login")
        self.assertIn("collection/login", locked)

    def test_a_locked_keyring_is_as_good_as_none(self):
        self.store("secret-1")
        self.lock()
        for call in ("read", "read-unattended", "erase"):
            began = time.monotonic()
            status, answer = self.probe(call, ACCOUNT)
            self.assertEqual((status, answer.split(":")[0]), (1, "needs-sign-in"), answer)
            self.assertIn("the keyring is locked", answer)
            self.assertLess(time.monotonic() - began, 45)

    def test_a_locked_keyring_keeps_nothing_new(self):
        self.lock()
        self.assertEqual(self.probe("worked", ACCOUNT, typed="secret-1"), (0, ""))
        self.assertEqual(self.secret_tool("search", "--all", "application", "mount.icloudphotos").stdout, "")

    def test_a_keyring_that_hangs_is_not_waited_for(self):
        self.store("secret-1")
        self.daemon.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        status, answer = self.probe("read-and-stop", ACCOUNT)
        self.assertEqual((status, answer), (1, "cancelled: interrupted"))
        self.assertLess(time.monotonic() - began, 5)
        status, answer = self.probe("read", ACCOUNT)
        self.assertEqual((status, answer.split(":")[0]), (1, "needs-sign-in"), answer)
        self.assertLess(time.monotonic() - began, 20)
        self.daemon.send_signal(signal.SIGCONT)
        self.assertEqual(self.probe("read", ACCOUNT), (0, "secret-1"))


class NoKeyring(Desktop):
    def expect_none(self, environment):
        for call in ("read", "keep", "erase"):
            began = time.monotonic()
            status, answer = self.probe(call, ACCOUNT, typed="secret-1", environment=environment)
            self.assertEqual((status, answer.split(":")[0]), (1, "needs-sign-in"), answer)
            self.assertLess(time.monotonic() - began, 5)
        return answer

    def test_without_a_session_bus_there_is_none(self):
        self.assertIn("no keyring on this machine", self.expect_none(self.nowhere))

    def test_a_bus_without_a_keyring_has_none(self):
        self.start_bus()
        self.assertIn("no keyring on this machine", self.expect_none(self.environment))

    def test_a_bus_that_has_gone_has_none(self):
        self.expect_none({**self.nowhere, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.home}/gone"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
