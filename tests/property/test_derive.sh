#!/bin/sh
# The tables of scenarios/fitted are what notebooks/derive makes of the data, byte by byte.
set -eu
data=${DATA:-../shared/data}
if [ ! -d "$data" ]; then
    echo "the data is not there"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 notebooks/derive/derive.py --data "$data" --out "$scratch"
cp scenarios/fitted/README.md "$scratch"
diff -r scenarios/fitted "$scratch"
echo "ok - $(ls "$scratch"/*.csv | wc -l) tables are those of the data"
