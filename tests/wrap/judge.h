/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judge: which flushes a process really asks the kernel for.
 *
 * It stands outside: a process of its own that traces this one with ptrace(2)
 * and writes down every fsync, fdatasync, syncfs, sync and sync_file_range, in
 * order, with where the descriptor led.  It knows nothing of the library. */
#ifndef TESTS_JUDGE_H
#define TESTS_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

/* Before judge_begin, and until judge_end: every filesystem is said to be of
 * TYPE, statfs(2)'s f_type, unless 0; and every file, if OLD, born in 1970. */
void judge_pretend(uint32_t type, bool old);

/* The same: from the end of the first open with O_CREAT on, the clock and the last
 * change of every file are said to be CLOCK seconds later than they are, and every
 * file to be born BORN seconds later.  A program that stood still inside its open
 * sees that. */
void judge_stall(int clock, int born);

/* The same: ACT is called, in another process, at the end of the first open with
 * O_CREAT, before the program goes on. */
void judge_meanwhile(void (*act)(void));

/* From here until judge_end, all threads and children of this process. */
void judge_begin(void);
void judge_end(void);

/* What was flushed, as "fsync d, syncfs ., sync": paths relative to the current
 * directory as judge_end found it.  A flush that failed has "=ERRNO" behind
 * it.  Empty: nothing. */
const char *judged(void);

#endif
