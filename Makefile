# SPDX-License-Identifier: GPL-3.0-or-later
# Builds, checks and installs gridsim. `make help` lists what there is to do;
# `sh tools/setup.sh` installs what it needs.

VERSION := 0.1.0

# Which build: release, asan, tsan, clang, fuzz, or digest-COMPILER-LEVEL.
VARIANT ?= release
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 10
FUZZ_JOBS ?= $(shell nproc)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

# As many jobs as cores, unless the user said how many.
ifeq ($(MAKELEVEL),0)
ifeq ($(filter -j% --jobs%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
endif

ifeq ($(V),1)
Q :=
else
Q := @
short = @printf '  %-5s %s\n' '$(1)' '$(2)';
endif

# --- compiler and flags -------------------------------------------------------

CLANG := $(or $(shell command -v clang-14),$(shell command -v clang),clang)
ifeq ($(origin CC),default)
CC := gcc
endif

DEFAULT_CFLAGS := -O2 -g
ifeq ($(VARIANT),asan)
DEFAULT_CFLAGS := -O1 -g
VARIANT_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else ifeq ($(VARIANT),tsan)
DEFAULT_CFLAGS := -O1 -g
VARIANT_FLAGS := -fsanitize=thread -fno-omit-frame-pointer
else ifeq ($(VARIANT),fuzz)
override CC := $(CLANG)
DEFAULT_CFLAGS := -O1 -g
VARIANT_FLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
  -fno-omit-frame-pointer
else ifeq ($(VARIANT),clang)
override CC := $(CLANG)
else ifneq ($(filter digest-%,$(VARIANT)),)
override CC := $(if $(findstring clang,$(VARIANT)),$(CLANG),gcc)
override CFLAGS := -$(lastword $(subst -, ,$(VARIANT)))
else ifneq ($(VARIANT),release)
$(error VARIANT=$(VARIANT) is not one of release asan tsan clang fuzz digest-COMPILER-LEVEL)
endif
CFLAGS ?= $(DEFAULT_CFLAGS)

# Other levels of optimisation make compilers guess at other things: there they may only warn.
WERROR ?= $(if $(filter digest-%,$(VARIANT)),,-Werror)

# The libraries' headers are not ours to warn about.
quiet_includes = $(patsubst -I%,-isystem%,$(shell pkg-config --cflags $(1)))
CORE_MODULES := glib-2.0 libcjson
SIM_MODULES := $(CORE_MODULES) gio-2.0 igraph gsl libmicrohttpd libcurl libxml-2.0

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
  -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef -Wconversion -Wno-sign-conversion $(WERROR)
OPTIMISED := $(filter -O1 -O2 -O3 -Os -Og,$(CFLAGS))
HARDENING := -fPIE -fstack-protector-strong \
  $(if $(filter release clang,$(VARIANT)),$(if $(OPTIMISED),-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2))
BASE_FLAGS := -std=gnu17 -D_GNU_SOURCE -ffp-contract=off -pthread -I. \
  -DGS_VERSION='"$(VERSION)"' $(HARDENING) $(VARIANT_FLAGS)
CORE_FLAGS = $(BASE_FLAGS) $(call quiet_includes,$(CORE_MODULES))
SIM_FLAGS = $(BASE_FLAGS) $(call quiet_includes,$(SIM_MODULES))
LINK_FLAGS := -pie -pthread -Wl,-z,relro,-z,now -Wl,--as-needed $(VARIANT_FLAGS)
CORE_LIBS = $(shell pkg-config --libs $(CORE_MODULES)) -lm
SIM_LIBS = $(shell pkg-config --libs $(SIM_MODULES)) -lm

# Asked once, when first needed: `make clean` and `make help` work without the libraries.
core_flags = $(if $(CORE_FLAGS_),,$(eval CORE_FLAGS_ := $$(CORE_FLAGS)))$(CORE_FLAGS_)
sim_flags = $(if $(SIM_FLAGS_),,$(eval SIM_FLAGS_ := $$(SIM_FLAGS)))$(SIM_FLAGS_)
core_libs = $(if $(CORE_LIBS_),,$(eval CORE_LIBS_ := $$(CORE_LIBS)))$(CORE_LIBS_)
sim_libs = $(if $(SIM_LIBS_),,$(eval SIM_LIBS_ := $$(SIM_LIBS)))$(SIM_LIBS_)

# --- sources ------------------------------------------------------------------

B := build/$(VARIANT)
objects = $(patsubst %.c,$(B)/obj/%.o,$(1))

CORE_SOURCES := $(sort $(wildcard core/*.c core/*/*.c))
MAIN_SOURCE := sim/cli/main.c
SIM_SOURCES := $(filter-out $(MAIN_SOURCE),$(sort $(wildcard sim/*/*.c)))
CORE_TESTS := $(sort $(wildcard tests/core/*.c tests/core/*/*.c))
SIM_TESTS := $(sort $(wildcard tests/sim/*.c tests/sim/*/*.c))
STRESS := $(sort $(wildcard tests/stress/*.c))
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH := $(sort $(wildcard tools/bench/*.c))
PAGE := $(sort $(wildcard tools/page/*.c))
SOAK := $(sort $(wildcard tools/soak/*.c))
RIVALS := $(sort $(wildcard tools/bench/rivals/*.?pp))
C_FILES := $(CORE_SOURCES) $(SIM_SOURCES) $(wildcard $(MAIN_SOURCE)) $(CORE_TESTS) $(SIM_TESTS) \
  $(STRESS) $(FUZZERS) $(BENCH) $(PAGE) $(SOAK)
HEADERS := $(sort $(wildcard core/*.h core/*/*.h sim/*/*.h tests/*.h tests/*/*.h tests/*/*/*.h tools/*/*.h))
SCRIPTS := $(sort $(wildcard tools/*.sh tools/bench/*.sh tests/*.sh .ci/run))

# Pages that reports are made of, and the library that draws their plots, inside the program.
WEB := sim/report/web
WEB_LIST := $(WEB)/web.gresource.xml
CHART_JS_DIR ?= /usr/share/javascript/chart.js
WEB_OBJECT := $(B)/obj/sim/report/web_resources.o

CORE_LIB := $(B)/libgridsim-core.a
SIM_LIB := $(B)/libgridsim-sim.a
STRESS_PROGRAMS := $(STRESS:tests/stress/%.c=$(B)/stress/%)
FUZZ_PROGRAMS := $(FUZZERS:tests/fuzz/%.c=$(B)/fuzz/%)
TEST_PROGRAMS := $(if $(CORE_TESTS),$(B)/test-core) $(if $(SIM_TESTS),$(B)/test-sim)

# --- what there is to do ------------------------------------------------------

.PHONY: all help programs stress test demo bench bench-deps soak-hostile profile asan tsan fuzz digests lint layers lengths headers style \
  mutants explore-strength mutants-check limits format-check format shellcheck citations man install uninstall clean FORCE

all: gridsim ## build ./gridsim (the default)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo 'Variables: CC CFLAGS LDFLAGS WERROR= PREFIX DESTDIR V=1 FUZZ_SECONDS=N FUZZ_JOBS=N VARIANT=release|asan|tsan|clang'

gridsim: $(B)/gridsim
	$(Q)$(if $(filter release,$(VARIANT)),ln -sf $< $@,true)

# Everything that the tests of one variant run, and the benchmark, so that it builds.
programs: $(B)/gridsim $(TEST_PROGRAMS) $(STRESS_PROGRAMS) $(B)/gridsim-bench $(B)/gridsim-page $(B)/gridsim-hostile

test: gridsim programs ## build and run all tests and the layering check
	@sh tools/run-tests.sh $(B) --layers

demo: gridsim ## build and run scenarios/readme.json
	./gridsim run scenarios/readme.json

bench: gridsim $(B)/gridsim-bench ## measure speed beside others and by size (BENCH_ARGS=…, BENCH_GRAPH=FILE)
	@command -v python3 >/dev/null || { echo 'make bench needs python3 (make bench-deps)' >&2; exit 1; }
	@+$(if $(strip $(rivals_there)),$(MAKE) --no-print-directory $(rivals_there))
	@python3 -B tools/bench/bench.py $(B) $(if $(BENCH_GRAPH),--graph $(call quoted,$(BENCH_GRAPH))) $(BENCH_ARGS)

bench-deps: ## install what bench and profile need
	@sh tools/setup.sh --bench

soak-hostile: gridsim $(B)/gridsim-hostile ## a served ring alone, and beside hostile clients and siblings (SOAK_SECONDS=30)
	@sh tools/soak-hostile.sh $(SOAK_SECONDS)
	@sh tools/soak-hostile.sh $(or $(SOAK_SECONDS),30) 256 3000 16 ring

PROFILE_ARGS ?= --sync watts-strogatz-1000 --runner pool --workers 1 --repeat 5
profile: $(B)/gridsim-bench ## where the time goes, by perf (PROFILE_ARGS=… for gridsim-bench)
	@sh tools/bench/profile.sh $< $(PROFILE_ARGS)

asan: ## run all tests under AddressSanitizer and UBSan; leaks fail
	@+$(MAKE) --no-print-directory VARIANT=asan programs
	@sh tools/run-tests.sh build/asan

tsan: ## run the stress programs and gridsim under ThreadSanitizer
	@+$(MAKE) --no-print-directory VARIANT=tsan build/tsan/gridsim stress
	@sh tools/run-tsan.sh build/tsan

stress: $(STRESS_PROGRAMS)

ifeq ($(VARIANT),fuzz)
fuzz: $(FUZZ_PROGRAMS)
else
fuzz: ## fuzz each target for FUZZ_SECONDS, FUZZ_JOBS at a time
	@+$(MAKE) --no-print-directory VARIANT=fuzz fuzz
	@sh tools/run-fuzz.sh build/fuzz $(FUZZ_SECONDS) $(FUZZ_JOBS)
endif

digests: ## compare the runs' digests between compilers, levels, sanitizers, runners
	@+sh tools/check-digests.sh

lint: format-check layers lengths headers style shellcheck citations limits mutants-check ## check format, layers, scripts, citations, …

format-check:
	@clang-format --dry-run -Werror $(C_FILES) $(HEADERS) $(RIVALS)

format: ## format all C files in place
	@clang-format -i $(C_FILES) $(HEADERS) $(RIVALS)

layers: $(CORE_LIB) $(SIM_LIB) ## check that core calls nothing it must not, and the other layer rules
	@sh tools/check-layers.sh $(CORE_LIB) $(SIM_LIB)
	@python3 tools/check-modules.py

lengths:
	@sh tools/check-lengths.sh $(C_FILES) $(HEADERS) $(RIVALS) $(SCRIPTS)

style: ## check the form of comments, and that headers declare what others use
	@if command -v python3 >/dev/null; then \
	  python3 -B tools/check-comments.py $(C_FILES) $(HEADERS) && python3 -B tools/check-uses.py; \
	else echo 'python3 is not installed: comments and uses not checked'; fi

HEADER_CHECKS := $(HEADERS:%=header-check/%)
headers: $(HEADER_CHECKS)
$(HEADER_CHECKS): header-check/%: FORCE
	$(Q)echo '#include "$*"' | $(CC) $(sim_flags) $(CFLAGS) $(WARNINGS) -fsyntax-only -x c -

mutants: $(B)/gridsim $(TEST_PROGRAMS) ## break one rule after the other: does a test notice? (MUTANTS=node)
	@python3 -B tools/mutants.py $(MUTANTS)

explore-strength: $(B)/gridsim ## how soon does explore find a broken rule of the node? (MUTANTS=recovery)
	@python3 -B tools/explore-strength.py $(MUTANTS)

mutants-check:
	@if command -v python3 >/dev/null; then python3 -B tools/mutants.py --check; \
	else echo 'python3 is not installed: mutants not checked'; fi

limits: ## check that docs/SECURITY.md and the code have the same limits
	@if command -v python3 >/dev/null; then python3 -B tools/check-limits.py; \
	else echo 'python3 is not installed: limits not checked'; fi

shellcheck:
	@if command -v shellcheck >/dev/null; then shellcheck $(SCRIPTS); \
	else echo 'shellcheck is not installed: scripts not checked'; fi

citations: $(B)/gridsim
	@sh tools/check-citations.sh $<

# --- how things are made ------------------------------------------------------

quoted = '$(subst ','\'',$(1))'

# Changed flags rebuild everything, a changed list of sources the libraries.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quoted,$(CC) $(sim_flags) $(CFLAGS) $(CPPFLAGS) $(WARNINGS)) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(B)/sources: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(CORE_SOURCES) $(SIM_SOURCES) $(CORE_TESTS) $(SIM_TESTS) $(BENCH) $(PAGE) $(SOAK) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# The commit is told to one file only, and that is compiled again when it is another.
$(B)/commit: FORCE
	@mkdir -p $(@D)
	@sh tools/commit.sh >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(B)/obj/sim/report/version.o: $(B)/commit
$(B)/obj/sim/report/version.o: TOLD = -DGS_COMMIT="\"$$(cat $(B)/commit)\""

compile = $(call short,CC,$<)mkdir -p $(@D) && \
  $(CC) $(1) $(CPPFLAGS) $(CFLAGS) $(2) -MMD -MP -c -o $@ $<
$(B)/obj/core/%.o: core/%.c $(B)/flags
	$(Q)$(call compile,$(core_flags),$(WARNINGS))
$(B)/obj/%.o: %.c $(B)/flags
	$(Q)$(call compile,$(sim_flags) $(TOLD),$(WARNINGS))

archive = $(call short,AR,$@)rm -f $@ && ar qcs $@ $(filter %.o,$^)
$(CORE_LIB): $(call objects,$(CORE_SOURCES)) $(B)/sources
	$(Q)$(archive)
$(SIM_LIB): $(call objects,$(SIM_SOURCES)) $(WEB_OBJECT) $(B)/sources
	$(Q)$(archive)

$(B)/web_resources.c: $(WEB_LIST) $(wildcard $(WEB)/*) $(CHART_JS_DIR)/chart.min.js
	$(Q)$(call short,WEB,$@)mkdir -p $(@D) && glib-compile-resources --generate-source \
	  --sourcedir=$(WEB) --sourcedir=$(CHART_JS_DIR) --c-name gs_web --internal \
	  --target=$@ $(WEB_LIST)
$(WEB_OBJECT): $(B)/web_resources.c $(B)/flags
	$(Q)$(call compile,$(sim_flags),-w)

link = $(call short,LD,$@)mkdir -p $(@D) && \
  $(CC) $(CFLAGS) $(LINK_FLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(1)
$(B)/gridsim: $(call objects,$(MAIN_SOURCE)) $(SIM_LIB) $(CORE_LIB)
	$(Q)$(call link,$(sim_libs))
$(B)/test-core: $(call objects,$(CORE_TESTS)) $(CORE_LIB) $(B)/sources
	$(Q)$(call link,$(core_libs) -lcriterion)
$(B)/test-sim: $(call objects,$(SIM_TESTS)) $(SIM_LIB) $(CORE_LIB) $(B)/sources
	$(Q)$(call link,$(sim_libs) -lcriterion)
$(B)/gridsim-bench: $(call objects,$(BENCH)) $(SIM_LIB) $(CORE_LIB) $(B)/sources
	$(Q)$(call link,$(sim_libs))
$(B)/gridsim-page: $(call objects,$(PAGE)) $(SIM_LIB) $(CORE_LIB) $(B)/sources
	$(Q)$(call link,$(sim_libs))
$(B)/gridsim-hostile: $(call objects,$(SOAK)) $(B)/sources
	$(Q)$(call link,$(core_libs))
$(STRESS_PROGRAMS): $(B)/stress/%: $(B)/obj/tests/stress/%.o $(SIM_LIB) $(CORE_LIB)
	$(Q)$(call link,$(sim_libs))
$(FUZZ_PROGRAMS): $(B)/fuzz/%: $(B)/obj/tests/fuzz/%.o $(SIM_LIB) $(CORE_LIB)
	$(Q)$(call link,-fsanitize=fuzzer $(sim_libs))

# Other runtimes to compare with, as far as they are installed.
has_header = $(firstword $(wildcard $(addsuffix /$(1),/usr/include /usr/local/include)))
has_command = $(shell command -v $(1))
rivals_there = $(addprefix $(B)/rivals/,$(if $(call has_header,caf/all.hpp),caf) \
  $(if $(call has_header,simgrid/s4u.hpp),simgrid) $(if $(call has_command,go),go) \
  $(if $(call has_command,erlc),grid.beam))
RIVAL_FLAGS := -std=c++17 -O2 -g -Wall -Wextra -I. -pthread
$(B)/rivals/caf: RIVAL_LIBS := -lcaf_core
$(B)/rivals/simgrid: RIVAL_LIBS := -lsimgrid
$(B)/rivals/%: tools/bench/rivals/%.cpp tools/bench/rivals/graph.hpp
	$(Q)$(call short,CXX,$@)mkdir -p $(@D) && $(CXX) $(RIVAL_FLAGS) -o $@ $< $(RIVAL_LIBS)
$(B)/rivals/go: tools/bench/rivals/grid.go
	$(Q)$(call short,GO,$@)mkdir -p $(@D) && go build -o $@ $<
$(B)/rivals/grid.beam: tools/bench/rivals/grid.erl
	$(Q)$(call short,ERLC,$@)mkdir -p $(@D) && erlc -o $(@D) $<

-include $(patsubst %.o,%.d,$(call objects,$(C_FILES)))

# --- installation -------------------------------------------------------------

MAN_PAGE := $(if $(shell command -v scdoc),build/gridsim.1)
man: $(MAN_PAGE) ## make the man page build/gridsim.1 (needs scdoc)
	$(if $(MAN_PAGE),,@echo 'scdoc is not installed: there is no man page (sh tools/setup.sh --build)' >&2)
build/gridsim.1: docs/gridsim.1.scd
	$(Q)$(call short,MAN,$@)mkdir -p $(@D) && scdoc <$< >$@

# Below DESTDIR and PREFIX, which may have spaces in them.
PROGRAM_AT := bin/gridsim
MAN_AT := share/man/man1/gridsim.1
BASH_AT := share/bash-completion/completions/gridsim
ZSH_AT := share/zsh/site-functions/_gridsim
FISH_AT := share/fish/vendor_completions.d/gridsim.fish
SCENARIOS_AT := share/gridsim/scenarios
SCENARIOS := $(wildcard scenarios/*.* scenarios/sweeps/* scenarios/graphs/*.* scenarios/graphs/island/*)
INSTALLED := $(PROGRAM_AT) $(MAN_AT) $(BASH_AT) $(ZSH_AT) $(FISH_AT) $(SCENARIOS:%=share/gridsim/%)
installed = $(call quoted,$(DESTDIR)$(PREFIX)/$(1))

install: gridsim man ## install under PREFIX (/usr/local), below DESTDIR if given
	install -D -m 755 $(B)/gridsim $(call installed,$(PROGRAM_AT))
	install -D -m 644 tools/completion/gridsim.bash $(call installed,$(BASH_AT))
	install -D -m 644 tools/completion/_gridsim $(call installed,$(ZSH_AT))
	install -D -m 644 tools/completion/gridsim.fish $(call installed,$(FISH_AT))
	$(if $(MAN_PAGE),install -D -m 644 $(MAN_PAGE) $(call installed,$(MAN_AT)))
	install -d $(call installed,$(SCENARIOS_AT)/sweeps) $(call installed,$(SCENARIOS_AT)/graphs/island)
	install -m 644 scenarios/*.* $(call installed,$(SCENARIOS_AT))
	install -m 644 scenarios/sweeps/* $(call installed,$(SCENARIOS_AT)/sweeps)
	install -m 644 scenarios/graphs/*.* $(call installed,$(SCENARIOS_AT)/graphs)
	install -m 644 scenarios/graphs/island/* $(call installed,$(SCENARIOS_AT)/graphs/island)

# What somebody put beside the scenarios is not ours to remove.
uninstall: ## remove what install put there
	rm -f $(foreach file,$(INSTALLED),$(call installed,$(file)))
	@for folder in $(foreach at,$(SCENARIOS_AT)/sweeps $(SCENARIOS_AT)/graphs/island $(SCENARIOS_AT)/graphs $(SCENARIOS_AT) share/gridsim,$(call installed,$(at))); do \
	  [ ! -d "$$folder" ] || rmdir "$$folder" 2>/dev/null || \
	    echo "$$folder has files that install did not put there: they stay"; \
	done

clean: ## remove everything that was built
	rm -rf build gridsim
