#!/usr/bin/env python3
"""Checks that every public header compiles alone, and twice: check_headers.py INCLUDE_DIR COMPILER [FLAG...]"""
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def complaint(command, header):
    """What the compiler says about the header, empty if it likes it."""
    source = f"#include <{header}>\n" * 2
    result = subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"], input=source, capture_output=True, text=True)
    return f"{header} does not compile alone:\n{result.stderr}" if result.returncode else ""


def main():
    folder, *command = sys.argv[1:]
    headers = sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*.h"))
    if not headers:
        print(f"{folder}: no headers found")
        return 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [text for text in pool.map(lambda header: complaint(command, header), headers) if text]
    print("\n".join(complaints) or f"{len(headers)} headers compile alone")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
