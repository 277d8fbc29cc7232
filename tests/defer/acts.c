/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that does COUNT things by chance, in the empty directory where it starts,
 * and tells at its end what each of them returned.
 *
 *   acts SEED COUNT [raw]
 *
 * The same SEED does the same things, whatever library is preloaded.  Most of them
 * change a name or a file; between them it tells the world that it goes on, in as many
 * ways as there are.  In one file, because each is a few lines, and one switch chooses
 * among them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t chance;

static unsigned below(unsigned limit)
{
  chance ^= chance << 13;
  chance ^= chance >> 7;
  chance ^= chance << 17;
  return (chance >> 11) % limit;
}

/* What has happened, kept in memory: to write it down would be to tell. */
static char *story;
static size_t told;

static void note(const char *what, long result)
{
  told += sprintf(story + told, "%s %ld %d\n", what, result, result < 0 ? errno : 0);
}

/* One of a few names, some of them in directories that come and go. */
static char *name(void)
{
  static char names[4][24];
  static int next;
  char *chosen = names[next++ % 4];

  sprintf(chosen, "%s%c", below(3) ? "" : below(2) ? "d/" : "e/", 'a' + (int) below(12));
  return chosen;
}

enum { FILES = 6 };
static int files[FILES] = { -1, -1, -1, -1, -1, -1 };
static int pipe_in, pipe_out, sockets[2];
static volatile sig_atomic_t alarms;

static int some_file(void)
{
  return files[below(FILES)];
}

static void keep(const char *what, int fd)
{
  int *place = &files[below(FILES)];

  note(what, fd);
  if (fd < 0)
    return;
  if (*place >= 0)
    note("close", close(*place));
  *place = fd;
}

static void on_alarm(int signal)
{
  (void) signal;
  alarms++;
}

/* A handler that changes a name and tells. */
static void on_usr1(int signal)
{
  (void) signal;
  mkdir("signalled", 0700);
  write(pipe_out, "s", 1);
  rmdir("signalled");
}

static void *in_thread(void *path)
{
  long made = mkdir(path, 0700);

  write(pipe_out, "t", 1);
  return (void *) made;
}

static void do_thread(void)
{
  pthread_t thread;
  void *result = NULL;

  note("pthread_create", pthread_create(&thread, NULL, in_thread, name()));
  note("mkdir", mkdir("beside", 0700));
  note("rmdir", rmdir("beside"));
  pthread_join(thread, &result);
  note("in thread", (long) result);
}

static void do_child(pid_t child)
{
  int status = 0;

  if (child == 0)
    _exit(mkdir("d/child", 0700) == 0 ? 3 : 4);
  waitpid(child, &status, 0);
  note("child", WEXITSTATUS(status));
  note("rmdir", rmdir("d/child"));
}

static void do_mask(void)
{
  sigset_t all, before;

  sigfillset(&all);
  note("sigprocmask", sigprocmask(SIG_BLOCK, &all, &before));
  note("link", link(name(), name()));
  note("SIGSYS blocked", sigismember(&before, SIGSYS));
  note("sigprocmask", sigprocmask(SIG_SETMASK, &before, NULL));
}

static void do_sigsys(void)
{
  struct sigaction own = { .sa_handler = on_alarm }, before;
  int seen = alarms;

  note("sigaction", sigaction(SIGSYS, &own, &before));
  note("SIGSYS was", before.sa_handler == SIG_DFL);
  note("mkdir", mkdir(name(), 0700));
  note("raise", raise(SIGSYS));
  note("handled", alarms - seen);
  note("sigaction", sigaction(SIGSYS, &before, NULL));
}

static void do_shared(void)
{
  char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  note("mmap", shared == MAP_FAILED ? -1 : 0);
  note("symlink", symlink("nowhere", name()));
  *shared = 1;
  note("munmap", munmap(shared, 4096));
}

static void do_mapped_file(void)
{
  int fd = some_file();
  char *bytes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

  note("mmap of a file", bytes == MAP_FAILED ? -1 : 0);
  if (bytes != MAP_FAILED)
    munmap(bytes, 4096);
}

static void do_stream(void)
{
  char line[16] = "";
  FILE *stream = fopen(name(), below(2) ? "w" : "a+");

  note("fopen", stream ? fileno(stream) : -1);
  if (!stream)
    return;
  note("fprintf", fprintf(stream, "%u\n", below(1000)));
  rewind(stream);
  note("fgets", fgets(line, sizeof line, stream) ? atoi(line) : 0);
  note("fclose", fclose(stream));
}

static void do_temporary(void)
{
  char path[] = "temporary.XXXXXX";

  keep("mkstemp", mkstemp(path));
  note("unlink", unlink(path));
}

