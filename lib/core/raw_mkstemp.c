/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mkstemp(3) and mkdtemp(3) without libc's: random names, until one is free.
 * For the archive, which replaces libc's own. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "core/replaced.h"

/* As many as glibc tries: 62 to the power of 3. */
enum { TRIES = 238328, PLACES = 6 };

/* Fills the six places at X with letters.  They need not be secret: O_EXCL and
 * mkdir refuse a name that somebody has guessed. */
static void fill_in(char *x)
{
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  uint64_t random = 0;

  if (sys_getrandom(&random, sizeof random) != sizeof random) {
    struct sys_time now = { 0, 0 };
    sys_clock(CLOCK_REALTIME, &now);
    random = (uint64_t) now.seconds * 1000000007U + now.nanoseconds + (uintptr_t) x;
  }
  for (int i = 0; i < PLACES; i++, random /= 62)
    x[i] = letters[random % 62];
}

/* The six X, before the suffix; NULL and EINVAL if there are none. */
static char *places_in(char *name_template, int suffix_length)
{
  size_t length = strlen(name_template);
  char *x = name_template + length - suffix_length - PLACES;

  if (suffix_length < 0 || length < (size_t) suffix_length + PLACES
      || memcmp(x, "XXXXXX", PLACES) != 0) {
    errno = EINVAL;
    return NULL;
  }
  return x;
}

/* Nothing was made: the template becomes what it was, so that the call can be tried
 * again. */
static void take_back(char *x)
{
  if (x)
    memcpy(x, "XXXXXX", PLACES);
}

int raw_mkostemps(char *name_template, int suffix_length, int flags)
{
  char *x = places_in(name_template, suffix_length);
  int saved = errno, fd = -1;

  for (int i = 0; x && i < TRIES; i++) {
    fill_in(x);
    fd = raw_open64(name_template, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd != -1 || errno != EEXIST)
      break;
  }
  if (fd == -1)
    take_back(x);
  else
    errno = saved;
  return fd;
}

char *raw_mkdtemp(char *name_template)
{
  char *x = places_in(name_template, 0);
  int saved = errno, made = -1;

  for (int i = 0; x && i < TRIES; i++) {
    fill_in(x);
    made = raw_mkdir(name_template, 0700);
    if (made == 0 || errno != EEXIST)
      break;
  }
  if (made == 0) {
    errno = saved;
    return name_template;
  }
  take_back(x);
  return NULL;
}
