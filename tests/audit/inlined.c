/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A change at the end of inlined and of ordinary calls: what a stack must show. */
#include <stdio.h>

static inline __attribute__((always_inline)) int move(const char *from, const char *to)
{
  return rename(from, to);
}

__attribute__((noinline)) int save(const char *from, const char *to)
{
  int result = move(from, to);

  return result == 0 ? 0 : 1;
}

int main(int count, char **arguments)
{
  int result = save(arguments[1], arguments[2]);

  return count == 3 ? result : 2;
}
