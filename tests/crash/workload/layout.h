/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes what a workload finds: trees, files, links.  By raw system calls, so
 * that the library under test flushes none of it. */
#ifndef WORKLOAD_LAYOUT_H
#define WORKLOAD_LAYOUT_H

/* Each ends the program if it fails.  Paths are relative to the current
 * directory. */
int raw_open(const char *path, int flags);
void raw_mkdir(const char *path);
void raw_symlink(const char *target, const char *path);

/* A regular file; its content is TEXT, and a newline. */
void raw_file(const char *path, const char *text);

void enter(const char *directory);

/* Makes the directory TREE with the entries of LAYOUT, which blanks separate:
 *
 *   d/       a directory            f        a file; its content is its path
 *   d/:MODE  the mode of d/         g=f      g is another name of f
 *   d/+N     N names in d/          l>x      a symlink to x
 *   d/-N     which are removed      p|       a fifo */
void make_tree(const char *tree, const char *layout);

/* Makes all of that durable. */
void sync_all(void);

/* Marks the files of LAYOUT as fsynced: sync_all has been called since. */
void mark_files(const char *tree, const char *layout);

#endif
