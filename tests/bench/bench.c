/* See bench.h. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/assert.h"

#define ROUND_NS 50000000u
#define TIMINGS_MAX 16u

uint64_t bench_now_ns(void)
{
    struct timespec now;
    int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    assert(failed == 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t elapsed_ns(const struct bench_timing *timing, uint64_t count)
{
    uint64_t start = bench_now_ns();
    timing->body(timing->context, count);
    return bench_now_ns() - start;
}

/* How many operations fill a round: doubled until they do, which also warms the caches. */
static uint64_t operations_of_a_round(const struct bench_timing *timing)
{
    uint64_t count = 1;
    while (elapsed_ns(timing, count) < ROUND_NS && count < UINT64_C(1) << 40)
        count *= 2;
    return count;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

double bench_median(double *values, size_t count)
{
    assert(count > 0);
    qsort(values, count, sizeof *values, compare);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

void bench_time(struct bench_timing *timings, size_t count)
{
    assert(count <= TIMINGS_MAX);
    uint64_t operations[TIMINGS_MAX];
    double rounds[TIMINGS_MAX][BENCH_ROUNDS];
    for (size_t i = 0; i < count; i++)
        operations[i] = operations_of_a_round(&timings[i]);
    for (size_t round = 0; round < BENCH_ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            uint64_t spent = elapsed_ns(&timings[i], operations[i]);
            rounds[i][round] = (double)spent / (double)operations[i];
        }
    }
    for (size_t i = 0; i < count; i++)
        timings[i].ns = bench_median(rounds[i], BENCH_ROUNDS);
}

/* Four digits, never an exponent: 0.2841, 12.3, 86230. */
static void print_number(double value, int width)
{
    int decimals = value >= 1000 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 4;
    printf("%*.*f", width, decimals, value);
}

static void print_target(double measured, const char *sign, double bound, const char *unit)
{
    int met = sign[0] == '<' ? measured <= bound : measured >= bound;
    printf("  %s ", sign);
    print_number(bound, 0);
    printf(" %s: %s", unit, met ? "met" : "MISSED");
}

void bench_print(const struct bench_line *line)
{
    double ratio = line->baseline_name == NULL ? 0 : line->value / line->baseline;
    printf("%-44s ", line->name);
    print_number(line->value, 10);
    printf(" %-10s", line->unit);
    if (line->baseline_name != NULL) {
        printf("  %s ", line->baseline_name);
        print_number(line->baseline, 0);
        printf("  ratio ");
        print_number(ratio, 0);
    }
    if (line->value_at_most > 0)
        print_target(line->value, "<=", line->value_at_most, line->unit);
    if (line->value_at_least > 0)
        print_target(line->value, ">=", line->value_at_least, line->unit);
    if (line->ratio_at_most > 0)
        print_target(ratio, "<=", line->ratio_at_most, "x");
    if (line->ratio_at_least > 0)
        print_target(ratio, ">=", line->ratio_at_least, "x");
    printf("\n");
    fflush(stdout);
}
