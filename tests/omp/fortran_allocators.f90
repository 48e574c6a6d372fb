! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! Allocators from Fortran, with integers of four and eight bytes: made with traits, used, refused, ended.
!
! run: threads=2 opt=2 pin=no policy=default since-gcc=12
! run+:
! run+: cflags=-fdefault-integer-8
program fortran_allocators
    use omp_lib
    use, intrinsic :: iso_c_binding
    implicit none
    type(omp_alloctrait) :: traits(3)
    integer(omp_allocator_handle_kind) :: small, refused
    type(c_ptr) :: block, second

    if (omp_get_default_allocator() /= omp_default_mem_alloc) stop 1
    traits(1) = omp_alloctrait(omp_atk_alignment, 256)
    traits(2) = omp_alloctrait(omp_atk_pool_size, 4096)
    traits(3) = omp_alloctrait(omp_atk_fallback, omp_atv_null_fb)
    small = omp_init_allocator(omp_default_mem_space, 3, traits)
    if (small == omp_null_allocator) stop 2
    block = omp_alloc(1000_c_size_t, small)
    if (.not. c_associated(block)) stop 3
    if (iand(transfer(block, 0_c_intptr_t), 255_c_intptr_t) /= 0) stop 4
    second = omp_alloc(4000_c_size_t, small)            ! the pool has no room for both
    if (c_associated(second)) stop 5
    call omp_free(block, small)
    traits(1)%value = 255                               ! no power of two
    refused = omp_init_allocator(omp_default_mem_space, 1, traits)
    if (refused /= omp_null_allocator) stop 6
    call omp_destroy_allocator(small)
    call omp_destroy_allocator(omp_null_allocator)
end program fortran_allocators
