/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves a message that was read, or removes it. */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
  if (argc == 2)
    return unlink(argv[1]) == -1 ? 111 : 0;
  return argc != 3 || rename(argv[1], argv[2]) == -1 ? 111 : 0;
}
