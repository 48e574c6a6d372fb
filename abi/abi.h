/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What all files of exported functions share.  Which names leave the library is decided by libgomp.map alone; GOMPX_API only
 * lifts -fvisibility=hidden for them. */
#ifndef GOMPX_ABI_ABI_H
#define GOMPX_ABI_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GOMPX_API __attribute__((visibility("default")))

/* Defines an exported function and the prototype that -Wmissing-prototypes asks for: the callers are compilers. */
#define GOMPX_ENTRY(result, name, ...) \
    GOMPX_API result name(__VA_ARGS__); \
    result name(__VA_ARGS__)

typedef unsigned long long gompx_ull;

#endif
