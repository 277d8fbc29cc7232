/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stopped thread of another process: its call, its memory, its descriptors. */
#ifndef SYNCDIR_AUDIT_TRACEE_H
#define SYNCDIR_AUDIT_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct registers {
  uint32_t arch; /* AUDIT_ARCH_* */
  uint64_t number, arguments[6];
  int64_t result; /* at the call's end; -errno if it failed */
};

/* At the stop before a call, or after it.  False if the thread is gone. */
bool read_registers(pid_t thread, struct registers *registers);

bool is_32_bit(const struct registers *registers);

/* At the stop before a call: the kernel will not make it, and answer ENOSYS.  False where
 * we do not know how. */
bool refuse_call(pid_t thread);

/* The bytes at ADDRESS; false, and errno, if they cannot be read. */
bool read_memory(pid_t thread, uint64_t address, void *bytes, size_t count);

/* The string at ADDRESS, if it is shorter than SIZE. */
bool read_string(pid_t thread, uint64_t address, char *string, size_t size);

/* The number that the line FIELD of /proc/THREAD/status gives; -1 if there is none. */
long read_status(pid_t thread, const char *field);

/* The file of descriptor FD. */
bool stat_descriptor(pid_t thread, int fd, struct stat *st);

/* Its flags, as open(2) has them; 0 if they cannot be read. */
int descriptor_flags(pid_t thread, int fd);

/* The process that a pidfd means, the number of an eventfd; -1 of other descriptors. */
pid_t descriptor_process(pid_t thread, int fd);
long descriptor_eventfd(pid_t thread, int fd);

/* The file mapped at ADDRESS. */
bool stat_mapping(pid_t thread, uint64_t address, struct stat *st);

/* The command line of the process, its words parted by spaces. */
void read_command_line(pid_t process, char *line, size_t size);

#endif
