/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the loader of a running process has loaded, in the order in which it looks for
 * functions: the program, the preloads, what they need, and last what came by dlopen. */
#ifndef SYNCDIR_LOADED_H
#define SYNCDIR_LOADED_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct loaded {
  char name[PATH_MAX];   /* "" for the program */
  unsigned long base;    /* what is added to the addresses in its file */
  unsigned long dynamic; /* an address inside */
};

/* Reads the loader's list of process PID (of our own word size) into a new array at *LIST, to
 * be freed.  *APART: there are other lists, made by dlmopen(3) or for an auditor.  Returns
 * NULL, or why the list cannot be read. */
const char *read_loaded(const char *pid, struct loaded **list, size_t *count, bool *apart);

/* From the open /proc/PID/mem: SIZE bytes, or up to SIZE with the NUL that ends them. */
bool read_memory(int memory, unsigned long address, void *bytes, size_t size);
bool read_string(int memory, unsigned long address, char *text, size_t size);

#endif
