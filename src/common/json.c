/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings in JSON. */
#include <stdlib.h>

#include "common/escape.h"
#include "common/json.h"

void print_json_string(FILE *file, const char *text)
{
  char *escaped = escape(text);

  putc('"', file);
  for (const char *at = escaped ? escaped : ""; *at; at++) {
    if (*at == '"' || *at == '\\')
      putc('\\', file);
    putc(*at, file);
  }
  putc('"', file);
  free(escaped);
}
