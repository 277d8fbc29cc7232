/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the function that follows ours in load order, once for each name.
 *
 * The constructor looks them all up: dlsym takes the loader's lock, and a call that
 * looked up its own later would wait for a thread that is inside dlopen and may be
 * waiting for that call; nor is dlsym async-signal-safe.  A wrapper that is called
 * before the constructor, or in a program that never runs it, looks up its own.  Two
 * threads may do so at the same time: they find the same. */
#include <dlfcn.h>
#include <errno.h>

#include "core/next.h"
#include "core/raw.h"

void *_Atomic next_functions[next_count];

static const char *const names[next_count] = {
#define WRAPPED(name) [next_##name] = #name,
#define SEEN WRAPPED
#include "wrapped.h"
#undef SEEN
#undef WRAPPED
};

/* What takes the place of a name that no library after us has.  The C library may lack it:
 * renameat2 is new, __xmknod is gone, and musl has no second names for 64 bits.  Or the
 * whole C library comes before us, in a program linked with -lc -lsyncdir. */
static void *stand_in(enum next which)
{
/* clang-format off */
#define RAW(name) case next_##name: return (void *) raw_##name
#define ALSO(name, plain) case next_##name: return next_function(next_##plain)
  switch (which) {
    RAW(open); RAW(open64); RAW(__open); RAW(__open64);
    RAW(openat); RAW(openat64); RAW(openat2); RAW(creat); RAW(creat64);
    RAW(link); RAW(linkat); RAW(symlink); RAW(symlinkat);
    RAW(rename); RAW(renameat); RAW(renameat2);
    RAW(unlink); RAW(unlinkat); RAW(rmdir); RAW(remove);
    RAW(mkdir); RAW(mkdirat); RAW(mknod); RAW(mknodat);
    RAW(fsync); RAW(fdatasync);
    RAW(mkfifo); RAW(mkfifoat); RAW(__xmknod); RAW(__xmknodat);
    ALSO(fopen64, fopen); ALSO(_IO_fopen, fopen); ALSO(freopen64, freopen);
    ALSO(mkstemp64, mkstemp); ALSO(mkostemp64, mkostemp);
    ALSO(mkstemps64, mkstemps); ALSO(mkostemps64, mkostemps);
      /* clang-format on */
    default: return dlsym(RTLD_DEFAULT, names[which]); /* every C library has it */
  }
#undef RAW
#undef ALSO
}

void *find_next(enum next which)
{
  int saved = errno;
  void *found = dlsym(RTLD_NEXT, names[which]);

  if (!found)
    found = stand_in(which);
  next_functions[which] = found;
  errno = saved;
  return found;
}

/* A look-up that fails leaves a message, which dlerror(3) would give to the program as if
 * it were its own.  The next look-up that succeeds clears it, and every C library has the
 * last name in the list. */
__attribute__((constructor)) static void find_all(void)
{
  for (int which = 0; which < next_count; which++)
    find_next(which);
}
