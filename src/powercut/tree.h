/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be seen of a directory tree: its names and what they lead to. */
#ifndef POWERCUT_TREE_H
#define POWERCUT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct device_content;

/* One name.  Sizes of directories, and the times of access and change, are left out:
 * nobody promises them. */
struct name {
  const char *path;       /* relative to the tree, "." is the tree itself */
  const char *what;       /* type and mode; where a symlink leads; a device's number */
  const char *links;      /* how many, and the first name of the same inode */
  const char *content;    /* of a regular file: its size and a hash; "": not known */
  const char *attributes; /* owner, time of modification, flags, xattrs; "": not known */
  const char *inode;      /* its number: tells names apart that look the same */
};

/* Why something of NAME cannot be told, or NULL. */
const char *why_unreadable(const struct name *name);

bool is_directory(const struct name *name);

/* Sorted; a directory stands before what is in it. */
struct tree {
  struct name *names;
  size_t count;
  char *text; /* all strings of all entries, one after the other */
  size_t size;
};

/* What is to be seen of a tree. */
struct view {
  const char *pattern;  /* only names of which a part matches it, as fnmatch(3) does; or NULL */
  bool without_orphans; /* which e2fsck puts into the root's lost+found, as "#" and a number */
  bool attributes;
  bool refuse_mounts; /* subvolumes, and what is mounted in the tree, are unreadable */

  /* What the tree is to hold of the content of the regular file STATUS: nothing
   * (NULL), whatever it is (""), or just this if it is still this. */
  const char *(*content_wanted)(void *context, const struct stat *status);
  void *context;
  const struct device_content *device; /* where to look at content, or NULL */
};

/* Whether e2fsck may have put something into the tree FOLDER: it is the ROOT of a
 * filesystem WITHOUT_JOURNAL. */
bool is_repaired_root(bool without_journal, const char *folder, const char *root);

/* Reads the directory FOLDER; a folder that is not there is an empty tree. */
struct tree read_tree(const char *folder, const struct view *view);

/* The same from TEXT, of SIZE bytes, which must outlive the tree. */
struct tree tree_from_text(char *text, size_t size);

void free_tree(struct tree *tree);

/* The entry of PATH, or NULL. */
const struct name *find_name(const struct tree *tree, const char *path);

/* Whether a part of PATH, between slashes, matches PATTERN. */
bool has_part_like(const char *path, const char *pattern);

#endif
