/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which FUSE server a filesystem has.
 *
 * All FUSE filesystems have one f_type, and the kernel turns the answer of a server that does
 * not implement fsync of a directory into success.  What tells them apart is the type
 * in mountinfo, which most servers choose: "fuse.gocryptfs". */
#include <string.h>

#include "core/fuse.h"
#include "core/text.h"

struct reader {
  int fd;
  ssize_t length, at;
  char bytes[USUAL_PATH];
};

/* '\0' at the end of the file, or where it cannot be read. */
static char next_byte(struct reader *reader)
{
  if (reader->at == reader->length) {
    reader->length = sys_read(reader->fd, reader->bytes, sizeof reader->bytes);
    reader->at = 0;
    if (reader->length <= 0) {
      reader->length = 0;
      return '\0';
    }
  }
  return reader->bytes[reader->at++];
}

/* The next word of the line, as far as it fits into WORD, which has room for SIZE.  The
 * kernel writes a space within a word as \040.  Returns the byte after it. */
static char next_word(struct reader *reader, char *word, size_t size)
{
  struct text text = empty_text(word, size);
  char byte;

  while ((byte = next_byte(reader)) != ' ' && byte != '\n' && byte != '\0')
    add_bytes(&text, &byte, 1);
  return byte;
}

/* A line of mountinfo, proc_pid_mountinfo(5):
 *
 *   ID PARENT MAJOR:MINOR ROOT MOUNTPOINT OPTIONS [OPTIONAL...] - TYPE SOURCE OPTIONS
 *
 * Every mount of one filesystem has the same device and the same type. */
static bool find_type(struct reader *reader, const char *device, char *type, size_t size)
{
  char word[32], end;
  bool found;

  do {
    next_word(reader, word, sizeof word);
    next_word(reader, word, sizeof word);
    end = next_word(reader, word, sizeof word);
    found = strcmp(word, device) == 0;
    while (end == ' ' && strcmp(word, "-") != 0)
      end = next_word(reader, word, sizeof word);
    if (end == ' ')
      end = next_word(reader, type, size);
    while (end == ' ' && !found)
      end = next_word(reader, word, sizeof word);
  } while (!found && end != '\0');
  return found;
}

/* A mount that mountinfo does not show, as in a chroot whose root is no mount point,
 * has no type. */
static bool type_of_mount(const struct sys_stat *st, char *type, size_t size)
{
  char device[32];
  struct text text = empty_text(device, sizeof device);
  struct reader reader = { .fd = sys_openat(AT_FDCWD, "/proc/thread-self/mountinfo",
                                            O_RDONLY | O_CLOEXEC) };
  bool found;

  if (reader.fd == -1)
    return false;
  add_number(&text, st->major);
  add_string(&text, ":");
  add_number(&text, st->minor);
  found = find_type(&reader, device, type, size);
  sys_close(reader.fd);
  return found;
}

/* Measured with Debian 12's: fuse-overlayfs 1.10, gocryptfs 2.3. */
bool fuse_passes_fsync_on(const struct sys_stat *st)
{
  char type[32];

  return st->mask && type_of_mount(st, type, sizeof type)
      && (strcmp(type, "fuse.fuse-overlayfs") == 0 || strcmp(type, "fuse.gocryptfs") == 0);
}