static void do_pipe(void)
{
  char bytes[16];

  note("write to a pipe", write(pipe_out, "tell", 4));
  note("mkdir", mkdir(name(), 0700));
  note("read from a pipe", read(pipe_in, bytes, 4));
}

static void do_sockets(void)
{
  struct iovec bytes = { "hello", 5 };
  char back[8];

  note("writev to a socket", writev(sockets[0], &bytes, 1));
  note("rename", rename(name(), name()));
  note("recv", recv(sockets[1], back, sizeof back, 0));
}

static void do_splice(void)
{
  char back[8];

  note("lseek", lseek(some_file(), 0, SEEK_SET));
  note("sendfile", sendfile(sockets[0], some_file(), &(off_t) { 0 }, 4));
  note("recv", recv(sockets[1], back, sizeof back, MSG_DONTWAIT));
}

static void do_locks(void)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = some_file();

  note("flock", flock(fd, LOCK_EX));
  note("unlink", unlink(name()));
  note("unlock", flock(fd, LOCK_UN));
  note("fcntl", fcntl(fd, F_SETLK, &lock));
}

static void do_question(void)
{
  struct stat st = { 0 };
  char target[32];

  note("stat", stat(name(), &st));
  note("fstat", fstat(some_file(), &st));
  note("its size", S_ISREG(st.st_mode) ? (long) st.st_size : 0);
  note("readlink", readlink(name(), target, sizeof target));
  note("access", access(name(), R_OK));
  note("isatty", isatty(some_file()));
  note("F_GETFL", fcntl(some_file(), F_GETFL));
}

static void do_descriptor(void)
{
  int fd = dup(some_file());

  note("dup", fd);
  note("dup2", dup2(fd, 100));
  note("fstat of it", fcntl(100, F_GETFD));
  note("mknod", mknod(name(), S_IFSOCK | 0600, 0));
  note("close", close(100));
  note("close again", close(100));
  note("close", close(fd));
}

static void do_write(void)
{
  char bytes[5000];
  int fd = some_file();
  unsigned length = below(2) ? below(20) : below(sizeof bytes);

  memset(bytes, 'a' + (int) below(26), sizeof bytes);
  note("write", write(fd, bytes, length));
}

static void do_in_place(void)
{
  int fd = some_file();

  note("pwrite", pwrite(fd, "in place", 8, below(3) * 4));
  note("lseek", lseek(fd, below(8), SEEK_SET));
  note("ftruncate", below(4) ? 0 : ftruncate(fd, below(10)));
}

static void do_metadata(void)
{
  int fd = some_file();

  note("fchmod", fchmod(fd, 0600 | below(0100)));
  note("chmod", chmod(name(), 0700));
  note("futimens", futimens(fd, NULL));
  note("utimensat", utimensat(AT_FDCWD, name(), NULL, 0));
  note("truncate", truncate(name(), below(9)));
}

static void do_allocate(void)
{
  note("fallocate", fallocate(some_file(), 0, 0, below(3000) + 1));
  note("copy_file_range", copy_file_range(some_file(), &(off_t) { 0 }, some_file(), NULL, 64, 0));
}

static void do_bad(void)
{
  note("rename", rename((char *) 8, name()));
  note("open", open((char *) 8, O_CREAT | O_WRONLY, 0600));
  note("link", link("", name()));
  note("mkdir", mkdir("/proc/none", 0700));
  note("open in memory", open("/dev/shm/none/x", O_CREAT | O_WRONLY, 0600));
  note("write", write(-1, "x", 1));
  note("an unknown call", syscall(5000));
}

/* Nobody makes these durable: only for those who look whether all is as ever. */
static bool raw;

static void do_raw(void)
{
  if (!raw)
    return;
  note("raw rename", syscall(SYS_renameat2, AT_FDCWD, name(), AT_FDCWD, name(), 0));
  note("raw mkdir", syscall(SYS_mkdirat, AT_FDCWD, name(), 0700));
}

/* A system call that is not libc's leaves errno alone. */
static void do_bare(void)
{
  long result = SYS_mkdir;

  if (!raw)
    return;
  note("link", link(name(), name()));
  errno = 77;
#ifdef __x86_64__
  __asm__ volatile("syscall"
                   : "+a"(result)
                   : "D"("missing/missing"), "S"(0700L)
                   : "rcx", "r11", "memory");
#endif
  note("bare mkdir", result);
  note("errno", errno == 77);
}

