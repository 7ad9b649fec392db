#!/usr/bin/env python3
"""Checks who includes whom: check_includes.py PROJECT_ROOT

A module may include the modules of the lower layers, and itself. Each foreign library belongs to one
module, and some modules must not see MPI even through the headers of others.
"""
import re
import sys
from pathlib import Path

LAYERS = [["core"], ["math", "log"], ["comm"], ["io"], ["data", "nn"], ["train"], ["callbacks"], ["launch"]]
OWNER = {"mpi.h": "comm", "hdf5.h": "io", "cblas.h": "math"}
STRANGERS_TO_MPI = ["nn", "data", "io", "callbacks"]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def layer(module):
    return next(i for i, modules in enumerate(LAYERS) if module in modules)


def sources(root):
    """Every source file, with the module it belongs to; the examples are users' programs and may use MPI."""
    for module in [name for modules in LAYERS for name in modules]:
        for folder in (f"include/lockstep/{module}", f"src/{module}", module):
            for path in sorted((root / folder).rglob("*")):
                if path.suffix in (".h", ".cpp") and root / "launch/examples" not in path.parents:
                    yield path, module


def includes(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def resolve(root, path, name):
    """The file of the project that `name` means inside `path`; None for everybody else's."""
    candidates = [root / "include" / name, path.parent / name, root / name.removeprefix("lockstep/")]
    return next((file for file in candidates if file.is_file()), None)


def wrong_directions(path, module):
    for name in includes(path):
        match = re.match(r"lockstep/(\w+)/", name)
        used = match.group(1) if match else module
        if used != module and layer(used) >= layer(module):
            yield f"{path}: {module} must not include <{name}>"


def wrong_owners(path, module):
    for name in includes(path):
        owner = OWNER.get(name, module)
        if owner != module:
            yield f"{path}: only {owner} includes <{name}>"


def way_to_mpi(root, path, seen):
    """The chain of files from `path` to mpi.h, empty if there is none."""
    seen.add(path)
    for name in includes(path):
        if name == "mpi.h":
            return [path, name]
        file = resolve(root, path, name)
        if file and file not in seen:
            way = way_to_mpi(root, file, seen)
            if way:
                return [path, *way]
    return []


def problems(root):
    count = 0
    for path, module in sources(root):
        count += 1
        yield from wrong_directions(path, module)
        yield from wrong_owners(path, module)
        if module in STRANGERS_TO_MPI:
            way = way_to_mpi(root, path, set())
            if way:
                yield f"{module} sees MPI: " + " -> ".join(map(str, way))
    if count == 0:
        yield f"{root}: no sources found"


def main():
    found = list(problems(Path(sys.argv[1])))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
