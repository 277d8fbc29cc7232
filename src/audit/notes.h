/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the audit cannot see, and what it changes by watching. */
#ifndef SYNCDIR_AUDIT_NOTES_H
#define SYNCDIR_AUDIT_NOTES_H

#include <stdbool.h>
#include <stddef.h>

enum note {
  UNREADABLE, /* these leave the audit incomplete */
  NOT_FOUND_AGAIN,
  ASYNCHRONOUS,
  SUPERVISED,
  UNTRACED,
  RING_NOT_REFUSED,
  RIGHTS_LOST,
  TRACING_FAILED,
  HELD_IN_MEMORY, /* of a directory */
  STILL_RUNNING,
  SHARED_MEMORY, /* so do these: what was seen has two meanings */
  ANOTHER_THREAD,
  RING_REFUSED, /* these do not */
  WEAK_FLUSH,
  NOTES
};

/* It has happened to the program that COMMAND is. */
void take_note(enum note note, const char *command);

bool was_noted(enum note note);

/* The sentence for a note that was taken. */
void say_note(enum note note, char *sentence, size_t size);

/* Whether something was not seen, so that silence proves nothing. */
bool is_incomplete(void);

#endif
