/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The envelope files: records of one letter, text, and a NUL. */
#include <ctype.h>

#include "envelope.h"

/* Not intd: it is half made, or the same file as todo. */
bool is_envelope(enum kind kind)
{
  return kind == TODO || kind == INFO || kind == LOCAL || kind == REMOTE;
}

static bool is_expected(const struct envelope *envelope, char letter)
{
  switch (envelope->kind) {
    case TODO: return letter == (envelope->records < 3 ? "upF"[envelope->records] : 'T');
    case INFO: return letter == 'F' && envelope->records == 0;
    default: return letter == 'T' || letter == 'D';
  }
}

static void begin_record(struct envelope *envelope, char letter)
{
  if (!letter || !is_expected(envelope, letter))
    envelope->broken = true;
  envelope->letter = letter;
  envelope->done += letter == 'D';
  envelope->not_done += letter == 'T';
}

/* A broken file is counted to its end as well: the number of recipients that it names
 * decides whether another file can replace it. */
void parse(struct envelope *envelope, const char *bytes, size_t length)
{
  for (const char *end = bytes + length; bytes < end; bytes++) {
    if (!envelope->letter) {
      begin_record(envelope, *bytes);
    } else if (*bytes == '\0') {
      envelope->letter = '\0';
      envelope->records++;
    } else if ((envelope->letter == 'u' || envelope->letter == 'p')
               && !isdigit((unsigned char) *bytes)) {
      envelope->broken = true;
    }
  }
}

bool is_whole(const struct envelope *envelope)
{
  return !envelope->broken && !envelope->letter
      && envelope->records >= (envelope->kind == TODO ? 3 : 1);
}
