/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be seen of a directory tree: its names and what they lead to. */
#ifndef POWERCUT_TREE_H
#define POWERCUT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* One name.  Times, owners and the sizes of directories are left out: a flush
 * of the parent directory does not promise them. */
struct name {
  const char *path;    /* relative to the tree, "." is the tree itself */
  const char *what;    /* type and mode; where a symlink leads; a device's number */
  const char *links;   /* how many, and the first name of the same inode */
  const char *content; /* of a regular file: its size and a hash; "": not known */
  const char *inode;   /* its number: tells names apart that look the same */
};

/* How WHAT begins where there is nothing else to tell. */
#define UNREADABLE "unreadable: "

bool is_directory(const struct name *name);

/* Sorted; a directory stands before what is in it. */
struct tree {
  struct name *names;
  size_t count;
  char *text; /* all strings of all entries, one after the other */
  size_t size;
};

/* What the tree is to hold of the content of the regular file STATUS: nothing
 * (NULL), whatever it is (""), or just this if it is still this. */
typedef const char *content_wanted(void *context, const struct stat *status);

/* Reads the directory FOLDER; a folder that is not there is an empty tree. */
struct tree read_tree(const char *folder, content_wanted *wanted, void *context);

/* The same from TEXT, of SIZE bytes, which must outlive the tree. */
struct tree tree_from_text(char *text, size_t size);

void free_tree(struct tree *tree);

/* The entry of PATH, or NULL. */
const struct name *find_name(const struct tree *tree, const char *path);

/* Writes the content of the file PATH as entries have it, into a buffer of
 * CONTENT_SIZE bytes. */
#define CONTENT_SIZE 48
void describe_content(const char *path, char *content);

#endif
