! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
!
! The allocators of omp_lib: making them, the default, memory by C pointers, the allocate clause.
!
! run: opt=2 pin=no policy=default since-gcc=12
! run+: env=GOMPX_TEST_KINDS=4
! run+: env=GOMPX_TEST_KINDS=8 cflags=-fdefault-integer-8
program alloc_fortran
    use omp_lib
    use, intrinsic :: iso_c_binding
    implicit none
    integer(c_size_t), parameter :: page = 4096
    type(omp_alloctrait) :: traits(4)
    integer(omp_allocator_handle_kind) :: pool, other

    traits = [omp_alloctrait(omp_atk_pool_size, 65536), omp_alloctrait(omp_atk_fallback, omp_atv_null_fb), &
              omp_alloctrait(omp_atk_alignment, 64), omp_alloctrait(omp_atk_access, omp_atv_default)]
    pool = omp_init_allocator(omp_default_mem_space, 4, traits)
    if (pool == omp_null_allocator) stop 1
    traits(3)%value = 3
    if (omp_init_allocator(omp_default_mem_space, 4, traits) /= omp_null_allocator) stop 2
    call the_default()
    call memory()
    call clauses(5)
    other = omp_init_allocator(omp_low_lat_mem_space, 0, traits)
    if (other == omp_null_allocator) stop 3
    call omp_destroy_allocator(other)
    call omp_destroy_allocator(pool)
contains
    subroutine the_default()
        integer :: wrong
        wrong = 0
        if (omp_get_default_allocator() /= omp_default_mem_alloc) stop 10
        call omp_set_default_allocator(pool)
        !$omp parallel reduction(+: wrong)
        if (omp_get_default_allocator() /= pool) wrong = wrong + 1
        call omp_set_default_allocator(omp_const_mem_alloc)
        !$omp barrier
        if (omp_get_default_allocator() /= omp_const_mem_alloc) wrong = wrong + 1
        !$omp end parallel
        if (wrong /= 0) stop 11
        if (omp_get_default_allocator() /= pool) stop 12
        call omp_set_default_allocator(omp_null_allocator)
        if (omp_get_default_allocator() /= omp_default_mem_alloc) stop 13
    end subroutine

    subroutine memory()
        type(c_ptr) :: p, q
        integer(c_int), pointer :: x(:)
        p = omp_alloc(8 * page, pool)
        if (.not. c_associated(p) .or. mod(transfer(p, 0_c_intptr_t), 64_c_intptr_t) /= 0) stop 20
        call c_f_pointer(p, x, [100])
        x = 7
        p = omp_realloc(p, 9 * page, omp_null_allocator, pool)
        if (c_associated(p)) stop 21                    ! 68 KiB and more, for as long as both are there
        p = c_loc(x)
        q = omp_aligned_calloc(page, 10_c_size_t, 4_c_size_t, pool)
        if (.not. c_associated(q) .or. mod(transfer(q, 0_c_intptr_t), int(page, c_intptr_t)) /= 0) stop 22
        if (c_associated(omp_alloc(8 * page, pool))) stop 23
        p = omp_realloc(p, 600_c_size_t, omp_default_mem_alloc, pool)
        call c_f_pointer(p, x, [100])
        if (any(x /= 7)) stop 24
        call omp_free(p, omp_null_allocator)
        call c_f_pointer(q, x, [10])
        if (any(x /= 0)) stop 25
        call omp_free(q, pool)
        if (c_associated(omp_alloc(0_c_size_t, pool))) stop 26
        p = omp_calloc(16_c_size_t, page - 8, pool)
        if (.not. c_associated(p)) stop 27
        call omp_free(p, pool)
        call omp_free(c_null_ptr, pool)
        p = omp_aligned_alloc(1024_c_size_t, 10_c_size_t, omp_high_bw_mem_alloc)
        if (mod(transfer(p, 0_c_intptr_t), 1024_c_intptr_t) /= 0) stop 28
        call omp_free(p, omp_high_bw_mem_alloc)
    end subroutine

    subroutine clauses(n)
        integer, intent(in) :: n
        integer :: a(n), b, i, last, total
        a = 3
        total = 0
        !$omp parallel firstprivate(a) private(b) reduction(+: total) allocate(pool: a, b, total)
        b = omp_get_thread_num()
        a = a + b
        !$omp barrier
        if (any(a /= 3 + b) .or. size(a) /= n) stop 30
        total = total + 1
        !$omp do lastprivate(last) allocate(pool: last)
        do i = 1, 10
            last = i
        end do
        !$omp single
        do i = 1, 10
            !$omp task firstprivate(b, i) allocate(pool: b, i)
            b = b + i
            if (b - i < 0 .or. b - i >= omp_get_num_threads() .or. i < 1 .or. i > 10) stop 31
            !$omp end task
        end do
        !$omp end single
        !$omp end parallel
        if (total < 1 .or. last /= 10) stop 32
        if (.not. whole()) stop 33
    end subroutine

    logical function whole()
        type(c_ptr) :: p
        p = omp_alloc(65536_c_size_t - 88, pool)
        whole = c_associated(p)
        call omp_free(p, pool)
    end function
end program
