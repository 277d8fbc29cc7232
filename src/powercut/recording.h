/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What happened on a block device, in its order: requests and marks. */
#ifndef POWERCUT_RECORDING_H
#define POWERCUT_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "tree.h"

/* A request is two events: the device answers several at a time, and a write
 * counts as flushed only if it had ended before the flush started. */
enum event_type { WRITE_STARTS, WRITE_ENDS, FLUSH_STARTS, FLUSH_ENDS, MARK, NOTE };

struct event {
  uint32_t type;
  uint32_t start;  /* of what ends: the event that started it */
  uint64_t offset; /* WRITE_STARTS: where on the device, in bytes */
  uint64_t length; /* WRITE_STARTS: bytes; MARK: bytes of text and tree; NOTE: of text */
  uint64_t data;   /* where in the file of data they are */
};

/* A discard is a write of zeros, of which no data is kept. */
#define ZEROS UINT64_MAX

/* A mark of the program under test: "begins TREE TEXT", "within TREE TEXT", "returned
 * TREE TEXT", "fsynced TREE PATH", "promises TREE LEVEL", or free text. */
enum verb { FREE_TEXT, BEGINS, WITHIN, RETURNED, FSYNCED, PROMISES };

/* What has to be on the disk when a call has returned: names, and the bytes of what
 * was fsynced; the bytes of all files too; their attributes too. */
enum level { NAMES, BYTES, ALL };
#define LEVELS 3

struct mark {
  enum verb verb;
  uint32_t event;
  const char *line; /* all of the mark */
  const char *text; /* what follows the tree's name */
  bool under_way;   /* a call of the tree, from the mark on */
  size_t tree;      /* index of the tree; none for free text */
  struct tree seen; /* the live tree, when the mark was made */
  size_t previous;  /* marks of the same tree, or NO_MARK */
  size_t next;
};
#define NO_MARK ((size_t) -1)

/* The first bytes of the file of events. */
struct about {
  char format[16];
  char filesystem[16];
  char mount_options[256];
  uint64_t size;
  uint64_t seed;
  uint32_t choices; /* --cache reorder:N; 0: none */
  uint32_t without_journal;
  uint32_t concurrent; /* "TREE:PATTERN" in marks */
  uint64_t event_count;
  uint64_t data_size;
};
#define RECORDING_FORMAT "powercut 4"

/* A tree of the program under test. */
struct watched_tree {
  char *name;    /* as marks have it */
  char *folder;  /* relative to the root */
  char *pattern; /* --concurrent: of the names that its marks are about; or NULL */
  enum level level;
  ino_t *contents; /* inodes with a content in some mark, ascending */
  size_t content_count;
};

struct recording {
  char *folder; /* holds the files base (the device before the run), events, data */
  struct about about;
  const struct event *events;
  size_t count;
  const char *data;
  struct mark *marks;
  size_t mark_count;
  const char **notes; /* what cannot be judged, a sentence each */
  size_t note_count;
  struct watched_tree *trees;
  size_t tree_count;
};

/* Reads the recording in FOLDER; ends the program with a sentence if it is none. */
struct recording load_recording(const char *folder);

/* Splits LINE: the verb, and where the name of the tree and the text after it
 * stand.  *TREE is NULL for free text. */
enum verb parse_mark(const char *line, const char **tree, size_t *tree_length, const char **text);

/* The level that TEXT names, or LEVELS. */
enum level parse_level(const char *text);

/* Copies the folder of the tree NAME; *PATTERN becomes a copy of what follows the
 * last colon of a tree whose names have several owners, or NULL. */
char *parse_tree(const char *name, bool concurrent, char **pattern);

/* Whether a content of INODE stands in some mark of the tree. */
bool has_content(const struct watched_tree *tree, ino_t inode);

#endif
