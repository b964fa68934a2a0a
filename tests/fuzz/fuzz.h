/* The entry point of a fuzz target, as libFuzzer and replay.c call it. It returns 0 and may keep
 * nothing of data, which ends where its memory ends. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
