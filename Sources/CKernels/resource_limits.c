#include "resource_limits.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static int64_t limit(int resource) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY) return -1;
  return limit.rlim_cur > INT64_MAX ? -1 : (int64_t)limit.rlim_cur;
}

int64_t ck_process_limit(void) { return limit(RLIMIT_NPROC); }

int64_t ck_address_limit(void) { return limit(RLIMIT_AS); }

int64_t ck_data_limit(void) { return limit(RLIMIT_DATA); }

int64_t ck_file_limit(void) { return limit(RLIMIT_NOFILE); }

void ck_raise_file_limit(int64_t most) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= (rlim_t)most) return;
  limit.rlim_cur = limit.rlim_max < (rlim_t)most ? limit.rlim_max : (rlim_t)most;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int32_t ck_file_room(int32_t count) {
  int files[64];
  int32_t opened = 0;
  while (opened < count && opened < 64 && (files[opened] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) opened++;
  for (int32_t i = 0; i < opened; i++) close(files[i]);
  return opened;
}

void ck_ignore_file_limit(void) { signal(SIGXFSZ, SIG_IGN); }
