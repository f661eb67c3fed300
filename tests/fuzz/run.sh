#!/bin/sh
# Runs the fuzz target $1 for $2 seconds, from the inputs in tests/fuzz/corpus/<target> and the words of dictionary.py.  What it
# finds on the way is kept beside the target, so that the next run begins there; an input that
# fails is named in the output.
set -eu
target=$1
seconds=$2
name=$(basename "$target" | sed 's/^fuzz_//')
seeds=tests/fuzz/corpus/$name
[ -d "$seeds" ] || {
    echo "$seeds: no inputs to begin with"
    exit 1
}
mkdir -p "$target.corpus" "$target.failed"
python3 tests/fuzz/dictionary.py "$name" >"$target.dict"
words=
[ ! -s "$target.dict" ] || words=-dict=$target.dict # it takes no empty one
# shellcheck disable=SC2086 # one word or none
"$target" $words -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$target.failed/" "$target.corpus" "$seeds" >"$target.log" 2>&1 || {
    tail -n 60 "$target.log"
    exit 1
}
grep '^Done' "$target.log"
