#ifndef CKERNELS_THREAD_H
#define CKERNELS_THREAD_H

/// Names the calling thread as the system lists it; 15 bytes at most on Linux.
void ck_name_this_thread(const char *name);

#endif
