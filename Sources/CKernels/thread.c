// glibc declares pthread_setname_np for GNU programs only, which Swift's import is not.
#define _GNU_SOURCE

#include "thread.h"

#include <pthread.h>

void ck_name_this_thread(const char *name) {
#if defined(__APPLE__)
  pthread_setname_np(name);
#else
  pthread_setname_np(pthread_self(), name);
#endif
}
