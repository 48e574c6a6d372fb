! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! The routines of the openacc module: each of its forms, and constructs.
!
! run: pin=no policy=default threads=1
! run+: opt=0,2 modes=path,preload
! run+: opt=2 modes=path env=LAST=empty expect-exit=1 expect-stderr="libgomp: .0x\w+,.0. is a bad range"
program fortran
  use openacc
  use iso_c_binding, only: c_size_t
  implicit none
  integer, allocatable :: a(:), none(:)
  integer :: m(4, 5)
  character(len=8) :: last

  allocate (a(10), none(0))
  call devices()
  call ranges(a(1), a, m)
  call presence()
  call queues()
  call construct()
  call get_environment_variable('LAST', last)
  if (last == 'empty') call acc_copyin(none)

contains

  subroutine check(condition, number)
    logical, intent(in) :: condition
    integer, intent(in) :: number
    if (.not. condition) then
      print *, 'check', number, 'failed'
      error stop 2
    end if
  end subroutine

  subroutine devices()
    character(len=6) :: text
    call check(acc_get_num_devices(acc_device_host) == 1, 1)
    call check(acc_get_num_devices(acc_device_nvidia) == 0, 2)
    call check(acc_get_device_type() == acc_device_host, 3)
    call acc_set_device_type(acc_device_default)
    call acc_set_device_num(0, acc_device_host)
    call check(acc_get_device_num(acc_device_host) == 0, 4)
    call acc_shutdown(acc_device_host)
    call acc_init(acc_device_host)
    call check(acc_on_device(acc_device_host), 5)
    call check(.not. acc_on_device(acc_device_not_host), 6)
    call check(acc_get_property(0, acc_device_host, acc_property_memory) == 0_c_size_t, 7)
    text = 'xxxxxx'
    call acc_get_property_string(0, acc_device_host, acc_property_name, text)
    call check(text == 'GOMP  ', 8)
    call acc_get_property_string(0, acc_device_host, acc_property_vendor, text(1:2))
    call check(text == 'GNMP  ', 9)
    call acc_get_property_string(0, acc_device_host, acc_property_memory, text)
    call check(text == ' ', 10)
  end subroutine

  ! An element with a length of 4 or 8 bytes, a whole array, a section that has to be made contiguous.
  subroutine ranges(first, whole, matrix)
    integer :: first, whole(:), matrix(:, :)
    integer, parameter :: queue = 3
    call acc_copyin(first, 4)
    call acc_copyin(first, 4_8)
    call acc_copyin(whole)
    call acc_copyin(matrix(2, :))
    call acc_present_or_copyin(first, 4)
    call acc_present_or_copyin(first, 4_8)
    call acc_present_or_copyin(matrix)
    call acc_pcopyin(whole)
    call acc_create(first, 4)
    call acc_create(first, 4_8)
    call acc_create(whole)
    call acc_present_or_create(first, 4)
    call acc_present_or_create(first, 4_8)
    call acc_pcreate(matrix)
    call acc_update_device(first, 4)
    call acc_update_device(first, 4_8)
    call acc_update_device(whole(1:0))
    call acc_update_self(first, 4)
    call acc_update_self(first, 4_8)
    call acc_update_self(whole)
    call acc_copyout(first, 4)
    call acc_copyout(first, 4_8)
    call acc_copyout(whole)
    call acc_copyout_finalize(first, 4)
    call acc_copyout_finalize(first, 4_8)
    call acc_copyout_finalize(whole)
    call acc_delete(first, 4)
    call acc_delete(first, 4_8)
    call acc_delete(whole)
    call acc_delete_finalize(first, 4)
    call acc_delete_finalize(first, 4_8)
    call acc_delete_finalize(whole)
    call acc_copyin_async(first, 4, queue)
    call acc_copyin_async(first, 4_8, queue)
    call acc_copyin_async(whole, queue)
    call acc_create_async(first, 4, queue)
    call acc_create_async(first, 4_8, queue)
    call acc_create_async(whole, queue)
    call acc_update_device_async(first, 4, queue)
    call acc_update_device_async(first, 4_8, queue)
    call acc_update_device_async(whole, queue)
    call acc_update_self_async(first, 4, queue)
    call acc_update_self_async(first, 4_8, queue)
    call acc_update_self_async(whole, queue)
    call acc_copyout_async(first, 4, queue)
    call acc_copyout_async(first, 4_8, queue)
    call acc_copyout_async(whole, queue)
    call acc_delete_async(first, 4, queue)
    call acc_delete_async(first, 4_8, queue)
    call acc_delete_async(whole, queue)
  end subroutine

  subroutine presence()
    integer :: zero
    zero = 0
    call check(acc_is_present(a), 20)
    call check(acc_is_present(m(2:3, 1:5:2)), 21)
    call check(acc_is_present(a(3), 4), 22)
    call check(acc_is_present(a(3), 4_8), 23)
    call check(.not. acc_is_present(none), 24)
    call check(.not. acc_is_present(a(3), zero), 25)
    call check(.not. acc_is_present(m(:, 3:2)), 26)
  end subroutine

  subroutine queues()
    call acc_wait(1)
    call acc_wait_async(1, 2)
    call acc_wait_all()
    call acc_wait_all_async(3)
    call acc_async_wait(acc_async_noval)
    call acc_async_wait_all()
    call check(acc_async_test(acc_async_sync), 30)
    call check(acc_async_test_all(), 31)
  end subroutine

  subroutine construct()
    integer :: i, sum
    a = [(i, i = 1, 10)]
    sum = 0
    !$acc data copy(a)
    !$acc parallel loop async(2)
    do i = 1, 10
      a(i) = 2 * a(i)
    end do
    !$acc wait(2)
    !$acc kernels loop reduction(+:sum)
    do i = 1, 10
      sum = sum + a(i)
    end do
    !$acc update self(a)
    !$acc end data
    call check(sum == 110, 40)
    call check(all(a == [(2 * i, i = 1, 10)]), 41)
  end subroutine
end program
