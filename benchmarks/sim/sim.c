/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What barriers and regions of 2 to 256 threads would cost, from a model of cache lines that travel (engine.h).
 * Nothing is measured here but for the comparison with threads that the machine has, and each line says which it is. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmarks/sim/check.h"
#include "benchmarks/sim/measured.h"
#include "runtime/cluster.h"

enum { MACHINES = 8, SIZES = 32 };

static struct sim_machine machine[MACHINES];
static struct {
    unsigned machines, sizes, size[SIZES];
    unsigned fanin, rounds;
    struct sim_costs costs;
    bool measures, scattered;
} option = {
    .sizes = 11, .size = { 2, 4, 8, 12, 16, 24, 32, 64, 96, 128, 256 }, .fanin = 8, .rounds = 100, .costs = { .op = 2, .reply = 4 },
    .measures = true,
};

static void usage(FILE *out)
{
    fputs("usage: sim [-m MACHINE]... [-l CORE,CACHE,PACKAGE,ACROSS] [-t THREADS,...] [-f FANIN] [-o NS] [-a NS] [-q]\n"
          "           [-r ROUNDS] [-u] [-n]\n"
          "  -m  a machine, as hwloc describes synthetic ones: 'pack:2 l3:4 core:8 pu:2'\n"
          "  -l  ns of a line's way for the machine before it (20,35,110,230), or for all\n"
          "  -t  numbers of threads, at most 1024\n"
          "  -f  fan-in of the tree (8)\n"
          "  -o  ns of the access itself (2)      -a  ns between two answers to readers of one line (4)\n"
          "  -q  requests are served in the order in which they come; else in random order\n"
          "  -r  rounds of which the mean is shown (100)\n"
          "  -u  threads are put anywhere, and the tree does not know where: unbound ones\n"
          "  -n  measures nothing\n", out);
}

static void fail(const char *what, const char *text)
{
    fprintf(stderr, "sim: %s: '%s'\n", what, text);
    exit(2);
}

/* ---- options ---- */

static void machine_add(const char *text, struct sim_latency latency)
{
    if (option.machines == MACHINES)
        fail("too many machines", text);
    if (!sim_machine_read(&machine[option.machines], text))
        fail("not a machine that is understood", text);
    machine[option.machines++].latency = latency;
}

static double number_of(const char *text, double least, double most)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= least && value <= most))
        fail("not a number, or not one that can be used", text);
    return value;
}

static void sizes_read(char *text)
{
    option.sizes = 0;
    for (char *word = strtok(text, ","); word; word = strtok(NULL, ",")) {
        if (option.sizes == SIZES)
            fail("too many numbers", word);
        option.size[option.sizes++] = (unsigned)number_of(word, 2, SIM_THREADS);
    }
}

static void latency_read(const char *text, struct sim_latency *l)
{
    char rest;

    if (sscanf(text, "%lf,%lf,%lf,%lf%c", &l->core, &l->cache, &l->package, &l->across, &rest) != 4)
        fail("not four numbers", text);
}

static void options_read(int argc, char **argv)
{
    struct sim_latency latency = { 20, 35, 110, 230 };

    for (int c; (c = getopt(argc, argv, "m:l:t:f:o:a:r:qunh")) != -1;) {
        switch (c) {
        case 'm':
            machine_add(optarg, latency);
            break;
        case 'l':
            latency_read(optarg, &latency);
            for (unsigned i = 0; i < option.machines; i++)
                if (i + 1 == option.machines)
                    machine[i].latency = latency;
            break;
        case 't':
            sizes_read(optarg);
            break;
        case 'f':
            option.fanin = (unsigned)number_of(optarg, 2, SIM_THREADS);
            break;
        case 'o':
            option.costs.op = number_of(optarg, 0, 1e6);
            break;
        case 'a':
            option.costs.reply = number_of(optarg, 0, 1e6);
            break;
        case 'r':
            option.rounds = (unsigned)number_of(optarg, 1, 1e6);
            break;
        case 'q':
            option.costs.order = SIM_FIFO;
            break;
        case 'u':
            option.scattered = true;
            break;
        case 'n':
            option.measures = false;
            break;
        case 'h':
            usage(stdout);
            exit(0);
        default:
            usage(stderr);
            exit(2);
        }
    }
    if (optind < argc)
        fail("what is this", argv[optind]);
    if (option.machines == 0) {
        machine_add("pack:2 [numa] l3:16 core:8 pu:1", (struct sim_latency){ 20, 35, 110, 230 });
        machine_add("pack:2 [numa] l3:1 core:128 pu:1", (struct sim_latency){ 20, 70, 70, 150 });
        machine_add("pack:1 l3:2 core:8 pu:2", (struct sim_latency){ 15, 30, 90, 90 });
    }
    for (unsigned i = 0; i < option.machines && option.scattered; i++)
        sim_machine_scatter(&machine[i]);
}

