/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Removes a name. */
#include <unistd.h>

int main(int argc, char **argv)
{
  return argc != 2 || unlink(argv[1]) == -1 ? 111 : 0;
}
