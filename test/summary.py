#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Adds up what meson's test runs of several build folders recorded, one closing line for all."""
import pathlib
import sys
import xml.etree.ElementTree as xml


def main() -> int:
    passed = failed = skipped = 0
    for folder in sys.argv[1:]:
        for suite in xml.parse(pathlib.Path(folder) / "meson-logs" / "testlog.junit.xml").getroot().iter("testsuite"):
            tests, bad, off = (int(suite.get(key) or 0) for key in ("tests", "failures", "skipped"))
            bad += int(suite.get("errors") or 0)
            passed, failed, skipped = passed + tests - bad - off, failed + bad, skipped + off
            for test in suite.iter("testcase"):
                if test.find("failure") is not None or test.find("error") is not None:
                    print(f"failed: {pathlib.Path(folder).name}: {suite.get('name')}: {test.get('name')}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
