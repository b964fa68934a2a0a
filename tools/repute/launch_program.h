/*
 * The launchers that are known, each with the options it takes before the name of what it runs.
 * To add one: a row in the table of launch_program.c, its options, and lines in its test.
 */
#ifndef REPUTE_LAUNCH_PROGRAM_H
#define REPUTE_LAUNCH_PROGRAM_H

#include "repute/launch_words.h"

enum launch_runner {
    LAUNCH_RUN_NPM,
    LAUNCH_RUN_PYPI,
    LAUNCH_RUN_IMAGE,
    LAUNCH_RUN_GO,
    LAUNCH_RUN_NUGET,
    LAUNCH_RUN_SCRIPT, /* a file of JavaScript, or "npm:..." */
    LAUNCH_RUN_GAP,    /* known to name nothing: gap says why */
};

struct launch_program {
    const char *name;
    const char *verbs[2]; /* the words that must follow; NULL: none */
    enum launch_runner runner;
    enum launch_gap gap;
    const struct launch_option *before;  /* options before the verbs; NULL: none */
    const struct launch_option *options; /* behind them */
};

/* The name of a program without folder and suffix, in out_name; false: too long for any of ours. */
bool launch_program_name(char out_name[32], const char *command);

/* The program that the words begin with, verbs included, which are then taken. NULL: unknown. */
const struct launch_program *launch_program_find(struct launch_words *words);

#endif
