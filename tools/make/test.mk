# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Tests and benchmarks.  tools/check-all runs every suite that the tree has and adds up; a suite prints its closing line
# `N passed, N failed, N skipped` and finds the build in $GOMPX_BUILD.
#
# tests/<room>/test_<file>.c are unit tests: linked with libgompx.a, whose hidden functions they may call.  Those
# called count_<file>.c are linked with the build that counts, step_<file>.c with the one that stops at the steps of a
# protocol.
SPECIAL      := count delay
PREFIX_count := count
PREFIX_delay := step
UNIT_SOURCES := $(sort $(wildcard tests/*/test_*.c $(if $(PREFIX_$(VARIANT)),tests/*/$(PREFIX_$(VARIANT))_*.c)))
UNITS        := $(UNIT_SOURCES:%.c=$(D)/%)

# In the release build: the unit tests of the special builds.
SPECIAL_UNITS := $(if $(VARIANT),,$(foreach v,$(SPECIAL),\
                   $(patsubst %.c,$(D)/$(v)/%,$(wildcard tests/*/$(PREFIX_$(v))_*.c))))

$(UNITS): $(D)/%: %.c $(STATIC) $(D)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMPILE) $(CHECK_CFLAGS) -MMD -MP -MF $@.d $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $< \
	    $(STATIC) $(CHECK_LIBS) $(if $(filter 1,$(HAVE_FFI)),-lffi) $(LIBS)

-include $(UNITS:=.d)

SANITIZE  := $(filter -fsanitize=%,$(OPT))
with       = $(if $(1),$(strip $(1) $(SANITIZE)))
TOOLS_ENV := GOMPX_BUILD='$(D)' GOMPX_CONFIG='$(CONFDIR)' MAKE='$(MAKE)' \
             CC='$(call with,$(CC))' CXX='$(call with,$(CXX))' FC='$(call with,$(FC))'

.PHONY: units check check-model check-real check-gcc bench soak
units: $(if $(filter 1,$(HAVE_CHECK)),$(UNITS))

.PHONY: special-units $(SPECIAL:%=%-units)
special-units: $(SPECIAL:%=%-units)
$(SPECIAL:%=%-units): %-units: %
	$(Q)+$(MAKE) --no-print-directory VARIANT=$* $(filter $(D)/$*/%,$(SPECIAL_UNITS)) all

# The worker of the differential tester: no OpenMP runtime of its own.  Always as optimized as the release.
DIFF_WORKER  := $(BUILD)/tests/abi/diff/worker
DIFF_SOURCES := $(addprefix tests/abi/diff/,worker.c block.c signature.c value.c profiling.c)
$(DIFF_WORKER): $(DIFF_SOURCES) $(wildcard tests/abi/diff/*.h) $(D)/flags
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -g -O1 $(WARNINGS) -pthread -I. $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(DIFF_SOURCES) \
	    -lffi -ldl

.PHONY: diff-worker check-diff
diff-worker: $(if $(filter 1,$(HAVE_FFI)),$(DIFF_WORKER))

SEEDS ?= 3000
BASE  ?= 1
check-diff: all diff-worker
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tests/abi/diff/run --seeds $(SEEDS) --base $(BASE) $(DIFFFLAGS)

check: all units special-units diff-worker
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tools/check-all $(if $(filter 1,$(HAVE_CHECK)),$(UNITS) $(SPECIAL_UNITS))

# The same with a special build of the library: unit tests and compiled programs.  Under a sanitizer the programs are
# instrumented too, so that it sees both sides.  Tests that put a counting malloc of their own in place cannot run where
# the sanitizer does the same.  What the runtime allocates is recycled and never returned, so leaks mean nothing here.
UNITS_REPLACING_MALLOC := $(if $(filter asan tsan,$(VARIANT)),$(shell grep -ls '^void .malloc.size_t' $(UNIT_SOURCES)))
# Nor can a process with threads fork under them and go on, open the library late, or call it before main.  And gcc lets every thread write a
# lastprivate variable after a loop without iterations: a race of its own making.  The thread sanitizer has a thread of its own,
# which omp/thread_pool.c would count.
PROGRAMS     := $(wildcard tests/omp/*.c tests/omp/*.cc tests/omp/*.f90 tests/acc/*.c tests/acc/*.f90)
PROGRAMS_OUT  := $(if $(filter asan tsan,$(VARIANT)),omp/fork% omp/dlopen% omp/early_calls% acc/fork%) \
                 $(if $(filter tsan,$(VARIANT)),omp/loop_schedules% omp/thread_pool%)
PROGRAMS_HERE := $(filter-out $(PROGRAMS_OUT),$(PROGRAMS:tests/%=%))
UNITS_HERE   := $(filter-out $(UNITS_REPLACING_MALLOC:%.c=$(D)/%),$(UNITS))
ASAN_OPTIONS := detect_leaks=0:verify_asan_link_order=0:allocator_may_return_null=1
TSAN_OPTIONS := die_after_fork=0:allocator_may_return_null=1
.PHONY: $(VARIANTS:%=check-%)
$(VARIANTS:%=check-%): check-%:
	$(Q)+$(MAKE) --no-print-directory VARIANT=$* check-variant
.PHONY: check-variant
check-variant: all units
	$(Q)$(TOOLS_ENV) ASAN_OPTIONS=$(ASAN_OPTIONS) TSAN_OPTIONS=$(TSAN_OPTIONS) \
	    $(PYTHON) -u tools/check-all --variant '$(PROGRAMS_HERE)' $(UNITS_HERE)

check-model:
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tools/check-all --only tests/model/run

check-real: all
	$(Q)tests/real/install
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tests/run --only 'real/*'

# gompx against the system's libgomp, with abidiff if that can be had; without it this is part of `make check`.
.PHONY: check-abi
check-abi: all
	$(Q)command -v abidiff >/dev/null || tools/install-packages abigail-tools || :
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tools/check-all --only tests/abi/peer

# The programs of tests/omp as an older compiler translates them.
GCC11 := gcc-11 g++-11 gfortran-11
.PHONY: check-gcc11
check-gcc11: all
	$(Q)if command -v $(firstword $(GCC11)) >/dev/null || tools/install-packages $(GCC11); then \
	    $(TOOLS_ENV) $(PYTHON) -u tests/run --cc gcc-11 --cxx g++-11 --fc gfortran-11 --only 'omp/*'; \
	else \
	    echo '0 passed, 0 failed, 1 skipped'; \
	fi

# GCC's own test suite, whole; `check` runs a part of it.
check-gcc: all
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tests/gcc/run --install $(GCCFLAGS)

bench: all
	$(Q)$(TOOLS_ENV) $(PYTHON) -u benchmarks/run $(BENCHFLAGS)

# The simulator of cache lines; it builds its trees with the runtime's own code.
SIM_SOURCES := $(sort $(wildcard benchmarks/sim/*.c))
SIM         := $(D)/benchmarks/sim/sim
$(SIM): $(SIM_SOURCES) $(wildcard benchmarks/sim/*.h) $(STATIC) $(D)/flags
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMPILE) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $(SIM_SOURCES) $(STATIC) $(LIBS) -lm

.PHONY: sim
sim: $(SIM)
	$(Q)$(SIM) $(SIMFLAGS)

# Every program of tests/run, each setting SOAK times, also with the build that delays the steps of the protocols.
SOAK ?= 20
soak: all delay
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tests/run --soak $(SOAK)
	$(Q)$(TOOLS_ENV) GOMPX_BUILD=$(BUILD)/delay $(PYTHON) -u tests/run --soak $(SOAK)
