# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sequences of OpenACC's routines, as tests/abi/diff/episodes.py has them for OpenMP's.

There is no device but the host.  Left out, as GNU libgomp falls over an assertion or a null pointer there, so that there
is nothing to compare with: most routines before any device was initialised, device type `none` where a device is wanted,
acc_unmap_data and acc_detach of what was not mapped or attached, negative device numbers, and the null pointer as an
array."""

from episodes import block, slots

TYPES = [2, 2, 2, 1]                    # host, default; others end the process where a device is wanted
ASYNC = [-2, -1, 0, 1, 2, 7, 100]
INIT = ["acc_init", "acc_set_device_type"]

ASKING = """acc_get_num_devices acc_get_device_type acc_get_device_num acc_set_device_num acc_set_device_type acc_on_device
    acc_async_test acc_async_test_all acc_wait acc_wait_async acc_wait_all acc_wait_all_async acc_async_wait
    acc_async_wait_all acc_get_current_cuda_device acc_get_current_cuda_context acc_get_cuda_stream acc_set_cuda_stream
    acc_get_property acc_get_property_string acc_init""".split()
DATA = """acc_copyin acc_present_or_copyin acc_create acc_present_or_create acc_copyout acc_delete acc_update_device
    acc_update_self acc_is_present acc_pcopyin acc_pcreate acc_copyin_async acc_copyout_async acc_copyout_finalize
    acc_copyout_finalize_async acc_create_async acc_delete_async acc_delete_finalize acc_delete_finalize_async
    acc_update_device_async acc_update_self_async acc_memcpy_to_device acc_memcpy_from_device
    acc_memcpy_to_device_async acc_memcpy_from_device_async acc_memcpy_device acc_memcpy_device_async acc_deviceptr
    acc_hostptr acc_attach acc_attach_async acc_detach acc_detach_async acc_detach_finalize
    acc_detach_finalize_async""".split()
PROFILING = "acc_prof_register acc_prof_unregister acc_prof_lookup acc_register_library".split()


def word(rng, routine, i):
    """The i-th argument of a routine, by the parameter's name and type."""
    parameter = routine.parameters[i]
    name, base = parameter.name, routine.base
    if name == "type":
        asking = base in ("acc_get_num_devices", "acc_on_device")
        return parameter.write(rng.choice(TYPES + [0, 4, 5, 8] * asking))
    if name == "dev":
        return parameter.write(rng.choice([0, 0, -1] if base == "acc_set_device_num" else [0]))
    if name.startswith("async"):
        return parameter.write(rng.choice(ASYNC))
    if name == "property":
        return parameter.write(rng.choice([1, 2, 0x10001, 0x10002, 0x10003, 0, 3, 0x10000, 0x10004, -1]))
    if name == "string":
        return "b3+4"
    if name == "string_len":
        return parameter.write(rng.choice([0, 1, 3, 4, 20]))
    if name in ("size", "len"):
        return parameter.write(rng.choice([1, 4, 10, 100]))
    if name == "stream":
        return rng.choice(["null", "b1"])
    if parameter.type == "gfc_descriptor":
        return rng.choice(["gfc:b0+0:4:10", "gfc:b0+16:8:3:4", "gfc:b1+0:1:2:3:4"])
    if parameter.stars == 2:
        return "*b0+%d" % rng.choice([0, 64])
    return rng.choice(["b0", "b0+16", "b1", "b1+40"]) if name != "dst" else rng.choice(["b2", "b2+8"])


def call(rng, routine):
    before = ["fill b3"] if any(p.name == "string" for p in routine.parameters) else []
    return before + [" ".join([routine.script_name] + [word(rng, routine, i) for i in range(len(routine.parameters))])]


def initialise(rng, menu):
    routine = rng.choice([r for name in INIT for r in menu.forms(name)])
    return [routine.script_name + " " + routine.parameters[0].write(rng.choice([1, 2]))]


def chosen(rng, menu, names, count):
    routines = [r for name in names for r in menu.forms(name)]
    return [line for _ in range(count if routines else 0) for line in call(rng, rng.choice(routines))]


def queries(rng, menu):
    if not menu.forms("acc_init"):
        return None
    lines = initialise(rng, menu) + chosen(rng, menu, ASKING, rng.randint(1, 8))
    return block("thread", lines) if rng.random() < 0.15 else lines


def data(rng, menu):
    if not menu.forms("acc_init"):
        return None
    slot, = slots(rng, 1)
    lines = initialise(rng, menu) + ["data b0 3", "data b1 4"] + chosen(rng, menu, DATA, rng.randint(1, 8))
    if rng.random() < 0.4:
        lines += ["%s=acc_malloc %d" % (slot, rng.choice([0, 1, 100])), "put %s 0 1" % slot, "acc_free " + slot,
                  "forget " + slot]
    return lines


def profiling(rng, menu):
    """What callbacks are told about a few calls between their registration and the device's end."""
    if not menu.forms("acc_prof_register"):
        return None
    lines = []
    for _ in range(rng.randint(1, 4)):
        lines.append("%s %d callback %d" % (rng.choice(["acc_prof_register"] * 3 + ["acc_prof_unregister"]),
                                            rng.choice([1, 2, 3, 4, 5, 10, 14, 24, 0, 26, 99]), rng.choice([0, 0, 0, 1, 2, 9])))
    lines += initialise(rng, menu) + chosen(rng, menu, ASKING + DATA, rng.randint(1, 4))
    if rng.random() < 0.6:
        shutdown = rng.choice(menu.forms("acc_shutdown"))
        lines.append(shutdown.script_name + " " + shutdown.parameters[0].write(2))
    return lines + ['acc_prof_lookup "%s"' % rng.choice(["acc_prof_register", "", "acc_init"])]


def fatal(rng, menu):
    """Last lines of a script that may end the process."""
    if not menu.forms("acc_init"):
        return None
    kind = rng.random()
    if kind < 0.1 and "acc_register_library" in menu.names:
        return ["acc_register_library register register lookup"]
    if kind < 0.2:
        return initialise(rng, menu) + [rng.choice(["acc_map_data b0 b1 10", "acc_copyin b0 0", "acc_create null 0",
                                                    "acc_map_data null b1 10", "acc_map_data b0 b1 0", "acc_unmap_data b0"])]
    bad_type = rng.choice([-1, 3, 4, 5, 8, 9, 77])
    names = ["acc_set_device_type", "acc_get_device_num", "acc_init", "acc_shutdown", "acc_get_num_devices",
             "acc_set_device_num", "acc_get_property", "acc_get_property_string"]
    routine = rng.choice([r for name in names for r in menu.forms(name)])
    words = []
    for i, parameter in enumerate(routine.parameters):
        other = word(rng, routine, i)
        words.append(parameter.write(bad_type) if parameter.name == "type" and rng.random() < 0.8 else
                     parameter.write(rng.choice([1, 9])) if parameter.name == "dev" else other)
    lines = initialise(rng, menu) if rng.random() < 0.5 else []
    return lines + [" ".join([routine.script_name] + words)]
