#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Formats all sources (`format`), or says which are not formatted (`check`); `tidy BUILD` runs clang-tidy over what BUILD compiles."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def tool(name):
    found = shutil.which(f"{name}-14") or shutil.which(name)
    if not found:
        sys.exit(f"{name} is missing; install {name}-14")
    return found


def sources():
    for top in ("src", "include", "test"):
        for file in sorted((ROOT / top).rglob("*")):
            if file.suffix in (".cpp", ".h"):
                yield file


def each(command, files):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda file: subprocess.run([*command, file], capture_output=True, text=True), files))


def main():
    mode = sys.argv[1]
    files = list(sources())
    if mode == "format":
        subprocess.run([tool("clang-format"), "-i", *files], check=True)
        return 0
    if mode == "check":
        results = each([tool("clang-format"), "--dry-run", "-Werror"], files)
        wrong = [file for file, result in zip(files, results) if result.returncode]
    else:
        compiled = {entry["file"] for entry in json.loads((pathlib.Path(sys.argv[2]) / "compile_commands.json").read_text())}
        compiled = {(pathlib.Path(sys.argv[2]) / file).resolve() for file in compiled}
        files = [file for file in files if file in compiled and "test" not in file.relative_to(ROOT).parts]
        results = each([tool("clang-tidy"), "--quiet", "-p", sys.argv[2]], files)
        wrong = [file for file, result in zip(files, results) if result.returncode]
        for result in results:
            print(result.stdout, end="")
    for file in wrong:
        print(f"{file.relative_to(ROOT)}: not as {'.clang-format' if mode == 'check' else '.clang-tidy'} wants it")
    print(f"{len(files)} files looked at, {len(wrong)} to mend")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
