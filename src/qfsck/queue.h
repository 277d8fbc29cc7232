/* SPDX-License-Identifier: GPL-2.0-or-later */
/* qmail's queue as INTERNALS and hier.c have it: directories, owners, modes,
 * names. */
#ifndef QFSCK_QUEUE_H
#define QFSCK_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "say.h"

enum { NAME_BYTES = 256, PATH_BYTES = 3 * NAME_BYTES };

#ifndef RENAME_NOREPLACE /* an older musl */
#define RENAME_NOREPLACE 1
#endif

enum user { QMAILQ, QMAILS, QMAILR, USERS };
struct ids {
  uid_t user[USERS];
  gid_t group;
};

/* In the order of a check: mess first, and todo before intd, which must be the same
 * inode. */
enum kind { MESS, TODO, INTD, INFO, LOCAL, REMOTE, BOUNCE, KINDS };

struct rule {
  const char *name;
  enum user owner;
  mode_t folder_mode, file_mode;
  bool any_group; /* qmail-queue runs with its caller's group */
};
extern const struct rule rules[KINDS];

struct layout {
  unsigned split;
  bool big_todo;
};

/* conf-split must be below this. */
enum { SPLIT_MAX = 100000 };

/* statfs of ext2, ext3 and ext4. */
enum { EXT_MAGIC = 0xef53 };

/* Names of our own below the queue. */
#define LOST_FOUND "lost+found"
#define WORK "qfsck"
#define COPY "copy." /* in WORK: what an interrupted run may leave */
#define SUFFIX_ASIDE ".aside"

struct queue {
  const char *path;
  int fd;
  dev_t device;
  struct ids ids;
  struct layout found, wanted;
  bool is_sure;           /* FOUND is certain, not a guess */
  bool takes_nothing_out; /* -p: what is of the wrong type stays */
  bool verbose;           /* reports each step */
};

bool is_split(enum kind kind, struct layout layout);

/* The path, below the queue, of the file of this kind of message NUMBER. */
void path_of(char path[PATH_BYTES], struct layout layout, enum kind kind, uint64_t number);

/* The number that NAME is, or 0; *PLAIN if it is written as qmail writes it. */
uint64_t number_of(const char *name, bool *plain);

/* What follows FOLDER and a slash in PATH; NULL if PATH is not below FOLDER. */
const char *after_folder(const char *path, const char *folder);

/* Opens the directory PATH below the queue, through no symlink.  -1 and errno. */
int open_folder(int queue, const char *path, int flags);

/* Opens the directory that holds PATH below the queue, through no symlink, for the *at
 * calls; *NAME is the last component.  -1 and errno. */
int open_holder(int queue, const char *path, const char **name);

/* Opens PATH below the queue, through no symlink and without waiting; -1 and errno.
 * With O_CREAT the name is durable, and its mode 0600. */
int open_below(int queue, const char *path, int flags);

/* Removes PATH below the queue, durably: FLAGS as for unlinkat.  -1 and errno. */
int remove_below(int queue, const char *path, int flags);

/* lstat of PATH below the queue, through no symlink on the way. */
int look_at(int queue, const char *path, struct stat *st);

/* What NAME in FOLDER is; "" is FOLDER itself.  Besides lstat's answer: whether it is a mount
 * point, and whether it is immutable or append-only, as far as the kernel tells.  -1 and
 * errno. */
struct look {
  struct stat st;
  bool is_mount, is_fixed;
};
int look(int folder, const char *name, struct look *look);

/* Renames below the queue, durably; never onto a name that exists. */
int move_name(int queue, const char *from, const char *to);

/* Renames PATH to PATH.aside unless it is of this type; the check will find it there. */
void put_aside_unless(const struct queue *queue, const char *path, mode_t type);

/* Opens the directory PATH, without a look whether it is a queue. */
void open_queue(struct queue *queue, const char *path);

#endif
