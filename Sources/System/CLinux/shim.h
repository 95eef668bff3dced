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
#include <sys/auxv.h>

// Gives back to the system what was freed (malloc_trim(3)).
static inline void gw_release_memory(void) { malloc_trim(0); }

// Unmaps the code and constants that were used so far, of the program and its libraries (dl_iterate_phdr(3), madvise(2)):
// what is used again comes back from the page cache. Segments that cannot be written hold nothing of the process's own.
// <link.h> declares this for _GNU_SOURCE only.
#include <link.h>
struct gw_object {
    ElfW(Addr) start;
    const char *name;
    const ElfW(Phdr) *segments;
    ElfW(Half) count;
};
extern int dl_iterate_phdr(int (*)(struct gw_object *, size_t, void *), void *);
static inline int gw_release_segments(struct gw_object *object, size_t size, void *page) {
    for (int index = 0; index < object->count; index++) {
        const ElfW(Phdr) *segment = &object->segments[index];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        ElfW(Addr) start = (object->start + segment->p_vaddr) & ~((ElfW(Addr))(size_t)page - 1);
        madvise((void *)start, object->start + segment->p_vaddr + segment->p_memsz - start, MADV_DONTNEED);
    }
    return 0;
}
static inline void gw_release_code(size_t page) { dl_iterate_phdr(gw_release_segments, (void *)page); }

