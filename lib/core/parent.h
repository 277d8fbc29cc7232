/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a path to its parent directory. */
#ifndef SYNCDIR_PARENT_H
#define SYNCDIR_PARENT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/sys.h"

/* To open a directory for a flush.  O_DIRECTORY: if the path now leads to a fifo or a
 * terminal, the kernel does not open that. */
#define OPEN_DIRECTORY (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

/* To open it only for a look: this needs no permission, and is not reported to anybody who
 * watches the directory. */
#define LOOK_AT_DIRECTORY (O_PATH | O_DIRECTORY | O_CLOEXEC)

/* The parent directory of a path, as the path spells it: the first LENGTH
 * bytes, or "." if LENGTH is 0.  NAME is what remains: the final component
 * with its trailing slashes.
 *
 *   a/b    "a"  "b"         a//b///  "a"  "b///"
 *   b      ""   "b"         /b       "/"  "b"
 *
 * "." or ".." at the end of a path is not the directory's own name.  Then UP is set, and
 * the parent is the whole path with "/.." after it. */
struct parent {
  size_t length;
  const char *name;
  bool up;
};

struct parent parent_of(const char *path);

/* Whether both paths, each relative to its dirfd, spell the same parent. */
bool same_spelling(int dirfd, const char *path, int other_dirfd, const char *other);

/* Looks in the parent of PATH, from FROM on, for a component that is NAME, with or without
 * trailing slashes.  Returns where it ends; 0 if there is none. */
size_t prefix_to(const char *path, const char *name, size_t from);

/* Opens the parent directory of PATH with FLAGS.  -1 and errno as open(2). */
int open_parent(int dirfd, const char *path, int flags);

/* statx of it.  -1 and errno as statx(2). */
int stat_parent(int dirfd, const char *path, unsigned int asked, struct sys_stat *st);

/* Opens the nearest directory above the parent of PATH that can be read and
 * lies on the parent's filesystem.  -1 and errno; only_cannot_open(errno) where
 * there is none. */
int open_ancestor(int dirfd, const char *path);

/* Whether both are one inode.  False if either could not be filled in. */
bool same_inode(const struct sys_stat *one, const struct sys_stat *other);

#endif
