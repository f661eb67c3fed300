#!/bin/sh
# Of each source below the tests: how many of its lines the tests of the build folder $1
# (variant cov) reached, the least covered first; then of all together.
set -eu
find "$1" -name '*.gcda' -not -path "$1/tests/*" | sort | xargs gcov -n 2>/dev/null | awk '
    /^File / { file = $2; gsub(/\047/, "", file) }
    /^Lines executed:/ && file ~ /^(protocol|actors|chain-mock|metrics|sim)\/.*\.c$/ {
        split($0, part, /[:% ]+/); share = part[3]; lines = $NF
        printf "%6.1f %% of %4d  %s\n", share, lines, file | "sort -n"
        reached += share * lines / 100; all += lines; file = ""
    }
    END { close("sort -n"); printf "%6.1f %% of %4d  all\n", all ? 100 * reached / all : 0, all }'
