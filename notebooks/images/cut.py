#!/usr/bin/env python3
"""Cut one plot out of a report.html, as an SVG with a white ground and its title as given.

    cut.py REPORT TITLE > PICTURE.svg
"""
import pathlib
import re
import sys


def cut(page, title):
    section = page.split(f"<h3>{title}</h3>", 1)
    if len(section) != 2:
        sys.exit(f"no plot of that title: {title}")
    svg = re.search(r"<svg\b.*?</svg>", section[1], re.S).group(0)
    svg = re.sub(r'(<rect x="0" y="0"[^>]*) fill="none"/>', r'\1 fill="white"/>', svg, count=1)
    svg = re.sub(r"<title>.*?</title>", f"<title>{title}</title>", svg, count=1, flags=re.S)
    svg = re.sub(r"<desc>.*?</desc>\s*|<defs>.*?</defs>\s*", "", svg, count=2, flags=re.S)
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.stdout.write(cut(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]))
