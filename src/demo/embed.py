#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes C++ that holds the files of a library: embed.py LIBRARY OUTPUT DEPFILE."""

import json
import pathlib
import sys


def named_files(value):
    """Every "file" of the manifest, wherever it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "file":
                yield inner
            else:
                yield from named_files(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from named_files(inner)


def main():
    library, output, depfile = (pathlib.Path(argument) for argument in sys.argv[1:])
    manifest = library / "library.json"
    names = []
    if manifest.exists():
        names = ["library.json", *sorted(set(named_files(json.loads(manifest.read_text("utf-8")))))]
    symbols, entries = [], []
    for number, name in enumerate(names):
        symbol = f"icloudphotos_demo_{number}"
        path = str((library / name).resolve()).replace("\\", "\\\\").replace('"', '\\"')
        # The assembler copies the file; a C++ array of two megabytes would take the compiler a minute.
        symbols.append(f'asm(".section .rodata\\n{symbol}:\\n.incbin \\"{path}\\"\\n{symbol}_end:\\n'
                       f'.global {symbol}\\n.global {symbol}_end\\n.previous\\n");\n'
                       f"extern \"C\" const char {symbol}[], {symbol}_end[];\n")
        entries.append(f"      EmbeddedFile{{{json.dumps(name)}, {{{symbol}, "
                       f"static_cast<std::size_t>({symbol}_end - {symbol})}}}},\n")
    output.write_text("// Written by embed.py.\n#include \"embedded.h\"\n\n#include <vector>\n\n" + "".join(symbols) +
                      "\nnamespace icloudphotos::demo {\n\nstd::span<const EmbeddedFile> embedded_files() {\n"
                      "  static const std::vector<EmbeddedFile> files{\n" + "".join(entries) +
                      "  };\n  return files;\n}\n\n}  // namespace icloudphotos::demo\n", "utf-8")
    depends = [str(manifest), *(str((library / name).resolve()) for name in names)] if manifest.exists() else []
    depfile.write_text(f"{output}: {' '.join(depends)}\n", "utf-8")


main()
