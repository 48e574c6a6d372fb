# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Tests and benchmarks.  tools/check-all runs every suite that the tree has and adds up; a suite prints its closing line
# `N passed, N failed, N skipped` and finds the build in $GOMPX_BUILD.
#
# tests/<room>/test_<file>.c are unit tests: linked with libgompx.a, whose hidden functions they may call.
UNIT_SOURCES := $(sort $(wildcard tests/*/test_*.c))
UNITS        := $(UNIT_SOURCES:%.c=$(D)/%)

$(UNITS): $(D)/%: %.c $(STATIC) $(D)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMPILE) $(CHECK_CFLAGS) -MMD -MP -MF $@.d $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $< \
	    $(STATIC) $(CHECK_LIBS) $(if $(filter 1,$(HAVE_FFI)),-lffi) $(LIBS)

-include $(UNITS:=.d)

SANITIZE  := $(filter -fsanitize=%,$(OPT))
TOOLS_ENV := GOMPX_BUILD='$(D)' \
            CC='$(CC) $(SANITIZE)' CXX='$(CXX) $(SANITIZE)' FC='$(FC) $(SANITIZE)' MAKE='$(MAKE)'

.PHONY: units check check-model check-real bench soak
units: $(if $(filter 1,$(HAVE_CHECK)),$(UNITS))

# The builds that count and delay belong to tests of their own.
SPECIAL := $(if $(wildcard sync/step.c),count delay)
check: all units $(SPECIAL)
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tools/check-all $(UNITS)

# The same with a special build of the library: unit tests and compiled programs.  Under a sanitizer the programs are
# instrumented too, so that it sees both sides.
.PHONY: $(VARIANTS:%=check-%)
$(VARIANTS:%=check-%): check-%:
	$(Q)+$(MAKE) --no-print-directory VARIANT=$* check-variant
.PHONY: check-variant
check-variant: all units
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tools/check-all --variant $(UNITS)

check-model:
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tools/check-all --only tests/model/run

check-real: all
	$(Q)tools/deps --real
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tests/run --only 'real/*'

bench: all
	$(Q)$(TOOLS_ENV) $(PYTHON) -u benchmarks/run $(BENCHFLAGS)

# Every program of tests/run, each setting SOAK times, also with the build that delays the steps of the protocols.
SOAK ?= 20
soak: all $(SPECIAL)
	$(Q)$(TOOLS_ENV) $(PYTHON) -u tests/run --soak $(SOAK)
	$(Q)$(TOOLS_ENV) GOMPX_BUILD=$(BUILD)/delay $(PYTHON) -u tests/run --soak $(SOAK)
