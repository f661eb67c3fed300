"""The tables of a run folder, and the list of what was found to differ.

Cells are read as text and turned into integers here: whole seconds, base units, 10^-18 SPON.  No
number passes through a float."""

import csv
import os

SPON = 10**18


class Broken(Exception):
    """The folder cannot be read as tables of a run."""


class Row:
    """One row: row["column"] is the text, row.int(...) and its like the figure."""

    def __init__(self, table, line, cells):
        self.table, self.line, self.cells = table, line, cells

    def __getitem__(self, column):
        if column not in self.cells:
            raise Broken(f"{self.table}.csv has no column {column}")
        return self.cells[column]

    def int(self, column):
        text = self[column]
        try:
            return int(text)
        except ValueError:
            raise Broken(f"{self.table}.csv:{self.line}: {column}: an integer expected, not {text!r}") from None

    def opt(self, column):
        """None for an empty cell."""
        return None if self[column] == "" else self.int(column)

    def spon(self, column):
        whole, _, part = self[column].partition(".")
        if not whole.isdigit() or len(part) > 18 or not (part == "" or part.isdigit()):
            raise Broken(f"{self.table}.csv:{self.line}: {column}: an amount expected, not {self[column]!r}")
        return int(whole) * SPON + int(part.ljust(18, "0") or 0)


def spon_text(units):
    """As the tables write it: no zeros at the end."""
    return f"{units // SPON}.{units % SPON:018d}".rstrip("0").rstrip(".")


class Report:
    """What was compared, and what differed."""

    def __init__(self):
        self.counts, self.differences = {}, []

    def count(self, check, n=1):
        self.counts[check] = self.counts.get(check, 0) + n

    def same(self, check, row, column, expected, found=None):
        """The cell must be this; found: the cell as a figure where it is not a plain integer."""
        if found is None:
            found = row.opt(column)
        self.count(check)
        if expected != found:
            self.differ(check, row.table, row.line, column, expected, found)

    def same_spon(self, check, row, column, expected):
        self.count(check)
        found = row.spon(column)
        if expected != found:
            self.differ(check, row.table, row.line, column, spon_text(expected), spon_text(found))

    def same_ratio(self, check, row, column, num, den):
        """Six decimals, cut off; empty over 0."""
        millionths = row.int(num) * 10**6 // row.int(den) if row.int(den) else 0
        text = f"{millionths // 10**6}.{millionths % 10**6:06d}" if row.int(den) else ""
        self.same(check, row, column, text, row[column])

    def same_text(self, check, row, column, expected):
        self.same(check, row, column, expected, row[column])

    def holds(self, check, row, column, rule, what):
        """The rule, as words, must hold."""
        self.count(check)
        if not what:
            self.differ(check, row.table, row.line, column, rule, row[column])

    def differ(self, check, table, line, column, expected, found):
        self.differences.append((check, table, line, column, expected, found))


class Known(dict):
    """A table of names in which a name that is not there is the folder's fault."""

    def __init__(self, file, names):
        super().__init__(names)
        self.file = file

    def __missing__(self, name):
        raise Broken(f"{self.file} has no {name!r}")


class Era:
    def __init__(self, row):
        self.row, self.number = row, row.int("era")
        self.start, self.end = row.int("start_s"), row.int("end_s")
        self.block = row.int("closed_block")

    def hours(self):
        return range(self.start, self.end - 3599, 3600)

    def holds(self, second):
        return self.start <= second < self.end


class Outage:
    """A record of counted downtime [start, until); until is None where no up record came."""

    def __init__(self, row):
        self.row, self.id, self.provider = row, row.int("outage"), row.int("provider")
        self.start, self.until = row.int("from_s"), row.opt("until_s")
        self.down_block, self.up_block = row.int("down_block"), row.opt("up_block")
        self.up_s = row.opt("up_s")

    def known_until(self, block, end):
        """The reconnect, as blocks before this one say (158); the era's end where they do not."""
        if self.up_block is not None and self.up_block < block:
            return self.until
        return end


