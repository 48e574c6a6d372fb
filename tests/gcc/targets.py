# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Effective targets: what the suite may ask of the machine, answered for 64-bit Linux without an offload device."""

import functools
import platform

import directives

MACHINE = platform.machine()
TRIPLET = MACHINE + "-pc-linux-gnu"

# The host shares its memory with itself, which the suite's check for offload_device_shared_as takes for a yes.
YES = {
    "alias", "fd_truncate", "fgraphite", "fpic", "int128", "large_long_double", "lp64", "lto",
    "offload_device_shared_as", "openacc_host_selected", "pthread", "shared", "size32plus", "sync_char_short",
    "sync_int_long", "sync_long_long_runtime", "tls", "tls_native", "tls_runtime", "weak_undefined", "__float128",
}
NO = {
    "aarch64_tiny", "ia32", "ilp32", "openacc_cublas", "openacc_cuda", "openacc_cudart",
    "openacc_nvidia_accel_present", "openacc_nvidia_accel_selected", "openacc_radeon_accel_present",
    "openacc_radeon_accel_selected", "run_expensive_tests", "skip-all-targets", "this-really-should-fail",
    "offload_device", "offload_device_any_intel_mic", "offload_device_intel_mic", "offload_device_nonshared_as",
    "offload_device_nvptx", "offload_target_amdgcn", "offload_target_nvptx",
}
# Effective target -> the flag of /proc/cpuinfo that it is about.
PROCESSOR = {"sse2_runtime": "sse2", "avx_runtime": "avx", "avx2_runtime": "avx2", "avx512f_runtime": "avx512f",
             "vect_simd_clones": "avx"}


@functools.lru_cache(None)
def processor_flags():
    try:
        with open("/proc/cpuinfo") as f:
            return {flag for line in f if line.startswith("flags") for flag in line.split()[2:]}
    except OSError:
        return set()


def effective(name, language, options):
    """Whether the target has a property, for a test in a language ("c", "c++", "fortran") with these options."""
    if name in ("c", "c++"):
        return name == language
    if name == "__OPTIMIZE__":
        return bool(options) and options[-1] != "-O0"
    if name in PROCESSOR:
        return PROCESSOR[name] in processor_flags()
    if name in YES or name in NO:
        return name in YES
    raise directives.Unknown(name)


def selector(language, levels):
    """A directives.Selector; levels are the -O options of the compilation, the last one counts."""
    return directives.Selector(TRIPLET, lambda name: effective(name, language, levels))
