#!/bin/sh
# The table of planted mistakes, from the build folder $1 (make VARIANT=mutants): each invariant, how
# often it was evaluated, how often it had something to check, its mutant, and whether that is
# killed.  One that lives is a failure.
set -eu
exec "$1/tests/property/test_mutants"
