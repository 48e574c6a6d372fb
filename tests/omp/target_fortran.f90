! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! Target constructs in Fortran: arrays with descriptors, allocatables, pointers, derived types, private copies, data
! regions, nowait and depend, device routines of omp_lib.
!
! run: threads=1,2,4,8 since-gcc=12 cflags=-foffload=disable
program target_fortran
    use omp_lib
    use, intrinsic :: iso_c_binding
    implicit none
    integer, save :: counter = 2
    !$omp declare target (counter)
    type point
        integer :: x = 1
        real :: y(3) = 2.0
        integer, pointer :: p(:) => null()
    end type point
    integer :: a(9), round

    do round = 1, 5
        a = 0
        call arrays(a(1:9:2), 6)
        call expect(all(a == [11, 0, 0, 0, 0, 0, 0, 0, 0]), 'stride')
        call types()
        call data_regions()
        call tasks()
        call routines()
    end do
contains
    subroutine expect(good, what)
        logical, intent(in) :: good
        character(*), intent(in) :: what

        if (.not. good) then
            print '(2a)', 'wrong: ', what
            stop 1
        end if
    end subroutine expect

    integer function on_target(n)
        integer, intent(in) :: n
        !$omp declare target

        counter = counter + n
        on_target = counter
    end function on_target

    subroutine arrays(a, n)
        integer, intent(inout), contiguous :: a(:)
        integer, intent(in) :: n
        integer :: automatic(n), explicit(4, 5), i, s
        integer, allocatable :: al(:), none(:)
        character(len=n) :: text

        automatic = 1
        explicit = 0
        text = 'abc'
        allocate (al(2:n + 1))
        al = 5
        s = 0
        !$omp target map(tofrom: a, automatic, explicit(:, 2:3), al, text, s) map(none)
        a(1) = 11
        automatic(n) = 12
        explicit(3, 2) = 13
        al(n + 1) = 14
        text(2:2) = 'x'
        s = size(al) + lbound(al, 1)
        if (allocated(none)) s = -1
        !$omp end target
        call expect(a(1) == 11 .and. automatic(n) == 12 .and. explicit(3, 2) == 13, 'mapped arrays')
        call expect(al(n + 1) == 14 .and. text(2:2) == 'x' .and. s == n + 2, 'allocatable, character')
        !$omp target firstprivate(automatic, s) map(tofrom: explicit)
        explicit(1, 1) = automatic(1) + s
        automatic = 7
        s = -9
        !$omp end target
        call expect(automatic(1) == 1 .and. s == n + 2, 'private copies')
        call expect(explicit(1, 1) == n + 3, 'their values')
        s = 0
        !$omp target teams distribute parallel do reduction(+: s) map(to: al)
        do i = 2, n + 1
            s = s + al(i)
        end do
        call expect(s == 5 * (n - 1) + 14, 'reduction')
    end subroutine arrays

    subroutine types()
        type(point) :: t
        integer, target :: values(5)
        integer, pointer :: p(:)

        values = 3
        t%p => values
        p => values(2:4)
        !$omp target map(tofrom: t, t%p)
        t%x = 2
        t%y(2) = 4.0
        t%p(5) = 9
        !$omp end target
        !$omp target map(tofrom: p)
        p(1) = 8
        !$omp end target
        call expect(t%x == 2 .and. t%y(2) == 4.0 .and. t%y(1) == 2.0, 'derived type')
        call expect(all(values == [3, 8, 3, 3, 9]), 'pointers')
    end subroutine types

    subroutine data_regions()
        integer :: a(6), host
        integer, target :: b(3)
        type(c_ptr) :: q

        a = 1
        b = 2
        host = omp_get_initial_device()
        !$omp target data map(tofrom: a) map(to: b) use_device_addr(b) device(host)
        q = c_loc(b)
        !$omp target map(tofrom: a) firstprivate(q)
        a(2) = merge(5, 6, c_associated(q))
        !$omp end target
        !$omp target update from(a(2:3))
        !$omp end target data
        call expect(a(2) == 5, 'data region')
        !$omp target enter data map(to: a)
        !$omp target
        a(3) = 7
        !$omp end target
        !$omp target exit data map(from: a)
        call expect(a(3) == 7, 'enter and exit data')
        a(1) = 0
        !$omp target map(tofrom: a)
        a(1) = on_target(3)
        !$omp end target
        call expect(a(1) == counter, 'declare target')
    end subroutine data_regions

    subroutine tasks()
        integer :: x, y, i

        x = 0
        y = 0
        !$omp parallel
        !$omp single
        do i = 1, 5
            !$omp target nowait depend(inout: x) map(tofrom: x)
            x = x + 1
            !$omp end target
            !$omp task depend(inout: x) shared(x)
            x = x * 2
            !$omp end task
        end do
        !$omp target update to(x) nowait depend(inout: x)
        !$omp target depend(in: x) map(tofrom: x, y)
        y = x
        !$omp end target
        !$omp end single
        !$omp end parallel
        call expect(y == 62, 'order of tasks')
    end subroutine tasks

    subroutine routines()
        type(c_ptr) :: p
        integer :: host
        integer, target :: from(4), to(4)

        host = omp_get_initial_device()
        from = [1, 2, 3, 4]
        to = 0
        p = omp_target_alloc(16_c_size_t, int(host, c_int))
        call expect(c_associated(p), 'omp_target_alloc')
        call expect(omp_target_memcpy(p, c_loc(from), 16_c_size_t, 0_c_size_t, 0_c_size_t, int(host, c_int), int(host, c_int)) &
                    == 0, 'omp_target_memcpy')
        call expect(omp_target_memcpy(c_loc(to), p, 8_c_size_t, 4_c_size_t, 8_c_size_t, int(host, c_int), int(host, c_int)) &
                    == 0, 'omp_target_memcpy back')
        call expect(all(to == [0, 3, 4, 0]), 'what was copied')
        call expect(omp_target_is_present(p, int(host, c_int)) /= 0, 'omp_target_is_present')
        call omp_target_free(p, int(host, c_int))
        call omp_set_default_device(host)
        call expect(omp_get_default_device() == host .and. omp_is_initial_device(), 'default device')
    end subroutine routines
end program target_fortran
