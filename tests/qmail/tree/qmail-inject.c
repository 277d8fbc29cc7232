/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs qmail-queue: it makes no name. */
#include <unistd.h>

int main(void)
{
  execl("./qmail-queue", "qmail-queue", (char *) 0);
  return 111;
}
