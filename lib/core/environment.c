/* SPDX-License-Identifier: GPL-2.0-or-later */
/* secure_getenv(3), by names that the C library reserves for itself.
 *
 * secure_getenv, getenv's environ and getauxval are not reserved: a program may have a
 * function or a variable so called, and the linker would give us that one.  musl does not
 * export __getauxval; there getauxval it is. */
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>

#include "core/environment.h"

extern char **__environ;

#ifdef __GLIBC__
unsigned long __getauxval(unsigned long type);
#else
#define __getauxval getauxval
#endif

const char *environment(const char *beginning)
{
  size_t length = strlen(beginning);

  /* NULL in a program that runs without the C library's start-up code, where the auxiliary
   * vector is not known either. */
  if (!__environ || __getauxval(AT_SECURE))
    return NULL;
  for (char **variable = __environ; *variable; variable++)
    if (**variable == *beginning && strncmp(*variable, beginning, length) == 0)
      return *variable + length;
  return NULL;
}
