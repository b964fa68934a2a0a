/*
 * Asserts for our own bugs, never for input. They stay on in release: a node that has lost its
 * invariants must stop, not answer. One condition an assert, so that the message names it.
 */
#ifndef TRUST_BASE_ASSERT_H
#define TRUST_BASE_ASSERT_H

#ifdef NDEBUG
#error "repute keeps its asserts in release builds: do not define NDEBUG"
#endif

#include <assert.h>

#endif
