! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! Explicit tasks of Fortran programs: task with its clauses, taskwait, taskgroup, dependences and dependence objects,
! taskloop, task reductions, detach, cancellation; recursion; allocatable and array data.
!
! run: opt=2 timeout=30 since-gcc=12
!
! run+: env=OMP_CANCELLATION=true
! run+: opt=0 policy=default pin=no threads=1,2,4
program task_fortran
    use omp_lib
    implicit none
    integer :: round

    do round = 1, 4
        call recursion()
        call clauses()
        call waiting()
        call dependences()
        call dependence_objects()
        call wavefront()
        call loops()
        call reductions()
        call detached()
        call arrays()
        call cancelled_group()
        call settings()
    end do

contains

    subroutine check(condition, what)
        logical, intent(in) :: condition
        character(*), intent(in) :: what
        if (.not. condition) then
            write (0, *) 'task_fortran: ', what, ', thread ', omp_get_thread_num(), ' of ', omp_get_num_threads()
            stop 1
        end if
    end subroutine check

    recursive integer function fib(n) result(r)
        integer, intent(in) :: n
        integer :: a, b
        if (n < 2) then
            r = n
            return
        end if
        !$omp task shared(a) if(n > 4)
        a = fib(n - 1)
        !$omp end task
        !$omp task shared(b) final(n < 6) untied
        b = fib(n - 2)
        !$omp end task
        !$omp taskwait
        r = a + b
    end function fib

    subroutine recursion()
        integer :: result
        result = 0
        !$omp parallel
        !$omp single
        result = fib(14)
        !$omp end single
        !$omp end parallel
        call check(result == 377, 'fib')
    end subroutine recursion

    subroutine clauses()
        integer :: i, total, me
        logical :: final_seen
        total = 0
        final_seen = .false.
        !$omp parallel private(me)
        !$omp single
        me = omp_get_thread_num()
        do i = 1, 30
            !$omp task firstprivate(i) shared(total) priority(mod(i, 4)) mergeable
            !$omp atomic
            total = total + i
            !$omp end task
        end do
        !$omp task if(.false.) shared(total, me)
        call check(omp_get_thread_num() == me, 'if(.false.)')
        call check(.not. omp_in_final(), 'omp_in_final')
        !$omp end task
        !$omp task final(.true.) shared(final_seen)
        !$omp task shared(final_seen)
        final_seen = omp_in_final()
        !$omp end task
        call check(final_seen, 'an included task is done at once')
        !$omp end task
        !$omp end single
        !$omp end parallel
        call check(total == 465, 'firstprivate')
    end subroutine clauses

    subroutine waiting()
        integer :: i, k, done, deep
        done = 0
        deep = 0
        !$omp parallel
        !$omp single
        do i = 1, 20
            !$omp task shared(done)
            !$omp atomic
            done = done + 1
            !$omp end task
        end do
        !$omp taskwait
        call check(done == 20, 'taskwait')
        do k = 1, 5
            !$omp taskgroup
            do i = 1, 5
                !$omp task shared(deep)
                !$omp task shared(deep)
                !$omp atomic
                deep = deep + 1
                !$omp end task
                !$omp end task
            end do
            !$omp end taskgroup
            call check(deep == 5*k, 'taskgroup')
        end do
        !$omp taskyield
        !$omp end single
        !$omp task shared(done)
        !$omp atomic
        done = done + 1
        !$omp end task
        !$omp barrier
        call check(done == 20 + omp_get_num_threads(), 'barrier')
        !$omp end parallel
    end subroutine waiting

    subroutine dependences()
        integer :: i, x, y, z
        x = 0
        y = 0
        z = 0
        !$omp parallel
        !$omp single
        do i = 1, 50
            !$omp task depend(out: x) shared(x) firstprivate(i)
            x = i
            !$omp end task
            !$omp task depend(in: x) depend(inout: y) shared(x, y)
            y = y + x
            !$omp end task
            !$omp task depend(in: x) depend(mutexinoutset: z) shared(x, z)
            z = z + x
            !$omp end task
        end do
        !$omp task depend(in: x, y, z) if(.false.) shared(y, z)
        call check(y == 1275 .and. z == 1275, 'dependences')
        !$omp end task
        !$omp taskwait depend(in: y)
        call check(y == 1275, 'taskwait depend')
        !$omp end single
        !$omp end parallel
    end subroutine dependences

    subroutine dependence_objects()
        integer(omp_depend_kind) :: object
        integer :: i, x
        x = 0
        !$omp depobj(object) depend(inout: x)
        !$omp parallel
        !$omp single
        do i = 1, 20
            !$omp task depend(depobj: object) shared(x) firstprivate(i)
            call check(x == i - 1, 'depobj')
            x = i
            !$omp end task
        end do
        !$omp depobj(object) update(in)
        !$omp task depend(depobj: object) shared(x)
        call check(x == 20, 'depobj update')
        !$omp end task
        !$omp end single
        !$omp end parallel
        !$omp depobj(object) destroy
    end subroutine dependence_objects

    subroutine wavefront()
        integer, parameter :: n = 16
        integer :: cell(0:n, 0:n), i, k
        cell = 1
        !$omp parallel
        !$omp single
        do k = 1, n
            do i = 1, n
                !$omp task depend(in: cell(i - 1, k), cell(i, k - 1)) depend(out: cell(i, k)) &
                !$omp shared(cell) firstprivate(i, k)
                cell(i, k) = mod(cell(i - 1, k) + cell(i, k - 1), 10007)
                !$omp end task
            end do
        end do
        !$omp end single
        !$omp end parallel
        call check(cell(1, n) == n + 1 .and. cell(n, n) == mod(601080390, 10007), 'wavefront')
    end subroutine wavefront

    subroutine loops()
        integer :: i, k, ran(200), last
        ran = 0
        !$omp parallel
        !$omp single
        !$omp taskloop grainsize(7) shared(ran)
        do i = 1, 200
            ran(i) = ran(i) + 1
        end do
        !$omp end taskloop
        !$omp taskloop num_tasks(9) shared(ran) lastprivate(last)
        do i = 200, 2, -2
            ran(i) = ran(i) + 1
            last = i
        end do
        !$omp end taskloop
        call check(last == 2, 'lastprivate')
        !$omp taskloop collapse(2) nogroup shared(ran) grainsize(strict: 11)
        do i = 1, 10
            do k = 0, 19
                ran(20*(i - 1) + k + 1) = ran(20*(i - 1) + k + 1) + 1
            end do
        end do
        !$omp end taskloop
        !$omp taskwait
        !$omp taskloop if(.false.) shared(ran)
        do i = last + 3, 4
            ran(i) = -100
        end do
        !$omp end taskloop
        !$omp end single
        !$omp end parallel
        do i = 1, 200
            call check(ran(i) == 3 - mod(i, 2), 'taskloop')
        end do
    end subroutine loops

    subroutine reductions()
        integer :: i, total, group, region, loop, most
        real(8) :: sums(10)
        total = 1
        group = 2
        region = 3
        loop = 4
        most = -5
        sums = 0
        !$omp parallel
        !$omp single
        !$omp taskloop reduction(+: total) reduction(max: most) num_tasks(13)
        do i = 1, 100
            total = total + i
            most = max(most, i)
        end do
        !$omp end taskloop
        !$omp taskgroup task_reduction(+: group, sums)
        do i = 1, 20
            !$omp task in_reduction(+: group, sums) firstprivate(i)
            group = group + i
            sums = sums + 0.5d0*i
            !$omp end task
        end do
        !$omp taskloop in_reduction(+: group)
        do i = 1, 10
            group = group + 1000
        end do
        !$omp end taskloop
        !$omp end taskgroup
        !$omp end single
        !$omp do reduction(task, +: loop)
        do i = 1, 40
            !$omp task in_reduction(+: loop)
            loop = loop + 2
            !$omp end task
        end do
        !$omp end do
        !$omp end parallel
        !$omp parallel reduction(task, +: region)
        !$omp task in_reduction(+: region)
        region = region + 10
        !$omp end task
        !$omp end parallel
        call check(total == 5051 .and. most == 100, 'taskloop reduction')
        call check(group == 10212 .and. all(sums == 105d0), 'task_reduction')
        call check(loop == 84, 'do with reduction(task)')
        call check(region == 3 + 10*omp_get_max_threads(), 'parallel with reduction(task)')
    end subroutine reductions

    subroutine detached()
        integer(omp_event_handle_kind) :: event
        integer :: i, x
        x = 0
        !$omp parallel
        !$omp single
        do i = 1, 20
            !$omp task detach(event) depend(inout: x) shared(x)
            x = x + 1
            !$omp end task
            !$omp task firstprivate(event)
            call omp_fulfill_event(event)
            !$omp end task
            !$omp taskwait
            call check(x == i, 'detach')
        end do
        !$omp end single
        !$omp end parallel
    end subroutine detached

    subroutine arrays()
        integer, allocatable :: list(:), seen(:)
        integer :: small(5), i, n
        n = 12
        allocate (list(n), seen(40))
        seen = 0
        small = [1, 2, 3, 4, 5]
        !$omp parallel
        !$omp single
        do i = 1, 40
            list = i
            !$omp task firstprivate(list, small, i) shared(seen)
            call check(allocated(list) .and. size(list) == 12, 'allocatable')
            seen(i) = sum(list) + sum(small)
            list = 0
            !$omp end task
            list = -1
        end do
        !$omp end single
        !$omp end parallel
        do i = 1, 40
            call check(seen(i) == 12*i + 15, 'firstprivate arrays')
        end do
    end subroutine arrays

    subroutine cancelled_group()
        integer :: i, ran, x
        ran = 0
        x = 0
        !$omp parallel
        !$omp single
        !$omp taskgroup
        !$omp task depend(out: x) shared(x)
        x = 1
        !$omp cancel taskgroup
        !$omp end task
        do i = 1, 20
            !$omp task depend(in: x) shared(ran, x)
            !$omp atomic
            ran = ran + 1
            !$omp end task
        end do
        !$omp end taskgroup
        !$omp end single
        !$omp end parallel
        call check(ran == merge(0, 20, omp_get_cancellation()), 'cancel taskgroup')
    end subroutine cancelled_group

    subroutine settings()
        integer :: i
        !$omp parallel private(i)
        do i = 1, 10
            call omp_set_num_threads(i)
            !$omp task firstprivate(i)
            call check(omp_get_max_threads() == i, 'settings are handed down')
            call omp_set_num_threads(77)
            !$omp end task
        end do
        !$omp taskwait
        call check(omp_get_max_threads() == 10, 'settings of a child stay there')
        !$omp end parallel
    end subroutine settings
end program task_fortran
