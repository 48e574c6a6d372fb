/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * OpenACC's profiling interface (runtime/acc_prof.h). */
#include "abi/abi.h"
#include "runtime/acc_prof.h"
#include "runtime/init.h"

GOMPX_ENTRY(void, acc_prof_register, int event, gompx_acc_callback *callback, int how)
{
    gompx_acc_prof_register(event, callback, how);
}

GOMPX_ENTRY(void, acc_prof_unregister, int event, gompx_acc_callback *callback, int how)
{
    gompx_acc_prof_unregister(event, callback, how);
}

typedef void query(void);

/* OpenACC 2.6 defines no function that could be looked up. */
GOMPX_ENTRY(query *, acc_prof_lookup, const char *name)
{
    (void)name;
    return NULL;
}

/* Profiling libraries and programs define their own; this one only gives the name a definition. */
GOMPX_ENTRY(void, acc_register_library, gompx_acc_reg *reg, gompx_acc_reg *unreg, gompx_acc_query *lookup)
{
    (void)reg;
    (void)unreg;
    (void)lookup;
}

/* Ours even where a program's own definition takes precedence. */
extern gompx_acc_register_library gompx_own_register_library
    __attribute__((alias("acc_register_library"), visibility("hidden")));

__attribute__((constructor)) static void load(void)
{
    gompx_init();
    gompx_acc_prof_load(acc_prof_register, acc_prof_unregister, acc_prof_lookup, gompx_own_register_library);
}
