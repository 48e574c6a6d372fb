# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# `make deps`, alone or before other targets: those go to a second make that starts when the packages are there, so that
# `make -j deps check` needs nothing beforehand.
REST := $(filter-out deps,$(GOALS))

.PHONY: deps
deps:
	$(Q)BUILD='$(BUILD)' tools/deps

ifneq ($(REST),)
.PHONY: rest $(REST)
$(REST): rest
	@:
rest: deps
	$(Q)+$(MAKE) --no-print-directory $(REST)
endif
