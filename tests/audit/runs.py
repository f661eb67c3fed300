"""Run shipped scenarios and audit what they leave behind."""

import glob
import os
import re
import subprocess
import sys
import tempfile

import audit
import changed

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = os.path.join(HERE, "..", "..", "scenarios")


def fail(why):
    print(f"not ok - {why}")
    sys.exit(1)


def arms(scenario):
    """Names of a scenario's arms; [None] where it has none."""
    with open(scenario, encoding="utf-8") as file:
        block = re.search(r"^arms:\n((?:[ #-].*\n|\n)*)", file.read(), flags=re.M)
    return re.findall(r"^  - name: *(\S+)", block.group(1), flags=re.M) if block else [None]


def run(orrery, scenario, arm, out, data=None, sets=()):
    """One run with the seed 1; its folder."""
    command = [orrery, "run", scenario, "--out", out, "--seed", "1", "--quiet"]
    command += ["--arm", arm] if arm else []
    command += ["--data", data] if data else []
    command += [word for value in sets for word in ("--set", value)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    folders = [f for f in glob.glob(os.path.join(out, "*")) if not f.endswith((".violated", ".partial"))]
    # 1: an expectation does not hold, which is not the audit's business
    if done.returncode not in (0, 1) or len(folders) != 1:
        print(done.stdout)
        fail(f"{' '.join(command)}: exit code {done.returncode}, {len(folders)} folders")
    return folders[0]


def agree(orrery, path, data=None, sets=()):
    """Run each arm of a scenario; what the audit finds in its tables must be nothing."""
    for arm in arms(path):
        name = os.path.basename(path) + "".join(f", {a}" for a in (arm, *sets) if a)
        with tempfile.TemporaryDirectory() as out:
            report = audit.audit(run(orrery, path, arm, out, data, sets))
        for check, table, line, column, expected, found in report.differences[:audit.SHOWN]:
            print(f"# {table}.csv:{line} {column}: expected {expected}, found {found} ({check})")
        if report.differences:
            fail(f"{name}: {len(report.differences)} figures differ")
        print(f"ok - {name}: {sum(report.counts.values())} figures")


def each_table_counts(orrery, path):
    """In a copy of a run's tables, one changed cell of each is noticed."""
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as copy:
        folder = run(orrery, path, None, out)
        changed.copy(folder, copy)
        tables = sorted(os.path.splitext(f)[0] for f in os.listdir(copy))
        full = [t for t in tables if len(changed.read(copy, t)) > 1]
        for table in full:
            lines = changed.read(copy, table)
            if not any(changed.is_noticed(copy, table, lines, 1, column) for column in lines[0][1:]):
                fail(f"{table}.csv: no changed cell of its first row is noticed")
    print(f"ok - a changed cell is noticed in each of {len(full)} tables")
