// The limits that a shell sets with `ulimit`, which Swift's import of the system lacks in part.
#ifndef CKERNELS_LIMITS_H
#define CKERNELS_LIMITS_H

#include <stdint.h>

/// Processes and threads that this process's user may have; -1 without a limit.
int64_t ck_process_limit(void);

/// Bytes of addresses that this process may use; -1 without a limit.
int64_t ck_address_limit(void);

/// Bytes of memory of its own that this process may use; -1 without a limit.
int64_t ck_data_limit(void);

/// Files that this process may have open; -1 without a limit.
int64_t ck_file_limit(void);

/// Raises the limit of open files to `most`, or as far as this process may.
void ck_raise_file_limit(int64_t most);

/// The number of files, up to `count` and 64, that can be opened now.
int32_t ck_file_room(int32_t count);

/// Has a file that grows beyond `ulimit -f` be an error of writing, and not the end of the process.
void ck_ignore_file_limit(void);

#endif
