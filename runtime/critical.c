/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "runtime/critical.h"

struct gompx_critical gompx_critical_unnamed;
struct gompx_critical gompx_critical_atomic;
