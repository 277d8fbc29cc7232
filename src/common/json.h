/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings in JSON. */
#ifndef SYNCDIR_JSON_H
#define SYNCDIR_JSON_H

#include <stdio.h>

/* TEXT as a string of JSON (RFC 8259), quotes included.  What is not UTF-8, or not
 * fit to be printed, stands as escape() has it: JSON knows no bytes. */
void print_json_string(FILE *file, const char *text);

#endif
