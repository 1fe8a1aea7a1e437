#ifndef CKERNELS_THREAD_H
#define CKERNELS_THREAD_H

#include <pthread.h>

/// Names the calling thread as the system lists it; 15 bytes at most on Linux.
void ck_name_this_thread(const char *name);

/// Gives the calling thread the niceness of the process's main thread. On Linux every thread has a niceness of its own
/// and hands it to those it starts; Dispatch sets that of its queues' threads where it may, which it may for root, and
/// a run under `nice` would not be nice.
void ck_take_process_niceness(void);

/// Bytes of the stack of a thread that runs Swift, whatever `ulimit -s` says: a small one would be overrun.
enum { CK_STACK_BYTES = 8 << 20 };

/// Gives every thread that this process starts without saying otherwise such a stack; where the system has
/// no way to do so, they keep its own.
void ck_set_default_stack(void);

/// Starts so many threads with such stacks at once, has them wait for each other, and ends them.
///
/// Returns how many the system gave.
int ck_thread_room(int count);

/// Starts a thread with such a stack that nobody joins. Returns 0, or the system's error.
int ck_start_thread(void *(*body)(void *), void *argument);

#endif
