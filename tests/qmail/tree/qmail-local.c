/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delivers: a file in tmp/, a link to it in new/. */
#include <unistd.h>

#include "open.h"

int main(int argc, char **argv)
{
  if (argc != 3)
    return 100;
  if (open_excl(argv[1]) == -1 || link(argv[1], argv[2]) == -1 || unlink(argv[1]) == -1)
    return 111;
  return 0;
}
