/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mapped into the memory of this process. */
#ifndef SYNCDIR_MAPPINGS_H
#define SYNCDIR_MAPPINGS_H

#include <stdbool.h>
#include <stdint.h>

/* NULL, or why others see, without a system call, what is done to this memory; the
 * servers have been looked for.  What cannot be known counts as seen. */
const char *why_memory_is_seen(void);

/* Whether nothing but private memory without a file is mapped in these LENGTH bytes. */
bool is_anonymous(uint64_t start, uint64_t length);

#endif
