/* SPDX-License-Identifier: GPL-2.0-or-later */
/* survivors maildir|queue FOLDER ACKNOWLEDGED
 *
 * Prints the number of each message from 1 to ACKNOWLEDGED that is not in
 * FOLDER, or not complete. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "message.h"
#include "queue.h"

enum { PATH_SIZE = 4096, FILE_SIZE = MESSAGE_MAX + 1024 };

static _Noreturn void fail(const char *what, const char *path)
{
  fprintf(stderr, "survivors: cannot %s %s: %s\n", what, path, strerror(errno));
  exit(1);
}

/* The content of PATH and a final 0; none, if it is not there. */
static size_t content(const char *path, char *bytes)
{
  FILE *file = fopen(path, "r");
  size_t length = 0;

  if (!file && errno != ENOENT)
    fail("read", path);
  if (file) {
    length = fread(bytes, 1, FILE_SIZE - 1, file);
    if (ferror(file))
      fail("read", path);
    fclose(file);
  }
  bytes[length] = '\0';
  return length;
}

/* The number of the message of which TEXT is the whole, or 0. */
static int complete_message(const char *text, size_t length)
{
  char expected[MESSAGE_MAX];
  int number = message_number(text);

  if (number == 0 || message_text(expected, number) != length)
    return 0;
  return memcmp(text, expected, length) == 0 ? number : 0;
}

/* new/NAME */
static int in_maildir(const char *folder, const char *name)
{
  char path[PATH_SIZE], text[FILE_SIZE];

  snprintf(path, sizeof path, "%s/new/%s", folder, name);
  return complete_message(text, content(path, text));
}

/* mess/SPLIT/ID, which is inode ID, less the Received line. */
static int in_mess(const char *folder, unsigned long long id)
{
  char path[PATH_SIZE], text[FILE_SIZE], *message;
  struct stat st;
  size_t length;

  snprintf(path, sizeof path, "%s/queue/mess/%llu/%llu", folder, id % CONF_SPLIT, id);
  length = content(path, text);
  message = strchr(text, '\n');
  if (!message || stat(path, &st) == -1 || st.st_ino != id)
    return 0;
  message++;
  return complete_message(message, length - (message - text));
}

/* todo/ID: uUID 0 pPID 0, then the envelope without its last 0. */
static bool has_envelope(const char *folder, const char *id, int number)
{
  char path[PATH_SIZE], todo[FILE_SIZE], expected[ENVELOPE_MAX];
  size_t length, skip = 0, wanted = message_envelope(expected, number) - 1;

  snprintf(path, sizeof path, "%s/queue/todo/%s", folder, id);
  length = content(path, todo);
  for (int field = 0; field < 2 && skip < length; field++)
    skip += strlen(todo + skip) + 1;
  return skip < length && length - skip == wanted && memcmp(todo + skip, expected, wanted) == 0;
}

/* The message that was queued as todo/NAME. */
static int in_queue(const char *folder, const char *name)
{
  int number = in_mess(folder, strtoull(name, NULL, 10));

  return number && has_envelope(folder, name, number) ? number : 0;
}

int main(int argc, char **argv)
{
  int (*message_of)(const char *, const char *);
  char path[PATH_SIZE];
  struct dirent *entry;
  int acknowledged;
  bool *found;
  DIR *names;

  if (argc != 4) {
    fprintf(stderr, "usage: survivors maildir|queue FOLDER ACKNOWLEDGED\n");
    return 2;
  }
  acknowledged = atoi(argv[3]);
  found = calloc(acknowledged + 1, sizeof *found);
  message_of = strcmp(argv[1], "queue") == 0 ? in_queue : in_maildir;
  snprintf(path, sizeof path, "%s/%s", argv[2], message_of == in_queue ? "queue/todo" : "new");
  names = opendir(path);
  if (!found || !names)
    fail("read", path);
  while ((entry = readdir(names))) {
    int number = entry->d_name[0] == '.' ? 0 : message_of(argv[2], entry->d_name);

    if (number >= 1 && number <= acknowledged)
      found[number] = true;
  }
  for (int number = 1; number <= acknowledged; number++)
    if (!found[number])
      printf("%d\n", number);
  return 0;
}
