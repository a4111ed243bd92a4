#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The sign-in page: what attackers get, and how a person signs in with a real browser.

  web_test.py --host build/test/integration/web-page-host --output FOLDER

`web-page-host` shows the page in front of a real session and the simulated service. First everything that must be refused is
sent byte by byte; then Debian's chromium signs in, driven by web_browser.mjs with playwright-core from the npm registry, which
is installed into FOLDER. Screenshots of every page are left in FOLDER/screenshots.

Exit status: 0 passed, 1 failed, 77 the browser's part skipped (no chromium, no npm, no registry; it says which).
"""

import argparse
import http.client
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

SKIPPED = 77
HERE = Path(__file__).resolve().parent


class Host:
    """web-page-host, and the questions it answers."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.link = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(20)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def passwords_tried(self):
        return json.loads(self.ask("control counters"))["password_attempts"]


class Browser:
    """Sends exactly what it is told."""

    def __init__(self, link):
        self.address = urlsplit(link)
        self.cookie = None

    def request(self, method, target, headers=None, body=None, own=True):
        """Status, headers and text. `own`: with the cookie, and for forms the origin, that our own page would send."""
        lines = {"Host": self.address.netloc}
        if own and self.cookie:
            lines["Cookie"] = self.cookie
        if own and method == "POST":
            lines["Origin"] = f"http://{self.address.netloc}"
        if body is not None:
            lines["Content-Type"] = "application/x-www-form-urlencoded"
            lines["Content-Length"] = str(len(body))
        lines |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.address.port, timeout=20)
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in lines.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    connection.putheader(name, one)
        connection.endheaders(body.encode() if body is not None else None)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def open(self, link):
        status, headers, _ = self.request("GET", "/?" + urlsplit(link).query)
        if headers["Set-Cookie"]:
            self.cookie = headers["Set-Cookie"].partition(";")[0]
        return status

    def page(self):
        return self.request("GET", "/")[2]


class Attacks:
    """Each must get its status and leave the open question as it was."""

    def __init__(self, host):
        self.host, self.problems, self.count = host, [], 0
        self.victim = Browser(host.link)
        self.expect("the first browser with the link", self.victim.open(host.link), 303)
        host.ask("sign-in")
        while "type=\"password\"" not in self.victim.page():
            pass
        self.before = self.victim.page()
        self.question = re.search(r'name="question" value="(\d+)"', self.before).group(1)
        self.form = urlencode({"question": self.question, "password": "from an attacker"})

    def expect(self, what, got, wanted):
        self.count += 1
        if got != wanted:
            self.problems.append(f"{what}: {got} instead of {wanted}")

    def refused(self, what, wanted, method="POST", target="/password", headers=None, body=None, own=True):
        body = self.form if body is None and method == "POST" else body
        status, lines, text = self.victim.request(method, target, headers, body, own)
        self.expect(what, status, wanted)
        if wanted not in (411, 413) and "default-src 'none'" not in lines.get("Content-Security-Policy", ""):
            self.problems.append(f"{what}: the answer has no Content-Security-Policy")
        if lines["X-Injected"] or "root:" in text or (wanted == 403 and "demo@example.com" in text):
            self.problems.append(f"{what}: the answer tells or carries what it must not: {text}")

    def run(self):
        address, port = self.victim.address.netloc, self.victim.address.port
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"[::1]:{port}", f"127.0.0.1:{port}.evil.example", "", None,
                     [address, "evil.example"]):
            self.refused(f"Host {host}", 403, headers={"Host": host})
            self.refused(f"GET with Host {host}", 403, "GET", "/", headers={"Host": host})
        for origin in ("https://evil.example", "null", "", None, f"https://{address}", f"http://127.0.0.1:{port + 1}",
                       f"http://localhost:{port}", f"http://{address}.evil.example", [f"http://{address}", "https://evil.example"]):
            self.refused(f"Origin {origin}", 403, headers={"Origin": origin})
        cookie = self.victim.cookie
        for wrong in (None, "", cookie[:-1], cookie + "x", cookie.partition("=")[0] + "=", cookie.replace("icloudphotos", "icloud")):
            self.refused(f"Cookie {wrong}", 403, headers={"Cookie": wrong})
        second = Browser(self.host.link)
        self.expect("a second browser with the same link", second.open(self.host.link), 403)
        self.expect("a second browser without it", second.request("GET", "/")[0], 403)
        unused = self.host.ask("link")
        newest = self.host.ask("link")
        self.expect("an older link", Browser(unused).open(unused), 403)
        self.expect("a guessed one", Browser(newest).open(newest[:-1] + ("A" if newest[-1] != "A" else "B")), 403)
        self.refused("a body of 5 KB", 413, body=self.form + "&x=" + "x" * 5000)
        self.refused("a body of 1 GB that never comes", 413, headers={"Content-Length": str(1 << 30)}, body="")
        self.refused("a body without length", 411, headers={"Content-Length": None, "Transfer-Encoding": "chunked"}, body="")
        for path in ("/password", "/code", "/send", "/sign-in"):
            self.refused(f"GET {path}", 405, "GET", f"{path}?{self.form}")
            self.refused(f"PUT {path}", 405, "PUT", path, {"Content-Length": "0"})
        for path in ("/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/style.css/../../etc/passwd",
                     "//etc/passwd", "/a%0d%0aX-Injected:%20yes", "/a%00b", "/%"):
            self.refused(f"GET {path}", 404, "GET", path)
            self.refused(f"POST {path}", 404, target=path)
        self.refused("a line end in the query", 303, "GET", "/?token=a%0d%0aX-Injected:%20yes")
        self.refused("another question's number", 303, body=urlencode({"question": int(self.question) + 1, "password": "x"}))
        self.refused("no question's number", 303, body="password=x")
        self.refused("another question's form", 303, target="/code", body=urlencode({"question": self.question, "code": "123456"}))
        self.refused("a sign-in while there is one", 303, target="/sign-in")
        if self.victim.page() != self.before:
            self.problems.append("the page has changed")
        self.expect("passwords sent to Apple", self.host.passwords_tried(), 0)
        return self.problems


