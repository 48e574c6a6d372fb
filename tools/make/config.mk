# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Runs autoconf and configure when needed, then reads what configure wrote ($(CONFDIR)/config.mk).
#
# `make CC=clang` gets a configuration of its own, with the arguments of the configure run by hand if there was one, so
# that a plain `make` afterwards is back with the configured compiler.
ASKED_CC := $(if $(filter undefined default,$(origin CC)),,$(CC))
CONFDIR  := $(BUILD)$(if $(ASKED_CC),/cc-$(subst /,-,$(subst $() ,_,$(ASKED_CC))))

configure: configure.ac
	$(call say,GEN,$@)
	@command -v autoconf >/dev/null || { echo 'gompx: autoconf is missing; `make deps` installs it' >&2; exit 1; }
	$(Q)autoconf

$(CONFDIR)/config.mk: configure config.mk.in config.h.in
	$(call say,CONF,$@)
	@mkdir -p $(CONFDIR)
	$(Q)args=$$(if [ -x $(BUILD)/config.status ]; then $(BUILD)/config.status --config; fi); \
	src=$$PWD; cd $(CONFDIR) && eval "$$src/configure -q $$args $(if $(ASKED_CC),'CC=$(ASKED_CC)')" </dev/null
	@touch $(CONFDIR)/config.mk $(CONFDIR)/config.h

include $(CONFDIR)/config.mk

CC       := $(or $(ASKED_CC),$(CONF_CC))
CXX      := $(if $(filter undefined default,$(origin CXX)),$(CONF_CXX),$(CXX))
FC       := $(if $(filter undefined default,$(origin FC)),$(CONF_FC),$(FC))
CFLAGS   ?= $(CONF_CFLAGS)
CPPFLAGS ?= $(CONF_CPPFLAGS)
LDFLAGS  ?= $(CONF_LDFLAGS)
