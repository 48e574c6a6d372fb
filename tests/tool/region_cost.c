/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The second and later constructs of one shape make no system call and allocate no memory.
 *
 * Memory: malloc and its relatives of this program come before the C library's, and count. System calls: once the first
 * round has warmed everything up, a seccomp filter for all threads turns any call but the few that the program needs to
 * report its result into SIGSYS, whose handler names the call and ends the program. Waiting is active and every thread
 * has a CPU of its own, so that there is no reason to sleep; where there are not enough CPUs the program is skipped.
 *
 * run: threads=1,2 opt=2 pin=no policy=active repeat=3 modes=path,preload
 * run: gompx-only="libgomp calls the futex wake at every barrier"
 * run+:
 * run+: env=OMP_PROC_BIND=close
 * run+: env=OMP_PROC_BIND=spread,close env=OMP_PLACES=threads */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "tests/omp/check.h"

enum { ROUNDS = 2000 };

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static long allocations;

static void count(void)
{
    __atomic_fetch_add(&allocations, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t size)
{
    count();
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
    count();
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
    count();
    return __libc_realloc(p, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **p, size_t alignment, size_t size)
{
    count();
    *p = __libc_memalign(alignment, size);
    return *p ? 0 : ENOMEM;
}

/* Writes a number without stdio: the handler may interrupt anything. */
static void report(int number)
{
    char text[] = "region_cost.c: system call ....\n";
    size_t at = sizeof text - 3;

    for (int i = 0; i < 4; i++, at--, number /= 10)
        text[at] = (char)('0' + number % 10);
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(2);
}

static void on_sigsys(int signal_number, siginfo_t *info, void *context)
{
    (void)signal_number;
    (void)context;
    report(info->si_syscall);
    _exit(1);
}

#define ALLOW(call) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static void forbid_system_calls(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOW(SYS_write), ALLOW(SYS_exit_group), ALLOW(SYS_rt_sigreturn), ALLOW(SYS_restart_syscall),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    };
    struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_sigsys;
    action.sa_flags = SA_SIGINFO;
    CHECK_EQ(sigaction(SIGSYS, &action, NULL), 0);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) != 0) {
        printf("no seccomp filters here: %s\n", strerror(errno));
        exit(CHECK_SKIPPED);
    }
}

static void take_a_cpu_each(void)
{
    cpu_set_t all;

    CHECK_EQ(sched_getaffinity(0, sizeof all, &all), 0);
    if (CPU_COUNT(&all) < omp_get_max_threads()) {
        printf("fewer CPUs than threads\n");
        exit(CHECK_SKIPPED);
    }
#pragma omp parallel
    {
        cpu_set_t mine;
        int skip = omp_get_thread_num();

        CPU_ZERO(&mine);
        for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
            if (CPU_ISSET(cpu, &all) && skip-- == 0)
                CPU_SET(cpu, &mine);
        CHECK_EQ(sched_setaffinity(0, sizeof mine, &mine), 0);
    }
}

static omp_lock_t lock;
static omp_nest_lock_t nest_lock;

static long loops(void)
{
    long sum = 0;

#pragma omp parallel reduction(+ : sum)
    {
#pragma omp for schedule(dynamic) nowait
        for (int i = 0; i < 16; i++)
            sum += i;
#pragma omp for schedule(guided)
        for (int i = 0; i < 16; i++)
            sum += i;
#pragma omp for schedule(static)
        for (int i = 0; i < 16; i++)
            sum += i;
#pragma omp for schedule(dynamic) ordered
        for (int i = 0; i < 8; i++) {
#pragma omp ordered
            sum += i;
        }
    }
    return sum;
}

static long others(void)
{
    long sum = 0;

#pragma omp parallel
    {
        int told = 0;
#pragma omp single
        sum++;
#pragma omp single copyprivate(told)
        told = 1;
#pragma omp sections
        {
#pragma omp section
            {
#pragma omp atomic
                sum++;
            }
#pragma omp section
            {
#pragma omp atomic
                sum++;
            }
        }
#pragma omp barrier
#pragma omp masked
        sum += told;
    }
    return sum;
}

/* Locks that nobody else wants at the time. */
static void uncontended(void)
{
    omp_set_lock(&lock);
    omp_unset_lock(&lock);
    omp_set_nest_lock(&nest_lock);
    omp_unset_nest_lock(&nest_lock);
#pragma omp critical
    omp_get_wtime();
#pragma omp critical(name)
    omp_get_thread_num();
#pragma omp parallel if(0)
    omp_get_num_threads();
}

static void round_of_constructs(void)
{
    CHECK_EQ(loops(), 3 * 120 + 28);
    CHECK_EQ(others(), 4);
    uncontended();
}

int main(void)
{
    long before;

    omp_init_lock(&lock);
    omp_init_nest_lock(&nest_lock);
    take_a_cpu_each();
    for (int i = 0; i < 5; i++)
        round_of_constructs();
    forbid_system_calls();
    before = allocations;
    CHECK(before > 0);              /* the wrappers are in force: the first region allocated */
    for (int i = 0; i < ROUNDS; i++)
        round_of_constructs();
    CHECK_EQ(allocations - before, 0);
    _exit(0);
}
