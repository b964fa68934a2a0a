/*
 * Every bound of the project: its value, its reason and what it costs in memory at most.
 * A bound that is part of the protocol is quoted in docs/reference/limits.md.
 */
#ifndef TRUST_BASE_LIMITS_H
#define TRUST_BASE_LIMITS_H

/* A record: the longest rating (two 200-byte fields, a key, numbers) fits with room to spare, and
 * a core that verifies 25,000 a second takes in 12 MB/s at most. */
#define TRUST_RECORD_SIZE_MAX 512
/* A signature, a version-1 array header and one byte of body: anything shorter is no record. */
#define TRUST_RECORD_SIZE_MIN 65
#define TRUST_SIGNATURE_SIZE 64

/* A subject with its prefix: MCP registry names are at most 200 characters. */
#define TRUST_SUBJECT_SIZE_MAX 200
/* Each of the two subjects of an alias, so that the record stays below its 512 bytes. */
#define TRUST_ALIAS_SUBJECT_SIZE_MAX 190
#define TRUST_VERSION_SIZE_MAX 64
#define TRUST_RULE_SIZE_MAX 48
/* What an operator key signs beside records: an order with its arguments, or a pin. On the stack. */
#define TRUST_STATEMENT_SIZE_MAX 1024

/* A record may be this far ahead of our clock: clocks drift, and its seq is its time. */
#define TRUST_SKEW_S 600
/* Longest life of a statement: two years. */
#define TRUST_LIFE_S_MAX 63072000
/* A register keeps its place this long beyond its record's longest life. */
#define TRUST_PLACE_EXTRA_S 2592000

/* Registers kept of one author, vouches and others: a graph bomb ends here. */
#define TRUST_AUTHOR_VOUCHES_MAX 1024
#define TRUST_AUTHOR_OTHERS_MAX 3072

/* Authors and servers a node can know. */
#define TRUST_AUTHORS_MAX 1048576
#define TRUST_SERVERS_MAX 1048576

/* A gossip frame and a message on the socketpair between link and core. */
#define TRUST_FRAME_SIZE_MAX 65536
/* Records verified as one job: large enough to amortise a wake-up, small enough for latency. */
#define TRUST_VERIFY_BATCH 32

/* Slots of the board: servers in groups or asked for; 256 bytes each, 16 MiB in all. */
#define TRUST_BOARD_SLOTS_MAX 65536

/* Candidates of one selection and subjects of one score request. */
#define TRUST_CANDIDATES_MAX 1024
#define TRUST_BATCH_SUBJECTS_MAX 64

/* A pet name, a group's name and a tool's name in the configuration and the local API. */
#define TRUST_PETNAME_SIZE_MAX 64
#define TRUST_GROUP_NAME_SIZE_MAX 64
#define TRUST_TOOL_NAME_SIZE_MAX 128

/* --- key file: record/keyfile.h --- */
/* What a person calls the key: a line on a screen. */
#define TRUST_KEYFILE_LABEL_SIZE_MAX 64
/* Costs that a key file may ask for: up to libsodium's SENSITIVE (4 passes, 1 GiB), so that a file
 * from elsewhere cannot take the machine's memory or an hour of a core. */
#define TRUST_KEYFILE_OPS_MAX 8
#define TRUST_KEYFILE_MEMORY_KIB_MAX 1048576

#endif
