/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the content of a file is compared by: its size, and a hash. */
#ifndef POWERCUT_CONTENT_H
#define POWERCUT_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

struct hashes;

/* A device in memory.  The filesystem on it keeps the bytes of a file as they are, in
 * the places that FIEMAP tells, so they can be looked at there: a large file need not
 * go through the block layer again for each cut. */
struct device_content {
  const char *bytes;
  uint64_t size;
  struct hashes *hashes; /* that are remembered of its blocks, or NULL */

  /* Forgets those of all blocks that were written by now; false if some may be left. */
  bool (*forget_old_hashes)(void *context);
  void *context;
};

/* Writes the content of the file PATH as entries have it, into a buffer of
 * CONTENT_SIZE bytes.  A hole is as good as zeros, and costs nothing.  Without DEVICE
 * the file is read.  It begins with UNREADABLE if that fails. */
#define CONTENT_SIZE 48
void describe_content(const char *path, const struct device_content *device, char *content);

#endif
