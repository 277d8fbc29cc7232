/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that makes a directory, and then lets that out in a way that does not look
 * like one: what ends its batch, the trace tells.  In one file, because each way is a few
 * lines, and all stand in one table.
 *
 *   outlet WAY [FILE]      FILE: for "terminal" */
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 2 * PAGE };

static void *mapped;
static int fd = -1;

static int file(void)
{
  int new = open("file", O_RDWR | O_CREAT, 0600);

  if (new == -1 || ftruncate(new, PAGES) == -1)
    exit(1);
  return new;
}

/* The lock lives as long as the mapping. */
static void map_locked(void)
{
  int locked = file();

  mapped = mmap(NULL, PAGES, PROT_READ, MAP_PRIVATE, locked, 0);
  if (mapped == MAP_FAILED || flock(locked, LOCK_EX) == -1 || close(locked) == -1)
    exit(1);
}

static void map_shared(void)
{
  mapped = mmap(NULL, PAGES, PROT_READ, MAP_SHARED, file(), 0);
}

static void map_memory(void)
{
  mapped = mmap(NULL, PAGES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* An empty file that has not changed since it was made; and then it is opened again. */
static void lock_new(void)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int locked = open("new", O_RDWR | O_CREAT | O_EXCL, 0600);

  if (locked == -1 || fcntl(locked, F_SETLK, &lock) == -1)
    exit(1);
}

static void open_locked(void)
{
  fd = open("new", O_RDWR | O_CREAT, 0600);
}

/* clang-format off */
static void close_locked(void) { close(fd); }
static void unmap(void)        { munmap(mapped, PAGES); }
static void unmap_end(void)    { munmap((char *) mapped + PAGE, 1); }
static void shrink(void)       { mapped = mremap(mapped, PAGES, PAGE, 0); }
static void hole(void)         { madvise(mapped, PAGES, MADV_REMOVE); }
static void drop(void)         { madvise(mapped, PAGES, MADV_DONTNEED); }
static void ask(void)          { isatty(fd); }
static void make(void)         { mkdir("one", 0700); }
/* clang-format on */

/* A new file with some bytes: to make it longer tells nothing, to change it does. */
static void make_new(void)
{
  fd = open("new", O_RDWR | O_CREAT | O_EXCL, 0600);
  if (write(fd, "some bytes", 10) != 10)
    exit(1);
}

/* clang-format off */
static void write_more(void)     { (void) !write(fd, "more", 4); }
static void write_again(void)    { lseek(fd, 2, SEEK_SET); write_more(); }
static void write_at(void)       { (void) !pwrite(fd, "more", 4, 2); }
static void make_shorter(void)   { (void) !ftruncate(fd, 3); }
/* clang-format on */

static void map_over(void)
{
  mmap(mapped, PAGES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* A child that waits, which is told something. */
static pid_t child;

static void start_child(void)
{
  pid_t parent = getpid();

  child = fork();
  if (child != 0)
    return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* The parent may have ended before the prctl. */
  while (getppid() == parent)
    pause();
  _exit(0);
}

static void with_pipe(void)
{
  int ends[2];

  if (pipe2(ends, O_NONBLOCK) == -1)
    exit(1);
  fd = ends[0];
}

static void with_pipe_to_write(void)
{
  int ends[2];

  if (pipe2(ends, O_NONBLOCK) == -1)
    exit(1);
  fd = ends[1];
}

static char word[8] = "words";
static struct iovec bytes = { word, 5 };

static void with_event(void)
{
  fd = eventfd(1, 0);
}
static void with_timer(void)
{
  fd = timerfd_create(CLOCK_MONOTONIC, 0);
}
static void with_old_file(void)
{
  fd = file();
}
static void with_proc(void)
{
  fd = open("/proc/self/status", O_RDONLY);
}
static void with_semaphore(void)
{
  fd = semget(IPC_PRIVATE, 1, 0600);
}
static void with_process(void)
{
  start_child(), fd = syscall(SYS_pidfd_open, child, 0);
}

static void read_it(void)
{
  (void) !read(fd, word, sizeof word);
}
static void write_it(void)
{
  (void) !write(fd, "\1\0\0\0\0\0\0\0", 8);
}
static void close_it(void)
{
  close(fd);
}
static void write_to_child(void)
{
  process_vm_writev(child, &bytes, 1, &bytes, 1, 0);
}
static void read_of_child(void)
{
  process_vm_readv(child, &bytes, 1, &bytes, 1, 0);
}
static void signal_child(void)
{
  kill(child, 0);
}
static void signal_by_pidfd(void)
{
  syscall(SYS_pidfd_send_signal, fd, SIGCONT, NULL, 0);
}
static void take_from_child(void)
{
  syscall(SYS_pidfd_getfd, fd, 0, 0);
}
static void limit_child(void)
{
  setpriority(PRIO_PROCESS, child, 1);
}
static void name_itself(void)
{
  prctl(PR_SET_NAME, "told");
}
static void be_nice(void)
{
  syscall(SYS_setpriority, 0, 0, 1);
}
static void yield(void)
{
  syscall(SYS_sched_yield);
}
static void set_timer(void)
{
  timerfd_settime(fd, 0, &(struct itimerspec) { { 0, 0 }, { 9, 0 } }, NULL);
}
static void wake(void)
{
  syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}
static void give_pages(void)
{
  vmsplice(fd, &bytes, 1, SPLICE_F_NONBLOCK);
}
static void post(void)
{
  semop(fd, &(struct sembuf) { 0, 1, IPC_NOWAIT }, 1);
  semctl(fd, 0, IPC_RMID);
}

static void remove_semaphore(void)
{
  semctl(fd, 0, IPC_RMID);
}
static void add_key(void)
{
  syscall(SYS_add_key, "user", "told", "x", 1, -2);
}
static void ask_keys(void)
{
  syscall(SYS_keyctl, 0, -2, 0);
}
static void cut_by_name(void)
{
  (void) !truncate("file", 3);
}
static void touch(void)
{
  utimensat(AT_FDCWD, "file", NULL, 0);
}
static void attribute(void)
{
  fsetxattr(fd, "user.told", "x", 1, 0);
}
static void change_mode(void)
{
  fchmod(fd, 0600);
}
static void lock_it(void)
{
  flock(fd, LOCK_EX | LOCK_NB);
}
static void own_it(void)
{
  fcntl(fd, F_SETOWN, child);
}
static void make_room(void)
{
  fcntl(fd, F_SETPIPE_SZ, 65536);
}
static void ask_bytes(void)
{
  ioctl(fd, FIONREAD, word);
}
static void watch(void)
{
  syscall(SYS_inotify_init1, 0);
}
static void catch_faults(void)
{
  syscall(SYS_userfaultfd, 0);
}
static void make_ring(void)
{
  syscall(SYS_io_uring_setup, 1, word);
}
static void share(void)
{
  int segment = syscall(SYS_shmget, IPC_PRIVATE, 4096, 0600);

  shmctl(segment, IPC_RMID, NULL);
}
static void make_memory(void)
{
  syscall(SYS_memfd_create, "told", 0);
}
static void advise_child(void)
{
  syscall(SYS_process_madvise, fd, &bytes, 1, MADV_COLD, 0);
}
static void write_pages(void)
{
  msync(mapped, PAGES, MS_SYNC);
}
static void go_away(void)
{
  syscall(SYS_chdir, "/");
}
static void mask(void)
{
  umask(077);
}
static void old_call(void)
{
  __asm__ volatile("int $0x80" : : "a"(20) : "memory");
}

/* A queue that tells us when something comes: only one process at a time may ask for
 * that, and to close the queue lets the next one. */
static void with_queue(void)
{
  struct sigevent event = { .sigev_notify = SIGEV_NONE };
  char queue[32];

  snprintf(queue, sizeof queue, "/syncdir-outlet.%d", (int) getpid());
  fd = mq_open(queue, O_CREAT | O_EXCL | O_RDONLY, 0600, NULL);
  mq_unlink(queue);
  if (fd == -1 || mq_notify(fd, &event) == -1)
    exit(1);
}

/* A file that the child has a lease of: it is asked before anybody opens it. */
static void with_lease(void)
{
  int ends[2];
  char ready;

  close(file());
  if (pipe(ends) == -1 || (child = fork()) == -1)
    exit(1);
  if (child == 0) {
    int leased = open("file", O_RDWR);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGIO, SIG_DFL);
    if (fcntl(leased, F_SETLEASE, F_WRLCK) == 0)
      (void) !write(ends[1], "r", 1);
    for (;;)
      pause();
  }
  close(ends[1]);
  if (read(ends[0], &ready, 1) != 1)
    exit(1);
}

static void open_leased(void)
{
  (void) !open("file", O_RDONLY | O_NONBLOCK);
}
static void open_proc(void)
{
  (void) !open("/proc/self/status", O_RDONLY);
}
static void wait_no_longer(void)
{
  fcntl(fd, F_SETFL, 0);
}
static void set_alarm(void)
{
  alarm(300);
}
static void map_it(void)
{
  mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
}
static void rename_leased(void)
{
  (void) !rename("file", "moved");
}
static void open_plain(void)
{
  (void) !open("file", O_RDONLY);
}
/* So often that the library asks for leases. */
static void open_often(void)
{
  close(open("plain", O_RDONLY | O_CREAT, 0600));
  for (int i = 0; i < 10; i++) {
    make();
    close(open("plain", O_RDONLY));
    rmdir("one");
  }
}
static void open_often_beside_lease(void)
{
  with_lease();
  open_often();
}
static void open_date(void)
{
  (void) !open("/etc/localtime", O_RDONLY | O_CLOEXEC);
}
static void open_again(void)
{
  (void) !open("plain", O_RDONLY);
}
/* Two more than a batch takes. */
static void leave_descriptors(void)
{
  struct rlimit few = { 102, 102 };

  do
    fd = dup(STDERR_FILENO);
  while (fd != -1 && fd < 95);
  setrlimit(RLIMIT_NOFILE, &few);
}
static void take_descriptors(void)
{
  int taken = 0;

  while (open(".", O_RDONLY) != -1)
    taken++;
  printf("%d\n", taken);
  fflush(stdout);
}
static void open_missing(void)
{
  (void) !open("missing", O_RDWR | O_APPEND);
}
static void open_to_write(void)
{
  (void) !open("file", O_WRONLY);
}

static void do_nothing(int signal)
{
  (void) signal;
}

static void handle(int signal, bool with_all_blocked)
{
  struct sigaction action = { .sa_handler = do_nothing };

  if (with_all_blocked)
    sigfillset(&action.sa_mask);
  sigaction(signal, &action, NULL);
  raise(signal);
}

static void handle_signal(void)
{
  struct sigaction action = { .sa_handler = do_nothing };

  sigaction(SIGUSR1, &action, NULL);
}
static void handle_no_longer(void)
{
  signal(SIGUSR1, SIG_DFL);
}
static void handle_alarm(void)
{
  signal(SIGALRM, do_nothing);
}
static void handle_with_all_blocked(void)
{
  handle(SIGUSR1, true);
}
static void handle_sigsys(void)
{
  handle(SIGSYS, false);
}

/* "other" is where another filesystem is mounted. */
static void with_other(void)
{
  fd = open("other", O_RDONLY | O_DIRECTORY);
  if (fd == -1 || mknodat(fd, "there", S_IFREG | 0600, 0) == -1)
    exit(1);
}
static void make_across(void)
{
  (void) !open("other/new", O_WRONLY | O_CREAT | O_EXCL, 0600);
}
static void make_at_other(void)
{
  (void) !openat(fd, "new", O_WRONLY | O_CREAT | O_EXCL, 0600);
}
static void remove_across(void)
{
  unlink("other/there");
}
static void name_across(void)
{
  (void) !mkdir("other/folder", 0700);
}
static void name_here(void)
{
  (void) !mkdir("folder", 0700);
}

/* Another process has just made the file, and may read what is written there. */
static void with_new_of_child(void)
{
  child = fork();
  if (child == 0)
    _exit(open("new", O_WRONLY | O_CREAT | O_EXCL, 0600) == -1);
  waitpid(child, NULL, 0);
}

static void open_to_append(void)
{
  fd = open("new", O_WRONLY | O_CREAT | O_APPEND, 0600);
  make();
}

/* This program again, whose umask its parent has as well: exec(2) does not part them. */
static int mask_of_two(void *unused)
{
  (void) unused;
  return execl("/proc/self/exe", "outlet", "mask", (char *) NULL);
}

static void share_umask(void)
{
  static char stack[16384];

  child = clone(mask_of_two, stack + sizeof stack, CLONE_FS | SIGCHLD, NULL);
  waitpid(child, NULL, 0);
  _exit(0);
}

static void make_and_leave(void)
{
  close(file());
}

static const struct way {
  const char *name;
  void (*before)(void), (*change)(void), (*tell)(void);
} ways[] = {
  { "unmap", map_locked, make, unmap },
  { "unmap-end", map_locked, make, unmap_end },
  { "shrink", map_locked, make, shrink },
  { "map-over", map_locked, make, map_over },
  { "hole", map_shared, make, hole },
  { "close", lock_new, open_locked, close_locked },
  { "memory", map_memory, make, unmap },
  { "memory-over", map_memory, make, map_over },
  { "memory-less", map_memory, make, shrink },
  { "memory-drop", map_memory, make, drop },
  { "terminal", NULL, make, ask },
  { "append", NULL, make_new, write_more },
  { "in-place", NULL, make_new, write_again },
  { "at-offset", NULL, make_new, write_at },
  { "shorter", NULL, make_new, make_shorter },
  { "wait", with_pipe, make, read_it },
  { "event", with_event, make, write_it },
  { "take-event", with_event, make, read_it },
  { "timer", with_timer, make, set_timer },
  { "read-proc", with_proc, make, read_it },
  { "open-proc", NULL, make, open_proc },
  { "flags", with_old_file, make, wait_no_longer },
  { "flags-of-new", NULL, make_new, wait_no_longer },
  { "alarm", NULL, make, set_alarm },
  { "alarm-handled", handle_alarm, make, set_alarm },
  { "map-proc", with_proc, make, map_it },
  { "new-of-child", with_new_of_child, open_to_append, write_more },
  { "open-plain", make_and_leave, make, open_plain },
  { "open-leased", with_lease, make, open_leased },
  { "rename-leased", with_lease, make, rename_leased },
  { "open-often", open_often, make, open_again },
  { "open-leased-often", open_often_beside_lease, make, open_leased },
  { "close-queue", with_queue, make, close_it },
  { "close-written", with_old_file, make, close_it },
  { "change-mode", with_old_file, make, change_mode },
  { "attribute", with_old_file, make, attribute },
  { "lock", with_old_file, make, lock_it },
  { "cut-by-name", with_old_file, make, cut_by_name },
  { "touch", with_old_file, make, touch },
  { "write-memory", start_child, make, write_to_child },
  { "read-memory", start_child, make, read_of_child },
  { "ask-child", start_child, make, signal_child },
  { "priority", start_child, make, limit_child },
  { "pidfd-signal", with_process, make, signal_by_pidfd },
  { "pidfd-take", with_process, make, take_from_child },
  { "pidfd-advise", with_process, make, advise_child },
  { "name", NULL, make, name_itself },
  { "nice", NULL, make, be_nice },
  { "yield", NULL, make, yield },
  { "wake", NULL, make, wake },
  { "give-pages", with_pipe_to_write, make, give_pages },
  { "own", with_pipe, make, own_it },
  { "make-room", with_pipe, make, make_room },
  { "ask-bytes", with_pipe, make, ask_bytes },
  { "close-pipe", with_pipe, make, close_it },
  { "post", with_semaphore, make, post },
  { "no-semaphore", with_semaphore, make, remove_semaphore },
  { "key", NULL, make, add_key },
  { "ask-keys", NULL, make, ask_keys },
  { "watch", NULL, make, watch },
  { "faults", NULL, make, catch_faults },
  { "ring", NULL, make, make_ring },
  { "share", NULL, make, share },
  { "memory-file", NULL, make, make_memory },
  { "write-pages", map_shared, make, write_pages },
  { "go-away", NULL, make, go_away },
  { "mask", NULL, make, mask },
  { "mask-of-two", share_umask, NULL, NULL },
  { "date", with_lease, make, open_date },
  { "last-descriptors", leave_descriptors, make, take_descriptors },
  { "open-missing", with_lease, make, open_missing },
  { "open-to-write", make_and_leave, make, open_to_write },
  { "handler", NULL, make, handle_signal },
  { "no-handler", handle_signal, make, handle_no_longer },
  { "handler-that-blocks", NULL, make, handle_with_all_blocked },
  { "handler-of-sigsys", NULL, make, handle_sigsys },
  { "make-across", with_other, make, make_across },
  { "make-at-other", with_other, make, make_at_other },
  { "remove-across", with_other, make, remove_across },
  { "name-across", with_other, make, name_across },
  { "name-here", with_other, make, name_here },
  { "old-call", NULL, make, old_call },
};

int main(int count, char **arguments)
{
  if (count > 2)
    fd = open(arguments[2], O_RDONLY);
  for (size_t i = 0; count > 1 && i < sizeof ways / sizeof *ways; i++)
    if (strcmp(arguments[1], ways[i].name) == 0) {
      if (ways[i].before)
        ways[i].before();
      ways[i].change();
      ways[i].tell();
      _exit(0);
    }
  return 2;
}
