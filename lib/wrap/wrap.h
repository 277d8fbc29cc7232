/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands before a wrapper, and what one in the archive has besides its function. */
#ifndef SYNCDIR_WRAP_H
#define SYNCDIR_WRAP_H

#include "config.h"
#include "core/internal.h"

#ifdef ARCHIVE

#ifndef __has_attribute
#define __has_attribute(attribute) 0
#endif

/* The linker's --gc-sections takes away what is only used. */
#if __has_attribute(retain)
#define KEPT __attribute__((used, retain))
#else
#define KEPT __attribute__((used))
#endif

/* A program's own function of the same name stands, as it does before the C library's.
 * Not so for names that are reserved: there a second definition is the C library's, and
 * the linker is to say so. */
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