/* ---- tables ---- */

static void machine_head(const struct sim_machine *m)
{
    printf("\nmodelled machine '%s': %u CPUs, %u cores, %u last-level caches, %u packages\n"
           "modelled ns of a line's way: %g within a core, %g within a cache, %g within a package, %g across; an access %g, "
           "an answer after another %g;\n"
           "modelled requests for one line are served %s; mean of %u; a CPU for each thread, %s\n",
           m->text, m->cpus, m->cores, m->caches, m->packages, m->latency.core, m->latency.cache, m->latency.package,
           m->latency.across, option.costs.op, option.costs.reply,
           option.costs.order == SIM_FIFO ? "in the order in which they come" : "in random order", option.rounds,
           m->scattered ? "anywhere" : "close to the next one");
}

static double cost(enum sim_method method, enum sim_scene scene, const struct sim_machine *m, unsigned threads)
{
    return sim_method_cost(method, scene, m, &option.costs, threads, option.fanin, option.rounds);
}

static void table(const struct sim_machine *m, const char *head, enum sim_scene scene, enum sim_method first, enum sim_method end)
{
    printf("\nmodelled ns, %s\nmodelled    T", head);
    for (enum sim_method method = first; method < end; method++)
        printf("  %13s", sim_method_name[method]);
    putchar('\n');
    for (unsigned i = 0; i < option.sizes; i++) {
        unsigned threads = option.size[i];

        if (threads > m->cpus)
            continue;
        printf("modelled %4u", threads);
        for (enum sim_method method = first; method < end; method++) {
            if (sim_method_is_feasible(method, threads))
                printf("  %13.0f", cost(method, scene, m, threads));
            else
                printf("  %13s", "-");
        }
        putchar('\n');
    }
}

/* ---- against the machine ---- */

static enum sim_method method_of(unsigned threads)
{
    enum gompx_barrier_mode mode = gompx_cluster_mode(threads, SIM_CPUS, GOMPX_CHOICE_AUTO);

    return mode == GOMPX_BARRIER_MONO ? SIM_MONO : mode == GOMPX_BARRIER_CENTRAL ? SIM_CENTRAL : SIM_TREE;
}

/* A line's way there and back is four transfers of the model: to the writer, to the reader, and the same again. */
static void compare(void)
{
    static struct sim_machine flat;
    static const unsigned sizes[] = { 2, 4, 8, 16 };

    puts("\nmeasured here with gompx against modelled for a line that takes everywhere what it took here on average;\n"
         "measured: the fastest of some tries; modelled and measured alike: one after the other, nothing in between");
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned threads = sizes[i];
        struct sim_costs costs = option.costs;
        struct sim_measured m;

        if (threads > sim_measured_cpus()) {
            printf("measured %2u threads: not possible on %u CPUs\n", threads, sim_measured_cpus());
            continue;
        }
        m = sim_measured_take(threads);
        sim_machine_flat(&flat, threads, m.trip / 4);
        printf("measured %2u threads: line there and back %5.0f ns, barrier %5.0f ns, region %5.0f ns\n", threads, m.trip,
               m.barrier, m.region);
        printf("modelled %2u threads: line there and back %5.0f ns, barrier %5.0f ns, region %5.0f ns\n", threads, m.trip,
               sim_method_cost(method_of(threads), SIM_REPEATED, &flat, &costs, threads, option.fanin, option.rounds),
               sim_method_cost(SIM_REGION, SIM_REPEATED, &flat, &costs, threads, option.fanin, option.rounds));
    }
}

int main(int argc, char **argv)
{
    struct sim_check wrong;
    unsigned count;

    options_read(argc, argv);
    if (sim_check_all(&count, &wrong) > 0) {
        fprintf(stderr, "sim: %s with %u threads takes %g transfers, not %u: the model is broken\n", sim_method_name[wrong.method],
                wrong.threads, wrong.modelled / 100, wrong.transfers);
        return 1;
    }
    printf("modelled: all figures but those that are called measured. The model agrees with %u closed forms.\n", count);
    for (unsigned i = 0; i < option.machines; i++) {
        machine_head(&machine[i]);
        table(&machine[i], "a barrier; simultaneous arrival, until the last one has left", SIM_AT_ONCE, SIM_MONO, SIM_REGION);
        table(&machine[i], "a barrier; all wait for one, from its arrival until the last one has left", SIM_LATE, SIM_MONO, SIM_REGION);
        table(&machine[i], "an empty parallel region; one after the other", SIM_REPEATED, SIM_REGION, SIM_METHODS);
    }
    if (option.measures)
        compare();
    return 0;
}
