/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The users and the group that own a queue, by number. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"
#include "users.h"

enum { NAMES = USERS + 1 };
static const char *const names[NAMES] = {
  [QMAILQ] = "qmailq", [QMAILS] = "qmails", [QMAILR] = "qmailr", [USERS] = "qmail"
};

/* NAME:NUMBER, or a line of passwd(5) or group(5): NAME:x:NUMBER:... */
static bool read_line(char *line, long numbers[NAMES])
{
  char *name = strsep(&line, ":"), *number = strsep(&line, ":"), *end;

  if (line)
    number = strsep(&line, ":");
  for (int i = 0; number && i < NAMES; i++)
    if (strcmp(name, names[i]) == 0) {
      numbers[i] = strtol(number, &end, 10);
      if (end == number || *end || numbers[i] < 0)
        return false;
    }
  return true;
}

static void read_file(const char *file, long numbers[NAMES])
{
  FILE *stream = fopen(file, "re");
  size_t room = 0;
  char *line = NULL;

  if (!stream)
    cannot("read the users from", file);
  for (int count = 1; getline(&line, &room, stream) != -1; count++) {
    line[strcspn(line, "\r\n#")] = '\0';
    if (!read_line(line, numbers))
      fail("line %d of %s has no number after the name.", count, file);
  }
  if (ferror(stream))
    cannot("read the users from", file);
  free(line);
  fclose(stream);
}

static void ask_system(long numbers[NAMES])
{
  const struct group *group = getgrnam(names[USERS]);

  for (int i = 0; i < USERS; i++) {
    const struct passwd *user = getpwnam(names[i]);

    if (user)
      numbers[i] = user->pw_uid;
  }
  if (group)
    numbers[USERS] = group->gr_gid;
}

void read_ids(struct ids *ids, const char *file)
{
  long numbers[NAMES] = { -1, -1, -1, -1 };

  if (file)
    read_file(file, numbers);
  else
    ask_system(numbers);
  for (int i = 0; i < NAMES; i++)
    if (numbers[i] == -1)
      fail("%s %s is not known %s.  Give its number, and the others', with --users FILE: "
           "a line %s:NUMBER.",
           i == USERS ? "The group" : "The user", names[i], file ? "in the file" : "to the system",
           names[i]);
  for (int i = 0; i < USERS; i++)
    ids->user[i] = (uid_t) numbers[i];
  ids->group = (gid_t) numbers[USERS];
}
