// How a loop is compiled once for each family of processors and chosen when the program is loaded.
#ifndef CKERNELS_TARGET_H
#define CKERNELS_TARGET_H

// Before a function: its plain loops become 512-bit vectors in the clone for x86-64-v4. (Vector
// types would be cut in half there; the attribute that forbids it does not combine with clones.)
#if defined(__x86_64__) && defined(__linux__) && defined(__clang__)
#define CK_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CK_CLONES
#endif

// Before a loop that stays a function of its own, however often it is called.
#define CK_APART __attribute__((noinline))

// For what such a function calls: inlined, it is compiled for each clone too.
#define CK_INLINE static inline __attribute__((always_inline))

#endif
