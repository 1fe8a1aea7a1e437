// How functions of a loop that is compiled for several instruction sets become part of it or stay apart.
#ifndef CKERNELS_TARGET_H
#define CKERNELS_TARGET_H

// Before a loop that stays a function of its own, however often it is called.
#define CK_APART __attribute__((noinline))

// For what such a function calls: inlined, it is compiled for each set, too.
#define CK_INLINE static inline __attribute__((always_inline))

#endif
