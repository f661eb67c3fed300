# Orrery.  One make, no recursion: lists of files are found, not kept, so that a new
# file in a new folder is compiled, tested and linted without anybody naming it.
#
#   make run         install what is missing, build, run scenarios/baseline.yaml
#   make test        install what is missing, build, run every test and the lint
#   make             the simulator: build/release/orrery
#   make setup       only install what is missing
#   make check       the tests of one build: compiler CC, variant VARIANT
#   make check-all   the tests of every build: both compilers, every variant; lint
#   make lint        layers, purity, rules, quotes, format
#   make analyse     static analysis: cppcheck and clang-tidy
#   make fuzz        each fuzz target for FUZZ_SECONDS (60)
#   make mutants     each planted mutant of the rules, and the invariant that kills it
#   make swarm       small worlds where anything goes wrong, for SWARM_TIME (60s) from SWARM_SEED (1) on
#   make model       MODEL_WORLDS (100000) random worlds beside the second implementation
#   make same        every shipped scenario by both compilers, -O0 to -O3: the same bytes
#   make bench       every benchmark, as the tables of the README
#   make bench-table the same into README.md; BENCH="phold rpc": these only
#   make coverage    the tests, and the lines of the code and the branches of the rules they reach
#   make clean       remove build/
#
#   CC=gcc|clang   VARIANT=release|fast|debug|asan|cov|fuzz|mutants   DATA=../shared/data
#   V=1 shows the commands.  Objects lie in build/<compiler>-<variant>.

VARIANT ?= release
ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(VARIANT)),clang,gcc)
endif
COMPILER := $(notdir $(lastword $(CC)))
B        := build/$(COMPILER)-$(VARIANT)
DATA     ?= ../shared/data
JOBS     := $(shell nproc)
Q        := $(if $(V),,@)

STD     := -std=c11 -D_FORTIFY_SOURCE=2 -I.
WARN    := -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion \
           -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wundef \
           -Wswitch-enum -Wcast-qual -Wformat=2 -Wvla -Wdouble-promotion -Wnull-dereference
DET     := -fno-common -fno-strict-aliasing -ffp-contract=off

OPT_release := -O2 -g
OPT_fast    := -O3 -g
OPT_debug   := -O0 -g3 -U_FORTIFY_SOURCE
OPT_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=all -U_FORTIFY_SOURCE
OPT_cov     := -O0 -g --coverage -U_FORTIFY_SOURCE
OPT_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
               -fno-sanitize-recover=all -U_FORTIFY_SOURCE
OPT_mutants := -O2 -g -DMUTANTS
ifeq ($(OPT_$(VARIANT)),)
$(error VARIANT=$(VARIANT) is none of release fast debug asan cov fuzz mutants)
endif

CFLAGS  := $(STD) $(WARN) $(DET) $(OPT_$(VARIANT))
LDFLAGS := $(filter -fsanitize=% --coverage,$(OPT_$(VARIANT))) -Wl,--as-needed
LDLIBS  := -lsecp256k1 -lcrypto -lyaml -lcjson -levent -lsqlite3 -lgsl -lgslcblas -lm

# Folders, lowest first, one library each.  sim/cli is the program, not part of a library.
FOLDERS := protocol actors chain-mock metrics sim
found    = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
objects  = $(patsubst %.c,$(B)/%.o,$(1))
lib      = $(B)/lib$(1).a
LIBS    := $(foreach f,$(FOLDERS),$(call lib,$(f)))

# A file of tests/ with a main is a test; fuzz targets have none, and get libFuzzer's in the fuzz
# variant, else that of replay.c; the rest are helpers, linked where they are used.
IN_TESTS := $(call found,tests)
REPLAY_C := tests/fuzz/replay.c
FUZZ_C   := $(filter tests/fuzz/fuzz_%,$(IN_TESTS))
TEST_C   := $(filter-out $(REPLAY_C),$(if $(IN_TESTS),$(sort $(shell grep -l '^int main\>' $(IN_TESTS)))))
HELPERS  := $(filter-out $(FUZZ_C) $(TEST_C) $(REPLAY_C),$(IN_TESTS))
TESTS    := $(patsubst %.c,$(B)/%,$(TEST_C))
FUZZERS  := $(patsubst %.c,$(B)/%,$(FUZZ_C))

all: $(if $(wildcard sim/cli/main.c),$(B)/orrery,$(LIBS))
ifeq ($(COMPILER)-$(VARIANT),gcc-release)
	@ln -sfn gcc-release build/release
endif

