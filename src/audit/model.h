/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files, their names, and every change of these: whether it is durable, and who was told of
 * it.  It knows nothing of system calls. */
#ifndef SYNCDIR_AUDIT_MODEL_H
#define SYNCDIR_AUDIT_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "filesystem.h"
#include "stack.h"

/* Moments are numbered by the watched calls.  0: never. */
typedef uint64_t moment;

/* The next moment. */
moment now(void);

/* Changes in the order in which they came. */
struct list {
  struct change **at;
  size_t count;
};

/* A file or directory: an inode. */
struct file {
  dev_t device;
  ino_t number;
  mode_t mode;
  uint64_t mount; /* of a directory: its mount's number */
  struct filesystem *filesystem;
  bool synchronous;            /* a directory whose changes are durable at once */
  moment written;              /* its last write that nobody has flushed */
  moment sent;                 /* sync_file_range(2) of all of it */
  bool flushed;                /* it was fsynced in this run */
  bool given;                  /* the command was started with it, open */
  const struct process *maker; /* who made it in this run; else NULL */
  struct change *named;        /* the last one that gave it a name */
  struct change *rewrite;      /* of the kind WRITTEN, since the last flush */
  struct list changes;         /* of a directory: those of its names that are not durable */
  struct list names;           /* those that gave it a name, and are not durable */
};

/* A process of the tree that is watched. */
struct process {
  pid_t pid;
  struct process *parent; /* NULL: nobody that is watched */
  bool alive;
  bool executed;      /* it has run another program than its parent since it was made */
  bool shares_memory; /* it has mapped what other processes can map as well */
  char command[256];  /* its command line, at the last exec */
};

/* The last one is no change of a name: bytes were written into a file that had one. */
enum kind { CREATED, MADE_DIRECTORY, LINKED, SYMLINKED, MADE_NODE, RENAMED, REMOVED, WRITTEN };

/* How others got to know, and what was not durable then. */
struct telling {
  moment when;
  const struct process *by;
  pid_t thread;  /* 0: the end of the process */
  char how[160]; /* "write() to the terminal" */
  bool name, name_on_linux, bytes;
};

struct change {
  enum kind kind;
  moment when;
  const char *call; /* its name */
  const struct process *by;
  pid_t thread;
  char command[256]; /* what BY ran at that time */
  const struct stack *stack;
  struct file *directory, *old_directory; /* the latter where a rename left another one */
  struct name *entry;
  struct file *file;     /* what the name leads to, or led to */
  char *path, *old_path; /* whole; OLD_PATH of a rename, or NULL */
  bool replaced;         /* there was a file of that name, which is lost with it */
  bool other_names;      /* of a removal: the file has others */
  bool bytes_behind;     /* the file had unflushed bytes when it got this name */
  bool truncated;        /* of a write: what was there before is gone */
  bool mapped;           /* of a write: by mmap(2), if at all */

  struct change *previous; /* of the same name */
  moment durable;          /* the name, by what the programs flushed; of a write, its bytes */
  moment bytes_durable;    /* of a name: the bytes that it was told with */
  bool deliberate;         /* by a flush of this directory, and not of everything */
  bool new_side, old_side; /* of a rename between directories: which one was flushed */
  moment durable_on_linux; /* by the fsync of the file, which POSIX does not count */
  moment undone;           /* the programs have removed the name again */
  bool superseded;         /* another change of the name came before anybody was told */
  bool closed;             /* it was durable before anybody was told for certain */
  struct telling told;
  struct telling perhaps; /* by another thread, and that may have been about something else */

  const struct process **knowers;
  size_t knower_count, knower_room;
};

extern struct list all_changes;

/* How many are not among them, for their filesystems are held in memory. */
extern size_t changes_in_memory;

/* The name NAME of a directory. */
struct name {
  struct file *directory;
  char *text;
  bool known;     /* it was looked at before */
  bool made_here; /* it was not there before the run */
  bool on_disk;   /* a cut now would leave it, or something older of that name */
  struct change *latest;
};

/* The file ST, to which PATH leads. */
struct file *find_file(const char *path, const struct stat *st);

/* The same, and whatever had this number before is another one. */
struct file *new_file(const char *path, const struct stat *st);

struct name *find_name(struct file *directory, const char *name);

/* Calls ACT for every file that is known. */
void each_file(void act(struct file *file));

void append(struct list *list, struct change *change);

/* Whether FILE has bytes that a power cut would take. */
bool bytes_at_risk(const struct file *file);

#endif
