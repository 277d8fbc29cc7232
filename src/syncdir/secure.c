/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the kernel starts a program in secure mode: what cap_bprm_creds_from_file()
 * and bprm_fill_uid() of Linux decide. */
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "secure.h"

/* Whether WHICH is in this SET of the process's capabilities. */
static bool has(cap_t capabilities, cap_value_t which, cap_flag_t set)
{
  cap_flag_value_t value = CAP_CLEAR;

  return capabilities && cap_get_flag(capabilities, which, set, &value) == 0 && value == CAP_SET;
}

/* Whether the file's capability WHICH would make this process more than it is. */
static bool grows(cap_t file, cap_t process, cap_value_t which)
{
  bool gained = (has(file, which, CAP_PERMITTED) && cap_get_bound(which) == 1)
             || (has(file, which, CAP_INHERITABLE) && has(process, which, CAP_INHERITABLE));

  return has(file, which, CAP_EFFECTIVE) || (gained && cap_get_ambient(which) != 1);
}

static bool capabilities_take_effect(const char *path)
{
  cap_t file = getuid() == 0 ? NULL : cap_get_file(path), process;
  bool grown = false;

  if (!file)
    return false;
  process = cap_get_proc();
  for (cap_value_t which = 0; !grown && which < cap_max_bits(); which++)
    grown = grows(file, process, which);
  cap_free(process);
  cap_free(file);
  return grown;
}

bool has_capabilities(const char *path)
{
  cap_t file = cap_get_file(path);

  if (file)
    cap_free(file);
  return file != NULL;
}

const char *why_secure(const char *path)
{
  struct stat st;
  struct statvfs fs;

  if (getuid() != geteuid() || getgid() != getegid())
    return "started by a process with another effective than real user or group";
  if (stat(path, &st) == -1 || (statvfs(path, &fs) == 0 && (fs.f_flag & ST_NOSUID)))
    return NULL;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
    if ((st.st_mode & S_ISUID) && st.st_uid != getuid())
      return "set-user-ID";
    if ((st.st_mode & S_ISGID) && (st.st_mode & S_IXGRP) && st.st_gid != getgid())
      return "set-group-ID";
  }
  return capabilities_take_effect(path) ? "carrying file capabilities" : NULL;
}
