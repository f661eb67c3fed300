#!/bin/bash
# Runs the commands that it is given, several at a time, and reports them in the order
# in which they were given.
#
#   tests/run.sh [-j JOBS] [-t SECONDS] COMMAND...
#
# A command passes with exit code 0 and fails with any other, or when it takes longer than
# SECONDS (default 600).  Exit code 77 says that what it needs is not there, for the reason
# that its last line gives: it is then named as not run and counted as neither.  But where
# the data is there (the folder $DATA, default ../shared/data), 77 is a failure: nothing may
# skip then.  The output of what failed is shown.  The last line is "N passed, N failed";
# exit code 1 if any failed or none passed.
set -u
jobs=$(nproc)
limit=600
data=${DATA:-../shared/data}
while getopts j:t: option; do
    case $option in
    j) jobs=$OPTARG ;;
    t) limit=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

export PYTHONDONTWRITEBYTECODE=1 # the tree stays as it is
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
commands=("$@")
passed=0 failed=0 shown=0 started=0

start() { # number of the command
    {
        begun=$(date +%s%N)
        timeout --kill-after=10 "$limit" sh -c "${commands[$1]}" </dev/null >"$scratch/$1.out" 2>&1
        code=$?
        printf '%d %d\n' "$code" $((($(date +%s%N) - begun) / 10000000)) >"$scratch/$1.tmp"
        mv "$scratch/$1.tmp" "$scratch/$1.end"
    } 2>/dev/null &
}

line() { # word, command, hundredths of a second
    printf '%-8s %s (%d.%02d s)\n' "$1" "$2" $(($3 / 100)) $(($3 % 100))
}

show() { # number of a command that has ended
    read -r code time <"$scratch/$1.end"
    case $code in
    0)
        line ok "${commands[$1]}" "$time"
        passed=$((passed + 1))
        return
        ;;
    77)
        reason=$(tail -n 1 "$scratch/$1.out")
        if [ ! -d "$data" ]; then
            printf '%-8s %s: %s\n' 'not run' "${commands[$1]}" "${reason:-no reason given}"
            return
        fi
        echo "the data is there, so nothing may skip" >>"$scratch/$1.out"
        ;;
    124 | 137) echo "took longer than $limit s, or was killed" >>"$scratch/$1.out" ;;
    esac
    line FAILED "${commands[$1]}" "$time"
    sed 's/^/    | /' "$scratch/$1.out"
    echo "    | exit code $code"
    failed=$((failed + 1))
}

while [ "$shown" -lt ${#commands[@]} ]; do
    while [ "$started" -lt ${#commands[@]} ] && [ "$(jobs -rp | wc -l)" -lt "$jobs" ]; do
        start "$started"
        started=$((started + 1))
    done
    wait -n
    while [ -f "$scratch/$shown.end" ]; do
        show "$shown"
        shown=$((shown + 1))
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
