/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The kernel's part: a sleeper names a word; it is put to sleep only if the word still has the value it expects, and that look
 * and the queueing are one step for those who wake.  `me` is the number of the process that calls. */
#define SLEEP 1

#ifndef THREADS
#define THREADS 3
#endif

byte futex_on[THREADS];                 /* the word on which a process sleeps, or 0 */

inline futex_wait(name_, word_, value_)
{
    atomic {
        if
        :: word_ == (value_) -> futex_on[me] = name_
        :: else
        fi
    }
    futex_on[me] == 0
}

inline futex_wake_all(name_)
{
    d_step {
        byte sleeper;
        for (sleeper : 0 .. THREADS - 1) {
            if
            :: futex_on[sleeper] == name_ -> futex_on[sleeper] = 0
            :: else
            fi
        }
        sleeper = 0
    }
}

/* Which one is the kernel's choice. */
inline futex_wake_one(name_)
{
    atomic {
        if
        :: futex_on[0] == name_ -> futex_on[0] = 0
        :: THREADS > 1 && futex_on[1 % THREADS] == name_ -> futex_on[1 % THREADS] = 0
        :: THREADS > 2 && futex_on[2 % THREADS] == name_ -> futex_on[2 % THREADS] = 0
        :: THREADS > 3 && futex_on[3 % THREADS] == name_ -> futex_on[3 % THREADS] = 0
        :: else
        fi
    }
}

/* Read-modify-writes: one step each. */
inline compare_and_swap(word_, old_, new_, done_)
{
    atomic {
        if
        :: word_ == (old_) -> word_ = new_; done_ = true
        :: else -> done_ = false
        fi
    }
}
