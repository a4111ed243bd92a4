#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mail to a real SMTP server (Debian's python3-aiosmtpd): TLS, login, what is refused, and what arrives."""
import email
import email.policy
import importlib.util
import logging
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import time
import unittest

SYSTEMS_PYTHON = "/usr/bin/python3"  # the one that Debian's packages are for
if importlib.util.find_spec("aiosmtpd") is None and not os.environ.get("TEST_MAIL_AGAIN") and os.path.exists(SYSTEMS_PYTHON):
    os.execve(SYSTEMS_PYTHON, [SYSTEMS_PYTHON, *sys.argv], {**os.environ, "TEST_MAIL_AGAIN": "1"})
try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
except ImportError:
    print("there is no mail server to test with; install python3-aiosmtpd")
    sys.exit(77)

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # what it thinks of clients that hang up
PROBE = os.environ.get("TEST_MAIL", "build/test/integration/mail_probe")
TLS = pathlib.Path(__file__).resolve().parent.parent / "data" / "tls"
AUTHORITY = str(TLS / "authority.pem")
LOGIN = (b"ann", "pass word \u00e4".encode())
PATIENCE = 120


def text_of(message):
    return message.get_content().replace("\r\n", "\n")


class Taker:
    """What reached the server."""

    def __init__(self):
        self.mails, self.logins, self.answer = [], [], None

    def log_in(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password, session.ssl is not None))
        return AuthResult(success=(data.login, data.password) == LOGIN, handled=False)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.answer and not self.answer.startswith("DATA "):
            return self.answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answer:
            return self.answer.removeprefix("DATA ")
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content, session.ssl is not None))
        return "250 OK"


class MailServer(unittest.TestCase):
    def serve(self, certificate="loopback.pem", **options):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate:
            context.load_cert_chain(TLS / certificate, TLS / "loopback.key")
            options["tls_context"] = context
        self.taker = Taker()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        controller = Controller(self.taker, hostname="127.0.0.1", port=self.port, authenticator=self.taker.log_in,
                                **options)
        controller.start()
        self.addCleanup(controller.stop)

    def send(self, *, sender="Box <box@example.com>", to="ann@example.com", subject="Hello", text="Some text.\n",
             tls="tls", authority=AUTHORITY, username=None, password="pass word \u00e4", host="127.0.0.1"):
        command = [PROBE, host, str(self.port), sender, to, subject, tls, authority or "-"]
        if username:
            command.append(username)
        ended = subprocess.run(command, input=f"{password}\n{text}".encode(), capture_output=True, timeout=PATIENCE,
                               check=False)
        self.assertNotIn(b"pass word", ended.stdout + ended.stderr)
        self.assertEqual(ended.stderr, b"")
        return ended.stdout.decode().strip()

    def assert_nothing_came(self):
        self.assertEqual((self.taker.mails, self.taker.logins), ([], []))

    def only_mail(self):
        self.assertEqual(len(self.taker.mails), 1)
        return self.taker.mails[0]


class Encrypted(MailServer):
    def test_mail_is_encrypted_without_being_asked_to(self):
        self.serve()
        self.assertEqual(self.send(), "sent")
        sender, to, _, encrypted = self.only_mail()
        self.assertEqual((sender, to, encrypted), ("box@example.com", ["ann@example.com"], True))
        self.assertEqual(self.taker.logins, [])

    def test_the_login_is_given_after_that(self):
        self.serve(auth_required=True)
        self.assertEqual(self.send(username="ann"), "sent")
        self.assertEqual(self.taker.logins, [(*LOGIN, True)])

    def test_a_wrong_login_is_refused(self):
        self.serve(auth_required=True)
        answer = self.send(username="ann", password="pass word b")
        self.assertTrue(answer.startswith("refused: the mail server 127.0.0.1 refused the login of ann"), answer)
        self.assertEqual(self.taker.mails, [])

    def test_a_server_that_wants_a_login_refuses_mail_without(self):
        self.serve(auth_required=True)
        self.assertTrue(self.send().startswith("refused: "))
        self.assert_nothing_came()

    def test_a_server_that_does_not_encrypt_gets_nothing(self):
        self.serve(certificate=None, auth_require_tls=False)
        answer = self.send(username="ann")
        self.assertTrue(answer.startswith("offline: the mail server 127.0.0.1 does not encrypt (STARTTLS), so nothing was "
                                          "sent"), answer)
        self.assert_nothing_came()

    def test_an_untrusted_certificate_gets_nothing(self):
        self.serve()
        answer = self.send(username="ann", authority=None)
        self.assertTrue(answer.startswith("offline: the mail server 127.0.0.1 did not prove who it is"), answer)
        self.assert_nothing_came()

    def test_somebody_elses_certificate_gets_nothing(self):
        self.serve(certificate="elsewhere.pem")
        self.assertTrue(self.send(username="ann").startswith("offline: the mail server 127.0.0.1 did not prove who it is"))
        self.assert_nothing_came()


