#!/usr/bin/env python3
"""Words quoted from the sources stand in the sources.

A comment (or the source column of a .def row) that cites `settled N`, a named section of it,
or `§ N`, and then quotes words in double quotes, is looked up: the words of a row in that row
or in the sections that give it exactly, the words of a § in the whitepaper or in the settled
list.  An ellipsis stands for words left out.  Exit code 77 where the sources are not there.
"""
import pathlib
import re
import sys

SHARED = pathlib.Path("../shared")
SETTLED = SHARED / "protocol" / "settled.md"
PAPER = SHARED / "seeds" / "spheron-whitepaper.txt"
FOLDERS = ("protocol", "actors", "chain-mock", "metrics", "sim", "tests")

COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"', re.S)
CITATION = re.compile(r"\b(?:settled\b[\s,]*|rows? )(\d+(?:(?:,| and) *\d+)*)|\bsettled\b|§+\s?[\d.]+\w*"
                      r"|(?<=; )(\d+)(?=: \")")
QUOTE = re.compile(r'"([^"]*)"')
REACH = 40  # characters between a citation, or the quotation before, and a quotation

SAME = str.maketrans({"×": "x", "–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "’": "'",
                      "≥": ">", "≤": "<", "·": "x", "⇒": ">", "\u00a0": " "})


def plain(text):
    """Letters as they are, the ways to write the same sign made one, no spaces."""
    text = text.translate(SAME).replace("**", "").replace("`", "").replace("\\|", "|")
    text = text.replace("$", "").replace(">=", ">").replace("<=", "<").replace("=>", ">")
    return re.sub(r"\s+", "", text).lower()


def holds(source, words):
    """As it stands, or with what the source has in parentheses left out."""
    return holds_in(source, words) or holds_in(re.sub(r"\([^()]*\)", "", source), words)


def holds_in(source, words):
    at = 0
    for part in re.split(r"…|\.\.\.|\[\.\.\]", words):
        at = source.find(plain(part), at)
        if at < 0:
            return False
        at += len(plain(part))
    return True


class Sources:
    def __init__(self):
        settled = SETTLED.read_text(encoding="utf-8")
        self.rows = {}
        for line in settled.splitlines():
            row = re.match(r"\| *(\d+) *\|", line)
            if row:
                self.rows.setdefault(row[1], []).append(plain(line))
        self.sections = plain("\n".join(l for l in settled.splitlines()
                                        if not re.match(r"\| *\d+ *\|", l)))
        self.settled = plain(settled)
        self.paper = plain(PAPER.read_text(encoding="utf-8"))

    def has(self, citation, words):
        if citation.group(0).startswith("§"):
            return holds(self.paper, words) or holds(self.settled, words)
        numbers = re.findall(r"\d+", citation.group(1) or citation.group(2) or "")
        if not numbers:
            return holds(self.settled, words)
        rows = [row for n in numbers for row in self.rows.get(n, [])]
        return any(holds(row, words) for row in rows) or holds(self.sections, words)


def segments(path):
    """(line, text) of each run of comments and each string, without its decoration."""
    text = path.read_text(encoding="utf-8")
    for found in COMMENT_OR_STRING.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        piece = found.group(0)
        if piece.startswith("/*"):
            yield line, re.sub(r"\n[ \t]*\*[ \t]?", "\n", piece[2:-2])
        elif piece.startswith("//"):
            yield line, piece[2:]
        elif path.suffix == ".def":
            yield line, piece[1:-1].replace('\\"', '"')


def quotations(text):
    """(offset, citation, words) of each quotation that a citation governs."""
    for citation in CITATION.finditer(text):
        end = citation.end()
        following = CITATION.search(text, end)
        limit = following.start() if following else len(text)
        while True:
            quote = QUOTE.search(text, end)
            if not quote or quote.start() - end > REACH or quote.start() > limit:
                break
            yield quote.start(), citation, quote.group(1)
            end = quote.end()


def main():
    if not SETTLED.is_file() or not PAPER.is_file():
        print(f"needs {SETTLED} and {PAPER}")
        return 77
    sources = Sources()
    looked_up = wrong = 0
    for folder in FOLDERS:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix not in (".c", ".h", ".def"):
                continue
            for line, text in segments(path):
                for offset, citation, words in quotations(text):
                    looked_up += 1
                    if not sources.has(citation, words):
                        wrong += 1
                        at = line + text.count("\n", 0, offset)
                        words = " ".join(words.split())
                        print(f'{path}:{at}: not in {citation.group(0).strip()}: "{words}"')
    print(f"{looked_up} quotations, {wrong} wrong")
    return 1 if wrong or not looked_up else 0


if __name__ == "__main__":
    sys.exit(main())
