/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The content of the recorded device after a power cut. */
#ifndef POWERCUT_DISK_H
#define POWERCUT_DISK_H

#include "recording.h"

struct hashes;

/* What a cut leaves of the unflushed writes is decided by this many bytes. */
#define BLOCK 4096

/* A part of a write, within one block. */
struct piece {
  uint64_t offset;
  const char *data; /* NULL: zeros */
  uint32_t length;
  uint32_t write; /* its event */
  uint32_t next;  /* 1 and the index of the next pending piece of the block; 0: none */
  bool kept;      /* it is shown */
};

/* The disk at an early position, from which other disks set out: what is durable by
 * then is written once, for all of them. */
struct start {
  const struct recording *recording;
  uint32_t position;
  int image;       /* a file: what is durable by then */
  uint32_t *ended; /* as in the disk */
  struct piece *pending;
  size_t pending_count;
};

/* Only blocks that have changed cost anything, whatever the size of the device. */
struct disk {
  const struct start *start;
  const struct recording *recording;
  uint32_t position; /* events that have happened */
  char *durable;     /* what cannot be lost any more */
  char *shown;       /* the same, and the pending pieces that are kept */
  int file;          /* that `shown` is mapped from, or -1 */
  struct piece *pending;
  size_t pending_count, pending_room, kept_count;
  uint32_t choice; /* the last one, */
  size_t settled;  /* and so many pieces from the first are kept as it wants for ever, */
  size_t dropped;  /* but for this one: 1 and its index; 0: none */
  uint32_t *ended; /* by event: the one that ended this write or started this flush; 0: none yet */
  uint32_t *first, *last; /* by block: 1 and the index of its pending pieces */
  uint64_t *used;         /* a bit for each block that is not a hole, or was written */
  uint64_t *changed;      /* a bit for each block that was written after the start */
  uint32_t *stale;        /* blocks of `shown` that are to be built again */
  bool *is_stale;
  size_t stale_count;
  uint64_t hash;                 /* of the shown image */
  uint64_t *hashes, *old_hashes; /* of its blocks, now and at the start; NULL: a file */
  struct hashes *contents;       /* what is remembered of the blocks of `shown`, or NULL */
  uint64_t compared;             /* blocks, to restore them */
};

/* The disk of RECORDING at POSITION.  The file IMAGE is a copy of the disk before the
 * run, and becomes what is durable at that position. */
struct start open_start(const struct recording *recording, uint32_t position, const char *image);
void close_start(struct start *start);

/* The disk at START.  FILE, if not -1, is a copy of its image and gets what is shown;
 * without one, images are hashed. */
struct disk open_disk(const struct start *start, int file);

/* Lets events happen until POSITION, which is not before the start; to go back is to
 * begin there again. */
void move_disk(struct disk *disk, uint32_t position);

/* PIECE, which is pending, is shown from the next show_pieces on, or is not: KEPT. */
void keep_piece(struct disk *disk, struct piece *piece, bool kept);

/* The next choice must look at each pending piece. */
void unsettle(struct disk *disk);

/* Shows what is durable, and the pending pieces that are kept.  Returns a hash of it. */
uint64_t show_pieces(struct disk *disk);

/* Takes back whatever somebody else has written to the file since then, by looking at
 * all of it. */
void restore_image(struct disk *disk);

/* BLOCK of what is shown is to be built again: by the next show_pieces. */
void make_stale(struct disk *disk, uint64_t block);

/* Moves *BLOCK to the next one, perhaps itself, that is not a hole.  Returns how many are
 * none from there on, at most MOST; 0: there are none. */
uint64_t find_used(const struct disk *disk, uint64_t *block, uint64_t most);

void close_disk(struct disk *disk);

#endif
