/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a crash has brought back: those of an earlier message with the same number.
 *
 * qmail-queue writes mess and then todo; qmail-send copies the sender from todo to info,
 * and makes info, local and remote after todo.  So if the senders differ, there are files of
 * two messages, and the older files are the earlier message's.  If the senders are the same,
 * there are two messages if todo is newer and names more recipients. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "remains.h"

static bool is_before(const struct timespec *one, const struct timespec *other)
{
  return one->tv_sec != other->tv_sec ? one->tv_sec < other->tv_sec : one->tv_nsec < other->tv_nsec;
}

/* When it was last written; false if it is gone. */
static bool time_of(const struct scan *scan, const struct message *message, enum kind kind,
                    struct timespec *time)
{
  char path[PATH_BYTES];
  struct stat st;

  place_of(path, scan, kind, message);
  if (look_at(scan->queue->fd, path, &st) == -1)
    return false;
  *time = st.st_mtim;
  return true;
}

static bool are_channels_before(const struct scan *scan, const struct message *message,
                                const struct timespec *todo)
{
  static const enum kind made_later[] = { INFO, LOCAL, REMOTE };
  struct timespec time;

  for (size_t i = 0; i < sizeof made_later / sizeof *made_later; i++)
    if (has(message->has, made_later[i])
        && (!time_of(scan, message, made_later[i], &time) || !is_before(&time, todo)))
      return false;
  return true;
}

/* The record F of todo or info, which the caller frees; NULL if there is no whole one. */
static char *sender_in(const struct scan *scan, const struct message *message, enum kind kind)
{
  char path[PATH_BYTES], *record = NULL;
  size_t room = 0;
  ssize_t length;
  FILE *stream;
  int fd;

  place_of(path, scan, kind, message);
  fd = open_below(scan->queue->fd, path, O_RDONLY);
  stream = fd == -1 ? NULL : fdopen(fd, "r");
  if (!stream)
    return NULL;
  while ((length = getdelim(&record, &room, '\0', stream)) > 0)
    if (*record == 'F' && record[length - 1] == '\0')
      break;
  fclose(stream);
  if (length > 0)
    return record;
  free(record);
  return NULL;
}

static bool have_other_senders(const struct scan *scan, const struct message *message)
{
  char *todo = sender_in(scan, message, TODO), *info = sender_in(scan, message, INFO);
  bool differ = todo && info && strcmp(todo, info) != 0;

  free(todo);
  free(info);
  return differ;
}

enum remains remains_in(const struct scan *scan, const struct message *message)
{
  struct timespec mess, todo, info;
  bool channels_are_older;

  if (!has(message->has, MESS) || !has(message->has, TODO) || !has(message->has, INFO)
      || !time_of(scan, message, MESS, &mess) || !time_of(scan, message, TODO, &todo)
      || !time_of(scan, message, INFO, &info))
    return NO_REMAINS;
  channels_are_older = are_channels_before(scan, message, &todo);
  if (channels_are_older && message->in_todo > message->in_channels)
    return OLD_CHANNELS;
  if (!have_other_senders(scan, message))
    return NO_REMAINS;
  if (channels_are_older)
    return OLD_CHANNELS;
  if (is_before(&todo, &mess) && !is_before(&info, &mess))
    return OLD_TODO;
  /* While no recipient is done, qmail-send begins again from todo. */
  return message->marks & ANY_DONE || has(message->has, BOUNCE) ? UNKNOWN_REMAINS : NO_REMAINS;
}
