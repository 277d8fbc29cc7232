/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The envelope files: records of one letter, text, and a NUL. */
#ifndef QFSCK_ENVELOPE_H
#define QFSCK_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "queue.h"

/* todo: u p F T*.   info: F.   local, remote: T or D, at least one. */
struct envelope {
  enum kind kind;
  uint32_t records, done, not_done;
  char letter; /* of the record that has begun, or 0 */
  bool broken;
};

bool is_envelope(enum kind kind);
void parse(struct envelope *envelope, const char *bytes, size_t length);

/* After the last byte. */
bool is_whole(const struct envelope *envelope);

#endif
