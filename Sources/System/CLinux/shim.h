// What `import Glibc` leaves out: it is built without _GNU_SOURCE.
#pragma once
#include <sys/socket.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/file.h>
extern int accept4(int, struct sockaddr *, socklen_t *, int);
#include <sys/resource.h>
extern int prlimit(int, int, const struct rlimit *, struct rlimit *);
extern void *memmem(const void *, size_t, const void *, size_t);
static const unsigned GW_EPOLLIN = 1, GW_EPOLLOUT = 4, GW_EPOLLERR = 8, GW_EPOLLHUP = 0x10, GW_EPOLLRDHUP = 0x2000;
static const int GW_SOCK_NONBLOCK = 04000, GW_SOCK_CLOEXEC = 02000000, GW_MSG_NOSIGNAL = 0x4000;
extern int pthread_setname_np(unsigned long, const char *);
extern unsigned long pthread_self(void);
static inline void gw_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
static const int GW_EPOLL_CLOEXEC = 02000000, GW_EFD_NONBLOCK = 04000, GW_EFD_CLOEXEC = 02000000;
#include <malloc.h>

// Gives back to the system what was freed (malloc_trim(3)).
static inline void gw_release_memory(void) { malloc_trim(0); }

