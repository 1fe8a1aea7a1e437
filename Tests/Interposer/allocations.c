// Counts heap allocations by who asked for them: preload it, and read the file that
// ALLOCATION_COUNTS names after the program has ended.
//
// An allocation is oneDNN's if the call that asked for it, of malloc or of C++'s new, stands in
// oneDNN's code. Everything else counts as the program's, whichever library it went through.
#define _GNU_SOURCE

#include <link.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_long program_count, onednn_count;
static ElfW(Addr) onednn_first, onednn_last;

static void count(const void *caller) {
  const ElfW(Addr) address = (ElfW(Addr))caller;
  const int is_onednn = address >= onednn_first && address < onednn_last;
  atomic_fetch_add(is_onednn ? &onednn_count : &program_count, 1);
}

#define COUNT count(__builtin_return_address(0))

void *malloc(size_t bytes) {
  COUNT;
  return __libc_malloc(bytes);
}

void *calloc(size_t elements, size_t bytes) {
  COUNT;
  return __libc_calloc(elements, bytes);
}

void *realloc(void *memory, size_t bytes) {
  COUNT;
  return __libc_realloc(memory, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  COUNT;
  return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  COUNT;
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  COUNT;
  *memory = __libc_memalign(alignment, bytes);
  return *memory ? 0 : 12;
}

// C++'s `new`, `new[]` and their forms that return null, which would call malloc from their library.
void *_Znwm(size_t bytes) {
  COUNT;
  return __libc_malloc(bytes);
}

void *_Znam(size_t bytes) {
  COUNT;
  return __libc_malloc(bytes);
}

void *_ZnwmRKSt9nothrow_t(size_t bytes, const void *tag) {
  (void)tag;
  COUNT;
  return __libc_malloc(bytes);
}

void *_ZnamRKSt9nothrow_t(size_t bytes, const void *tag) {
  (void)tag;
  COUNT;
  return __libc_malloc(bytes);
}

static int note_onednn(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  (void)context;
  const char *name = strrchr(object->dlpi_name, '/');
  if (!name || strncmp(name + 1, "libdnnl", 7) != 0) return 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
    onednn_first = object->dlpi_addr + segment->p_vaddr;
    onednn_last = onednn_first + segment->p_memsz;
  }
  return 1;
}

__attribute__((constructor)) static void begin(void) { dl_iterate_phdr(note_onednn, NULL); }

static void report(void) {
  const char *path = getenv("ALLOCATION_COUNTS");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld %ld\n", program_count, onednn_count);
  fclose(file);
}

// How the program leaves: no destructor runs then.
_Noreturn void _exit(int status) {
  report();
  for (;;) syscall(SYS_exit_group, status);
}
