/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --map FILE: which number became which, so that old log files can be read. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <syncdir.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "journal.h"
#include "map.h"

struct renumbered {
  uint64_t old, new;
};

/* A new file beside it, mode 0600, with a random name, so that nobody can have put a symlink
 * there. */
static void begin_file(struct map *map)
{
  int fd;

  free(map->unfinished);
  map->unfinished = NULL;
  if (asprintf(&map->unfinished, "%s.XXXXXX", map->path) == -1)
    fail("not enough memory.");
  fd = mkostemp(map->unfinished, O_CLOEXEC);
  map->stream = fd == -1 ? NULL : fdopen(fd, "w");
  if (!map->stream)
    cannot("write the map beside", map->path);
}

void open_map(struct map *map, const char *file)
{
  struct stat st;

  *map = (struct map) { .path = file };
  if (!file)
    return;
  if (lstat(file, &st) == 0 && !S_ISREG(st.st_mode))
    fail("the map %s exists and is not a regular file; nothing was changed.", file);
  begin_file(map);
}

void refuse_map_in(const struct map *map, const char *queue)
{
  char *file = map->path ? realpath(map->unfinished, NULL) : NULL;
  char *folder = realpath(queue, NULL);

  if (file && folder && after_folder(file, folder))
    fail(
      "the map %s would lie in the queue %s, where only qmail's files belong; nothing was changed.",
      map->path, queue);
  free(file);
  free(folder);
}

void write_map(struct map *map, const struct queue *queue)
{
  struct steps steps;

  if (!map || !map->path)
    return;
  steps = open_steps(queue);
  for (struct step step; next_step(&steps, &step);)
    if (step.verb == NUMBER) {
      map->all = with_room(map->all, map->count, &map->room, sizeof *map->all);
      map->all[map->count++] = (struct renumbered) { .old = step.number, .new = step.inode };
    }
  if (map->count == 0 && access(map->path, F_OK) == 0)
    return;
  if (!map->stream)
    begin_file(map);
  for (size_t i = 0; i < map->count; i++)
    fprintf(map->stream, "%" PRIu64 "\t%" PRIu64 "\n", map->all[i].old, map->all[i].new);
  if (fflush(map->stream) == EOF || fsync(fileno(map->stream)) == -1
      || syncdir_rename(map->unfinished, map->path) == -1)
    cannot("write", map->path);
  fclose(map->stream);
  map->stream = NULL;
}

void close_map(struct map *map)
{
  if (map->stream) {
    fclose(map->stream);
    unlink(map->unfinished);
  }
  free(map->unfinished);
  free(map->all);
  *map = (struct map) { .path = NULL };
}
