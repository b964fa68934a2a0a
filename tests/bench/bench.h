/*
 * Times things side by side and prints one line for each.
 *
 * A figure alone says little on an unknown machine, so a line carries a baseline measured in the
 * same run. Rounds of all timings are interleaved: what disturbs the machine disturbs them alike.
 *
 *   name  value unit  baseline  ratio  target
 *
 * ratio is value / baseline. A line that misses its target says so; the program still exits 0.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_ROUNDS 5

/* Does the same operation count times. */
typedef void bench_body(void *context, uint64_t count);

struct bench_timing {
    bench_body *body;
    void *context;
    double ns; /* out: median nanoseconds an operation */
};

/* A ratio or value of 0 in a target means: none. At most one of the four is set. */
struct bench_line {
    const char *name;
    double value;
    const char *unit;
    const char *baseline_name; /* NULL: there is no baseline */
    double baseline;           /* in the same unit */
    double value_at_most, value_at_least, ratio_at_most, ratio_at_least;
};

/* Monotonic nanoseconds. */
uint64_t bench_now_ns(void);

/* Measures each timing in BENCH_ROUNDS interleaved rounds of at least 50 ms. */
void bench_time(struct bench_timing *timings, size_t count);

/* The middle one of count values, which it sorts. */
double bench_median(double *values, size_t count);

void bench_print(const struct bench_line *line);

/* The compiler must produce what value points to and must assume that memory changed. */
static inline void bench_keep(const void *value)
{
    __asm__ volatile("" : : "r"(value) : "memory");
}

#endif
