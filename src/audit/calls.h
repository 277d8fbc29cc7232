/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls that the auditor watches, and where their arguments lie. */
#ifndef SYNCDIR_AUDIT_CALLS_H
#define SYNCDIR_AUDIT_CALLS_H

#include <stdint.h>

/* What a call can do to a name, to a file's bytes, or to what others know. */
/* clang-format off */
enum deed {
  OPENS, LINKS, SYMLINKS, RENAMES, REMOVES, MAKES,      /* names */
  WRITES,                    /* bytes into a file, a pipe, a terminal or a socket */
  CHANGES, CHANGES_BY_NAME,  /* a file's bytes, and nobody is told */
  MAPS,
  SYNCS_FILE, SYNCS_RANGE, SYNCS_MAPPING, SYNCS_FILESYSTEM, SYNCS_ALL,
  SENDS, SENDS_BY_NUMBER,    /* to a socket; the latter is i386's socketcall(2) */
  TELLS, SIGNALS,            /* by a message queue, by a signal */
  SHARES_MEMORY,
  SETS_UP_RING, SUBMITS, SUPERVISES, TRACES, CLONES     /* what hides calls from us */
};
/* clang-format on */

/* The filter stops a call only where (argument & MASK) == VALUE; MASK 0: always. */
struct test {
  int argument;
  uint64_t mask, value;
};

enum { NONE = -1, MOST_TESTS = 2 };

/* clone(2), "C library/kernel differences". */
#ifdef __s390__
enum { FLAGS_OF_CLONE = 1 };
#else
enum { FLAGS_OF_CLONE = 0 };
#endif

/* The numbers of arguments; NONE where the call has no such one.  A name is given by a
 * directory and a path; without a directory the working directory is meant. */
struct call {
  const char *name;
  enum deed deed;
  int directory, path, new_directory, new_path, flags, fd;
  struct test tests[MOST_TESTS];
};

/* Ends with one whose name is NULL. */
extern const struct call calls[];

/* The call that NUMBER is on the machine ARCH (AUDIT_ARCH_*); NULL if it is not watched. */
const struct call *find_call(uint32_t arch, uint64_t number);

#endif
