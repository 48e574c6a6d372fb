# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The command, the pkg-config file, and their installation.  prefix, libdir and the like may be given to make or to
# configure; DESTDIR goes before all of them and is forgotten by what is installed.
pkgconfigdir ?= $(libdir)/pkgconfig
man1dir      ?= $(mandir)/man1
INSTALL      ?= install

# $(call fill,LIBDIR,LIBNEAR) replaces the @NAMES@ of a template.
fill = sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@PREFIX@|$(prefix)|g' -e 's|@LIBS@|$(LIBS)|g' \
           -e 's|@LIBDIR@|$(1)|g' -e 's|@LIBNEAR@|$(2)|g' -e 's|@INCLUDEDIR@|$(includedir)|g'
near = $(shell realpath -m --relative-to='$(bindir)' '$(libdir)')

COMMAND := $(D)/bin/gompx
PC      := $(D)/gompx.pc
all: $(COMMAND) $(PC)

# In the build folder: a command that works in place, and the pkg-config file as it will be installed.
$(COMMAND): tools/gompx.in $(CONFDIR)/config.mk
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)$(call fill,$(abspath $(D)),..) $< >$@ && chmod +x $@

$(PC): gompx.pc.in FORCE
	@$(call fill,$(libdir)) $< | cmp -s - $@ || $(call fill,$(libdir)) $< >$@

INSTALLED = $(bindir)/gompx $(libdir)/libgompx.so.1 $(libdir)/libgompx.so $(libdir)/libgompx.a \
            $(libdir)/gompx/libgomp.so.1 $(pkgconfigdir)/gompx.pc $(man1dir)/gompx.1 $(includedir)/gompx.h \
            $(includedir)/gompx_lib.inc

.PHONY: install uninstall
install: all
	$(call say,INST,$(DESTDIR)$(prefix))
	$(Q)$(INSTALL) -d $(addprefix $(DESTDIR),$(bindir) $(libdir)/gompx $(pkgconfigdir) $(man1dir) $(includedir))
	$(Q)$(INSTALL) -m 755 $(SHARED) $(DESTDIR)$(libdir)/libgompx.so.1
	$(Q)ln -sf libgompx.so.1 $(DESTDIR)$(libdir)/libgompx.so
	$(Q)$(INSTALL) -m 644 $(STATIC) $(DESTDIR)$(libdir)/libgompx.a
	$(Q)$(INSTALL) -m 755 $(COMPAT) $(DESTDIR)$(libdir)/gompx/libgomp.so.1
	$(Q)$(INSTALL) -m 644 $(PC) $(DESTDIR)$(pkgconfigdir)/gompx.pc
	$(Q)$(INSTALL) -m 644 include/gompx.h include/gompx_lib.inc $(DESTDIR)$(includedir)
	$(Q)$(INSTALL) -m 644 docs/gompx.1 $(DESTDIR)$(man1dir)/gompx.1
	$(Q)$(call fill,$(libdir),$(near)) tools/gompx.in >$(DESTDIR)$(bindir)/gompx
	$(Q)chmod 755 $(DESTDIR)$(bindir)/gompx
	$(Q)$(if $(DESTDIR),:,ldconfig 2>/dev/null || :)

uninstall:
	$(call say,REM,$(DESTDIR)$(prefix))
	$(Q)rm -f $(addprefix $(DESTDIR),$(INSTALLED))
	$(Q)rmdir $(DESTDIR)$(libdir)/gompx 2>/dev/null || :
