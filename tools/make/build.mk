# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Objects and libraries.  The same sources are compiled twice: for the shared libraries, and, with -DGOMPX_STATIC (no
# symbol versions), for libgompx.a and the unit tests.
#
#   VARIANT   folder        what is different
#   -         build/        the release
#   debug     build/debug   -O1, assertions
#   asan tsan ubsan         the compiler's sanitizers, assertions
#   count     build/count   counts read-modify-writes, system calls and allocations
#   delay     build/delay   calls a hook at the lettered steps of each protocol
D := $(BUILD)$(if $(VARIANT),/$(VARIANT))

SOURCES := $(sort $(wildcard sync/*.c affinity/*.c runtime/*.c abi/*.c))
OBJECTS := $(SOURCES:%.c=$(D)/obj/%.o)
STATICS := $(SOURCES:%.c=$(D)/static/%.o)

OPT_release := -O2
OPT_debug   := -O1 -DGOMPX_DEBUG
OPT_asan    := -O1 -DGOMPX_DEBUG -fsanitize=address -fno-omit-frame-pointer
OPT_tsan    := -O1 -DGOMPX_DEBUG -fsanitize=thread
OPT_ubsan   := -O1 -DGOMPX_DEBUG -fsanitize=undefined -fno-sanitize-recover=undefined
OPT_count   := -O2 -DGOMPX_COUNT
OPT_delay   := -O2 -DGOMPX_STEPS -DGOMPX_DEBUG
VARIANTS    := debug asan tsan ubsan count delay
OPT         := $(OPT_$(or $(VARIANT),release))
$(if $(OPT),,$(error VARIANT=$(VARIANT) is none of: $(VARIANTS)))
SANITIZED   := $(filter asan tsan ubsan,$(VARIANT))

WARNINGS := -Wall -Wextra -Wstrict-prototypes -Wmissing-prototypes
COMPILE  := -std=gnu11 -D_GNU_SOURCE -g $(OPT) $(WARNINGS) -fPIC -pthread \
            $(FEATURE_CFLAGS) $(if $(SANITIZED),,$(TLS_CFLAGS)) -fvisibility=hidden -I. -I$(CONFDIR) $(CPPFLAGS)

# No object may end up with an undefined symbol, nor the map with a name that nobody defines.  The library stays when a
# plug-in that brought it is closed: its workers still run our code.  Not -z initfirst: libc has no environment yet when
# such a library starts.  One entry point reaches another directly, whatever functions of that name (stubs, a second
# runtime) the program has.
LINK := $(filter -fsanitize=%,$(OPT)) -shared -pthread -Wl,-O1 -Wl,-z,nodelete -Wl,-z,relro -Wl,-z,now \
        -Wl,-Bsymbolic-functions \
        -Wl,--version-script=libgomp.map $(MAP_LDFLAGS) $(if $(SANITIZED),,-Wl,-z,defs) $(LDFLAGS)

SHARED := $(D)/libgompx.so.1
COMPAT := $(D)/gompx/libgomp.so.1
STATIC := $(D)/libgompx.a

.PHONY: all lib $(VARIANTS)
all: lib
lib: $(SHARED) $(D)/libgompx.so $(COMPAT) $(STATIC)
$(VARIANTS):
	$(Q)+$(MAKE) --no-print-directory VARIANT=$@ all

# Commands that differ from the last ones make everything built with them stale: changes only when the text does.
$(D)/flags: FORCE
	@mkdir -p $(D)
	@printf '%s\n' '$(CC) $(COMPILE) $(CFLAGS) $(LINK) $(LIBS)' | cmp -s - $@ || \
	 printf '%s\n' '$(CC) $(COMPILE) $(CFLAGS) $(LINK) $(LIBS)' >$@
.PHONY: FORCE

$(OBJECTS): $(D)/obj/%.o: %.c $(D)/flags $(CONFDIR)/config.mk
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMPILE) -MMD -MP $(CFLAGS) -c -o $@ $<

$(STATICS): $(D)/static/%.o: %.c $(D)/flags $(CONFDIR)/config.mk
	$(call say,CC,$< (static))
	@mkdir -p $(@D)
	$(Q)$(CC) $(COMPILE) -DGOMPX_STATIC -MMD -MP $(CFLAGS) -c -o $@ $<

$(SHARED): $(OBJECTS) libgomp.map $(D)/flags
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LINK) -Wl,-soname,$(@F) -o $@ $(OBJECTS) $(LIBS)

$(COMPAT): $(OBJECTS) libgomp.map $(D)/flags
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LINK) -Wl,-soname,$(@F) -o $@ $(OBJECTS) $(LIBS)

$(D)/libgompx.so: $(SHARED)
	$(Q)ln -sf libgompx.so.1 $@

$(STATIC): $(STATICS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(STATICS)

-include $(OBJECTS:.o=.d) $(STATICS:.o=.d)
