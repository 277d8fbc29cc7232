/* SPDX-License-Identifier: GPL-2.0-or-later */
/* C++'s names, as its source has them. */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "demangle.h"

typedef char *demangle_function(const char *mangled, char *buffer, size_t *size, int *status);

/* Whoever has programs in C++ has its library; we need it for nothing else. */
static demangle_function *find_function(void)
{
  static bool tried;
  static demangle_function *function;
  void *library;

  if (!tried) {
    tried = true;
    library = dlopen("libstdc++.so.6", RTLD_NOW | RTLD_LOCAL);
    if (library)
      *(void **) &function = dlsym(library, "__cxa_demangle");
  }
  return function;
}

/* Up to the arguments, which can be longer than all the rest; "operator()" has none before. */
static void cut_arguments(char *name)
{
  char *from = strstr(name, "operator()"), *open = strchr(from ? from + 10 : name, '(');

  if (open && open != name)
    *open = '\0';
}

char *demangle(const char *symbol)
{
  demangle_function *function = strncmp(symbol, "_Z", 2) == 0 ? find_function() : NULL;
  int status;
  char *name = function ? function(symbol, NULL, NULL, &status) : NULL;

  if (name)
    cut_arguments(name);
  return name;
}
