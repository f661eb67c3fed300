# One make, no recursion.  Lists of files are found, not kept: a new .c file in a new
# folder is compiled and linted without anybody naming it.
#
#   make                      the simulator, release
#   make check                the tests of this variant
#   make check-all            both compilers, every variant, lint, and the lint's own test
#   make VARIANT=asan check   release | fast | debug | asan | cov | fuzz
#   make CC=clang check       either compiler; built in build/<compiler>-<variant>
#   make lint                 layers, purity, format

VARIANT ?= release
ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(VARIANT)),clang,gcc)
endif
COMPILER := $(notdir $(lastword $(CC)))
B        := build/$(COMPILER)-$(VARIANT)

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
OPT_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -U_FORTIFY_SOURCE
ifeq ($(OPT_$(VARIANT)),)
$(error VARIANT=$(VARIANT) is none of release fast debug asan cov fuzz)
endif

CFLAGS  := $(STD) $(WARN) $(DET) $(OPT_$(VARIANT))
LDFLAGS := $(filter -fsanitize=% --coverage,$(OPT_$(VARIANT)))

# Folders, lowest first: one library each, and a library uses those before it.
FOLDERS := protocol actors chain-mock metrics sim
found    = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
sources  = $(filter-out sim/cli/%,$(call found,$(1)))
lib      = $(B)/lib$(1).a
LIBS    := $(foreach f,$(FOLDERS),$(call lib,$(f)))
# A group: protocol/ calls check_failed(), which the host defines.
LINK     = $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group
TESTS   := $(patsubst %.c,$(B)/%,$(filter-out tests/fuzz/%,$(call found,tests)))
FUZZERS := $(patsubst %.c,$(B)/%,$(call found,tests/fuzz))

# Below sim/ there are no fractions: no floating point register exists there.  gcc
# refuses a double, clang calls soft-float functions; tests/tidy/pure.sh sees the rest.
INTEGER_ONLY := $(if $(filter release fast debug,$(VARIANT)),-mgeneral-regs-only)
$(B)/protocol/%.o $(B)/actors/%.o $(B)/chain-mock/%.o: CFLAGS += $(INTEGER_ONLY)

all: $(LIBS) $(if $(wildcard sim/cli/main.c),$(B)/orrery)
ifeq ($(COMPILER)-$(VARIANT),gcc-release)
	@ln -sfn $(COMPILER)-$(VARIANT) build/release
endif

define FOLDER_RULE
$(call lib,$(1)): $(patsubst %.c,$(B)/%.o,$(call sources,$(1)))
	rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call FOLDER_RULE,$(f))))

$(B)/orrery: $(patsubst %.c,$(B)/%.o,$(call found,sim/cli)) $(LIBS)
	$(CC) $(LDFLAGS) -o $@ $(LINK)
$(TESTS): %: %.o $(LIBS)
	$(CC) $(LDFLAGS) -o $@ $(LINK)
$(FUZZERS): %: %.o $(LIBS)
	$(CC) -fsanitize=fuzzer,address,undefined -o $@ $(LINK)

# Recompile when the flags change, not only when the sources do.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CFLAGS)' > $@
$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

check: $(TESTS) all
	@for t in $(TESTS); do timeout 120 $$t || exit 1; done


fuzzers: $(FUZZERS)

check-all:
	for cc in gcc clang; do for v in release fast debug asan; do \
	    $(MAKE) CC=$$cc VARIANT=$$v check || exit 1; done; $(MAKE) CC=$$cc lint || exit 1; done
	tests/tidy/planted.sh

# Sources under a folder that no list above knows are a mistake, not a choice.
STRAY := $(filter-out $(addsuffix /%,$(FOLDERS) tests),$(patsubst ./%,%,$(shell find . -name '*.c' -not -path './build/*')))

lint: all
	@test -z '$(STRAY)' || { echo 'in no folder of the Makefile: $(STRAY)'; exit 1; }
	@tests/tidy/layers.sh $(B)
	@tests/tidy/pure.sh $(B)
	@clang-format --dry-run -Werror $(shell find $(FOLDERS) tests -name '*.[ch]')

clean:
	rm -rf build

FORCE:
.PHONY: all check check-all fuzzers lint clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

-include $(shell find $(B) -name '*.d' 2>/dev/null)
