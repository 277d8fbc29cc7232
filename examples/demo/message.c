/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages whose every line depends on their number, and so does their length:
 * one that was cut short or mixed up cannot pass for another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static const char subject[] = "Subject: message ";

size_t message_text(char *text, int number)
{
  int lines = 1 + number * 37 % 101;
  int length = snprintf(text, MESSAGE_MAX,
                        "From: sender@example.org\nTo: reader-%d@example.net\n%s%d\n\n", number,
                        subject, number);

  for (int line = 1; line <= lines; line++)
    length += snprintf(text + length, MESSAGE_MAX - length,
                       "message %d, line %d of %d: the quick brown fox\n", number, line, lines);
  return length;
}

size_t message_envelope(char *envelope, int number)
{
  return snprintf(envelope, ENVELOPE_MAX, "Fsender@example.org%cTreader-%d@example.net%c%c", 0,
                  number, 0, 0);
}

int message_number(const char *text)
{
  const char *found = strstr(text, subject);

  return found ? atoi(found + strlen(subject)) : 0;
}