def try_attacks(program):
    with Host(program) as host:
        attacks = Attacks(host)
        problems = attacks.run()
    print(f"{attacks.count} requests answered as they must be" if not problems else f"{len(problems)} problems")
    return problems


def skip(why):
    print(f"SKIP: {why}; what attackers get was tested, the page in a browser was not")
    sys.exit(SKIPPED)


def install(folder):
    """playwright-core in `folder`, as the lock file says; kept for the next time."""
    kept = folder / "package-lock.json"
    lock = HERE / "package-lock.json"
    if kept.exists() and kept.read_text() == lock.read_text() and (folder / "node_modules/playwright-core").exists():
        return
    shutil.copy(HERE / "package.json", folder)
    shutil.copy(lock, folder)
    command = ["npm", "ci", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        kept.unlink()
        skip("the npm registry did not answer within 60 s")
    if done.returncode:
        kept.unlink()
        reasons = [line for line in done.stderr.splitlines() if line.startswith("npm error")]
        skip("npm could not install playwright-core: " + " ".join(reasons[:2]))


def try_browser(program, folder):
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not shutil.which("npm"):
        skip("chromium, node and npm are needed and one is not installed")
    install(folder)
    screenshots = folder / "screenshots"
    shutil.rmtree(screenshots, ignore_errors=True)
    screenshots.mkdir()
    done = subprocess.run([node, str(HERE / "web_browser.mjs"), str(program), chromium, str(folder), str(screenshots)],
                          stdin=subprocess.DEVNULL, timeout=300, check=False)
    print(f"{len(list(screenshots.glob('*.png')))} screenshots in {screenshots}")
    return [] if done.returncode == 0 else ["the browser's part failed"]


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--host", type=Path, required=True, help="the program web-page-host")
    words.add_argument("--output", type=Path, required=True, help="a folder for the npm package and screenshots")
    options = words.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    problems = try_attacks(options.host)
    for problem in problems:
        print("FAIL:", problem)
    if problems:
        return 1
    sys.stdout.flush()
    problems = try_browser(options.host, options.output)
    for problem in problems:
        print("FAIL:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
