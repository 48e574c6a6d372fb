! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! Constructs as gfortran lowers them: do in all schedules and directions, workshare, ordered, doacross, sections,
! single with copyprivate, critical, threadprivate, reductions of arrays, tasks.
!
! run: cflags=-Wno-zerotrip
program fortran_constructs
    use omp_lib
    implicit none
    integer, parameter :: n = 200
    integer, save :: kept = 0
    !$omp threadprivate(kept)

    call loops()
    call ordered_loops()
    call doacross()
    call blocks()
    call workshares()
    call reductions()
    call private_copies()
    call tasks()

contains

    subroutine check(condition, what)
        logical, intent(in) :: condition
        character(*), intent(in) :: what

        if (.not. condition) then
            print '(a)', 'fortran_constructs.f90: ' // what
            stop 1
        end if
    end subroutine check

    subroutine loops()
        integer :: i, j
        integer(8) :: k
        integer :: ran(-n:n)

        ran = 0
        !$omp parallel
        !$omp do schedule(static)
        do i = -n, n
            ran(i) = ran(i) + 1
        end do
        !$omp do schedule(dynamic, 3)
        do i = n, -n, -1
            ran(i) = ran(i) + 1
        end do
        !$omp do schedule(guided)
        do k = -n, n
            ran(k) = ran(k) + 1
        end do
        !$omp do schedule(runtime)
        do i = -n, n, 2
            ran(i) = ran(i) + 1
        end do
        !$omp do schedule(monotonic: dynamic)
        do i = -n + 1, n, 2
            ran(i) = ran(i) + 1
        end do
        !$omp do collapse(2) schedule(dynamic, 5)
        do i = 0, 9
            do j = 0, 19
                ran(i * 20 + j) = ran(i * 20 + j) + 1
            end do
        end do
        !$omp do schedule(dynamic)
        do i = 5, 1                         ! no iteration
            ran(i) = 1000
        end do
        !$omp end parallel
        call check(all(ran(-n:-1) == 4), 'iterations below zero')
        call check(all(ran(0:n - 1) == 5), 'iterations from zero')
        call check(ran(n) == 4, 'the last iteration')
    end subroutine loops

    subroutine ordered_loops()
        integer :: i, next, wrong

        next = 1
        wrong = 0
        !$omp parallel do ordered schedule(dynamic)
        do i = 1, n
            !$omp ordered
            if (next /= i) wrong = wrong + 1
            next = next + 1
            !$omp end ordered
        end do
        !$omp end parallel do
        call check(wrong == 0 .and. next == n + 1, 'ordered')
    end subroutine ordered_loops

    ! Few iterations, for libgomp spins without yielding in these waits.
    subroutine doacross()
        integer :: i
        integer :: a(0:8)

        a = 0
        !$omp parallel do ordered(1) schedule(dynamic) num_threads(2)
        do i = 1, 8
            !$omp ordered depend(sink: i - 1)
            a(i) = a(i - 1) + 1
            !$omp ordered depend(source)
        end do
        !$omp end parallel do
        do i = 0, 8
            call check(a(i) == i, 'doacross')
        end do
    end subroutine doacross

    subroutine blocks()
        integer :: runs, x, total, first, second

        runs = 0
        total = 0
        first = 0
        second = 0
        !$omp parallel private(x) reduction(+:total)
        !$omp single
        runs = runs + 1
        x = 17
        !$omp end single copyprivate(x)
        total = total + x
        !$omp sections
        !$omp section
        first = first + 1
        !$omp section
        second = second + 1
        !$omp end sections
        !$omp critical (named)
        runs = runs + 100
        !$omp end critical (named)
        !$omp master
        !$omp critical (named)
        runs = runs + 10000
        !$omp end critical (named)
        !$omp end master
        !$omp end parallel
        call check(total == 17 * omp_get_max_threads(), 'copyprivate')
        call check(first == 1 .and. second == 1, 'sections')
        call check(mod(runs, 100) == 1, 'single')
        call check(runs > 10000, 'masked')
    end subroutine blocks

    subroutine workshares()
        real :: a(n), b(n), c(n)

        !$omp parallel workshare
        a = 1.5
        b = 2 * a
        c = a + b
        where (c > 4) c = 0
        !$omp end parallel workshare
        call check(all(c == 0) .and. all(b == 3), 'workshare')
    end subroutine workshares

    subroutine reductions()
        integer :: i
        integer :: histogram(0:6)
        double precision :: sum
        logical :: all_small

        histogram = 0
        sum = 0
        all_small = .true.
        !$omp parallel do schedule(dynamic, 4) reduction(+:histogram, sum) reduction(.and.:all_small)
        do i = 1, 7 * n
            histogram(mod(i, 7)) = histogram(mod(i, 7)) + 1
            sum = sum + i
            all_small = all_small .and. i <= 7 * n
        end do
        !$omp end parallel do
        call check(all(histogram == n) .and. all_small, 'array reduction')
        call check(sum == 0.5d0 * (7 * n) * (7 * n + 1), 'sum')
    end subroutine reductions

    subroutine private_copies()
        integer :: i, wrong, last

        wrong = 0
        kept = 5
        !$omp parallel copyin(kept) reduction(+:wrong)
        if (kept /= 5) wrong = wrong + 1
        kept = omp_get_thread_num()
        !$omp end parallel
        !$omp parallel reduction(+:wrong)
        if (kept /= omp_get_thread_num()) wrong = wrong + 1
        !$omp end parallel
        !$omp parallel do lastprivate(last) schedule(dynamic)
        do i = 1, n
            last = 2 * i
        end do
        !$omp end parallel do
        call check(wrong == 0 .and. last == 2 * n, 'threadprivate, lastprivate')
    end subroutine private_copies

    subroutine tasks()
        integer :: i, total, x

        total = 0
        x = 0
        !$omp parallel
        !$omp single
        do i = 1, 30
            !$omp task firstprivate(i) shared(total)
            !$omp atomic
            total = total + i
            !$omp end task
        end do
        !$omp taskwait
        !$omp task depend(out: x) shared(x)
        x = 3
        !$omp end task
        !$omp task depend(inout: x) shared(x)
        x = x * 5
        !$omp end task
        !$omp taskloop shared(total)
        do i = 1, 10
            !$omp atomic
            total = total + 1000
        end do
        !$omp end taskloop
        !$omp end single
        !$omp end parallel
        call check(total == 465 + 10000 .and. x == 15, 'tasks')
    end subroutine tasks

end program fortran_constructs
