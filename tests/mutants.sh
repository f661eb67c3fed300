#!/bin/sh
# The planted mistakes, from the build folder $1 (make VARIANT=mutants).  First the table: each invariant,
# how often it was evaluated, how often it had something to check, its mutant, and whether that is
# killed.  Then which of them the second implementation notices.  One that lives is a failure.
set -eu
"$1/tests/property/test_mutants"
"$1/tests/property/test_swarm"
exec "$1/tests/property/model/test_model"
