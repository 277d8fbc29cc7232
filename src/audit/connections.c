/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two ends of a TCP connection on this machine: proc_net(5), "tcp". */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "connections.h"

/* An address of IPv4 in the form that IPv6 has for it, because a socket of one can be
 * connected with a socket of the other. */
struct endpoint {
  uint32_t address[4]; /* in the network's order */
  unsigned port;
};

struct row {
  struct endpoint local, remote;
  unsigned state;
  unsigned long inode;
};

static void set_ipv4(struct endpoint *endpoint, uint32_t address)
{
  const uint32_t mapped[] = { 0, 0, htonl(0xffff), address };

  memcpy(endpoint->address, mapped, sizeof mapped);
}

typedef int get_name(int fd, struct sockaddr *name, socklen_t *length);

static bool find_endpoint(int fd, get_name *get, struct endpoint *endpoint)
{
  union {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
  } name;
  socklen_t length = sizeof name;

  if (get(fd, &name.any, &length) == -1)
    return false;
  if (name.any.sa_family == AF_INET6) {
    memcpy(endpoint->address, &name.ipv6.sin6_addr, sizeof endpoint->address);
    endpoint->port = ntohs(name.ipv6.sin6_port);
  } else {
    set_ipv4(endpoint, name.ipv4.sin_addr.s_addr);
    endpoint->port = ntohs(name.ipv4.sin_port);
  }
  return name.any.sa_family == AF_INET6 || name.any.sa_family == AF_INET;
}

static bool is_tcp(int fd)
{
  int protocol = 0;
  socklen_t size = sizeof protocol;

  return getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 && protocol == IPPROTO_TCP;
}

static bool is_same(const struct endpoint *one, const struct endpoint *other)
{
  return one->port == other->port && memcmp(one->address, other->address, sizeof one->address) == 0;
}

/* "0100007F", or four such words. */
static bool read_address(const char *text, struct endpoint *endpoint)
{
  enum { DIGITS = 8 };
  size_t words = strlen(text) / DIGITS;
  char word[DIGITS + 1] = "";

  for (size_t i = 0; i < words && i < 4; i++) {
    memcpy(word, text + i * DIGITS, DIGITS);
    endpoint->address[i] = (uint32_t) strtoul(word, NULL, 16);
  }
  if (words == 1)
    set_ipv4(endpoint, endpoint->address[0]);
  return words == 1 || words == 4;
}

static bool read_row(const char *line, struct row *row)
{
  char local[40], remote[40];

  return sscanf(line, " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %x %*s %*s %*s %*s %*s %lu", local,
                &row->local.port, remote, &row->remote.port, &row->state, &row->inode)
        == 6
      && read_address(local, &row->local) && read_address(remote, &row->remote);
}

/* Nobody has accepted it, or it is closed: in both cases it has no inode. */
static bool may_be_accepted(const struct row *row)
{
  return row->state == TCP_ESTABLISHED || row->state == TCP_SYN_RECV
      || row->state == TCP_CLOSE_WAIT;
}

struct search {
  struct endpoint ours, theirs;
  bool found, accepted;
  ino_t other, listener;
};

static void search_table(struct search *search, pid_t thread, const char *table)
{
  char path[64], line[512];
  struct row row;
  FILE *file;

  snprintf(path, sizeof path, "/proc/%d/net/%s", (int) thread, table);
  file = fopen(path, "re");
  while (file && fgets(line, sizeof line, file)) {
    if (!read_row(line, &row))
      continue;
    if (is_same(&row.local, &search->theirs) && is_same(&row.remote, &search->ours)) {
      search->found = true;
      search->other = row.inode;
      search->accepted = row.inode != 0 || !may_be_accepted(&row);
    } else if (row.state == TCP_LISTEN && row.local.port == search->theirs.port) {
      search->listener = row.inode;
    }
  }
  if (file)
    fclose(file);
}

bool find_other_end(pid_t thread, int fd, ino_t *inode)
{
  struct search search = { .found = false };

  if (!is_tcp(fd) || !find_endpoint(fd, getsockname, &search.ours)
      || !find_endpoint(fd, getpeername, &search.theirs))
    return false;
  search_table(&search, thread, "tcp");
  search_table(&search, thread, "tcp6");
  *inode = search.accepted ? search.other : search.listener;
  return search.found;
}