# Below sim/ there are no fractions: no floating point register exists there.  gcc
# refuses a double, clang calls soft-float functions; tests/tidy/pure.sh sees the rest.
INTEGER_ONLY := $(if $(filter release fast debug mutants,$(VARIANT)),-mgeneral-regs-only)
$(B)/protocol/%.o $(B)/actors/%.o $(B)/chain-mock/%.o: CFLAGS += $(INTEGER_ONLY)
# Only sim/ and the tests know an operating system.
$(B)/sim/%.o $(B)/tests/%.o: CFLAGS += -D_POSIX_C_SOURCE=200809L

define FOLDER_RULE
$(call lib,$(1)): $(call objects,$(filter-out sim/cli/%,$(call found,$(1))))
endef
$(foreach f,$(FOLDERS),$(eval $(call FOLDER_RULE,$(f))))
$(B)/libtests.a: $(call objects,$(HELPERS))
# The list of members is a dependency: a deleted source leaves the library.
$(LIBS) $(B)/libtests.a: $(B)/%.a: $(B)/%.members
	$(Q)rm -f $@ && ar rcs $@ $(filter %.o,$^)
$(B)/%.members: FORCE
	@mkdir -p $(@D)
	@echo '$(MEMBERS)' | cmp -s - $@ || echo '$(MEMBERS)' > $@
$(foreach f,$(FOLDERS),$(eval $(B)/lib$(f).members: MEMBERS := $(call found,$(f))))
$(B)/libtests.members: MEMBERS := $(HELPERS)

# A group: protocol/ calls check_failed(), which the host defines.
define LINK
@echo 'ld  $@'
$(Q)$(CC) $(LDFLAGS) $(1) -o $@ $(filter %.o,$^) \
    -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)
endef
$(B)/orrery: $(call objects,$(call found,sim/cli)) $(LIBS)
	$(call LINK)
$(TESTS): %: %.o $(B)/libtests.a $(LIBS)
	$(call LINK)
# The one reader that lives in sim/cli.
$(B)/tests/fuzz/fuzz_folder: $(B)/sim/cli/manifest_file.o
IS_FUZZ := $(filter fuzz,$(VARIANT))
$(FUZZERS): %: %.o $(if $(IS_FUZZ),,$(call objects,$(REPLAY_C))) $(B)/libtests.a $(LIBS)
	$(call LINK,$(if $(IS_FUZZ),-fsanitize=fuzzer))

# Recompile when the flags change, not only when the sources do; the version is known to
# one file only.
VERSION := $(or $(shell git describe --always --dirty --abbrev=12 2>/dev/null),unknown)
$(B)/sim/engine/version.o: CFLAGS += -DORRERY_VERSION='"$(VERSION)"'
$(B)/sim/engine/version.o: $(B)/version
$(B)/flags: STAMP = $(CC) $(CFLAGS)
$(B)/version: STAMP = $(VERSION)
$(B)/flags $(B)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(STAMP)' | cmp -s - $@ || echo '$(STAMP)' > $@
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	@echo 'cc  $@'
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# Jobs for tests/run.sh, a command each.  A script of tests/ is a test where its name
# begins with test_; it is told the build folder.
SCRIPTS   := $(sort $(shell find tests -name 'test_*.sh' -o -name 'test_*.py'))
REPLAYS    = $(foreach f,$(FUZZ_C),'$(1)/$(f:.c=) $(patsubst tests/fuzz/fuzz_%.c,tests/fuzz/corpus/%,$(f))')
TEST_JOBS  = $(foreach t,$(TESTS),'$(t)') $(call REPLAYS,$(B)) \
             $(foreach s,$(filter %.sh,$(SCRIPTS)),'sh $(s) $(B)') \
             $(foreach s,$(filter %.py,$(SCRIPTS)),'python3 $(s) $(B)')
BUILD_LINT = $(foreach s,layers pure,'sh tests/tidy/$(s).sh $(1)')
LINT_JOBS  = $(call BUILD_LINT,$(B)) 'sh tests/tidy/stray.sh $(FOLDERS) tests' \
             $(foreach s,rules headers format,'sh tests/tidy/$(s).sh') 'python3 tests/tidy/quotes.py'
RUN        = DATA='$(DATA)' bash tests/run.sh -j $(JOBS)

