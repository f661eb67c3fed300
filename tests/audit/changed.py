"""Change one cell of a run folder and see whether the audit notices."""

import csv
import os
import shutil

import audit
import tables


def other(text):
    """A cell that says something else, of the same kind."""
    if text in ("0", "1"):
        return "10"[int(text)]
    whole, point, part = text.partition(".")
    if whole.lstrip("-").isdigit() and (part.isdigit() or not point):
        return whole + point + part[:-1] + str((int(part[-1]) + 1) % 10) if point else str(int(text) + 1)
    return text + "1"


def read(folder, table):
    with open(os.path.join(folder, table + ".csv"), newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def write(folder, table, lines):
    with open(os.path.join(folder, table + ".csv"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def notices(folder):
    try:
        return bool(audit.audit(folder).differences)
    except tables.Broken:
        return True


def is_noticed(folder, table, lines, line, column):
    """Change that cell, audit, change it back."""
    at = lines[0].index(column)
    before = lines[line][at]
    lines[line][at] = other(before)
    write(folder, table, lines)
    found = notices(folder)
    lines[line][at] = before
    write(folder, table, lines)
    return found


def copy(folder, to):
    """The tables alone."""
    for file in os.listdir(folder):
        if file.endswith(".csv"):
            shutil.copy(os.path.join(folder, file), to)
