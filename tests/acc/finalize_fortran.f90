! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! The asynchronous routines that finalize, as the openacc module of gfortran 16 declares them: libgomp lists them since 9 and
! defines them since 16.
!
! run: threads=1 opt=0,2 pin=no policy=default modes=link gompx-only="libgomp 12 does not define them"
program finalize_fortran
    use openacc
    use, intrinsic :: iso_fortran_env, only: int32, int64
    implicit none
    interface acc_copyout_finalize_async
        subroutine acc_copyout_finalize_async_32_h(a, length, async)
            import int32
            !GCC$ attributes no_arg_check :: a
            type(*), dimension(*) :: a
            integer(int32) :: length
            integer :: async
        end subroutine acc_copyout_finalize_async_32_h
        subroutine acc_copyout_finalize_async_64_h(a, length, async)
            import int64
            !GCC$ attributes no_arg_check :: a
            type(*), dimension(*) :: a
            integer(int64) :: length
            integer :: async
        end subroutine acc_copyout_finalize_async_64_h
        subroutine acc_copyout_finalize_async_array_h(a, async)
            type(*), dimension(..), contiguous :: a
            integer :: async
        end subroutine acc_copyout_finalize_async_array_h
    end interface
    interface acc_delete_finalize_async
        subroutine acc_delete_finalize_async_32_h(a, length, async)
            import int32
            !GCC$ attributes no_arg_check :: a
            type(*), dimension(*) :: a
            integer(int32) :: length
            integer :: async
        end subroutine acc_delete_finalize_async_32_h
        subroutine acc_delete_finalize_async_64_h(a, length, async)
            import int64
            !GCC$ attributes no_arg_check :: a
            type(*), dimension(*) :: a
            integer(int64) :: length
            integer :: async
        end subroutine acc_delete_finalize_async_64_h
        subroutine acc_delete_finalize_async_array_h(a, async)
            type(*), dimension(..), contiguous :: a
            integer :: async
        end subroutine acc_delete_finalize_async_array_h
    end interface
    integer :: a(10), b(4, 5), i

    a = [(i, i = 1, 10)]
    b = 7
    call acc_copyin(a)
    call acc_copyin(b)
    call acc_copyin(b)                                  ! once more: finalizing ends both
    call acc_copyout_finalize_async(a, 1)
    call acc_copyout_finalize_async(b, 40_int32, 1)
    call acc_copyout_finalize_async(b(:, 3), 16_int64, 2)
    call acc_copyin(a)
    call acc_delete_finalize_async(a, acc_async_noval)
    call acc_delete_finalize_async(b, 40_int32, 1)
    call acc_delete_finalize_async(b, 40_int64, acc_async_sync)
    call acc_wait_all()
    if (any(a /= [(i, i = 1, 10)]) .or. any(b /= 7)) stop 1
    if (.not. acc_async_test_all()) stop 2
end program finalize_fortran
