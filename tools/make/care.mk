# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Looking after the tree: cleaning, generated files that are committed, help.
PYTHON ?= python3

.PHONY: clean distclean map help

# The configuration stays: what configure was told is the user's.
clean:
	$(Q)find $(BUILD) -mindepth 1 -maxdepth 1 ! -name 'config.*' ! -name 'cc-*' -exec rm -rf {} + 2>/dev/null || :

distclean:
	$(Q)rm -rf $(BUILD) configure configure~ autom4te.cache config.log

# libgomp.map from the list of symbols.
map:
	$(call say,GEN,libgomp.map)
	$(Q)$(PYTHON) tools/gen-map abi/symbols.csv >libgomp.map.new
	$(Q)mv libgomp.map.new libgomp.map

help:
	@sed -n '/^# help$$/,$$p' tools/make/care.mk | sed -n 's/^#  //p'

# help
#  make                    build/libgompx.so.1, build/libgompx.a, build/gompx/libgomp.so.1, build/gompx.pc, build/gompx-run