class InTheClear(MailServer):
    def test_it_is_sent_in_the_clear_when_that_is_wanted(self):
        self.serve(certificate=None, auth_require_tls=False)
        self.assertEqual(self.send(username="ann", tls="clear", authority=None), "sent")
        self.assertEqual(self.taker.logins, [(*LOGIN, False)])
        self.assertFalse(self.only_mail()[3])


class Refusals(MailServer):
    def test_what_a_server_refuses_is_refused(self):
        self.serve()
        for answer in ("550 no such sender", "DATA 554 looks like spam"):
            self.taker.answer = answer
            self.assertTrue(self.send().startswith("refused: the mail server 127.0.0.1 refused the mail: "), self.send())

    def test_what_it_takes_later_is_no_refusal(self):
        self.serve()
        for answer in ("450 greylisted", "DATA 451 try again later"):
            self.taker.answer = answer
            self.assertTrue(self.send().startswith("throttled: "), self.send())

    def test_no_server_is_no_connection(self):
        with socket.socket() as taken:  # bound, and nobody listens
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
            self.assertTrue(self.send().startswith("offline: the mail server 127.0.0.1 cannot be reached"))

    def test_nothing_can_be_injected(self):
        self.serve()
        for hostile in ("\r\nBcc: eve@example.com", "\nBcc: eve@example.com", "\rBcc: eve@example.com",
                        "\r\n.\r\nMAIL FROM:<eve@example.com>", "\x1b[2J", "\u2028"):
            for part in ({"sender": "Box" + hostile + " <box@example.com>"}, {"sender": "box@example.com" + hostile},
                         {"to": "Ann" + hostile + " <ann@example.com>"}, {"to": "<ann@example.com" + hostile + ">"},
                         {"subject": "Hello" + hostile}):
                self.assertTrue(self.send(**part).startswith("usage: "), part)
        for host in ("localhost/x", "ann@127.0.0.1", "", "127.0.0.1\r\n"):
            self.assertTrue(self.send(host=host).startswith("usage: "), host)
        self.assert_nothing_came()

    def test_it_is_given_up_at_once(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.port = silent.getsockname()[1]
            command = [PROBE, "127.0.0.1", str(self.port), "box@example.com", "ann@example.com", "Hello", "tls", "-"]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as probe:
                probe.stdin.close()
                connection, _ = silent.accept()  # from now on it waits for our greeting
                with connection:
                    began = time.monotonic()
                    probe.terminate()
                    self.assertTrue(probe.stdout.read().startswith(b"cancelled: "))
                    self.assertLess(time.monotonic() - began, 5)


class WhatArrives(MailServer):
    def setUp(self):
        super().setUp()
        self.serve()

    def arrived(self, **mail):
        self.assertEqual(self.send(**mail), "sent")
        _, _, content, _ = self.taker.mails.pop()
        content.decode("ascii")
        self.assertNotIn(b"\n", content.replace(b"\r\n", b""))
        self.assertLessEqual(max(map(len, content.split(b"\r\n"))), 78)
        return email.message_from_bytes(content, policy=email.policy.default)

    def test_all_its_headers_are_those_of_a_mail(self):
        message = self.arrived()
        self.assertEqual(message.defects, [])
        self.assertEqual([name for name in message.keys() if not name.startswith("X-")],
                         ["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
                          "Content-Transfer-Encoding"])
        self.assertEqual((message["From"], message["To"], message["Subject"]),
                         ("Box <box@example.com>", "ann@example.com", "Hello"))
        self.assertLess(abs(message["Date"].datetime.timestamp() - time.time()), 60)
        self.assertRegex(message["Message-ID"], r"^<[0-9a-f-]{36}@example\.com>$")
        self.assertEqual(message.get_content_type(), "text/plain")
        self.assertEqual(message.get_content_charset(), "utf-8")
        self.assertEqual(text_of(message), "Some text.\n")

    def test_no_two_have_one_id(self):
        self.assertNotEqual(self.arrived()["Message-ID"], self.arrived()["Message-ID"])

    def test_any_script_arrives_as_it_was_written(self):
        subject = "\u00dcber \u5199\u771f \U0001f4f7 " * 9 + "=?UTF-8?B?eA==?="
        text = "\u00e4\u5199\U0001f4f7 = .\n.\n..\n.dots\n \nblanks \n\ttab\t\nFrom here\n" + "long \u00e4" * 300 + "\n\nend\n"
        message = self.arrived(sender="\u00c4nn, \"A\" \U0001f4f7 <box@example.com>", to="\u5199 <ann@example.com>",
                               subject=subject, text=text)
        self.assertEqual(message["Subject"], subject)
        self.assertEqual(message["From"].addresses[0].display_name, "\u00c4nn, \"A\" \U0001f4f7")
        self.assertEqual(message["From"].addresses[0].addr_spec, "box@example.com")
        self.assertEqual(message["To"].addresses[0].display_name, "\u5199")
        self.assertEqual(text_of(message), text)

    def test_quotes_and_brackets_in_a_name_arrive(self):
        for name in ("Ann \"the \\ one\", A.", "<ann>", "x" * 50):
            message = self.arrived(sender=f"{name} <box@example.com>")
            self.assertEqual(message["From"].addresses[0].display_name, name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
