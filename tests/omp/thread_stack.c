/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Stack sizes of workers, in every spelling that OMP_STACKSIZE and GOMP_STACKSIZE allow; and below each stack lies a guard:
 * who runs beyond its end is stopped and does not write into its neighbour's.
 *
 * run: opt=2 threads=4 pin=no policy=passive modes=path
 * run+: env=KB=20480 env=OMP_STACKSIZE=20480
 * run+: env=KB=20480 env=OMP_STACKSIZE=20971520B
 * run+: env=KB=20480 env=OMP_STACKSIZE=20480k
 * run+: env=KB=20480 env=OMP_STACKSIZE=20M
 * run+: env=KB=20480 env="OMP_STACKSIZE= 20 m "
 * run+: env=KB=1048576 env=OMP_STACKSIZE=1G
 * run+: env=KB=20480 env=GOMP_STACKSIZE=20480
 * run+: env=KB=20480 env=GOMP_STACKSIZE=20M
 * run+: env=KB=256 env=OMP_STACKSIZE=256K env=GOMP_STACKSIZE=20M
 * run+: env=KB=20480 env=OMP_STACKSIZE=20T env=GOMP_STACKSIZE=20M expect-stderr=OMP_STACKSIZE
 * run+: env=KB=0 env=OMP_STACKSIZE=1B expect-stderr="Stack size less than minimum of"
 * run+: env=KB=256 env=OMP_STACKSIZE=256K env=OVERRUN=1 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>

#include "tests/omp/check.h"

static char *stack_low;                 /* of the thread that runs beyond it */
static size_t guard_size;

static void own_stack(char **low, size_t *size, size_t *guard)
{
    pthread_attr_t attr;
    void *address;

    CHECK_EQ(pthread_getattr_np(pthread_self(), &attr), 0);
    CHECK_EQ(pthread_attr_getstack(&attr, &address, size), 0);
    CHECK_EQ(pthread_attr_getguardsize(&attr, guard), 0);
    pthread_attr_destroy(&attr);
    *low = address;
}

/* kb == 0: the system's default, whatever it is. */
static void each_has(size_t kb)
{
#pragma omp parallel
    if (omp_get_thread_num() > 0) {
        char *low;
        size_t size, guard;

        own_stack(&low, &size, &guard);
        if (kb == 0)
            CHECK(size > 65536);
        else
            CHECK(size <= kb * 1024 && size + 65536 >= kb * 1024);  /* some of it belongs to the C library */
        CHECK(guard >= (size_t)sysconf(_SC_PAGESIZE));
    }
}

/* Recurses through about that many bytes of stack. */
static int deep(size_t bytes)
{
    volatile char frame[4096];

    frame[0] = frame[4095] = 1;
    return bytes < sizeof frame ? frame[0] : deep(bytes - sizeof frame) + frame[4095] - 1;
}

static void most_of_it_can_be_used(size_t kb)
{
#pragma omp parallel
    if (omp_get_thread_num() > 0)
        CHECK_EQ(deep((kb < 20480 ? kb : 20480) * 1024 / 8 * 7 - 16384), 1);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
    char *at = info->si_addr;

    (void)number;
    (void)context;
    _exit(at < stack_low + guard_size && at + guard_size + 8192 >= stack_low ? 0 : 1);
}

static void overrun(void)
{
#pragma omp parallel num_threads(2)
    if (omp_get_thread_num() == 1) {
        struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
        stack_t other = { .ss_size = 65536, .ss_sp = malloc(65536) };
        size_t size;

        CHECK(other.ss_sp != NULL);
        CHECK_EQ(sigaltstack(&other, NULL), 0);
        CHECK_EQ(sigaction(SIGSEGV, &action, NULL), 0);
        own_stack(&stack_low, &size, &guard_size);
        CHECK_EQ(deep(2 * size), 1);
    }
    CHECK(!"the overrun was not noticed");
}

int main(void)
{
    size_t kb = (size_t)atol(getenv("KB"));

    each_has(kb);
    if (kb)
        most_of_it_can_be_used(kb);
    if (getenv("OVERRUN"))
        overrun();
    return 0;
}
