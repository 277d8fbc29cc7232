/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fopen(3) reads its mode. */
#ifndef SYNCDIR_STREAM_H
#define SYNCDIR_STREAM_H

#include <stddef.h>

/* How many letters of MODE count: seven at most in glibc, all in musl. */
size_t letters_of_mode(const char *mode);

#endif
