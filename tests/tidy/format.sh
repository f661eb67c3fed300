#!/bin/sh
# Every C file is as clang-format writes it (.clang-format).
set -eu
find protocol actors chain-mock metrics sim tests -name '*.[ch]' 2>/dev/null | sort |
    xargs clang-format --dry-run -Werror