class Run:
    """The rows of one run, by table; a table that is not there has none."""

    def __init__(self, number, tables, written):
        self.number, self.tables, self.written, self.indexes = number, tables, written, {}
        self.eras = [Era(r) for r in self["eras"]]
        self.decimals = Known("tokens.csv", {r["token"]: r.int("decimals") for r in self["tokens"]})
        self.native = next((r["token"] for r in self["tokens"] if r["native"] == "1"), None)
        self.params = {}
        for r in self["params"]:
            self.params.setdefault(r["name"], []).append((r.int("era"), r.int("value")))
        self.prices = {}
        for r in self["prices"]:
            self.prices.setdefault(r["token"], []).append((r.int("second_s"), r.int("usd_e8")))
        self.by_provider = {}
        for r in self["outages"]:
            outage = Outage(r)
            self.by_provider.setdefault(outage.provider, []).append(outage)
        self.end = self["runs"][0].int("end_s")

    def __getitem__(self, table):
        return self.tables.get(table, [])

    def outages(self, provider):
        return self.by_provider.get(provider, [])

    def has(self, table):
        """Was the table written?  bids and transfers may be left out (output of the scenario)."""
        return table in self.written

    def where(self, table, **cells):
        """Rows with these cells, by an index that is made once."""
        key = (table,) + tuple(cells)
        if key not in self.indexes:
            found = self.indexes[key] = {}
            for row in self[table]:
                found.setdefault(tuple(row[c] for c in cells), []).append(row)
        return self.indexes[key].get(tuple(str(v) for v in cells.values()), [])

    def param(self, name, era):
        """Value in an era: the last change at or before it."""
        value = None
        for since, v in self.params.get(name, []):
            if since <= era:
                value = v
        if value is None:
            raise Broken(f"params.csv has no {name} for era {era}")
        return value

    def era_of(self, second):
        """Number of the era that holds the second, closed or not."""
        for e in self.eras:
            if second < e.end:
                return e.number
        return self.eras[-1].number + 1 if self.eras else 0

    def price(self, token, second):
        """10^-8 USD a whole token, the last at or before the second; None: there was none."""
        found = None
        for since, usd in self.prices.get(token, []):
            if since <= second:
                found = usd
        return found

    def usd(self, token, units, second):
        """Base units in 10^-8 USD at the last known price, floored; 0 without one."""
        return units * (self.price(token, second) or 0) // 10 ** self.decimals[token]

    def in_spon(self, token, units, second):
        """Base units of a token in 10^-18 SPON at the last known prices; 0 without one (row 37)."""
        if token == self.native:
            return units
        mine, native = self.price(token, second), self.price(self.native, second)
        if not mine or not native:
            return 0
        return units * mine * SPON // (native * 10 ** self.decimals[token])


def read_table(path, name):
    """Rows of one file, the number of the run taken off: [(run, Row)]."""
    with open(path, newline="", encoding="utf-8") as file:
        lines = csv.reader(file, strict=True)
        try:
            header = next(lines)
        except StopIteration:
            raise Broken(f"{path} is empty") from None
        rows = []
        for cells in lines:
            if len(cells) != len(header):
                raise Broken(f"{path}:{lines.line_num}: {len(header)} cells expected, not {len(cells)}")
            row = Row(name, lines.line_num, dict(zip(header, cells)))
            rows.append((row.int("run"), row))
    return rows


def read_folder(folder):
    """The runs of a folder, in the order of their numbers."""
    runs, written = {}, set()
    for file in sorted(os.listdir(folder)):
        name, extension = os.path.splitext(file)
        if extension != ".csv":
            continue
        written.add(name)
        for number, row in read_table(os.path.join(folder, file), name):
            runs.setdefault(number, {}).setdefault(name, []).append(row)
    if not runs:
        raise Broken(f"{folder}: no tables of a run")
    for number, tables in runs.items():
        if len(tables.get("runs", [])) != 1:
            raise Broken(f"{folder}: run {number} has not one row in runs.csv")
    return [Run(n, runs[n], written) for n in sorted(runs)]
