! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! gompx_set_spin_us() and gompx_get_spin_us() from Fortran: in a module, in a program unit, without any interface, and with
! default integers of 8 bytes.
!
! run: threads=2 opt=2 pin=no modes=link gompx-only="its routines"
! run+: policy=default
! run+: policy=active cflags="-fdefault-integer-8"
! run+: policy=passive
module waiting
    implicit none
    include 'include/gompx_lib.inc'
contains
    ! How an old program calls it.
    subroutine plainly(us)
        integer(4), intent(in) :: us
        call plain(us)
    end subroutine
end module

subroutine plain(us)
    integer(4) us
    external gompx_set_spin_us
    call gompx_set_spin_us(us)
end subroutine

program wait_fortran
    use waiting
    implicit none
    character(16) :: policy
    integer :: status, sum, i

    call get_environment_variable('OMP_WAIT_POLICY', policy, status=status)
    if (status /= 0) then
        call expect(1000)
    else if (policy == 'active') then
        call expect(int(gompx_spin_always))
    else
        call expect(0)
    end if
    call gompx_set_spin_us(2000)
    call expect(2000)
    call gompx_set_spin_us(3000_4)
    call expect(3000)
    call gompx_set_spin_us(4000_8)
    call expect(4000)
    call gompx_set_spin_us(5000000000_8)
    call expect(1000000000)
    call gompx_set_spin_us(-5000000000_8)
    call expect(int(gompx_spin_always))
    call plainly(70_4)
    call expect(70)
    call gompx_set_spin_us(0)
    call expect(0)
    call gompx_set_spin_us(gompx_spin_always)
    call expect(-1)
    sum = 0
    !$omp parallel do reduction(+ : sum)
    do i = 1, 100
        sum = sum + i
    end do
    if (sum /= 5050) error stop 'sum'
contains
    subroutine expect(us)
        integer, intent(in) :: us
        if (gompx_get_spin_us() /= us) then
            print *, 'expected ', us, ', not ', gompx_get_spin_us()
            error stop 1
        end if
    end subroutine
end program
