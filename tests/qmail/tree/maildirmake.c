/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a folder. */
#include <sys/stat.h>

int main(int argc, char **argv)
{
  return argc != 2 || mkdir(argv[1], 0700) == -1 ? 111 : 0;
}
