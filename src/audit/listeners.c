/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who hears what a program writes into a pipe, a socket or a terminal, or signals. */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "arguments.h"
#include "connections.h"
#include "knowers.h"
#include "listeners.h"

/* Where what is written can be read: from the same pipe or eventfd, or from the socket at the
 * other end of a connection. */
struct end {
  const struct stat *file;
  long eventfd;
};

/* Whether the descriptor NUMBER of the folder /proc/PROCESS/fd is where END is read. */
static bool is_read_by(const struct process *process, int folder, const char *number,
                       const struct end *end)
{
  struct stat file, link;

  if (fstatat(folder, number, &file, 0) == -1)
    return false;
  if (!end->file)
    return !(file.st_mode & S_IFMT)
        && descriptor_eventfd(process->pid, atoi(number)) == end->eventfd;
  /* The link's own mode says how the file is open. */
  return file.st_ino == end->file->st_ino && file.st_dev == end->file->st_dev
      && fstatat(folder, number, &link, AT_SYMLINK_NOFOLLOW) == 0 && link.st_mode & S_IRUSR;
}

static bool reads(const struct process *process, const struct end *end)
{
  char path[64];
  struct dirent *entry;
  bool found = false;
  DIR *folder;

  snprintf(path, sizeof path, "/proc/%d/fd", (int) process->pid);
  folder = opendir(path);
  while (folder && !found && (entry = readdir(folder)))
    found = is_read_by(process, dirfd(folder), entry->d_name, end);
  if (folder)
    closedir(folder);
  return found;
}

/* Those who read there know it from now on.  False if nobody who is watched does. */
static bool share_through(struct process *from, const struct end *end)
{
  bool heard = false;

  for (size_t i = 0; i < process_count; i++)
    if (processes[i]->alive && reads(processes[i], end)) {
      share(from, processes[i]);
      heard = true;
    }
  return heard;
}

/* A copy of the descriptor FD of PROCESS; -1 if there is none to be had. */
static int borrow(pid_t process, int fd)
{
  int handle = (int) syscall(SYS_pidfd_open, process, 0), copy = -1;

  if (handle != -1) {
    copy = (int) syscall(SYS_pidfd_getfd, handle, fd, 0);
    close(handle);
  }
  return copy;
}

enum ears { OTHERS, FAMILY, PEER, NOBODY };

/* Looking something up tells nobody that anything has been done. */
static bool is_name_service(const struct sockaddr_un *peer)
{
  static const char *const services[] = { "/run/nscd/", "/var/run/nscd/", "/run/systemd/userdb/",
                                          "/run/systemd/resolve/", "/var/lib/sss/pipes/" };

  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (strncmp(peer->sun_path, services[i], strlen(services[i])) == 0)
      return true;
  return false;
}

/* The process PID, also if it has ended; NULL if we have never watched it. */
static struct process *one_of_us(pid_t pid)
{
  for (size_t i = process_count; i-- > 0;)
    if (processes[i]->pid == pid)
      return processes[i];
  return NULL;
}

/* Who is at the other end of the Unix socket FD; of a PEER, the process. */
static enum ears ears_of_unix(int fd, struct process **peer)
{
  struct sockaddr_un own = { 0 }, other = { 0 };
  socklen_t own_length = sizeof own, other_length = sizeof other;
  struct ucred maker = { 0 };
  socklen_t maker_length = sizeof maker;

  if (getsockname(fd, (struct sockaddr *) &own, &own_length) == -1
      || getpeername(fd, (struct sockaddr *) &other, &other_length) == -1)
    return OTHERS;
  if (other_length > sizeof other.sun_family && is_name_service(&other))
    return NOBODY;
  /* Of a socketpair(2) who has made it, of a connection who listens or has connected. */
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &maker, &maker_length) == -1)
    return OTHERS;
  /* Neither end has a name: a pair.  If one of us has made it, it is between us. */
  if (other_length <= sizeof other.sun_family && own_length <= sizeof own.sun_family)
    return one_of_us(maker.pid) ? FAMILY : OTHERS;
  *peer = one_of_us(maker.pid);
  return *peer ? PEER : OTHERS;
}

static enum ears ears_of(int fd, struct process **peer)
{
  enum { DOMAIN_NAMES = 53 };
  struct sockaddr_in6 other;
  socklen_t length = sizeof other;
  int domain = 0;
  socklen_t size = sizeof domain;

  if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == -1)
    return OTHERS;
  /* The kernel is at the other end. */
  if (domain == AF_NETLINK || domain == AF_ALG)
    return NOBODY;
  if (domain == AF_UNIX)
    return ears_of_unix(fd, peer);
  /* The port lies at the same place for both versions of the protocol. */
  if ((domain == AF_INET || domain == AF_INET6)
      && getpeername(fd, (struct sockaddr *) &other, &length) == 0
      && ntohs(other.sin6_port) == DOMAIN_NAMES)
    return NOBODY;
  return OTHERS;
}

