/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets the filesystem of a recording recover from one power cut after the other. */
#ifndef POWERCUT_RECOVERY_H
#define POWERCUT_RECOVERY_H

#include "content.h"
#include "device.h"
#include "disk.h"
#include "filesystem.h"
#include "hashes.h"
#include "state.h"
#include "written.h"

struct recovery {
  const struct recording *recording;
  const struct filesystem *filesystem;
  bool needs_fsck;
  bool is_large; /* there is more on it than is read ahead */
  char folder[3072];
  char image[4096];
  struct disk disk;
  struct device device;
  struct hashes hashes; /* of what is shown */
  bool is_traced;       /* it is known what the recovery writes: */
  struct written written;
  struct device_content content;
  struct mounted mounted;
};

/* Works in FOLDER, which it makes if it is not there, from a copy of the disk at START,
 * which is in the file IMAGE.  FORMAT: of the trace that tells what a recovery writes. */
void open_recovery(struct recovery *recovery, const struct start *start, const char *image,
                   const char *folder, const struct request_format *format);

/* Shows STATE and mounts it.  False with a sentence in DIFFERENCE if that is impossible. */
bool mount_state(struct recovery *recovery, const struct state *state, char *difference);

/* Where the content of its files can be looked at; NULL if they have to be read. */
const struct device_content *content_of(const struct recovery *recovery);

/* Unmounts it, if MOUNTED, and takes back what was written meanwhile. */
void undo_state(struct recovery *recovery, bool mounted);

/* How many bytes this process has compared or hashed, in order to undo what recoveries
 * have written and to judge what they have left. */
uint64_t bytes_looked_at(const struct recovery *recovery);

/* A filesystem that is still mounted stays so. */
void close_recovery(struct recovery *recovery);

#endif
