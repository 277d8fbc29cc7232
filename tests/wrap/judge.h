/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judge: which flushes a process really asks the kernel for.
 *
 * It stands outside: a process of its own that traces this one with ptrace(2)
 * and writes down every fsync, fdatasync, syncfs, sync and sync_file_range, in
 * order, with where the descriptor led.  It knows nothing of the library. */
#ifndef TESTS_JUDGE_H
#define TESTS_JUDGE_H

#include <stdbool.h>

/* From here until judge_end, all threads and children of this process. */
void judge_begin(void);
void judge_end(void);

/* What was flushed, as "fsync d, syncfs ., sync": paths relative to the current
 * directory as judge_end found it.  A flush that failed has "=ERRNO" behind
 * it.  Empty: nothing. */
const char *judged(void);

#endif
