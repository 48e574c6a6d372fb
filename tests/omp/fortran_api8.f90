! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! The omp_lib routines with eight-byte integers and logicals, as -fdefault-integer-8 makes them: the _8_ forms.
!
! run: pin=no policy=default since-gcc=12 cflags=-fdefault-integer-8
program fortran_api8
    use omp_lib
    implicit none
    integer :: n, chunk, total, i, before
    logical :: flag
    integer(omp_sched_kind) :: kind
    integer :: list(4)

    if (storage_size(n) /= 64) stop 2
    before = omp_get_max_threads()
    n = 3
    call omp_set_num_threads(n)
    total = 0
    !$omp parallel reduction(+:total) private(i)
    total = total + 1
    i = 1
    if (omp_get_team_size(i) /= 3 .or. omp_get_ancestor_thread_num(i) /= omp_get_thread_num()) total = total + 1000
    i = 5
    if (omp_get_team_size(i) /= -1) total = total + 1000
    !$omp end parallel
    if (total /= 3) stop 3
    n = before
    call omp_set_num_threads(n)

    flag = .true.
    call omp_set_dynamic(flag)
    if (.not. omp_get_dynamic()) stop 4
    flag = .false.
    call omp_set_dynamic(flag)
    if (omp_get_dynamic()) stop 5

    chunk = 11
    call omp_set_schedule(omp_sched_dynamic, chunk)
    chunk = -1
    call omp_get_schedule(kind, chunk)
    if (kind /= omp_sched_dynamic .or. chunk /= 11) stop 6

    n = 3
    call omp_set_max_active_levels(n)
    if (omp_get_max_active_levels() /= 3) stop 7
    n = 1
    call omp_set_max_active_levels(n)
    n = 2
    call omp_set_default_device(n)
    if (omp_get_default_device() /= 2) stop 8
    n = 0
    call omp_set_default_device(n)
    n = 4
    call omp_set_num_teams(n)
    if (omp_get_max_teams() /= 4) stop 9
    n = 6
    call omp_set_teams_thread_limit(n)
    if (omp_get_teams_thread_limit() /= 6) stop 10
    n = 0
    call omp_set_num_teams(n)
    call omp_set_teams_thread_limit(n)
    n = 0
    if (omp_get_place_num_procs(n) /= 0) stop 11
    list = -7
    call omp_get_partition_place_nums(list)
    if (any(list /= -7)) stop 12

    total = 0
    !$omp parallel do schedule(dynamic, 2) reduction(+:total)
    do i = 1, 1000
        total = total + i
    end do
    !$omp end parallel do
    if (total /= 500500) stop 13
end program fortran_api8
