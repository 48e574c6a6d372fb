! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! The omp_lib routines called from Fortran with default integers: the forms with one trailing underscore, arguments by
! reference.
!
! run: pin=no
program fortran_api
    use omp_lib
    implicit none
    integer :: before

    before = omp_get_max_threads()
    call team_size()
    call settings()
    call nesting()
    call locks()
    call nest_locks()
    call clock()
    call formats()

contains

    subroutine check(condition, what)
        logical, intent(in) :: condition
        character(*), intent(in) :: what

        if (.not. condition) then
            print '(a)', 'fortran_api.f90: ' // what
            stop 1
        end if
    end subroutine check

    subroutine team_size()
        integer :: n, total

        total = 0
        call omp_set_num_threads(3)
        call check(omp_get_max_threads() == 3, 'max threads after set')
        !$omp parallel private(n) reduction(+:total)
        n = omp_get_thread_num()
        total = total + 1
        if (n < 0 .or. n >= omp_get_num_threads()) total = total + 1000
        if (.not. omp_in_parallel()) total = total + 1000
        if (omp_get_level() /= 1 .or. omp_get_active_level() /= 1) total = total + 1000
        if (omp_get_ancestor_thread_num(1) /= n .or. omp_get_team_size(1) /= 3) total = total + 1000
        if (omp_get_ancestor_thread_num(0) /= 0 .or. omp_get_team_size(2) /= -1) total = total + 1000
        !$omp end parallel
        call check(total == 3, 'a team of three')
        call check(.not. omp_in_parallel(), 'outside')
        call omp_set_num_threads(before)
    end subroutine team_size

    subroutine settings()
        integer(omp_sched_kind) :: kind
        integer :: chunk

        call omp_set_dynamic(.true.)
        call check(omp_get_dynamic(), 'dynamic on')
        call omp_set_dynamic(.false.)
        call check(.not. omp_get_dynamic(), 'dynamic off')
        call omp_set_schedule(omp_sched_guided, 7)
        call omp_get_schedule(kind, chunk)
        call check(kind == omp_sched_guided .and. chunk == 7, 'schedule')
        call omp_set_schedule(omp_sched_static, 0)
        call omp_get_schedule(kind, chunk)
        call check(kind == omp_sched_static .and. chunk == 0, 'schedule without the monotonic bit')
        call check(omp_get_num_procs() >= 1, 'procs')
        call check(omp_get_thread_limit() > 1000, 'limit')
        call check(omp_get_num_devices() == 0, 'devices')
        call check(omp_is_initial_device(), 'initial device')
        call omp_set_default_device(1)
        call check(omp_get_default_device() == 1, 'default device')
        call omp_set_default_device(0)
        call check(omp_get_num_teams() == 1 .and. omp_get_team_num() == 0, 'teams')
        call check(.not. omp_in_final() .and. .not. omp_get_cancellation(), 'final, cancellation')
        call check(omp_get_proc_bind() == omp_proc_bind_false, 'proc bind')
        call check(omp_get_num_places() == 0 .and. omp_get_place_num() == -1, 'places')
        call check(omp_get_max_task_priority() == 0, 'priority')
    end subroutine settings

    subroutine nesting()
        integer :: leaves

        leaves = 0
        call omp_set_max_active_levels(2)
        call check(omp_get_max_active_levels() == 2, 'levels')
        !$omp parallel num_threads(2) reduction(+:leaves)
        !$omp parallel num_threads(3) reduction(+:leaves)
        leaves = leaves + 1
        !$omp end parallel
        !$omp end parallel
        call check(leaves == 6, 'nested regions')
        call omp_set_max_active_levels(1)
        call check(omp_get_supported_active_levels() >= 2, 'supported levels')
    end subroutine nesting

    subroutine locks()
        integer(omp_lock_kind) :: lock
        integer :: total, i

        total = 0
        call omp_init_lock(lock)
        call check(omp_test_lock(lock), 'test of a free lock')
        call check(.not. omp_test_lock(lock), 'test of a taken lock')
        call omp_unset_lock(lock)
        !$omp parallel do schedule(dynamic)
        do i = 1, 500
            call omp_set_lock(lock)
            total = total + i
            call omp_unset_lock(lock)
        end do
        !$omp end parallel do
        call omp_destroy_lock(lock)
        call check(total == 125250, 'sum under a lock')
    end subroutine locks

    subroutine nest_locks()
        integer(omp_nest_lock_kind) :: lock
        integer :: total, i

        total = 0
        call omp_init_nest_lock(lock)
        !$omp parallel do
        do i = 1, 500
            call omp_set_nest_lock(lock)
            total = total + omp_test_nest_lock(lock)
            call omp_unset_nest_lock(lock)
            call omp_unset_nest_lock(lock)
        end do
        !$omp end parallel do
        call check(total == 1000, 'nesting counts')
        call omp_destroy_nest_lock(lock)
    end subroutine nest_locks

    subroutine clock()
        double precision :: start

        start = omp_get_wtime()
        call check(omp_get_wtick() > 0d0, 'tick')
        call check(omp_get_wtime() >= start, 'clock')
    end subroutine clock

    subroutine formats()
        character(20) :: text
        integer :: length

        call omp_set_affinity_format('%n of %N')
        length = omp_get_affinity_format(text)
        call check(length == 8 .and. text == '%n of %N', 'affinity format')
        length = omp_capture_affinity(text, 'level %L')
        call check(length == 7 .and. text == 'level 0', 'captured affinity')
    end subroutine formats

end program fortran_api
