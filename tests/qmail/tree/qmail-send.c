/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a file in info/ and removes one in intd/. */
#include <unistd.h>

#include "open.h"

int main(int argc, char **argv)
{
  return argc != 3 || open_excl(argv[1]) == -1 || unlink(argv[2]) == -1 ? 111 : 0;
}
