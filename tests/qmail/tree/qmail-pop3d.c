/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moves a message that was read. */
#include <stdio.h>

int main(int argc, char **argv)
{
  return argc != 3 || rename(argv[1], argv[2]) == -1 ? 111 : 0;
}
