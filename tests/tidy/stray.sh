#!/bin/sh
# A C source outside the folders that the Makefile compiles ($@) is a mistake, not a choice.
set -eu
known=$(for folder; do printf '|%s' "$folder"; done)
strays=$(find . -name '*.c' | grep -vE "^\./(build|out$known)/" || true)
[ -z "$strays" ] && exit 0
echo "$strays" | sed 's/$/: in no folder that the Makefile compiles/'
exit 1
