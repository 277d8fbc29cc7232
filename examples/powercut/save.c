/* SPDX-License-Identifier: GPL-2.0-or-later */
/* save [-d] NAME: saves standard input as the file NAME, so that the file is never half
 * written.  Without -d it forgets to flush the directory, as most programs do, and
 * powercut finds that out. */
#include <err.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void write_input(const char *path)
{
  char buffer[65536];
  ssize_t got;
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

  if (file == -1)
    err(1, "%s", path);
  while ((got = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
    if (write(file, buffer, got) != got)
      err(1, "%s", path);
  if (got == -1 || fsync(file) == -1 || close(file) == -1)
    err(1, "%s", path);
}

/* What makes the new name durable. */
static void flush_directory_of(char *path)
{
  int directory = open(dirname(path), O_RDONLY | O_DIRECTORY);

  if (directory == -1 || fsync(directory) == -1)
    err(1, "the directory cannot be flushed");
  close(directory);
}

int main(int count, char **words)
{
  int flush = count == 3 && strcmp(words[1], "-d") == 0;
  char temporary[4096], *name = words[count - 1];

  if (count != 2 + flush)
    errx(2, "usage: save [-d] NAME");
  snprintf(temporary, sizeof temporary, "%s.tmp", name);
  write_input(temporary);
  if (rename(temporary, name) == -1)
    err(1, "%s", name);
  if (flush)
    flush_directory_of(name);
  return 0;
}