/* Files with numbers that a batch might take. */
static void do_numbers(void)
{
  char file[] = "numbers/0";
  int fds[4];

  note("mkdir", mkdir("numbers", 0700));
  for (int i = 0; i < 4; i++) {
    file[8] = '0' + i;
    note("number", fds[i] = open(file, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    note("unlink", unlink(file));
  }
  for (int i = 0; i < 4; i++)
    note("its flags", fcntl(fds[i], F_GETFD));
  for (int i = 0; i < 4; i++)
    note("close", close(fds[i]));
  note("rmdir", rmdir("numbers"));
}

static void do_time(void)
{
  struct itimerval soon = { { 0, 0 }, { 0, 1 } };
  sigset_t mask, before;

  sigemptyset(&mask);
  sigaddset(&mask, SIGALRM);
  sigprocmask(SIG_BLOCK, &mask, &before);
  alarms = 0;
  setitimer(ITIMER_REAL, &soon, NULL);
  note("mkdir", mkdir(name(), 0700));
  while (alarms == 0)
    sigsuspend(&before);
  sigprocmask(SIG_SETMASK, &before, NULL);
  note("alarms", alarms);
}

static void do_own_state(void)
{
  struct sigaction own = { .sa_handler = on_alarm }, before;
  int seen = alarms;

  note("umask", umask(below(2) ? 022 : 077));
  note("mkdir", mkdir(name(), 0777));
  if (below(2))
    sigfillset(&own.sa_mask);
  note("sigaction", sigaction(SIGUSR2, &own, &before));
  note("SIGUSR2 was", before.sa_handler == on_alarm);
  note("rmdir", rmdir(name()));
  note("raise", raise(SIGUSR2));
  note("handled", alarms - seen);
  sigemptyset(&own.sa_mask);
  note("sigaction", sigaction(SIGUSR2, &own, NULL));
  note("no signal", sigaction(65, &own, NULL));
  note("no file", open("missing/missing", O_RDWR));
}

static void act(unsigned which)
{
  switch (which) {
    case 0 ... 5: keep("open", open(name(), O_CREAT | O_EXCL | O_RDWR, 0600)); break;
    case 6 ... 7:
      keep("open", open(name(), O_CREAT | O_RDWR | (below(2) ? O_TRUNC : O_APPEND), 0600));
      break;
    case 8: keep("open", open(name(), O_RDONLY | O_NONBLOCK)); break;
    case 9 ... 12: note("link", link(name(), name())); break;
    case 13 ... 16: note("rename", rename(name(), name())); break;
    case 17 ... 19: note("unlink", unlink(name())); break;
    case 20: note("mkdir", mkdir(below(2) ? "d" : "e", 0700)); break;
    case 21: note("rmdir", rmdir(name())); break;
    case 22: note("symlink", symlink(name(), name())); break;
    case 23 ... 28: do_write(); break;
    case 29 ... 31: note("fsync", fsync(some_file())); break;
    case 32: do_stream(); break;
    case 33: do_temporary(); break;
    case 34: do_question(); break;
    case 35: do_pipe(); break;
    case 36: do_sockets(); break;
    case 37: do_splice(); break;
    case 38: do_locks(); break;
    case 39: do_descriptor(); break;
    case 40: do_in_place(); break;
    case 41: do_metadata(); break;
    case 42: do_allocate(); break;
    case 43: do_bad(); break;
    case 44: do_raw(); break;
    case 45: do_child(fork()); break;
    case 46: do_child(vfork()); break;
    case 47: do_thread(); break;
    case 48: do_mask(); break;
    case 49: do_sigsys(); break;
    case 50: do_shared(); break;
    case 51: do_mapped_file(); break;
    case 52: note("raise", raise(SIGUSR1)); break;
    case 53: do_time(); break;
    case 54: do_own_state(); break;
    case 55: do_bare(); break;
    case 56: do_numbers(); break;
  }
}

int main(int count, char **arguments)
{
  int ends[2];
  long acts;

  if (count < 3)
    return 2;
  raw = count > 3;
  chance = strtoull(arguments[1], NULL, 10) * 0x9E3779B97F4A7C15U + 1;
  acts = atol(arguments[2]);
  story = malloc(acts * 512 + 4096);
  signal(SIGALRM, on_alarm);
  signal(SIGUSR1, on_usr1);
  signal(SIGPIPE, SIG_IGN);
  if (!story || pipe(ends) == -1 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == -1)
    return 1;
  pipe_in = ends[0];
  pipe_out = ends[1];
  fcntl(pipe_out, F_SETFL, O_NONBLOCK);
  for (int i = 0; raw && i < 93; i++)
    dup(pipe_in);
  mkdir("d", 0700);
  for (long i = 0; i < acts; i++)
    act(below(57));
  fwrite(story, told, 1, stdout);
  return 0;
}
