#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Signing in, out and in again, by mounts and by commands: who is asked what, how often, and what goes on meanwhile."""
import errno
import json
import os
import pathlib
import pty
import re
import resource
import signal
import subprocess
import time
import unittest

from rig import ACCOUNT, CODE, PASSWORD, PATIENCE, Rig, on_terminal
from web_test import Browser


class SignIn(Rig):
    def run_quietly(self, command, **more):
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
                              start_new_session=True, **more)

    def succeed(self, command):
        ended = self.run_quietly(command)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        return ended.stdout

    def revoke(self, service):
        """As when somebody signs all browsers out: cookies, tokens and trust are gone, and download URLs soon after."""
        for what in ("trust", "token", "session", "urls"):  # in this order nothing can be renewed meanwhile
            service.control("expire", {"what": what})

    def status(self, service):
        return json.loads(self.succeed(self.icloudphotos(service, "status", "--json")))

    def photos(self):
        return [self.mount_point / name for name in self.files("Personal Library/All Photos/2023")]

    def read(self, path):
        return path.read_bytes()

    def signed_out_mount(self):
        """A mount whose session was revoked, and which has noticed: one photo was read before."""
        service = self.serve()
        self.mount_first(service)
        cached, *others = self.photos()
        content = self.read(cached)
        self.revoke(service)
        os.kill(self.daemons()[0], signal.SIGHUP)
        self.wait_for(lambda: not self.status(service)["signed_in"], "the mount to notice")
        with self.assertRaises(OSError):
            self.read(others[-1])  # waits for the end of what the mount tries by itself
        return service, cached, content, others

    def test_a_revoked_mount_goes_on_and_signing_in_mends_it_without_a_remount(self):
        service, cached, content, others = self.signed_out_mount()
        self.assertEqual(self.photos()[0], cached)
        self.assertEqual(self.read(cached), content)
        began = time.monotonic()
        with self.assertRaises(OSError) as caught:
            self.read(others[0])
        self.assertEqual(caught.exception.errno, errno.EKEYEXPIRED)
        self.assertLess(time.monotonic() - began, 2)
        sent = service.control("counters")["codes_sent"]
        daemon = self.daemons()

        ended = on_terminal(self.icloudphotos(service, "signin"), [("ode", CODE)])
        self.assertEqual(ended.status, 0, ended)
        self.assertIn("Signed in", ended.output)
        for photo in others:
            self.assertGreater(len(self.read(photo)), 0)
        self.assertEqual(self.daemons(), daemon)
        self.assertEqual(service.control("counters")["codes_sent"], sent + 1)
        self.assertTrue(self.status(service)["signed_in"])

    def test_nobody_there_means_no_code_and_no_second_password(self):
        service, *_ = self.signed_out_mount()
        before = service.control("counters")
        for _ in range(5):
            os.kill(self.daemons()[0], signal.SIGHUP)
            self.status(service)
        after = service.control("counters")
        self.assertEqual(after["codes_sent"], before["codes_sent"])
        self.assertLessEqual(after["password_attempts"], 2)

    def test_the_code_may_be_typed_in_another_terminal(self):
        service = self.serve()
        pid, terminal = pty.fork()
        if pid == 0:
            command = self.command(service)
            os.execv(command[0], command)
        self.addCleanup(os.close, terminal)
        shown = b""
        while b"code:" not in shown:
            shown += os.read(terminal, 1000)
        self.succeed(self.icloudphotos(service, "signin", CODE))
        _, status = os.waitpid(pid, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        self.assertTrue(self.is_mounted())
        counters = service.control("counters")
        self.assertEqual((counters["password_attempts"], counters["codes_sent"]), (1, 1))

    def test_the_code_may_be_typed_when_the_program_that_asked_has_gone(self):
        service = self.serve()
        ended = on_terminal(self.command(service), [], interrupt_at="code:")
        self.assertEqual(ended.status, 8, ended)
        self.assertIn("Signed in", self.succeed(self.icloudphotos(service, "signin", ACCOUNT, CODE)))
        counters = service.control("counters")
        self.assertEqual((counters["password_attempts"], counters["codes_sent"]), (1, 1))
        self.mount_again(service)
        self.assertEqual(service.control("counters")["password_attempts"], 1)

    def test_a_wrong_code_typed_with_the_command_says_how_to_get_another(self):
        service = self.serve()
        on_terminal(self.command(service), [], interrupt_at="code:")
        ended = self.run_quietly(self.icloudphotos(service, "signin", ACCOUNT, "999999"))
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("without a code", ended.stderr)
        self.assertEqual(service.control("counters")["codes_wrong"], 1)

    def test_signing_in_first_makes_a_mount_that_asks_nothing(self):
        service = self.serve()
        ended = on_terminal(self.icloudphotos(service, "signin", ACCOUNT), [("assword", PASSWORD), ("ode", CODE)])
        self.assertEqual(ended.status, 0, ended)
        self.assertNotIn(PASSWORD, ended.output)
        self.mount_again(service)
        self.assertGreater(len(self.photos()), 0)
        counters = service.control("counters")
        self.assertEqual((counters["password_attempts"], counters["codes_sent"]), (1, 1))

    def test_at_boot_a_missing_sign_in_is_no_failed_mount(self):
        service, cached, content, others = self.signed_out_mount()
        self.unmount()
        self.mount_again(service)
        self.assertEqual(self.read(cached), content)
        with self.assertRaises(OSError) as caught:
            self.read(others[0])
        self.assertEqual(caught.exception.errno, errno.EKEYEXPIRED)
        status = self.status(service)
        self.assertFalse(status["signed_in"])
        self.assertEqual(status["mount_point"], str(self.mount_point))
        self.assertIn("not signed in", self.succeed(self.icloudphotos(service, "status")))
        ended = on_terminal(self.icloudphotos(service, "signin"), [("ode", CODE)])
        self.assertEqual(ended.status, 0, ended)
        self.assertGreater(len(self.read(others[0])), 0)

    def test_a_person_is_told_once_by_a_command(self):
        service = self.serve()
        told = self.folder / "told"
        notify = f"echo \"$ICLOUDPHOTOS_EVENT $ICLOUDPHOTOS_ACCOUNT $ICLOUDPHOTOS_MOUNT_POINT\" >> {told}"
        self.mount_first(service, "--notify", notify)
        self.photos()
        self.revoke(service)
        for _ in range(3):
            os.kill(self.daemons()[0], signal.SIGHUP)
            self.wait_for(told.exists, "the command to be run")
        self.unmount()
        self.mount_again(service, "--notify", notify)
        self.unmount()
        self.assertEqual(told.read_text(), f"sign_in_needed {ACCOUNT} {self.mount_point}\n")

    def test_a_library_that_is_still_being_prepared_is_said_in_the_status(self):
        service = self.serve("--quirks", '{"indexing_running":true}')
        self.mount_first(service)
        self.wait_for(lambda: "still preparing" in self.status(service).get("problem", ""), "the status to say so")
        service.control("quirks", {"indexing_running": False})
        os.kill(self.daemons()[0], signal.SIGHUP)
        self.wait_for(lambda: "problem" not in self.status(service), "the status to be good again")

    def test_signing_out_ends_the_mount_and_forgets_the_account(self):
        service = self.serve()
        self.mount_first(service)
        self.read(self.photos()[0])
        self.succeed(self.icloudphotos(service, "signout"))
        self.assertFalse(self.is_mounted())
        self.assertEqual(list((self.folder / "state").iterdir()), [])
        self.assertEqual(list((self.folder / "cache").iterdir()), [])
        self.assertIn("POST /setup/ws/1/logout", service.control("counters")["order"])
        ended = on_terminal(self.command(service), [("ode", CODE)])
        self.assertEqual(ended.status, 0, ended)

    def test_signing_out_may_keep_the_photos_that_were_downloaded(self):
        service = self.serve()
        self.mount_first(service)
        photo = self.photos()[0]
        content = self.read(photo)
        self.unmount()
        self.succeed(self.icloudphotos(service, "signout", "--keep-cache"))
        self.assertEqual(list((self.folder / "state").iterdir()), [])
        self.mount_first(service)
        service.control("counters/reset", {})
        self.assertEqual(self.read(photo), content)
        self.assertFalse([name for name in service.control("counters")["requests"] if name.startswith("GET /B")])

    def test_a_browser_may_stand_in_for_the_terminal(self):
        service = self.serve()
        command = self.command(service, "--mfa-provider", "webui")
        mounting = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(mounting.stderr.close)
        link = mounting.stderr.readline().split()[-1]
        self.assertEqual(service.control("counters")["codes_sent"], 0)
        browser = Browser(link)
        self.assertEqual(browser.open(link), 303)
        self.wait_for(lambda: 'name="code"' in browser.page(), "the page to ask for the code")
        question = re.search(r'name="question" value="(\d+)"', browser.page()).group(1)
        status, _, _ = browser.request("POST", "/code", body=f"question={question}&code={CODE}")
        self.assertEqual(status, 303)
        self.assertEqual(mounting.wait(PATIENCE), 0)
        self.assertTrue(self.is_mounted())

    def test_several_accounts_have_to_be_named(self):
        service = self.serve()
        self.mount_first(service)
        self.unmount()
        other = self.folder / "state" / "bob@example.com"
        other.mkdir(mode=0o700)
        (other / "session.json").touch(0o600)
        ended = self.run_quietly(self.icloudphotos(service, "status"))
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn(ACCOUNT, ended.stderr)
        self.assertIn("bob@example.com", ended.stderr)
        self.assertTrue(json.loads(self.succeed(self.icloudphotos(service, "status", "--json", ACCOUNT)))["signed_in"])

    def test_a_password_may_come_from_standard_input(self):
        service = self.serve()
        command = [word for word in self.command(service) if not word.startswith(("--password-command", "echo"))]
        ended = subprocess.run([*command, "-o", "password_stdin"], input=PASSWORD + "\n", capture_output=True, text=True,
                               timeout=PATIENCE, start_new_session=True)
        self.assertEqual(ended.returncode, 32)
        self.assertEqual(service.control("counters")["password_attempts"], 1)
        self.succeed(self.icloudphotos(service, "signin", ACCOUNT, service.control("code/generate", {})["code"]))

    def secrets_of(self, service):
        saved = json.loads((self.folder / "state" / ACCOUNT / "session.json").read_text())
        found = [PASSWORD, CODE]

        def collect(value, name=""):
            if isinstance(value, dict):
                for key, inner in value.items():
                    collect(inner, key)
            elif isinstance(value, list):
                for inner in value:
                    collect(inner, name)
            elif isinstance(value, str) and len(value) >= 8 and any(word in name for word in ("token", "scnt", "session_id", "value")):
                found.append(value.strip('"'))
        collect(saved)
        self.assertGreater(len(found), 8)
        return found

    def test_logs_core_and_proc_tell_no_secret(self):
        service = self.serve()
        log = self.folder / "log"
        hungry = self.folder / "dumps"
        hungry.mkdir()
        command = [word for word in self.command(service, "--debug") if not word.startswith(("--password-command", "echo"))]

        def allow_core():
            resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            os.chdir(hungry)
        pid, terminal = pty.fork()
        if pid == 0:
            allow_core()
            with open(log, "wb", buffering=0) as sink:
                os.dup2(sink.fileno(), 2)
            os.execv(command[0], command)
        self.addCleanup(os.close, terminal)
        for question, answer in ((b"assword", PASSWORD), (b"code:", CODE)):
            shown = b""
            while question not in shown:
                shown += os.read(terminal, 1000)
            os.write(terminal, answer.encode() + b"\n")
        self.wait_for(self.is_mounted, "the mount")
        self.read(self.photos()[0])
        secrets = self.secrets_of(service)
        seen = log.read_bytes()
        self.assertIn(b"accountLogin", seen)
        for name in ("cmdline", "environ"):
            seen += (pathlib.Path("/proc") / str(pid) / name).read_bytes()
        for secret in secrets:
            self.assertNotIn(secret.encode(), seen)
        # Nothing of its memory is left behind when it dies, though others would leave a core file here.
        os.kill(pid, signal.SIGSEGV)
        os.waitpid(pid, 0)
        if not pathlib.Path("/proc/sys/kernel/core_pattern").read_text().startswith(("|", "/")):
            dumper = subprocess.Popen(["sleep", "60"], preexec_fn=allow_core)
            dumper.send_signal(signal.SIGSEGV)
            dumper.wait(PATIENCE)
            self.assertEqual(len(list(hungry.iterdir())), 1, "nothing dumps core here, so nothing was proven")


if __name__ == "__main__":
    unittest.main(verbosity=2)
