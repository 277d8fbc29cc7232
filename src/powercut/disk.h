/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The content of the recorded device after a power cut. */
#ifndef POWERCUT_DISK_H
#define POWERCUT_DISK_H

#include "recording.h"

/* What a cut leaves of the unflushed writes is decided by this many bytes. */
#define BLOCK 4096

/* A part of a write, within one block. */
struct piece {
  uint64_t offset;
  const char *data; /* NULL: zeros */
  uint32_t length;
  uint32_t write; /* its event */
};

struct disk {
  const struct recording *recording;
  uint32_t position; /* events that have happened */
  char *durable;     /* what cannot be lost any more */
  char *shown;       /* the same, and a choice of the pending pieces */
  int file;          /* that `shown` is mapped from, or -1 */
  int base;          /* the file of the disk before the first event */
  struct piece *pending;
  size_t pending_count, pending_room;
  uint32_t *ended;  /* by event: the one that ended this write or started this flush; 0: none yet */
  uint64_t hash;    /* of all of `durable` */
  uint64_t *hashes; /* of its blocks; 0: as at the beginning */
  uint32_t *touched; /* blocks of `shown` that differ from `durable` */
  size_t touched_count;
  uint32_t *stamps; /* by block: the last choice that touched it */
  uint32_t stamp;
};

/* The disk before the first event.  FILE, if not -1, gets what is shown. */
struct disk open_disk(const struct recording *recording, int file);

/* Lets the next events happen, up to POSITION. */
void advance_disk(struct disk *disk, uint32_t position);

/* Shows one of the images that a cut here may leave: CHOICE 0 nothing of what
 * is pending, 1 all of it, each other one a part by seed, position and choice.
 * Returns a hash of the image.  With no volatile cache only 0 is possible. */
uint64_t show_image(struct disk *disk, uint32_t choice);

/* Takes that back; ALL: whatever has been written to the file. */
void restore_disk(struct disk *disk);
void restore_written_disk(struct disk *disk);

void close_disk(struct disk *disk);

/* The next number of a sequence that STATE stands for. */
uint64_t next_random(uint64_t *state);

#endif
