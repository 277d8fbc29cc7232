/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names in a directory.  If it cannot be read to its end, the program ends: what was
 * not seen can neither be called sound nor be repaired. */
#ifndef QFSCK_LISTING_H
#define QFSCK_LISTING_H

#include <dirent.h>
#include <stdbool.h>

struct listing {
  DIR *stream; /* NULL: the directory is not there, or all names were read */
  const char *path;
  bool has_dots; /* . or .. has been read */
};

/* The directory PATH below the queue, through no symlink:
 *
 *   struct listing names = list_folder(queue->fd, path);
 *   for (struct dirent *entry; (entry = next_name(&names)); ) ...
 *
 * PATH has to stay as long as the listing. */
struct listing list_folder(int queue, const char *path);

/* The same of an open directory, which is closed with the listing. */
struct listing list_open(int fd, const char *path);

/* The next but . and ..; NULL after the last, when the listing is closed. */
struct dirent *next_name(struct listing *listing);

/* Ends a listing whose rest need not be read. */
void end_listing(struct listing *listing);

#endif
