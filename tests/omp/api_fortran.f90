! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! The Fortran forms of the routines, called through omp_lib, so that the compiler chooses the form: with default integers of
! 4 bytes, and of 8 (name_8_), where default logicals have 8 bytes as well.
!
! run: threads=1,3 pin=no policy=default since-gcc=12
! run+: cflags="-Wno-function-elimination -Wno-unused-function"
! run+: cflags="-Wno-function-elimination -Wno-unused-function -fdefault-integer-8" modes=path
program api_fortran
    use omp_lib
    implicit none
    interface expect
        procedure expect_4, expect_8
    end interface
    call control_variables
    call schedules
    call levels
    call plain_locks
    call nest_locks
    call places
    call affinity_texts
    call devices_and_time
    call omp_display_env(.false.)
contains
    subroutine expect_4(ok, what)
        logical(4), intent(in) :: ok
        character(*), intent(in) :: what
        if (.not. ok) then
            print *, 'failed: ', what
            error stop 1
        end if
    end subroutine

    subroutine expect_8(ok, what)
        logical(8), intent(in) :: ok
        character(*), intent(in) :: what
        call expect_4(logical(ok, 4), what)
    end subroutine

    subroutine control_variables
        integer :: before
        before = omp_get_max_threads()
        call omp_set_num_threads(5)
        call expect(omp_get_max_threads() == 5, 'omp_set_num_threads')
        call omp_set_num_threads(before)
        call omp_set_dynamic(.true.)
        call expect(logical(omp_get_dynamic()), 'omp_set_dynamic true')
        call omp_set_dynamic(.false.)
        call expect(.not. omp_get_dynamic(), 'omp_set_dynamic false')
        call omp_set_max_active_levels(7)
        call expect(omp_get_max_active_levels() == 7, 'omp_set_max_active_levels')
        call omp_set_nested(.false.)
        call expect(omp_get_max_active_levels() == 1 .and. .not. omp_get_nested(), 'omp_set_nested false')
        call omp_set_nested(.true.)
        call expect(logical(omp_get_nested()), 'omp_set_nested true')
        call omp_set_num_teams(4)
        call expect(omp_get_max_teams() == 4, 'omp_set_num_teams')
        call omp_set_num_teams(0)
        call omp_set_teams_thread_limit(6)
        call expect(omp_get_teams_thread_limit() == 6, 'omp_set_teams_thread_limit')
        call omp_set_teams_thread_limit(0)
        call expect(omp_get_thread_limit() == huge(0_4), 'omp_get_thread_limit')
        call expect(omp_get_supported_active_levels() == 255, 'omp_get_supported_active_levels')
        call expect(omp_get_max_task_priority() == 0, 'omp_get_max_task_priority')
        call expect(.not. omp_get_cancellation(), 'omp_get_cancellation')
        call expect(.not. omp_in_final(), 'omp_in_final')
        call expect(omp_get_num_procs() >= 1, 'omp_get_num_procs')
        call expect(omp_get_proc_bind() == omp_proc_bind_false, 'omp_get_proc_bind')
    end subroutine

    subroutine schedules
        integer(omp_sched_kind) :: kind
        integer :: chunk
        call omp_set_schedule(omp_sched_guided, 9)
        call omp_get_schedule(kind, chunk)
        call expect(kind == omp_sched_guided .and. chunk == 9, 'omp_set_schedule')
        call omp_set_schedule(omp_sched_static, -1)
        call omp_get_schedule(kind, chunk)
        call expect(kind == omp_sched_static .and. chunk == 0, 'omp_set_schedule without chunk')
    end subroutine

    subroutine levels
        integer :: outer, wrong
        wrong = 0
        call omp_set_max_active_levels(2)
        !$omp parallel num_threads(2) private(outer) reduction(+:wrong)
        outer = omp_get_thread_num()
        if (.not. omp_in_parallel()) wrong = wrong + 1
        !$omp parallel num_threads(3) reduction(+:wrong)
        if (omp_get_level() /= 2 .or. omp_get_active_level() /= 2) wrong = wrong + 1
        if (omp_get_num_threads() /= 3 .or. omp_get_team_size(2) /= 3) wrong = wrong + 1
        if (omp_get_team_size(1) /= 2 .or. omp_get_team_size(0) /= 1 .or. omp_get_team_size(3) /= -1) wrong = wrong + 1
        if (omp_get_ancestor_thread_num(1) /= outer) wrong = wrong + 1
        if (omp_get_ancestor_thread_num(2) /= omp_get_thread_num()) wrong = wrong + 1
        if (omp_get_ancestor_thread_num(-1) /= -1) wrong = wrong + 1
        !$omp end parallel
        !$omp end parallel
        call expect(wrong == 0, 'levels')
        call expect(omp_get_num_teams() == 1 .and. omp_get_team_num() == 0, 'teams')
    end subroutine

    subroutine plain_locks
        integer(omp_lock_kind) :: lock
        integer :: count, i
        count = 0
        call omp_init_lock(lock)
        !$omp parallel private(i)
        do i = 1, 1000
            if (mod(i, 2) == 0) then
                call omp_set_lock(lock)
            else
                do while (.not. omp_test_lock(lock))
                end do
            end if
            count = count + 1
            call omp_unset_lock(lock)
        end do
        !$omp end parallel
        call expect(count == 1000 * omp_get_max_threads(), 'plain lock')
        call omp_destroy_lock(lock)
    end subroutine

    subroutine nest_locks
        integer(omp_nest_lock_kind) :: lock
        integer :: count, i
        count = 0
        call omp_init_nest_lock(lock)
        !$omp parallel private(i)
        do i = 1, 1000
            call omp_set_nest_lock(lock)
            if (omp_test_nest_lock(lock) /= 2) count = count + 1000000
            call omp_unset_nest_lock(lock)
            count = count + 1
            call omp_unset_nest_lock(lock)
        end do
        !$omp end parallel
        call expect(count == 1000 * omp_get_max_threads(), 'nest lock')
        call omp_destroy_nest_lock(lock)
    end subroutine

    subroutine places
        integer :: ids(1), nums(1)
        ids = -5
        nums = -5
        call expect(omp_get_num_places() == 0 .and. omp_get_place_num() == -1, 'places')
        call expect(omp_get_place_num_procs(0) == 0 .and. omp_get_partition_num_places() == 0, 'places without any')
        call omp_get_place_proc_ids(0, ids)
        call omp_get_partition_place_nums(nums)
        call expect(ids(1) == -5 .and. nums(1) == -5, 'nothing is written')
    end subroutine

    subroutine affinity_texts
        character(10) :: text
        character(3) :: short
        call omp_set_affinity_format('%N of %n')
        call expect(omp_get_affinity_format(text) == 8 .and. text == '%N of %n', 'omp_get_affinity_format')
        call expect(omp_get_affinity_format(short) == 8 .and. short == '%N ', 'a short text is cut')
        text = 'xxxxxxxxxx'
        call expect(omp_capture_affinity(text, '') == 6 .and. text == '1 of 0    ', 'the default format')
        call expect(omp_capture_affinity(text, '<%0.4n>') == 6 .and. text == '<0000>', 'a format')
        call expect(omp_capture_affinity(short, 'abcdef') == 6 .and. short == 'abc', 'a short result is cut')
    end subroutine

    subroutine devices_and_time
        double precision :: start
        start = omp_get_wtime()
        call expect(omp_get_wtick() > 0 .and. omp_get_wtime() >= start, 'time')
        call omp_set_default_device(2)
        call expect(omp_get_default_device() == 2, 'omp_set_default_device')
        call omp_set_default_device(0)
        call expect(omp_get_num_devices() == 0 .and. omp_get_initial_device() == 0, 'devices')
        call expect(omp_get_device_num() == 0 .and. omp_is_initial_device(), 'the host')
        call expect(omp_pause_resource(omp_pause_soft, 0_4) == 0, 'omp_pause_resource')
        call expect(omp_pause_resource_all(omp_pause_soft) == 0, 'omp_pause_resource_all')
    end subroutine
end program
