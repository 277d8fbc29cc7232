/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings in JSON. */
#ifndef SYNCDIR_JSON_H
#define SYNCDIR_JSON_H

#include <stdio.h>

/* Prints TEXT as a string of JSON (RFC 8259), with its quotes.  What is not UTF-8, or cannot
 * be printed safely, is written as by escape(), because JSON has no way to write bytes. */
void print_json_string(FILE *file, const char *text);

#endif
