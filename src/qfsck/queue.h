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

#ifndef RENAME_NOREPLACE      /* an older musl */
#define RENAME_NOREPLACE 1
#endif

enum user { QMAILQ, QMAILS, QMAILR, USERS };
struct ids {
  uid_t user[USERS];
  gid_t group;
};

/* The order is that of a check: a message first, todo before the intd that has
 * to be the same inode. */
enum kind { MESS, TODO, INTD, INFO, LOCAL, REMOTE, BOUNCE, KINDS };

struct rule {
  const char *name;
  enum user owner;
  mode_t folder_mode, file_mode;
  bool any_group;     /* qmail-queue runs with its caller's group */
};
extern const struct rule rules[KINDS];

struct layout {
  unsigned split;
  bool big_todo;
};

/* conf-split is below this, or it is none. */
enum { SPLIT_MAX = 100000 };

/* Names of our own below the queue. */
#define LOST_FOUND "lost+found"
#define WORK "qfsck"
#define SUFFIX_ASIDE ".aside"

struct queue {
  const char *path;
  int fd;
  struct ids ids;
  struct layout found, wanted;
  bool verbose;           /* tells each step */
};

bool is_split(enum kind kind, struct layout layout);

/* The path, below the queue, of this file of this message. */
void path_of(char path[PATH_BYTES], struct layout layout, enum kind kind, uint64_t number);

/* The number that NAME is, or 0; *PLAIN if it is written as qmail does. */
uint64_t number_of(const char *name, bool *plain);

/* The directory PATH below the queue, through no symlink; -1 and errno. */
int open_folder(int queue, const char *path, int flags);

/* The directory that holds PATH below the queue, through no symlink, for the
 * *at calls; *NAME is the last part.  -1 and errno. */
int open_holder(int queue, const char *path, const char **name);

/* lstat of PATH below the queue, through no symlink on the way. */
int look_at(int queue, const char *path, struct stat *st);

/* Renames below the queue, durably; never onto a name that is there. */
int move_name(int queue, const char *from, const char *to);

/* Puts out of the way what is no directory, or no file, where one belongs; it
 * is found there by the check. */
void put_aside_unless(const struct queue *queue, const char *path, mode_t type);

/* Opens PATH and learns whether it is a queue at all, or one of our making. */
void open_queue(struct queue *queue, const char *path);

/* The owners, from FILE, or from the system. */
void read_ids(struct ids *ids, const char *file);

#endif
