/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the events in memory until the end, their data in a file. */
#include "log.h"
#include "status.h"
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The lock is the order of the log. */
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static struct event *events;
static size_t count, room;
static uint64_t data_end;
static int data_file;
static FILE *event_file;
static struct about about;

void open_log(const char *folder, const struct about *of_device)
{
  char path[4096];
  about = *of_device;
  snprintf(path, sizeof path, "%s/events", folder);
  event_file = fopen(path, "we");
  if (!event_file)
    err(FAILED, "cannot write %s", path);
  snprintf(path, sizeof path, "%s/data", folder);
  data_file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (data_file == -1)
    err(FAILED, "cannot write %s", path);
}

/* The next event; the caller holds the lock. */
static uint32_t append(struct event event)
{
  if (count == room) {
    room = room == 0 ? 4096 : 2 * room;
    events = realloc(events, room * sizeof *events);
    if (!events)
      err(FAILED, "cannot hold the log in memory");
  }
  events[count] = event;
  return (uint32_t) count++;
}

static uint64_t reserve(uint64_t length)
{
  uint64_t start = data_end;
  data_end += length;
  return start;
}

static void write_data(const char *data, size_t length, uint64_t offset)
{
  while (length > 0) {
    ssize_t written = pwrite(data_file, data, length, (off_t) offset);
    if (written == -1)
      err(FAILED, "cannot write the data of the log");
    data += written;
    length -= (size_t) written;
    offset += (uint64_t) written;
  }
}

uint32_t log_write(uint64_t offset, uint64_t length, const char *data)
{
  struct event event = { .type = WRITE_STARTS, .offset = offset, .length = length, .data = ZEROS };
  pthread_mutex_lock(&order);
  if (data)
    event.data = reserve(length);
  uint32_t number = append(event);
  pthread_mutex_unlock(&order);
  if (data)
    write_data(data, length, event.data);
  return number;
}

static uint32_t append_locked(struct event event)
{
  pthread_mutex_lock(&order);
  uint32_t number = append(event);
  pthread_mutex_unlock(&order);
  return number;
}

uint32_t log_flush(void)
{
  return append_locked((struct event) { .type = FLUSH_STARTS });
}

void log_end(enum event_type type, uint32_t start)
{
  append_locked((struct event) { .type = type, .start = start });
}

uint32_t log_mark(void)
{
  return append_locked((struct event) { .type = MARK });
}

void log_mark_text(uint32_t mark, const char *line, const struct tree *seen)
{
  size_t line_length = strlen(line) + 1, tree_length = seen ? seen->size : 0;
  pthread_mutex_lock(&order);
  uint64_t start = events[mark].data = reserve(line_length + tree_length);
  events[mark].length = line_length + tree_length;
  pthread_mutex_unlock(&order);
  write_data(line, line_length, start);
  if (seen)
    write_data(seen->text, tree_length, start + line_length);
}

void log_note(const char *sentence)
{
  uint32_t note = append_locked((struct event) { .type = NOTE });
  log_mark_text(note, sentence, NULL);
}

void close_log(void)
{
  about.event_count = count;
  about.data_size = data_end;
  if (fwrite(&about, sizeof about, 1, event_file) != 1
      || fwrite(events, sizeof *events, count, event_file) != count || fclose(event_file) != 0
      || close(data_file) == -1)
    err(FAILED, "cannot write the log");
}
