/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc shows of a process by itself. */
#include <elf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "proc.h"

FILE *open_proc(const char *pid, const char *name)
{
  char path[PATH_MAX];

  snprintf(path, sizeof path, "/proc/%.20s/%s", pid, name);
  return fopen(path, "re");
}

void read_status(const char *pid, const char *key, char *value, size_t size)
{
  FILE *status = open_proc(pid, "status");
  char *line = NULL;
  size_t room = 0, length = strlen(key);

  *value = '\0';
  while (status && getline(&line, &room, status) != -1)
    if (strncmp(line, key, length) == 0 && line[length] == ':') {
      snprintf(value, size, "%s", line + length + 1 + strspn(line + length + 1, " \t"));
      value[strcspn(value, "\n")] = '\0';
      break;
    }
  free(line);
  if (status)
    fclose(status);
}

bool has_ended(const char *pid)
{
  char state[64];

  read_status(pid, "State", state, sizeof state);
  return *state == 'Z' || *state == 'X';
}

bool runs_in_secure_mode(const char *pid)
{
  FILE *auxv = open_proc(pid, "auxv");
  unsigned long entry[2] = { 0, 0 };

  while (auxv && fread(entry, sizeof entry, 1, auxv) == 1 && entry[0] != AT_SECURE)
    entry[1] = 0;
  if (auxv)
    fclose(auxv);
  return entry[0] == AT_SECURE && entry[1];
}

bool is_of_our_class(const char *pid)
{
  FILE *program = open_proc(pid, "exe");
  unsigned char identity[EI_NIDENT] = { 0 };
  bool ours = program && fread(identity, sizeof identity, 1, program) == 1
           && identity[EI_CLASS] == (sizeof(long) == 8 ? ELFCLASS64 : ELFCLASS32);

  if (program)
    fclose(program);
  return ours;
}

bool name_process(const char *pid, char *name, size_t size)
{
  FILE *file = open_proc(pid, "comm");
  char comm[32] = "";

  if (!file)
    return false;
  if (!fgets(comm, sizeof comm, file))
    *comm = '\0';
  fclose(file);
  snprintf(name, size, "%s (%.*s)", pid, (int) strcspn(comm, "\n"), comm);
  return true;
}
