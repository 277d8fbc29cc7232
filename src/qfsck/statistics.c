/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --stat: what qmail-qstat and qmail-qread show, in their format. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "adopt.h"
#include "statistics.h"
#include "walk.h"

static void put_safely(const char *text)
{
  for (; *text; text++)
    putchar(*text >= ' ' && *text <= '~' ? *text : '_');
}

static FILE *open_file(const struct scan *scan, enum kind kind, const struct message *message)
{
  char path[PATH_BYTES];
  int fd;

  place_of(path, scan, kind, message);
  fd = open_below(scan->queue->fd, path, O_RDONLY);
  return fd == -1 ? NULL : fdopen(fd, "r");
}

static void show_recipients(const struct scan *scan, enum kind channel,
                            const struct message *message)
{
  FILE *stream = open_file(scan, channel, message);
  size_t room = 0;
  char *record = NULL;

  while (stream && getdelim(&record, &room, '\0', stream) != -1) {
    if (*record != 'T' && *record != 'D')
      continue;
    printf("%s\t%s\t", *record == 'D' ? "  done" : "", rules[channel].name);
    put_safely(record + 1);
    putchar('\n');
  }
  free(record);
  if (stream)
    fclose(stream);
}

static void show_message(const struct scan *scan, const struct message *message)
{
  FILE *info = open_file(scan, INFO, message), *mess = open_file(scan, MESS, message);
  struct stat info_stat, mess_stat;
  char date[64], *sender = NULL;
  size_t room = 0;
  struct tm tm;

  if (info && mess && fstat(fileno(info), &info_stat) == 0 && fstat(fileno(mess), &mess_stat) == 0
      && getdelim(&sender, &room, '\0', info) > 1) {
    strftime(date, sizeof date, "%b %Y %H:%M:%S", gmtime_r(&info_stat.st_mtime, &tm));
    printf("%d %s GMT  #%" PRIu64 "  %lld  <", tm.tm_mday, date, message->number,
           (long long) mess_stat.st_size);
    put_safely(sender + 1);
    printf("> %s\n", has(message->has, BOUNCE) ? " bouncing" : "");
    show_recipients(scan, LOCAL, message);
    show_recipients(scan, REMOTE, message);
  }
  free(sender);
  if (info)
    fclose(info);
  if (mess)
    fclose(mess);
}

void show_statistics(const struct queue *queue)
{
  struct scan scan = { .queue = queue };
  unsigned long messages = 0, unprocessed = 0, unfinished = 0;

  scan_queue(&scan, queue);
  adopt_strays(&scan);
  for (size_t i = 0; i < scan.messages.count; i++) {
    uint8_t kinds = scan.messages.at[i].has;

    messages += has(kinds, MESS);
    unprocessed += has(kinds, TODO);
    unfinished += (kinds & ~(1 << INTD)) == 1 << MESS;
  }
  printf("messages in queue: %lu\n", messages);
  printf("messages in queue but not yet preprocessed: %lu\n", unprocessed);
  printf("messages in queue but half made, or done with: %lu\n", unfinished);
  for (size_t i = 0; i < scan.messages.count; i++)
    if (has(scan.messages.at[i].has, INFO))
      show_message(&scan, &scan.messages.at[i]);
  free_scan(&scan);
}
