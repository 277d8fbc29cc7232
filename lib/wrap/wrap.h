/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The attributes of a wrapper, and what a wrapper in the archive has besides its
 * function. */
#ifndef SYNCDIR_WRAP_H
#define SYNCDIR_WRAP_H

#include "config.h"
#include "core/internal.h"

#ifdef ARCHIVE

#ifndef __has_attribute
#define __has_attribute(attribute) 0
#endif

/* "used" keeps a variable in the object; the linker's --gc-sections still drops it, unless
 * "retain" is there as well. */
#if __has_attribute(retain)
#define KEPT __attribute__((used, retain))
#else
#define KEPT __attribute__((used))
#endif

/* Weak: a program's own function of the same name takes precedence, as it does over the C
 * library's.  Wrappers of reserved names are not weak: a second definition of such a name is
 * the C library's, and the linker should report it. */
#define WRAP __attribute__((weak, visibility("default")))

/* Says in a program, stripped or not, that it holds this wrapper: what(1). */
#define MARK(file) KEPT static const char mark_##file[] = "@(#)syncdir " PACKAGE_VERSION " " #file;

#if __has_attribute(copy)
#define AS(name) copy(name),
#else
#define AS(name)
#endif

/* A second name that libc's own object has.  Without it, a program that asks
 * for that name alone gets libc's object too: "multiple definition". */
#define ALIAS(name, second) \
  extern __typeof__(name) second __attribute__((AS(name) alias(#name), visibility("default")));

#else
#define WRAP EXPORT
#define MARK(file)
#define ALIAS(name, second)
#endif

#endif
