#include "limits.h"

#include <signal.h>
#include <sys/resource.h>

static int64_t limit(int resource) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY) return -1;
  return limit.rlim_cur > INT64_MAX ? -1 : (int64_t)limit.rlim_cur;
}

int64_t ck_process_limit(void) { return limit(RLIMIT_NPROC); }

int64_t ck_address_limit(void) { return limit(RLIMIT_AS); }

int64_t ck_data_limit(void) { return limit(RLIMIT_DATA); }

void ck_ignore_file_limit(void) { signal(SIGXFSZ, SIG_IGN); }
