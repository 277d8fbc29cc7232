/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in an ELF file, as far as preloads go. */
#ifndef SYNCDIR_OBJECT_H
#define SYNCDIR_OBJECT_H

#include <limits.h>
#include <stdbool.h>

enum wrapped {
#define WRAPPED(name) wrapped_##name,
#include "wrapped.h"
#undef WRAPPED
  wrapped_count
};

extern const char *const wrapped_names[wrapped_count];

struct object {
  unsigned char class;              /* ELFCLASS32, ELFCLASS64 */
  unsigned short machine;           /* EM_X86_64 ... */
  bool program;                     /* executable, not a shared library alone */
  char loader[PATH_MAX];            /* PT_INTERP; "" in a static program */
  char sanitizer[NAME_MAX + 1];     /* the runtime of AddressSanitizer that it needs, or "" */
  bool needs_library;               /* linked with libsyncdir.so.1 */
  bool imports[wrapped_count];      /* from other objects */
  bool defines[wrapped_count];      /* for other objects */
  bool raw_calls;                   /* imports syscall */
  bool io_uring;                    /* needs liburing, or imports of it */
  bool go;                          /* Go: makes its system calls itself */
  char archived[1024];              /* the wrappers of libsyncdir.a that it holds, or "" */
};

/* Fills in all but ARCHIVED.  NULL, or what is wrong with the file. */
const char *read_object(const char *path, struct object *object);

/* Fills in ARCHIVED: reads the whole file. */
void read_archived(const char *path, struct object *object);

#endif
