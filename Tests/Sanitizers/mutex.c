// Tells the thread sanitizer of contended locks of Synchronization.Mutex.
//
// An uncontended lock is an atomic exchange in the code of the program, which the sanitizer sees. A contended one is a
// futex of the kernel in libswiftSynchronization.so, which the toolchain ships without instrumentation: the sanitizer
// takes it for no lock and reports a race between any two holders. These functions stand before those of the library,
// call them, and say what they did. Nothing is suppressed: a race beside a lock is reported as before. Linked by
// `make sanitize` alone; `nm -D` of the library shows the names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

// Methods of Swift: `self`, the word of the lock, is in the register of the context.
#define METHOD __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *word

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

static void *find(void *_Atomic *place, const char *name) {
    void *found = *place;
    if (!found) {
        found = dlsym(RTLD_NEXT, name);
        if (!found) abort();
        *place = found;
    }
    return found;
}

METHOD void lock(uint32_t thread, SELF) __asm__(LOCK);
METHOD void lock(uint32_t thread, SELF) {
    static void *_Atomic next;
    ((METHOD void (*)(uint32_t, SELF))find(&next, LOCK))(thread, word);
    __tsan_acquire(word);
}

METHOD bool try_lock(SELF) __asm__(TRY_LOCK);
METHOD bool try_lock(SELF) {
    static void *_Atomic next;
    bool is_locked = ((METHOD bool (*)(SELF))find(&next, TRY_LOCK))(word);
    if (is_locked) __tsan_acquire(word);
    return is_locked;
}

METHOD void unlock(SELF) __asm__(UNLOCK);
METHOD void unlock(SELF) {
    static void *_Atomic next;
    __tsan_release(word);
    ((METHOD void (*)(SELF))find(&next, UNLOCK))(word);
}
