/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NEXT(link): the definition of link that follows ours in load order. */
#ifndef SYNCDIR_NEXT_H
#define SYNCDIR_NEXT_H

#ifdef ARCHIVE

/* A static program has no dlsym, and in a dynamic program the archive comes before every
 * preloaded library: the next function is the kernel's. */
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

/* Looks the function up and remembers it.  If no library after us defines the name, the
 * system call takes its place; a name that is not a system call is in every C library. */
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
