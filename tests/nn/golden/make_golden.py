#!/usr/bin/env python3
"""Computes the cases of golden/data with PyTorch in double precision, or from formulas where PyTorch has none.

make_golden.py           writes data/<group>/<case>.json
make_golden.py --check   compares with what is there; exit code 77 without PyTorch
"""
import argparse
import importlib
import json
import sys
from pathlib import Path

try:
    import torch
except ImportError:
    print("NOT TESTED: there is no PyTorch")
    sys.exit(77)

DATA = Path(__file__).parent / "data"
GROUPS = ["layers", "losses", "metrics", "optimizers", "schedules", "trajectories"]  # a module each: golden_<group>.py
TOLERANCE = 1e-5  # of the largest number of an array


def rounded(value):
    """Tensors as flat lists, numbers with the digits that a float has."""
    if isinstance(value, torch.Tensor):
        return [rounded(number) for number in value.detach().double().flatten().tolist()]
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(entry) for entry in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def all_cases():
    for group in GROUPS:
        module = importlib.import_module(f"golden_{group}")
        for name, case in module.cases():
            yield group, name, rounded(case)


def write(group, name, case):
    path = DATA / group / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in case.items())
    path.write_text("{" + lines + "}\n", encoding="utf-8")


def differs(ours, theirs):
    if isinstance(ours, dict):
        return ours.keys() != theirs.keys() or any(differs(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and ours and isinstance(ours[0], float):
        largest = max(1e-3, *map(abs, ours))
        return len(ours) != len(theirs) or any(abs(a - b) > TOLERANCE * largest for a, b in zip(ours, theirs))
    if isinstance(ours, list):
        return len(ours) != len(theirs) or any(differs(a, b) for a, b in zip(ours, theirs))
    if isinstance(ours, float):
        return abs(ours - theirs) > TOLERANCE * max(1e-3, abs(ours))
    return ours != theirs


def check():
    seen, bad = set(), []
    for group, name, case in all_cases():
        path = DATA / group / f"{name}.json"
        seen.add(path)
        if not path.exists() or differs(case, json.loads(path.read_text(encoding="utf-8"))):
            bad.append(f"{group}/{name} is not what PyTorch {torch.__version__} gives")
    bad += [f"{path} has no case" for path in sorted(set(DATA.glob("*/*.json")) - seen)]
    print("\n".join(bad) or f"{len(seen)} cases are what PyTorch {torch.__version__} gives")
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    torch.set_default_dtype(torch.float64)
    if arguments.check:
        return check()
    for case in all_cases():
        write(*case)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
