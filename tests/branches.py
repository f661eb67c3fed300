"""Which branches of the rules the tests took.

Usage: branches.py BUILD [--list]

BUILD is a build folder of VARIANT=cov whose tests were run.  Of each file of protocol/ and
chain-mock/contracts/ it prints how many of its branches were taken both ways, the worst first;
with --list also the lines of those that were not.  Left out, by this rule and no other:

  - a line with check( or check_unreachable(: its other side is a bug of the program, on which it
    stops, and test_violation shows that it does;
  - two branches of a switch before the next check_unreachable() of its function: the ways there, from the
    number after the last and from any other;
  - what gcov calls a branch of a call ("throw", "fallthrough" without a count).

Exit code 1 where a share is below the floor in tests/branches.floor; a file that is not named there
has the floor 100.
"""

import gzip
import json
import pathlib
import subprocess
import sys
import tempfile

FOLDERS = ('protocol', 'chain-mock/contracts')


def gcov(data):
    """The report of one .gcda as gcov's JSON has it."""
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(['gcov', '--json-format', '-b', str(data.resolve())], cwd=scratch, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for report in pathlib.Path(scratch).glob('*.gcov.json.gz'):
            yield json.loads(gzip.decompress(report.read_bytes()))


def is_left_out(source, number):
    before = source[number - 2] if number > 1 else ''
    opened = 'check(' in before and before.count('(') > before.count(')')
    return opened or any(word in source[number - 1] for word in ('check(', 'check_unreachable('))


def leads_nowhere(source, number):
    """Whether a switch's function goes on to a check_unreachable()."""
    if not source[number - 1].lstrip().startswith('switch ('):
        return False
    for line in source[number:]:
        if line.startswith('}'):
            return False
        if 'check_unreachable()' in line:
            return True
    return False


def branches_of(build):
    """{file: {line: [taken or not, ...]}}, over all objects that have the line."""
    found = {}
    for folder in FOLDERS:
        for data in sorted((build / folder).rglob('*.gcda')):
            for report in gcov(data):
                for file in report['files']:
                    name = file['file']
                    if not name.startswith(FOLDERS) or not name.endswith('.c'):
                        continue
                    lines = found.setdefault(name, {})
                    for line in file['lines']:
                        counts = [b['count'] > 0 for b in line['branches'] if not b['throw']]
                        if counts:
                            lines.setdefault(line['line_number'], []).extend(counts)
    return found


def floors():
    path = pathlib.Path(__file__).with_name('branches.floor')
    rows = [line.split('#')[0].split() for line in path.read_text().splitlines()]
    return {name: float(share) for share, name in (row for row in rows if row)}


def main():
    build, listed = pathlib.Path(sys.argv[1]), '--list' in sys.argv
    least, status, rows = floors(), 0, []
    total = taken_total = 0
    for name, lines in sorted(branches_of(build).items()):
        source = pathlib.Path(name).read_text().splitlines()
        counted = {n: counts for n, counts in lines.items() if not is_left_out(source, n)}
        for n, counts in counted.items():
            for _ in range(2 if leads_nowhere(source, n) and True in counts else 0):
                if False in counts:
                    counts.remove(False)
        all_of = sum(len(counts) for counts in counted.values())
        taken = sum(sum(counts) for counts in counted.values())
        if all_of:
            missing = [n for n, counts in sorted(counted.items()) if not all(counts)]
            rows.append((100 * taken / all_of, taken, all_of, name, missing, source))
            total += all_of
            taken_total += taken
    if not rows:
        sys.exit(f'{build}: no data; run the tests of VARIANT=cov first')
    for share, taken, all_of, name, missing, source in sorted(rows):
        floor = least.get(name, 100.0)
        below = round(share, 1) < floor
        print(f'{share:6.1f} % of {all_of:4}  {name}' + (f'  below its floor of {floor} %' if below else ''))
        status |= below
        if listed or below:
            for n in missing:
                print(f'              {name}:{n}: {source[n - 1].strip()}')
    print(f'{100 * taken_total / total:6.1f} % of {total:4}  all')
    sys.exit(status)


main()
