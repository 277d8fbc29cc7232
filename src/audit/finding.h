/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a change, and what to do about it, in words. */
#ifndef SYNCDIR_AUDIT_FINDING_H
#define SYNCDIR_AUDIT_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"

/* The worst first. */
enum fault {
  CONTENTS_LOST, /* a good file was replaced by one whose bytes were not flushed, or
                              emptied, told before its new bytes were */
  NAME_LOST,     /* told before the name was durable */
  BYTES_LOST,    /* told before the bytes of a new name were durable */
  WRITE_LOST,    /* told before what was written in place was durable */
  COMES_BACK,    /* told before a removal was durable */
  BYTES_LATE,    /* for a moment the name led to bytes that were not flushed */
  ONLY_POSIX,    /* told before POSIX promised anything; Linux keeps it */
  FAULTS
};

/* What JSON calls it. */
extern const char *const fault_names[FAULTS];

/* Who was told of CHANGE, for certain or else perhaps; WHEN is 0: nobody. */
const struct telling *telling_of(const struct change *change);

/* False if it was durable in the end, and only another thread told something before that. */
bool is_certain(const struct change *change);

/* False if there is nothing wrong with CHANGE. */
bool find_fault(const struct change *change, enum fault *fault);

/* What a power cut does, and what to add to the program: each a sentence. */
void say_consequence(const struct change *change, enum fault fault, char *text, size_t size);
void say_remedy(const struct change *change, enum fault fault, char *text, size_t size);

/* When others knew, and whether it was durable later. */
void say_telling(const struct change *change, enum fault fault, char *text, size_t size);

#endif
