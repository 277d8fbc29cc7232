/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NEXT(link): the definition of link that follows ours in load order. */
#ifndef SYNCDIR_NEXT_H
#define SYNCDIR_NEXT_H

#ifdef ARCHIVE

/* A static program has no dlsym, and a dynamic one with the archive in it
 * answers before every preload: there the next function is the kernel's. */
#include "core/replaced.h"
#define NEXT(name) raw_##name

#else

enum next {
#define WRAPPED(name) next_##name,
#define SEEN WRAPPED
#include "wrapped.h"
#undef SEEN
#undef WRAPPED
  next_count
};

extern void *_Atomic next_functions[next_count];

/* Looks the function up and remembers it.  A name that nobody after us defines
 * leads to the system call; what is no system call, every C library has. */
void *find_next(enum next which);

static inline void *next_function(enum next which)
{
  void *known = next_functions[which];

  return known ? known : find_next(which);
}

/* __typeof__ borrows libc's own prototype, so the type cannot drift. */
#define NEXT(name) ((__typeof__(&name)) next_function(next_##name))

#endif

#endif
