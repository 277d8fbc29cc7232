/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The installed library: how it is preloaded, and whether it then answers. */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/path.h"
#include "installed.h"
#include "library.h"

bool same_file(const char *one, const char *other)
{
  struct stat first, second;

  return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino;
}

bool examine_library(struct report *report, struct library *library)
{
  struct object probe;
  const char *wrong;

  /* LD_PRELOAD has no way to quote what separates its entries, or what ld.so
   * replaces in them. */
  if (strpbrk(library_path, " :$")) {
    note(report, UNSAFE,
         "the path %s has a space, a colon or a dollar in it, which LD_PRELOAD "
         "cannot carry; install syncdir elsewhere",
         library_path);
    return false;
  }
  if ((wrong = read_object(library_path, &library->object))) {
    note(report, UNSAFE, "the library %s cannot be used: %s; " REINSTALL, library_path, wrong);
    return false;
  }
  if ((wrong = read_object(probe_path, &probe))) {
    note(report, UNSAFE,
         "the library cannot be tried, because its probe %s cannot be used: %s; " REINSTALL,
         probe_path, wrong);
    return false;
  }
  strcpy(library->loader, probe.loader);
  note(report, SAFE, "library: %s", library_path);
  return true;
}

/* By any name that it may have in LD_PRELOAD. */
static bool is_library(const struct dl_phdr_info *object)
{
  return strstr(object->dlpi_name, "libsyncdir") && same_file(object->dlpi_name, library_path);
}

const char *bare_name(void)
{
  return last_component(library_path);
}

/* Takes the first entry off LIST, as the loader reads LD_PRELOAD; false if there is none.  An
 * entry that is too long becomes "". */
static bool take_entry(const char **list, char entry[PATH_MAX])
{
  size_t length = strcspn(*list, " :");

  if (!**list)
    return false;
  snprintf(entry, PATH_MAX, "%.*s", (int) (length < PATH_MAX ? length : 0), *list);
  *list += length + ((*list)[length] != '\0');
  return true;
}

/* Whether LIST has the library, by an absolute path, because a relative one depends on the
 * working directory; BARE: by its bare name. */
static bool lists_library(const char *list, bool bare)
{
  char entry[PATH_MAX];

  while (take_entry(&list, entry))
    if (bare ? strcmp(entry, bare_name()) == 0 : *entry == '/' && same_file(entry, library_path))
      return true;
  return false;
}

const char *preload_value(bool secure)
{
  static char *value;
  const char *now = getenv("LD_PRELOAD"), *entry = secure ? bare_name() : library_path;

  free(value);
  value = NULL;
  if (!now)
    now = "";
  if (lists_library(now, secure))
    value = strdup(now);
  else if (asprintf(&value, "%s%s%s", now, *now ? ":" : "", entry) == -1)
    value = NULL;
  return value;
}

/* The object that holds the C library's own functions. */
static bool is_libc(const char *file)
{
  Dl_info libc;

  return dladdr((void *) confstr, &libc) && strcmp(libc.dli_fname, file) == 0;
}

/* What dl_iterate_phdr(3) shows of this process, which has the preloads that the command will
 * have, except the library, which is not there yet. */
struct order {
  struct report *report;
  bool here;  /* the library is loaded here */
  bool after; /* and has been passed */
};

static int look_for_library(struct dl_phdr_info *loaded, size_t size, void *data)
{
  (void) size;
  return *(bool *) data = is_library(loaded);
}

/* Whether LIST names the file that was loaded as FILE. */
static bool is_listed(const char *list, const char *file)
{
  char entry[PATH_MAX];

  while (take_entry(&list, entry))
    if (strcmp(last_component(entry), last_component(file)) == 0)
      return true;
  return false;
}

/* After the library comes what follows it in LD_PRELOAD, and then what /etc/ld.so.preload
 * has. */
static bool comes_after(const struct order *order, const char *loaded)
{
  const char *list = getenv("LD_PRELOAD");

  return order->here ? order->after : !is_listed(list ? list : "", loaded);
}

static int examine_next(struct dl_phdr_info *loaded, size_t size, void *data)
{
  struct order *order = data;
  struct object object;

  (void) size;
  if (is_library(loaded)) {
    order->after = true;
    return 0;
  }
  if (is_libc(loaded->dlpi_name))
    return 1;
  if (!*loaded->dlpi_name || !comes_after(order, loaded->dlpi_name)
      || read_object(loaded->dlpi_name, &object))
    return 0;
  for (int i = 0; i < wrapped_count; i++)
    if (object.defines[i]) {
      note(order->report, CANNOT_TELL,
           "%s is preloaded after the library, and has a %s of its "
           "own: if it changes paths as fakechroot does, another directory is flushed than the one "
           "that changed; put it before the library in LD_PRELOAD",
           loaded->dlpi_name, wrapped_names[i]);
      return 1;
    }
  return 0;
}

void examine_order(struct report *report)
{
  struct order order = { .report = report };

  dl_iterate_phdr(look_for_library, &order.here);
  dl_iterate_phdr(examine_next, &order);
}
