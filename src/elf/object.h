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
  unsigned char class;          /* ELFCLASS32, ELFCLASS64 */
  unsigned short machine;       /* EM_X86_64 ... */
  bool program;                 /* executable, not a shared library alone */
  bool dynamic;                 /* it has a dynamic section, for the loader */
  char loader[PATH_MAX];        /* PT_INTERP; "" in a static program or a library */
  char sanitizer[NAME_MAX + 1]; /* the runtime of AddressSanitizer that it needs, or "" */
  bool needs_library;           /* linked with libsyncdir.so.1 */
  bool needs_libc_first;        /* and with the C library before it */
  bool audited;                 /* it brings an auditor, which may lead calls elsewhere */
  bool imports[wrapped_count];  /* from other objects */
  bool defines[wrapped_count];  /* for other objects */
  bool contains[wrapped_count]; /* by its symbol table, if it has one */
  bool strong[wrapped_count];   /* defines or contains it, and not from the archive */
  bool has_symbols;
  bool dovecot;              /* needs its library */
  bool io_uring;             /* needs liburing, or imports of it */
  bool loads_others;         /* imports dlopen */
  bool looks_up;             /* imports dlsym, */
  bool names_libc;           /* and has the name syscall, or that of the C library's file */
  bool starts_others;        /* imports a function of the exec family */
  bool go;                   /* a Go program, which makes its system calls itself */
  bool marks[wrapped_count]; /* the wrappers of libsyncdir.a that it holds */
  bool archived;             /* it holds any */
};

/* By the name of the file: whether it holds the C library's functions; and whether it is
 * that, its loader or another part of it. */
bool is_libc_name(const char *name);
bool is_part_of_libc(const char *name);

/* Fills in all but MARKS and ARCHIVED.  NULL, or what is wrong with the file. */
const char *read_object(const char *path, struct object *object);

/* Fills in MARKS and ARCHIVED, for which it reads the whole file. */
void read_archived(const char *path, struct object *object);

#endif
