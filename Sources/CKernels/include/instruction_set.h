#ifndef CKERNELS_INSTRUCTION_SET_H
#define CKERNELS_INSTRUCTION_SET_H

// The name of the clone of each loop that this processor runs, such as x86-64-v4 (target.h).
const char *ck_instruction_set(void);

#endif
