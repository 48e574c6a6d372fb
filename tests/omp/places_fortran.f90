! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! Places from Fortran, with integers of four and eight bytes: in a team of two that is spread, each thread's partition is a half
! of the places, and its place is the first of them.
!
! run: threads=2 opt=2 pin=no policy=default env=OMP_PROC_BIND=spread
! run+:
! run+: cflags=-fdefault-integer-8
program places_fortran
    use omp_lib
    implicit none
    integer :: places, nums(4096), n, me, failures, cpus(4096), sizes(0:1), firsts(0:1)

    failures = 0
    places = omp_get_num_places()
    if (places < 2) then
        print *, 'one place only'
        call exit(77)
    end if
    if (omp_get_proc_bind() /= omp_proc_bind_spread) failures = failures + 1
    !$omp parallel num_threads(2) private(nums, n, me, cpus) reduction(+ : failures)
    me = int(omp_get_thread_num(), kind(me))
    n = int(omp_get_partition_num_places(), kind(n))
    nums = -7
    call omp_get_partition_place_nums(nums)
    sizes(me) = n
    firsts(me) = nums(1)
    if (nums(1) /= omp_get_place_num()) failures = failures + 1
    if (nums(n) /= nums(1) + n - 1) failures = failures + 1
    if (nums(n + 1) /= -7) failures = failures + 1
    if (omp_get_place_num_procs(nums(1)) /= 1) failures = failures + 1
    cpus = -7
    call omp_get_place_proc_ids(nums(1), cpus)
    if (cpus(1) < 0 .or. cpus(2) /= -7) failures = failures + 1
    !$omp end parallel
    if (sizes(0) + sizes(1) /= places .or. sizes(0) < sizes(1)) failures = failures + 1
    if (firsts(0) /= 0 .or. firsts(1) /= sizes(0)) failures = failures + 1
    if (failures /= 0) then
        print *, failures, ' failures'
        stop 1
    end if
end program places_fortran
