#!/bin/sh
# The same scenario and seeds give the same bytes in every file: for any number of jobs, at another
# time and place, and from another compiler.  Not compared are manifest.json, which has times, and
# in the pages the options of the command line that say how many jobs and where to.
set -eu
orrery=$1/orrery
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

run() { # program, place, option...
    program=$1
    place=$2
    shift 2
    "$program" run "$@" -q --out "$scratch/$place" >/dev/null
    for page in "$scratch/$place"/*/*.html; do
        sed -e 's/ -j [0-9]*//g' -e "s|$scratch/$place||g" -e "s|$program|orrery|g" "$page" >"$scratch/page"
        mv "$scratch/page" "$page"
    done
}

same() { # name, place, place, file that must be among them
    if ! ls "$scratch/$2"/*/"$4" >/dev/null; then
        echo "not ok - $1: no $4"
        status=1
    elif diff -r -x manifest.json "$scratch/$2" "$scratch/$3" >"$scratch/said" 2>&1; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        head -n 20 "$scratch/said"
        status=1
    fi
}

fees=scenarios/fee-change.yaml
run "$orrery" one "$fees" --seeds 1..4 -j 1
run "$orrery" two "$fees" --seeds 1..4 -j 2
run "$orrery" third "$fees" --seeds 1..4 -j 3
run "$orrery" again "$fees" --seeds 1..4 -j 1
same 'one job and two' one two summary.html
same 'one job and three' one third figures.csv
same 'one job, again and elsewhere' one again summary.csv

for name in lease-user-close outage-during-lease; do
    file=scenarios/$name.yaml
    run "$orrery" "$name" "$file"
    run "$orrery" "$name-again" "$file"
    same "$name: twice" "$name" "$name-again" run.log
    other=${1%/*}/clang-release/orrery # `make test` has built it
    if [ -x "$other" ] && [ "$("$other" --version)" = "$("$orrery" --version)" ]; then
        run "$other" "$name-clang" "$file"
        same "$name: gcc and clang" "$name" "$name-clang" run.db
    else
        echo "# $name: not compared with clang: there is no $other of this version"
    fi
done
exit $status