static void share_with_family(struct process *from)
{
  for (size_t i = 0; i < process_count; i++)
    if (processes[i]->alive
        && (processes[i] == from->parent || processes[i]->parent == from
            || (from->parent && processes[i]->parent == from->parent)))
      share(from, processes[i]);
}

static bool descends_from(const struct process *process, const struct process *forebear)
{
  while (process && process != forebear)
    process = process->parent;
  return process;
}

/* A child of PEER may have taken over the connection; or whoever descends from it, if it has
 * ended: a daemon listens, forks, and ends.  False if nobody of them is left. */
static bool share_with_peer(struct process *from, const struct process *peer)
{
  bool heard = false;

  for (size_t i = 0; i < process_count; i++)
    if (processes[i]->alive
        && (processes[i] == peer || processes[i]->parent == peer
            || (!peer->alive && descends_from(processes[i], peer)))) {
      share(from, processes[i]);
      heard = true;
    }
  return heard;
}

/* False if others may hear what is sent through the connection FD. */
static bool share_by_tcp(struct task *task, int fd, const struct stat *st)
{
  struct stat other = { .st_dev = st->st_dev };
  const struct end end = { .file = &other, .eventfd = -1 };

  if (!find_other_end(task->thread, fd, &other.st_ino))
    return false;
  return other.st_ino == 0 || share_through(task->process, &end);
}

static void tell_through_socket(struct task *task, int fd, const struct stat *st)
{
  int copy = borrow(task->process->pid, fd);
  struct process *peer = NULL;
  enum ears ears = copy == -1 ? OTHERS : ears_of(copy, &peer);
  char how[160];

  if (ears == OTHERS && copy != -1 && share_by_tcp(task, copy, st))
    ears = NOBODY;
  if (copy != -1)
    close(copy);
  if (ears == FAMILY)
    share_with_family(task->process);
  if (ears == PEER && !share_with_peer(task->process, peer))
    ears = OTHERS;
  if (ears != OTHERS)
    return;
  snprintf(how, sizeof how, "%s() to a socket (descriptor %d)", task->call->name, fd);
  tell(task->process, task->thread, how);
}

static bool is_terminal(const struct stat *st)
{
  unsigned number = major(st->st_rdev);

  /* Documentation/admin-guide/devices.txt: consoles, /dev/tty, serial lines, also those of
   * USB, pseudo terminals. */
  return S_ISCHR(st->st_mode)
      && (number == 4 || number == 5 || number == 166 || number == 188 || number == 204
          || (number >= 136 && number <= 143));
}

void tell_through(struct task *task, int fd, const struct stat *st)
{
  struct end end = { .file = S_ISFIFO(st->st_mode) ? st : NULL, .eventfd = -1 };
  char how[160];

  if (!has_news(task->process))
    return;
  if (!(st->st_mode & S_IFMT))
    end.eventfd = descriptor_eventfd(task->thread, fd);
  if (S_ISSOCK(st->st_mode)) {
    tell_through_socket(task, fd, st);
    return;
  }
  if (((end.file || end.eventfd != -1) && share_through(task->process, &end))
      || !(end.file || is_terminal(st)))
    return;
  snprintf(how, sizeof how, "%s() to %s (descriptor %d)", task->call->name,
           end.file ? "a pipe" : "the terminal", fd);
  tell(task->process, task->thread, how);
}

void tell_by_message(struct task *task)
{
  char how[160];

  snprintf(how, sizeof how, "%s()", task->call->name);
  tell(task->process, task->thread, how);
}

/* The process that a signal is for; NULL if it is not watched. */
static struct process *receiver(pid_t number)
{
  const struct task *thread = find_task(number);

  return thread ? thread->process : find_process(number);
}

void tell_by_signal(struct task *task)
{
  int signal = descriptor(task, task->call->flags);
  pid_t number = descriptor(task, task->call->fd);
  struct process *process;
  char how[160];

  /* 0 only asks whether there is somebody; nobody hears the other two. */
  if (signal == 0 || signal == SIGKILL || signal == SIGSTOP || !has_news(task->process))
    return;
  if (strcmp(task->call->name, "pidfd_send_signal") == 0)
    number = descriptor_process(task->thread, number);
  process = number > 0 ? receiver(number) : NULL;
  if (number <= 0) {
    share_with_family(task->process);
  } else if (process) {
    if (process != task->process)
      share(task->process, process);
  } else {
    snprintf(how, sizeof how, "%s() to the process %d", task->call->name, (int) number);
    tell(task->process, task->thread, how);
  }
}
