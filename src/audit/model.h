/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is durable: every change of a name, what the programs flushed since, and who was
 * told in between.  It knows nothing of system calls. */
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
  uint64_t mount;          /* of a directory: its mount's number */
  struct filesystem *filesystem;
  bool synchronous;        /* a directory whose changes are durable at once */
  moment written;          /* its last write that nobody has flushed */
  moment sent;             /* sync_file_range(2) of all of it */
  bool flushed;            /* it was fsynced in this run */
  struct list changes;     /* of a directory: those of its names that are not durable */
  struct list names;       /* those that gave it a name, and are not durable */
};

/* A process of the tree that is watched. */
struct process {
  pid_t pid;
  struct process *parent;  /* NULL: nobody that is watched */
  bool alive;
  char command[256];       /* its command line, at the last exec */
};

enum kind { CREATED, MADE_DIRECTORY, LINKED, SYMLINKED, MADE_NODE, RENAMED, REMOVED };

/* How others got to know. */
struct telling {
  moment when;
  const struct process *by;
  char how[160];           /* "by write() to the terminal" */
};

struct change {
  enum kind kind;
  moment when;
  const char *call;        /* its name */
  const struct process *by;
  char command[256];       /* what BY ran at that time */
  const struct stack *stack;
  struct file *directory, *old_directory;  /* the latter where a rename left another one */
  struct name *entry;
  struct file *file;       /* what the name leads to, or led to */
  char *path, *old_path;   /* whole; OLD_PATH of a rename, or NULL */
  bool replaced;           /* there was a file of that name, which is lost with it */
  bool other_names;        /* of a removal: the file has others */
  bool bytes_behind;       /* the file had unflushed bytes when it got this name */

  moment durable;          /* the name, by what the programs flushed */
  bool deliberate;         /* by a flush of this directory, and not of everything */
  bool new_side, old_side; /* of a rename between directories: which one was flushed */
  moment durable_on_linux; /* by the fsync of the file, which POSIX does not count */
  moment undone;           /* the programs have removed the name again */
  bool superseded;         /* another change of the name came before anybody was told */
  struct telling told;
  bool bytes_when_told;    /* its bytes were not durable then */
  bool name_when_told, linux_when_told;    /* and neither was the name, to POSIX, to Linux */

  const struct process **knowers;
  size_t knower_count, knower_room;
};

extern struct list all_changes;

/* The name NAME of a directory. */
struct name {
  struct file *directory;
  char *text;
  bool known;              /* it was looked at before */
  bool made_here;          /* it was not there before the run */
  bool on_disk;            /* a cut now would leave it, or something older of that name */
  struct change *latest;
};

/* The file ST, to which PATH leads. */
struct file *find_file(const char *path, const struct stat *st);

/* The same, and whatever had this number before is another one. */
struct file *new_file(const char *path, const struct stat *st);

struct name *find_name(struct file *directory, const char *name);

/* DRAFT is a change with all that is known of it: it joins the others.  The draft's OLD is
 * the name that it takes away, or NULL. */
struct change *add_change(const struct change *draft, struct name *old);

/* The same for a name that was removed.  Not added, and NULL, if nobody can miss it: the
 * programs had made it and had not made it durable. */
struct change *add_removal(const struct change *draft);

/* Whether FILE has bytes that a power cut would take. */
bool bytes_at_risk(const struct file *file);

void file_written(struct file *file);

/* What was flushed; each with the moment at which the flush began. */
void flush_file(struct file *file, moment began);
void flush_bytes(struct file *file, moment began);
void send_bytes(struct file *file, moment began);
void flush_filesystem(dev_t device, uint64_t mount, moment began);
void flush_all(moment began);

/* Whether anything is known to BY that nobody outside was told yet. */
bool has_news(const struct process *by);

/* BY has told others all that it knows. */
void tell(const struct process *by, const char *how);

/* What one process knows, another one knows as well. */
void share(const struct process *from, struct process *to);

/* The process has ended: what it knows is its parent's.  False if it has none who lives. */
bool hand_over(struct process *process);

#endif
