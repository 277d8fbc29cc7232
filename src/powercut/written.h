/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which blocks of a loop device are written: the kernel traces each request. */
#ifndef POWERCUT_WRITTEN_H
#define POWERCUT_WRITTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "device.h"

/* How the kernel describes a request in its trace. */
struct request_format {
  unsigned long long event; /* 0: it does not trace requests, or it does not say how */
  size_t sector, sectors;
};

/* Asks the kernel, for which FOLDER is made and removed. */
struct request_format find_request_format(const char *folder);

struct written {
  const struct request_format *format;
  uint64_t device; /* its number, as the trace has it */
  struct {
    int file;
    void *ring;
  } * processors;
  size_t processor_count;
  int statistics;  /* where the kernel counts what is written to the device */
  uint64_t before; /* sectors, that it had counted when the trace began */
  uint64_t traced; /* sectors, since then */
  bool has_lost;   /* the kernel has told that the trace is not complete */
};

/* Begins to watch DEVICE.  False if that is impossible here. */
bool open_written(struct written *written, const struct request_format *format,
                  const struct device *device);
void close_written(struct written *written);

/* Tells FOUND of each run of sectors that was written, or emptied, since the last time.
 * False if there may be others: a request is under way, or was not traced. */
bool collect_written(struct written *written,
                     void (*found)(void *context, uint64_t sector, uint64_t count), void *context);

/* Nobody writes, and what was written until now does not matter any more. */
void forget_written(struct written *written);

#endif
