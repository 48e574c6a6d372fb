# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Settings of the environment to compare under: values by variable, valid and not."""

VALUES = {
    "OMP_NUM_THREADS": ["1", "2", "3", "4", "7", "64", "2,3", "3,2,1", "1,2", "2,", ",2", "2,,3", "2, 3", " 4 ", "0", "-1",
                        "+3", "0x4", "4x", "", " ", "99999999999999999999", "2147483647", "2147483648", "4294967295",
                        "4294967296", "2,0", "1,1,1,1,1,1,1,1,1", "2 3", "two", "2;3", "\t3", "3\n", "08", "2.5"],
    "OMP_SCHEDULE": ["static", "dynamic", "guided", "auto", "static,4", "dynamic,7", "guided,3", "auto,5", "static,0",
                     "dynamic,0", "guided,0", "STATIC", "Dynamic , 9", " guided", "static ", "dynamic,", "dynamic,x",
                     "dynamic,-1", "static,-3", "dynamic,1x", "dynamic 4", "dynamic:4", "monotonic:dynamic",
                     "nonmonotonic:dynamic,2", "monotonic:static", "nonmonotonic:static", "monotonic:guided,4",
                     "nonmonotonic : guided", "Monotonic:auto", "monotonic", "monotonic:", "monotonic:nonsense",
                     "monotonic static", "runtime", "", "   ", "statics", "guided,99999999999999999999",
                     "guided,2147483647", "dynamic,2147483648", "dynamic,4294967296", "static,1,2", "static,+5",
                     "nonmonotonic:auto,3", "monotonic:nonmonotonic:static", "sta tic"],
    "OMP_PROC_BIND": ["true", "false", "TRUE", "master", "primary", "close", "spread", "close,spread", "spread,close,master",
                      "spread, close", "true,close", "close,true", "false,close", "close,", ",close", "closed", "1", "",
                      " ", "primary,primary", "spread spread", "Close ,SPREAD ", "close,,close"],
    "OMP_PLACES": ["threads", "cores", "sockets", "threads(1)", "cores(1)", "sockets(1)", "threads(2)", "threads(9)",
                   "threads(0)", "threads(-1)", "threads()", "threads(", "threads(1", "THREADS", " cores ( 2 ) ", "{0}",
                   "{1}", "{0},{1}", "{1},{0}", "{0,1}", "{0:2}", "{0}:2", "{0}:2:1", "{1}:2:-1", "{0:2:1}", "{0},{0}",
                   "0,1", "0", "1,0", "0:2", "1:2:-1", "{0,1},!{1}", "!{0}", "{0},!{0}", "{0},{1},!{0}", "{0:2,!1}",
                   "{0:2,!5}", "{2}", "{0},{7}", "{0:64}", "{99999}", "{-1}", "{0", "0}", "{}", "{0}}", "{0},", ",{0}",
                   "{0},,{1}", "{a}", "{0:0}", "{0}:0", "{0}:-1", "{0}:2:0", "{0,}", "{0 1}", "{0}:99999999", "", " ",
                   "numa_domains", "ll_caches", "numa_domains(1)", "ll_caches(1)", "thread", "{0}:1", "{1}:1:5",
                   " { 0 } , { 1 } ", "{0:1},{1:1}", "{4294967296}"],
    "OMP_CANCELLATION": ["true", "false", "TRUE", " true ", "1", "yes", "", "truefalse", "true,false"],
    "OMP_DYNAMIC": ["true", "false", "True", "TRUE ", "0", "no", "", " false"],
    "OMP_NESTED": ["true", "false", "TRUE", "1", "", "maybe"],
    "OMP_MAX_ACTIVE_LEVELS": ["0", "1", "2", "3", "254", "255", "256", "1000", "-1", "4294967295", "2147483647", "2147483648",
                              "", "x", " 2 ", "2,3", "99999999999999999999"],
    "OMP_THREAD_LIMIT": ["1", "2", "3", "5", "100", "0", "-1", "4294967295", "4294967296", "2147483648", "2147483647", "", "x",
                         " 4", "3 3"],
    "OMP_STACKSIZE": ["64", "512", "1M", "2m", "4096K", "100000B", "100000b", "1 M", " 2048k ", "0", "-1", "1T", "1MB", "", "K",
                      "1", "1B", "16383B", "16384B", "1G1", "99999999999999999999", "99999999999999999999G", "M", "2 K x"],
    "GOMP_STACKSIZE": ["64", "512k", "1M", "", "x", "0", "1B", "-4"],
    "OMP_WAIT_POLICY": ["active", "passive", "ACTIVE", " Passive ", "", "lazy", "active,passive", "act"],
    "OMP_DISPLAY_ENV": ["true", "verbose", "false", "TRUE", "Verbose", " true ", "", "1", "yes", "verbosely"],
    "OMP_DISPLAY_AFFINITY": ["true", "false", "TRUE", "", "1", "x"],
    "OMP_AFFINITY_FORMAT": ["", "%L", "host=%H tid=%0.9n", "%%", "level %L thread %i affinity %A", "%.5L|%5L|%5n", "%{host}",
                            "  two  ", "%{thread_affinity}", "%a %t %T %N %n"],
    "OMP_DEFAULT_DEVICE": ["0", "1", "7", "-1", "2147483647", "2147483648", "4294967295", "", "x", " 3 "],
    "OMP_TARGET_OFFLOAD": ["default", "disabled", "DEFAULT", " Disabled ", "mandatory", "", "x", "default,disabled"],
    "OMP_ALLOCATOR": ["omp_default_mem_alloc", "omp_large_cap_mem_alloc", "omp_const_mem_alloc", "omp_high_bw_mem_alloc",
                      "omp_low_lat_mem_alloc", "omp_cgroup_mem_alloc", "omp_pteam_mem_alloc", "omp_thread_mem_alloc",
                      "OMP_Default_Mem_Alloc", " omp_low_lat_mem_alloc ", "0", "1", "9", "", "omp_null_allocator",
                      "omp_default_mem_allo", "omp_default_mem_alloc x"],
    "OMP_NUM_TEAMS": ["1", "2", "4", "0", "-1", "", "x", "2147483647", "2147483648", "4294967296", " 3 ", "2,3"],
    "OMP_TEAMS_THREAD_LIMIT": ["1", "2", "3", "0", "-1", "", "x", "2147483647", "2147483648", "4294967296", " 2"],
    "OMP_MAX_TASK_PRIORITY": ["0", "1", "10", "-1", "2147483647", "2147483648", "", "x", " 5 "],
    "GOMP_CPU_AFFINITY": ["0", "1", "0 1", "0,1", "0-1", "1 0", "0-1:1", "0-1:2", "0-7:1", "1-0", "0-", "-1", "", "x", "0 0",
                          "0x1", "7", "0;1", " 0 , 1 ", "0-1:0", "99999999", "0 1 x"],
    "GOMP_SPINCOUNT": ["0", "10", "5k", "2M", "1 k", "", "x", "-1", "1kk", "1Q", "100K ", "infinit"],
    "ACC_DEVICE_TYPE": ["host", "HOST", "none", "default", "nvidia", "radeon", "not_host", "", "nonsense", "Host "],
    "ACC_DEVICE_NUM": ["0", "1", "-1", "", "x", "7"],
    "GOMP_OPENACC_DIM": ["1:2:3", "::", "", "4", "1:2", "x", ":5:", "1:2:3:4"],
    "GOMP_DEBUG": ["0", "", "x", "-1"],
}

