/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares the names of two trees, and tells how they differ. */
#include "compare.h"
#include "attributes.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool is_kept(const char *promised, const char *found)
{
  return promised[0] == '\0' || strcmp(promised, found) == 0;
}

bool content_agrees(const struct name *promised, const struct name *found)
{
  return is_kept(promised->content, found->content)
      && is_kept(promised->attributes, found->attributes);
}

bool entries_agree(const struct name *promised, const struct name *found)
{
  return strcmp(promised->path, found->path) == 0 && strcmp(promised->what, found->what) == 0
      && strcmp(promised->links, found->links) == 0 && strcmp(promised->inode, found->inode) == 0
      && content_agrees(promised, found);
}

bool trees_agree(const struct tree *promised, const struct tree *found)
{
  if (promised->count != found->count)
    return false;
  for (size_t i = 0; i < found->count; i++)
    if (!entries_agree(&promised->names[i], &found->names[i]))
      return false;
  return true;
}

bool trees_agree_until(const struct tree *promised, const struct tree *next,
                       const struct tree *found)
{
  if (promised->count != found->count)
    return false;
  for (size_t i = 0; i < found->count; i++) {
    struct name name = promised->names[i];
    if (strcmp(name.content, next->names[i].content) != 0)
      name.content = "";
    if (strcmp(name.attributes, next->names[i].attributes) != 0)
      name.attributes = "";
    if (!entries_agree(&name, &found->names[i]))
      return false;
  }
  return true;
}

/* The inode's count of links, and the first of its other names. */
static void describe_links(const struct name *promised, const struct name *found, char *difference)
{
  long promise = strtol(promised->links, NULL, 10), instead = strtol(found->links, NULL, 10);
  const char *other = strstr(promised->links, " as ");
  const char *of = is_directory(found) ? " (one for each directory in it, and two)" : "";
  if (promise != instead)
    snprintf(difference, DIFFERENCE_SIZE, "%s's count of links is %ld and should be %ld%s",
             found->path, instead, promise, of);
  else
    snprintf(difference, DIFFERENCE_SIZE, "%s is not a link to %s, as it should be", found->path,
             other ? other + strlen(" as ") : "another name");
}

/* The length of what a person wants to know of CONTENT: all but its hash. */
static int without_hash(const char *content)
{
  const char *hash = strstr(content, " bytes ");
  return hash ? (int) (hash - content) + (int) strlen(" bytes") : (int) strlen(content);
}

static void describe_bytes(const struct name *promised, const struct name *found, char *difference)
{
  int promise = without_hash(promised->content), instead = without_hash(found->content);
  bool same_size = promise == instead
                && strncmp(promised->content, found->content, (size_t) promise) == 0;
  snprintf(difference, DIFFERENCE_SIZE, "%s's content is %.*s and should be %.*s%s", found->path,
           instead, found->content, promise, promised->content, same_size ? ", but others" : "");
}

/* The first attribute that differs. */
static void describe_attributes(const struct name *promised, const struct name *found,
                                char *difference)
{
  const char *promise = promised->attributes, *instead = found->attributes;
  for (size_t length; *promise != '\0' && *instead != '\0'; promise += length, instead += length) {
    length = strcspn(promise, ATTRIBUTE_END) + 1;
    if (strncmp(promise, instead, length) != 0)
      break;
  }
  int had = (int) strcspn(promise, ATTRIBUTE_END), has = (int) strcspn(instead, ATTRIBUTE_END);
  snprintf(difference, DIFFERENCE_SIZE,
           "%s's attributes have \"%.*s\" where they should have \"%.*s\"", found->path, has,
           instead, had, promise);
}

static void describe_entry(const struct name *promised, const struct name *found, char *difference)
{
  if (strcmp(promised->what, found->what) != 0)
    snprintf(difference, DIFFERENCE_SIZE, "%s is %s and should be %s", found->path, found->what,
             promised->what);
  else if (strcmp(promised->links, found->links) != 0)
    describe_links(promised, found, difference);
  else if (strcmp(promised->inode, found->inode) != 0)
    snprintf(difference, DIFFERENCE_SIZE, "%s leads to inode %s and should lead to inode %s",
             found->path, found->inode, promised->inode);
  else if (!is_kept(promised->content, found->content))
    describe_bytes(promised, found, difference);
  else
    describe_attributes(promised, found, difference);
}

/* The first name that only one of the trees has. */
static const struct name *find_surplus(const struct tree *tree, const struct tree *other)
{
  for (size_t i = 0; i < tree->count; i++)
    if (!find_name(other, tree->names[i].path))
      return &tree->names[i];
  return NULL;
}

void describe_difference(const struct tree *promised, const struct tree *found, char *difference)
{
  const struct name *missing = find_surplus(promised, found);
  const struct name *surplus = find_surplus(found, promised);
  if (missing || surplus) {
    snprintf(difference, DIFFERENCE_SIZE, "%s is %s", missing ? missing->path : surplus->path,
             missing ? "missing" : "there and should not be");
    return;
  }
  for (size_t i = 0; i < promised->count; i++) {
    const struct name *entry = find_name(found, promised->names[i].path);
    if (!entries_agree(&promised->names[i], entry)) {
      describe_entry(&promised->names[i], entry, difference);
      return;
    }
  }
}
