# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# gompx.  GNU make; one process sees the whole tree.  `make help` lists the targets.
#
# Order of events: with `deps` among the targets, packages are installed first and the rest is handed to a second make
# (deps.mk).  Otherwise config.mk is read; if it is missing or older than configure.ac, autoconf and configure run
# first.
MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

BUILD ?= build
GOALS := $(or $(MAKECMDGOALS),all)

# V=1 shows whole commands; otherwise one line each: `  CC  sync/base.c`.
Q   := $(if $(V),,@)
say  = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(2)')

ifneq ($(filter deps,$(GOALS)),)
include tools/make/deps.mk
else
ifneq ($(filter-out clean distclean help map docs,$(GOALS)),)
include tools/make/config.mk
include tools/make/build.mk
include tools/make/install.mk
include tools/make/test.mk
endif
include tools/make/care.mk
endif
