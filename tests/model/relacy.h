/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What the Relacy models have in common.  A model defines MISTAKES(X) as X(NAME) for each of its seeded mistakes and calls
 * simulate<model>() from main(); the program's argument names the mistake that is to be made, so that one build serves all. */
#ifndef GOMPX_TESTS_MODEL_RELACY_H
#define GOMPX_TESTS_MODEL_RELACY_H

#include <cstring>

#include <relacy/relacy.hpp>

#define MISTAKE_FLAG(name) static bool name;
MISTAKES(MISTAKE_FLAG)

/* The order of an access: `order`, or `weaker` if that mistake is to be made. */
#define ORDER(order, mistake, weaker) (mistake) ? rl::mo_##weaker : rl::mo_##order, $

template <typename model> static int simulate(int argc, char **argv, int executions)
{
    rl::test_params p;

    for (int i = 1; i < argc; i++) {
#define MISTAKE_SET(name) if (!strcmp(argv[i], #name)) name = true; else
        MISTAKES(MISTAKE_SET) return 2;
    }
    p.search_type = rl::random_scheduler_type;
    p.iteration_count = executions;
    p.execution_depth_limit = 2000;
    return rl::simulate<model>(p) ? 0 : 1;
}

#endif
