// Threads that compute while the process ends.
#ifndef CKERNELS_EXIT_H
#define CKERNELS_EXIT_H

/// Has `exit` wait, before libraries are taken down, until no thread is between `ck_work_begin` and
/// `ck_work_end` other than in `ck_work_point`, but five seconds at most.
///
/// Whatever is registered with `atexit` afterwards runs before the wait, so this may be called
/// again after a library has registered something of its own; only the first 16 calls count.
void ck_exit_guard(void);

/// Says that the calling thread begins to compute. Does not return once the process ends.
void ck_work_begin(void);

/// A place where the calling thread may stop for good: does not return once the process ends.
void ck_work_point(void);

/// Says that the calling thread computes no longer.
void ck_work_end(void);

#endif
