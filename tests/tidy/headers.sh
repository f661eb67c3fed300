#!/bin/sh
# Each header compiles by itself: it includes what it needs.
set -eu
find protocol actors chain-mock metrics sim tests -name '*.h' 2>/dev/null | sort |
    xargs -P "$(nproc)" -n 8 sh -c '
        for header; do
            gcc -std=c11 -I. -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -fsyntax-only \
                -include "$header" -x c /dev/null || { echo "$header: does not compile alone"; exit 1; }
        done' headers
