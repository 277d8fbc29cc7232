/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of /proc that have a record in each line, word by word. */
#include "defer/words.h"

#include <fcntl.h>
#include <stddef.h>

#include "core/sys.h"

bool some_word(const char *path, bool (*matters)(const char *word, int at))
{
  char bytes[1024], word[40];
  size_t length = 0;
  ssize_t size = 0;
  int at = 0;
  bool found = false;
  int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);

  if (fd == -1)
    return true;
  while (!found && (size = sys_read(fd, bytes, sizeof bytes)) > 0)
    for (ssize_t i = 0; i < size && !found; i++) {
      if (bytes[i] == ' ' || bytes[i] == '\n') {
        word[length] = '\0';
        found = length > 0 && matters(word, at);
        at = bytes[i] == '\n' ? 0 : at + 1;
        length = 0;
      } else if (length < sizeof word - 1) {
        word[length++] = bytes[i];
      }
    }
  sys_close(fd);
  return found || size == -1;
}
