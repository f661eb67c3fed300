#!/bin/sh
# Every shipped scenario meets what it expects, in each of its arms; with the traces where they are.
set -eu
orrery=$1/orrery
data=${DATA:-../shared/data}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

set -- scenarios/*.yaml
[ ! -d "$data" ] || set -- "$@" --data "$data"
code=0
"$orrery" test "$@" >"$scratch/tap" || code=$?
cat "$scratch/tap"

planned=$(sed -n 's/^1\.\.//p' "$scratch/tap")
[ "$(grep -cE '^(not )?ok ' "$scratch/tap")" -eq "$planned" ] || { echo "not ok - the plan"; code=1; }
for file in scenarios/*.yaml; do
    name=$(sed -n 's/^name: //p' "$file")
    # one point is the run itself: each scenario expects something besides
    [ "$(grep -cE "^(not )?ok [0-9]+ - $name[:,]" "$scratch/tap")" -ge 2 ] ||
        grep -q "$file # SKIP needs --data" "$scratch/tap" || { echo "not ok - $file expects nothing"; code=1; }
done
exit "$code"
