/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two calls of open.a. */
int open_excl(const char *name);
int open_read(const char *name);
