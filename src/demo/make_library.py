#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes the small library of the simulated iCloud: library/library.json and library/media/.

Every picture is computed, none was taken. The same packages give the same bytes (README.md says which);
`--check` makes everything again and compares it with what is there.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "library" / "synthesis"))
sys.dont_write_bytecode = True

import collection  # noqa: E402

LIMIT = 4 * 1024 * 1024


def main():
    words = argparse.ArgumentParser(description="Make the demo's small library.")
    words.add_argument("--output", type=Path, default=HERE / "library", help="folder for library.json and media/")
    words.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    options = words.parse_args()

    made = collection.build(options.output).contents()
    total = sum(len(data) for data in made.values())
    there = {"media/" + p.name for p in (options.output / "media").glob("*")}
    stale = sorted(there - set(made))
    if options.check:
        other = sorted(n for n, d in made.items()
                       if not (options.output / n).is_file() or (options.output / n).read_bytes() != d)
        for name in other + stale:
            print("differs:", name)
        return 1 if other or stale else 0
    if total > LIMIT:
        print(f"{total} bytes are more than the {LIMIT} the library may have", file=sys.stderr)
        return 1
    (options.output / "media").mkdir(parents=True, exist_ok=True)
    for name, data in made.items():
        (options.output / name).write_bytes(data)
    for name in stale:
        (options.output / name).unlink()
    print(f"{len(made)} files, {total} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