# What a person runs, and every test that there is: those of gcc's release with all scripts,
# those of other builds without; in CI more builds, and static analysis.
PROGRAM   := $(if $(filter gcc-release,$(COMPILER)-$(VARIANT)),build/release,$(B))/orrery
OTHERS    := clang-release $(if $(CI),gcc-asan gcc-cov)
# Of these the program alone, for same.sh.
PROGRAMS  := $(if $(CI),gcc-fast clang-debug)
# In CI the testnet lives under sanitizers too.
LIVE      := kill time revert full_disk
EVERY_JOB  = 'sh tests/tidy/planted.sh' $(foreach s,mutants violation,'sh tests/$(s).sh build/gcc-mutants') $(if $(CI),'sh tests/tidy/analyse.sh') \
             'sh tests/same.sh build/gcc-release build/clang-release' \
             $(if $(CI),'sh tests/same.sh -s build/gcc-release build/gcc-fast build/clang-debug') \
             $(TEST_JOBS) $(if $(CI),$(foreach l,$(LIVE),'python3 tests/story/test_$(l).py build/gcc-asan')) $(foreach o,$(OTHERS),$(patsubst %.c,'$(if $(filter gcc-cov,$(o)),,TEST_SHARE=4 )build/$(o)/%',$(TEST_C))) \
             $(if $(CI),$(call REPLAYS,build/gcc-asan)) \
             $(LINT_JOBS) $(call BUILD_LINT,build/clang-release) \
             $(if $(CI),'python3 tests/branches.py build/gcc-cov')
build_of   = $(MAKE) CC=$(word 1,$(subst -, ,$(1))) VARIANT=$(word 2,$(subst -, ,$(1)))

run:
	@.ci/setup run
	@$(MAKE) all
	$(PROGRAM) run scenarios/baseline.yaml

test:
	@.ci/setup test
	+@$(call build_of,gcc-release) tests
	+@$(foreach o,$(OTHERS),$(call build_of,$(o)) tests &&) true
	+@$(foreach o,$(PROGRAMS),$(call build_of,$(o)) all &&) true
	$(if $(CI),@find build/gcc-cov -name '*.gcda' -delete)
	+@$(call build_of,gcc-mutants) mutant-table
	+@$(call build_of,gcc-release) run-every-job

run-every-job:
	@$(RUN) $(EVERY_JOB)

setup:
	@.ci/setup test

# Their corpora are replayed by these two.
tests: all $(TESTS) $(if $(filter release asan,$(VARIANT)),$(FUZZERS))

check: tests
	@$(RUN) $(TEST_JOBS)

check-all:
	+@for cc in gcc clang; do \
	    for variant in release fast debug asan; do \
	        $(MAKE) CC=$$cc VARIANT=$$variant check || exit 1; \
	    done; \
	    $(MAKE) CC=$$cc lint || exit 1; \
	done
	@$(RUN) 'sh tests/tidy/planted.sh' 'sh tests/tidy/analyse.sh'

lint-build: all
	@$(RUN) $(call BUILD_LINT,$(B))

lint: all
	@$(RUN) $(LINT_JOBS)

analyse:
	@sh tests/tidy/analyse.sh

SWARM_TIME ?= 60s
SWARM_SEED ?= 1
swarm: all
	@$(B)/orrery swarm --time $(SWARM_TIME) --seed $(SWARM_SEED)

FUZZ_SECONDS ?= 60
fuzz:
	@$(MAKE) CC=clang VARIANT=fuzz run-fuzzers

fuzzers: $(FUZZERS)

run-fuzzers: fuzzers
	@$(RUN) $(foreach f,$(FUZZERS),'sh tests/fuzz/run.sh $(f) $(FUZZ_SECONDS)')

mutants:
	+@$(call build_of,gcc-mutants) mutant-table
	@sh tests/mutants.sh build/gcc-mutants
	@sh tests/violation.sh build/gcc-mutants

MUTANT_TESTS := $(addprefix $(B)/tests/property/,test_mutants test_swarm model/test_model)
mutant-table: all $(MUTANT_TESTS)

# Seeds from MODEL_FIRST on.
MODEL_WORLDS ?= 100000
MODEL_FIRST  ?= 1
model: $(B)/tests/property/model/test_model
	@$< $(MODEL_WORLDS) $(MODEL_FIRST)

SAME := gcc-release gcc-fast clang-release clang-debug
same:
	+@$(foreach o,$(SAME),$(call build_of,$(o)) all &&) true
	@DATA='$(DATA)' sh tests/same.sh $(addprefix build/,$(SAME))

bench: all
	$(PROGRAM) bench all --markdown

bench-table: all
	python3 notebooks/bench/table.py $(PROGRAM) $(BENCH)

coverage:
	@$(MAKE) CC=gcc VARIANT=cov check
	@sh tests/coverage.sh build/gcc-cov
	@python3 tests/branches.py build/gcc-cov

clean:
	rm -rf build

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

FORCE:
.PHONY: all run test run-every-job setup tests check check-all lint lint-build analyse fuzz fuzzers run-fuzzers \
        mutants mutant-table model swarm same bench coverage clean help FORCE
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules --no-print-directory
# All cores, unless -j says how many; a make below takes part in the same count.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(JOBS)
endif

-include $(shell find $(B) -name '*.d' 2>/dev/null)
