#!/bin/sh
# tests/run.sh, tested: what passes, fails, takes too long, cannot run, and nothing at all.
set -eu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

says() { # name, exit code expected, lines expected (times taken out); a command follows --
    name=$1
    code=$2
    lines=$3
    shift 4
    got=0
    "$@" >"$scratch/out" 2>&1 || got=$?
    sed -E 's/ \([0-9]+\.[0-9]+ s\)$//' "$scratch/out" >"$scratch/lines"
    if [ "$got" -ne "$code" ] || [ "$(cat "$scratch/lines")" != "$lines" ]; then
        echo "not ok - $name: exit code $got, and it says:"
        cat "$scratch/lines"
        status=1
    fi
}
mkdir "$scratch/data"
run() { DATA=$scratch/$1 bash tests/run.sh -t 1 -j "$2" "$3" "$4" "$5"; }

says 'all pass, in the order given' 0 'ok       sleep 0.3
ok       sleep 0.1
ok       true
3 passed, 0 failed' -- run data 3 'sleep 0.3' 'sleep 0.1' true

says 'a failure is shown and counted' 1 "ok       true
FAILED   echo said; exit 3
    | said
    | exit code 3
FAILED   no-such-command
    | sh: 1: no-such-command: not found
    | exit code 127
1 passed, 2 failed" -- run data 1 true 'echo said; exit 3' no-such-command

# shellcheck disable=SC2016 # $$ is the command's
says 'too long, and killed' 1 'FAILED   sleep 5
    | took longer than 1 s, or was killed
    | exit code 124
FAILED   kill -9 $$
    | took longer than 1 s, or was killed
    | exit code 137
ok       true
1 passed, 2 failed' -- run data 2 'sleep 5' 'kill -9 $$' true

says 'without data, named and not counted' 0 'ok       true
not run  echo noise; echo needs it; exit 77: needs it
ok       true
2 passed, 0 failed' -- run none 2 true 'echo noise; echo needs it; exit 77' true

says 'with data, nothing skips' 1 'ok       true
FAILED   echo needs it; exit 77
    | needs it
    | the data is there, so nothing may skip
    | exit code 77
ok       true
2 passed, 1 failed' -- run data 2 true 'echo needs it; exit 77' true

says 'nothing to run is no success' 1 '0 passed, 0 failed' -- bash tests/run.sh
says 'nothing that could run is no success' 1 'not run  exit 77: no reason given
0 passed, 0 failed' -- env DATA="$scratch/none" bash tests/run.sh 'exit 77'
[ $status -ne 0 ] || echo 'ok - the runner counts'
exit $status