# Settings that make threads spin for long, or that a loaded machine answers differently: no regions under them.
WITHOUT_TEAMS = {("OMP_WAIT_POLICY", "active"), ("OMP_WAIT_POLICY", "ACTIVE"), ("OMP_STACKSIZE", "0"),
                 ("GOMP_STACKSIZE", "0")}


BINDING = ("OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY")


def singles():
    """Every value of every variable, by itself."""
    return [{name: value} for name, values in VALUES.items() for value in values]


def draw(rng):
    """A random environment: mostly a few variables, often none."""
    names = rng.sample(sorted(VALUES), rng.choice([0, 1, 1, 2, 3, 4, 6]))
    env = {name: rng.choice(VALUES[name]) for name in names}
    if any(name in env for name in BINDING):        # the region that bound() begins with would show itself, or not
        env.pop("OMP_DISPLAY_AFFINITY", None)
    if env.get("OMP_STACKSIZE") in ("0", "1", "1B", "16383B"):   # libgomp then does not look at the other, gompx uses it
        env.pop("GOMP_STACKSIZE", None)
    return env


def teams_allowed(env):
    return not any(item in WITHOUT_TEAMS for item in env.items())


def bound(lines, env):
    """GNU libgomp binds the main thread when it is loaded, gompx with its first region (docs/affinity.md): where settings
    bind threads, the threads of a script that are not of a team begin with a region.  And with GOMP_CPU_AFFINITY all CPUs
    are there: libgomp makes places of those that are not."""
    if "GOMP_CPU_AFFINITY" in env:
        lines = [line for line in lines if not line.startswith("cpus ")]
    if not any(name in env for name in BINDING):
        return lines
    region = ["block parallel 2 0", "end"]
    begun = lines[:1] + region + lines[1:] if lines[:1] and lines[0].startswith("cpus ") else region + lines
    return [word for line in begun for word in ([line] + region if line == "block thread" else [line])]
