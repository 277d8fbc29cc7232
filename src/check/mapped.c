/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is mapped into a running process.  If its loader does not list some code, the calls of
 * that code have not been examined. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mapped.h"

/* One line of /proc/PID/maps: proc_pid_maps(5). */
static bool read_mapping(const char *line, struct mapping *mapping)
{
  char permissions[5];
  int name = 0;
  size_t length = strlen(line);

  if (sscanf(line, "%lx-%lx %4s %*s %x:%x %lu %n", &mapping->begin, &mapping->end, permissions,
             &mapping->device[0], &mapping->device[1], &mapping->inode, &name)
      != 6)
    return false;
  mapping->executable = permissions[2] == 'x';
  mapping->deleted = length > 11 && strcmp(line + length - 11, " (deleted)\n") == 0;
  mapping->by_kernel = mapping->inode == 0
                    && (strcmp(line + name, "[vdso]\n") == 0
                        || strcmp(line + name, "[vsyscall]\n") == 0);
  return true;
}

size_t read_mappings(const char *pid, struct mapping **mappings)
{
  char path[64], *line = NULL;
  size_t size = 0, count = 0;
  struct mapping mapping, *grown;
  FILE *maps;

  *mappings = NULL;
  snprintf(path, sizeof path, "/proc/%.20s/maps", pid);
  maps = fopen(path, "re");
  while (maps && getline(&line, &size, maps) != -1) {
    if (!read_mapping(line, &mapping))
      continue;
    grown = reallocarray(*mappings, count + 1, sizeof *grown);
    if (!grown) {
      count = 0;
      break;
    }
    *mappings = grown;
    grown[count++] = mapping;
  }
  free(line);
  if (maps)
    fclose(maps);
  return count;
}

const struct mapping *mapping_at(const struct mapping *mappings, size_t count,
                                 unsigned long address)
{
  for (size_t i = 0; i < count; i++)
    if (address >= mappings[i].begin && address < mappings[i].end)
      return &mappings[i];
  return NULL;
}

static bool find_mapped_file(const char *pid, const struct loaded *object,
                             const struct mapping *mapping, char path[2 * PATH_MAX])
{
  struct stat st;

  snprintf(path, 2 * PATH_MAX, "/proc/%.20s/map_files/%lx-%lx", pid, mapping->begin, mapping->end);
  if (access(path, R_OK) == 0)
    return true;
  snprintf(path, 2 * PATH_MAX, "/proc/%.20s/root%s", pid, object->name);
  return !mapping->deleted && stat(path, &st) == 0 && st.st_ino == mapping->inode;
}

bool find_file(const char *pid, const struct loaded *object, char path[2 * PATH_MAX])
{
  struct mapping *mappings;
  const struct mapping *mapping;
  size_t count;
  bool found;

  if (!*object->name) {
    snprintf(path, 2 * PATH_MAX, "/proc/%.20s/exe", pid);
    return true;
  }
  count = read_mappings(pid, &mappings);
  mapping = mapping_at(mappings, count, object->dynamic);
  found = mapping && find_mapped_file(pid, object, mapping, path);
  free(mappings);
  return found;
}

bool maps_same_file(const struct mapping *one, const struct mapping *other)
{
  return one && other && one->inode && one->inode == other->inode
      && one->device[0] == other->device[0] && one->device[1] == other->device[1];
}

void judge_mappings(struct report *report, const char *pid, const struct loaded *objects,
                    size_t count)
{
  struct mapping *mappings;
  size_t mapped = read_mappings(pid, &mappings);
  bool listed, without_file = false;

  if (mapped == 0)
    note(report, CANNOT_TELL, "what is mapped into it cannot be read");
  for (size_t i = 0; i < mapped; i++) {
    if (!mappings[i].executable || mappings[i].by_kernel)
      continue;
    listed = false;
    for (size_t j = 0; !listed && j < count; j++)
      listed = maps_same_file(&mappings[i], mapping_at(mappings, mapped, objects[j].dynamic));
    if (!listed && mappings[i].inode)
      note(report, CANNOT_TELL,
           "the file with inode %lu of device %x:%x is mapped as code at %lx, and "
           "its loader does not list it",
           mappings[i].inode, mappings[i].device[0], mappings[i].device[1], mappings[i].begin);
    without_file |= !listed && !mappings[i].inode;
  }
  if (without_file)
    note(report, CANNOT_TELL,
         "it has made code while it ran (memory without a file that can be "
         "executed), which cannot be read");
  free(mappings);
}
