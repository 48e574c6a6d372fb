/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The mask before the first constructor.
 *
 * The resolver runs when nothing of the C library can be relied upon, perhaps not even the thread pointer: it makes its one
 * system call by itself, calls nobody, and must not be instrumented. */
#include "affinity/early.h"

#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include "config.h"

#if HAVE_IFUNC && (defined(__x86_64__) || defined(__aarch64__))

static volatile struct {
    long bytes;                         /* of the kernel's mask; <= 0: unknown */
    unsigned long words[GOMPX_CPU_MAX / (8 * sizeof(unsigned long))];
} early;

#define BARE __attribute__((no_sanitize("address", "thread", "undefined"), no_stack_protector, used))

#if defined(__x86_64__)

static inline __attribute__((always_inline)) long early_call(void)
{
    long result;

    __asm__ volatile("syscall" : "=a"(result)
                     : "0"((long)SYS_sched_getaffinity), "D"(0L), "S"(sizeof early.words), "d"(early.words)
                     : "rcx", "r11", "memory");
    return result;
}

#else

static inline __attribute__((always_inline)) long early_call(void)
{
    register long number __asm__("x8") = SYS_sched_getaffinity;
    register long thread __asm__("x0") = 0;
    register unsigned long size __asm__("x1") = sizeof early.words;
    register volatile unsigned long *words __asm__("x2") = early.words;

    __asm__ volatile("svc 0" : "+r"(thread) : "r"(number), "r"(size), "r"(words) : "memory");
    return thread;
}

#endif

static void nothing(void)
{
}

static BARE void (*resolve(void))(void)
{
    early.bytes = early_call();
    return nothing;
}

static void asked_early(void) __attribute__((ifunc("resolve")));

/* What the loader has to relocate. */
static void (*const volatile pointer)(void) = asked_early;

bool gompx_early_mask(struct gompx_cpuset *set)
{
    unsigned long words[sizeof early.words / sizeof early.words[0]];
    long bytes = pointer ? early.bytes : 0;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        words[i] = early.words[i];
    gompx_cpuset_from_words(set, words, bytes > 0 ? (size_t)bytes : 0);
    return bytes > 0;
}

#else

bool gompx_early_mask(struct gompx_cpuset *set)
{
    gompx_cpuset_clear(set, 0);
    return false;
}

#endif

static bool holds(const struct dl_phdr_info *object, uintptr_t address)
{
    for (unsigned i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &object->dlpi_phdr[i];

        if (p->p_type == PT_LOAD && address - (object->dlpi_addr + p->p_vaddr) < p->p_memsz)
            return true;
    }
    return false;
}

static int is_rival(struct dl_phdr_info *object, size_t size, void *unused)
{
    const char *slash = strrchr(object->dlpi_name, '/');
    const char *name = slash ? slash + 1 : object->dlpi_name;

    (void)size;
    (void)unused;
    return strncmp(name, "libgomp.so", strlen("libgomp.so")) == 0 && !holds(object, (uintptr_t)gompx_early_rival);
}

bool gompx_early_rival(void)
{
    return dl_iterate_phdr(is_rival, NULL) != 0;
}
