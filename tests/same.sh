#!/bin/sh
# Every shipped scenario comes out the same from each of these builds, BASE first: `orrery diff` finds
# no difference, nor do the bytes of any file but manifest.json and the pages, which have times,
# paths and options.  BASE runs studies of many runs with one and with two workers too.  With -s the
# long scenarios are left out, for slow builds.
#
#   sh tests/same.sh [-s] BUILD-FOLDER-OF-BASE BUILD-FOLDER...
set -eu
long=${1#-s}
[ -n "$long" ] || shift
base=$1
shift
data=${DATA:-../shared/data}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
compared=0

run() { # folder, program, scenario, option...
    folder=$scratch/$1
    program=$2/orrery
    shift 2
    if ! "$program" run "$@" -q --data "$data" --out "$folder" >"$scratch/said" 2>&1; then
        echo "not ok - $program run $*"
        head -n 20 "$scratch/said"
        exit 1
    fi
}

same() { # what is compared, folder; with the base's
    if ! "$base/orrery" diff "$scratch"/base/* "$scratch/$2"/* >"$scratch/said" 2>&1 ||
        ! diff -r -x manifest.json -x '*.html' "$scratch/base" "$scratch/$2" >>"$scratch/said" 2>&1; then
        echo "not ok - $1"
        head -n 30 "$scratch/said"
        status=1
    fi
    rm -rf "${scratch:?}/$2"
    compared=$((compared + 1))
}

is_long() {
    case $1 in
    baseline | fee-change | trace-openb) return 0 ;;
    *) return 1 ;;
    esac
}

for file in scenarios/*.yaml; do
    name=$(basename "$file" .yaml)
    if [ -z "$long" ] && is_long "$name"; then
        echo "# $name: left out, as it is long"
        continue
    fi
    if [ "$name" = trace-openb ] && [ ! -d "$data" ]; then
        echo "# $name: left out, as there is no $data"
        continue
    fi
    run base "$base" "$file" -j 1
    if ls "$scratch"/base/*/summary.csv >/dev/null 2>&1; then # a study: many runs
        run other "$base" "$file" -j 2
        same "$name: one worker and two" other
    fi
    for build; do
        run other "$build" "$file" -j 1
        same "$name: $(basename "$base") and $(basename "$build")" other
    done
    rm -rf "$scratch/base"
done

# That a difference would be seen.
run base "$base" scenarios/lease-user-close.yaml --seed 1
run other "$base" scenarios/lease-user-close.yaml --seed 2
if "$base/orrery" diff "$scratch"/base/* "$scratch"/other/* >"$scratch/said" 2>&1; then
    echo 'not ok - two seeds are said to be the same'
    status=1
fi
[ "$compared" -gt 0 ] || status=1
[ $status -ne 0 ] || echo "ok - $compared pairs of runs are the same: $(basename "$base"), $(for b; do basename "$b"; done | tr '\n' ' ')"
exit $status
