# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Looking after the tree: cleaning, generated files that are committed, help.
PYTHON ?= python3

.PHONY: clean distclean map docs help

# The configuration stays: what configure was told is the user's.
clean:
	$(Q)[ ! -d $(BUILD) ] || find $(BUILD) -mindepth 1 -maxdepth 1 ! -name 'config.*' ! -name 'cc-*' -exec rm -rf {} +

distclean:
	$(Q)rm -rf $(BUILD) configure configure~ autom4te.cache config.log

# The version script, from the list of symbols.
map:
	$(call say,GEN,libgomp.map)
	$(Q)$(PYTHON) tools/gen-map abi/symbols.csv >libgomp.map.new || { rm -f libgomp.map.new; exit 1; }
	$(Q)mv libgomp.map.new libgomp.map

# The page of control variables, from their table.
docs:
	$(call say,GEN,docs/environment.md)
	$(Q)tools/gen-environment-md >docs/environment.md.new || { rm -f docs/environment.md.new; exit 1; }
	$(Q)mv docs/environment.md.new docs/environment.md

define HELP
make                  the libraries and the gompx command, in build/
make deps             installs what is missing (Debian, Ubuntu) or names it; may stand before other targets
make check            all tests; the last line is `N passed, N failed, N skipped`
make bench            measures gompx against the other OpenMP runtimes here; BENCHFLAGS=... (benchmarks/run --help)
make sim              what barriers and regions would cost on larger machines, modelled; SIMFLAGS=... (-h lists them)
make install          prefix=/usr/local libdir=$$(prefix)/lib DESTDIR=; and `make uninstall`
make clean            removes what was built; `make distclean` also the configuration

make check-model      the models of the protocols only
make check-diff       calls every omp_* and acc_* routine on GNU libgomp and on gompx and compares; SEEDS=3000 BASE=1
make check-real       installs real programs (ImageMagick, NumPy) and runs them on gompx
make check-abi        compares symbols, versions and names with the system's libgomp; installs abidiff for it
make check-gcc11      installs gcc 11 and runs its translation of the test programs on gompx
make check-gcc        GCC's own libgomp test suite on libgomp and on gompx, compared; GCCFLAGS=... (tests/gcc/run --help)
make check-asan       unit tests and compiled programs with the compiler's sanitizers; also check-tsan, check-ubsan,
                      and with other builds: check-debug, check-delay, check-count
make soak             compiled programs again and again, SOAK=20 times
make debug asan tsan ubsan count delay     these builds alone, in build/NAME

make map              renews libgomp.map after a change of abi/symbols.csv
make docs             renews docs/environment.md after a change of runtime/icv.def

V=1 shows whole commands.  CC=clang, CFLAGS=..., BUILD=folder work as usual; `./configure --help` has the rest.
endef
export HELP
help:
	@printf '%s\n' "$$HELP"
