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
/* What an operator key signs beside records: an order with its arguments, or a pin. On the stack.
 */
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

/* ---- engine ---- */

/* Keys known: as many strangers named in vouches as authors kept. */
#define TRUST_ENGINE_KEYS_MAX (2 * TRUST_AUTHORS_MAX)
/* Registers of all authors: about 180 bytes each in the ledger and 32 in the scorer, 1.8 GB of
 * address space, touched as far as it is used. */
#define TRUST_ENGINE_REGISTERS_MAX 8388608
/* Groups of the configuration, and servers of one: a primary and 15 fallbacks. */
#define TRUST_ENGINE_GROUPS_MAX 256
#define TRUST_ENGINE_GROUP_SERVERS_MAX 16
/* Servers on the board that one user's agents asked for and nobody named: a sixteenth of it, 25 MB
 * when each was called. With more, the one that user asked for the longest ago makes room. */
#define TRUST_ASKER_SERVERS_MAX 4096
/* Lists of them: users are told apart by their number modulo one less; those that meet share one.
 */
#define TRUST_ASKERS_MAX 256
/* Records between arrival and disk: four full frames, 3.2 MB. */
#define TRUST_ENGINE_PENDING_MAX 4096
/* Flags that the operator ignores: a person judged each of them. 16 bytes each in the engine, 340
 * in the node, and a file of 400 KB at most. */
#define TRUST_IGNORED_FLAGS_MAX 1024
/* What servers bring about in one event: 1,024 are looked at in a tick, and a breaker makes at most
 * four transitions at a time; 1.5 MB. What finds no place happens in the next tick. */
#define TRUST_ENGINE_NOTICES_MAX 4096

/* ---- gossip ---- */

/* Links of one node, configured and newcomers: sets of peers are one 64-bit word. */
#define TRUST_PEERS_MAX 64
/* Of these at most so many that nobody listed: the 16 that the link lets in at a time, and some
 * that left and wait. The others are always there for peers that the operator configures or
 * invites. */
#define TRUST_PEERS_NEWCOMERS_MAX 24
/* Authors that one peer may ask for: 33 bytes each on the wire, 2.1 MB for a whole list. */
#define TRUST_INTEREST_PEER_MAX 65536
/* Authors that anybody here asks for: 112 bytes each, 112 MB when full. Half of it is ours whatever
 * the peers ask; a quarter is shared by all of them, a quarter is divided among them evenly. */
#define TRUST_INTEREST_KEYS_MAX 1048576
/* A wish travels this many links from the node whose operator cares: loops of relaying nodes forget
 * a wish that nobody holds any more after as many exchanges. */
#define TRUST_RELAY_HOPS_MAX 4
/* Kept for one configured peer that asks for authors without weight here. */
#define TRUST_RELAY_SIZE_MAX (UINT64_C(64) << 20)
/* Least time between two whole lists of interest to one peer: to ask for one costs 2 bytes. */
#define TRUST_INTEREST_RETELL_MS 20000
/* Least time between two times that we ask for one: what is on its way may still arrive. */
#define TRUST_INTEREST_RESET_MS 5000
/* Links hear of a changed interest after this long, so that one solve makes one change. */
#define TRUST_INTEREST_TELL_MS 1000
/* Between two frames of a whole list, so that it does not fill the link's 64 messages. */
#define TRUST_INTEREST_PACE_MS 10

/* The least record in a list takes 67 bytes: more do not fit a frame. */
#define TRUST_FRAME_RECORDS_MAX 978
/* Head of an author on the wire: 1 + 34 + 9 + 5 + 34 bytes at most. */
#define TRUST_HEAD_SIZE_MAX 83
/* Ranges of one pull: enough to fill an answer with small authors, few enough to keep for each
 * session. */
#define TRUST_PULL_RANGES_MAX 16
/* Room for the header of any frame that carries a list. */
#define TRUST_FRAME_HEADER_SIZE_MAX 128
/* Records of one answer to a pull: the store reads that in well below a millisecond, and two of
 * them are in flight at most. */
#define TRUST_PULL_SIZE_MAX 49152

/* Sync frames out may be this many times the sync frames in, plus a base each round: otherwise a
 * small question is an amplifier. */
#define TRUST_SYNC_FACTOR 4
#define TRUST_SYNC_BASE_SIZE 4096
/* Reconciliations at a time, with one peer and in all: each holds 1.2 MB at most. */
#define TRUST_SESSIONS_PEER_MAX 2
#define TRUST_SESSIONS_MAX 8
/* Of these at most so many that peers opened: the rest is kept for those that we open, which is how
 * we get what we lack whatever the peers do. */
#define TRUST_SESSIONS_THEIRS_MAX 6
/* Authors waiting to be pulled within one reconciliation: 110 KB. The next page of heads is asked
 * for once so few wait that an answer of 64 KiB, 852 heads, has room. */
#define TRUST_SESSION_PULLS_MAX 1024
#define TRUST_SESSION_PULLS_LOW 128
/* A reconciliation without progress ends after this long; what was asked is asked again before. */
#define TRUST_SESSION_IDLE_MS 30000
#define TRUST_SESSION_RETRY_MS 5000
/* One in which no record went either way ends after this long, however busy its pages are: a walk
 * over 65,536 equal heads takes 77 pages, well below it. */
#define TRUST_SESSION_BARREN_MS 120000
/* Where all sessions are taken, one that brought nothing for so long makes room for another peer:
 * longer than a walk without differences takes over a slow link. */
#define TRUST_SESSION_YIELD_MS 10000
/* A page may come again this often while its answer is lost, by the two numbers above: more often
 * is bad manners. */
#define TRUST_SESSION_REPEATS_MAX 6
/* With one peer every 60 s, half of it up or down, so that nodes do not fall into step. */
#define TRUST_SYNC_PERIOD_MS 60000
/* After a link came up the side with the lesser key opens, the other if that did not happen. */
#define TRUST_SYNC_FIRST_MS 200
#define TRUST_SYNC_SECOND_MS 4000
/* How long a reconciliation waits for the peer's interest, without which it would say nothing. */
#define TRUST_SYNC_WAIT_MS 3000
/* After a change of interest, a reconnect or a reconciliation that brought records. */
#define TRUST_SYNC_SOON_MS 2000
/* At least this long between two reconciliations that we open with one peer. */
#define TRUST_SYNC_GAP_MS 5000

/* Records waiting to be pushed: 0.6 MB. A value superseded meanwhile is never sent. */
#define TRUST_PUSH_QUEUE_MAX 1024
#define TRUST_PUSH_DELAY_MS 200
/* Bytes of frames made by one event, and actions of one event: a full frame of records with a
 * verification each, a bye, and room for every link. What does not fit waits for the next event. */
#define TRUST_GOSSIP_BYTES_MAX 1048576
#define TRUST_GOSSIP_ACTIONS_MAX 1280
/* Links that actions are kept free for: each may be told bye and dropped in any event. */
#define TRUST_GOSSIP_ACTIONS_SPARE 128
/* A record too far ahead of our clock is asked for again only if it is due within this long; a
 * later one counts as nothing. A pull that brought nothing is tried again once in as long. */
#define TRUST_FUTILE_MS 3600000
/* Records sent to the verify pool and not yet answered, to refuse their copies; pairs of heads that
 * need no pull or a whole one: 8 bytes each. */
#define TRUST_MEMO_COUNT 16384

/* What one peer may cost. Bytes: more than a core can verify (12 MB/s). Records: duplicates are
 * about 15 times cheaper than firsts. Checks: one core's worth of signatures. Sync: heads compared,
 * about a microsecond each. */
#define TRUST_PEER_BYTES_RATE 16777216
#define TRUST_PEER_BYTES_BURST 33554432
#define TRUST_PEER_RECORDS_RATE 100000
#define TRUST_PEER_RECORDS_BURST 200000
#define TRUST_PEER_CHECKS_RATE 25000
#define TRUST_PEER_CHECKS_BURST 50000
#define TRUST_PEER_SYNC_RATE 100000
#define TRUST_PEER_SYNC_BURST 400000
/* Copies of known records that a peer may push without losing standing: with d links each record
 * rightly comes d - 1 times too often. */
#define TRUST_PEER_DUPLICATES_RATE 5000
#define TRUST_PEER_DUPLICATES_BURST 50000
/* Records of one author a day: all its registers set afresh, twice. */
#define TRUST_AUTHOR_DAY_MAX 8192

/* A peer says hello within 10 s of its link; silent ones are asked every 30 s and left after 90. */
#define TRUST_HELLO_MS 10000
#define TRUST_PING_MS 30000
#define TRUST_SILENCE_MS 90000
/* A peer's clock this far from ours is reported: half of what a record may be ahead. */
#define TRUST_PEER_SKEW_MS 300000
/* The third bad signature within a day bans for a day. */
#define TRUST_BAN_SIGNATURES 3
#define TRUST_BAN_MS 86400000
/* After a connection that ended without fault. */
#define TRUST_RETRY_PLAIN_MS 1000
/* Waiting time told to a peer that is sent away: doubled by each time until the longest. */
#define TRUST_RETRY_MS 10000
#define TRUST_RETRY_MS_MAX 600000
/* node: the store's ring holds a quarter of a second of what two cores can verify, about 12,000
 * changes of 500 bytes; it is touched as far as it was ever filled. */
#define TRUST_STORE_RING_SIZE 8388608
/* node: of it, only for erasing: a full store must hear what makes room. */
#define TRUST_STORE_RING_RESERVE_SIZE 262144
/* node: disk kept back so that a full one can still be erased from: some hundred pages. */
#define TRUST_STORE_SPARE_SIZE 1048576
/* node: changes of one transaction: each may dirty three pages of 4 KiB, 48 MiB in the worst case
 * that no two touch the same page. */
#define TRUST_STORE_BATCH_MAX 4096
/* node: changes that must be committed together. An apply of the ledger needs 4. */
#define TRUST_STORE_GROUP_MAX 64
/* node: a commit waits this long for more, unless someone waits for it, or this much is there. */
#define TRUST_STORE_WINDOW_MS 250
#define TRUST_STORE_WINDOW_SIZE 2097152
/* node: how long a store that is full waits before it tries again. */
#define TRUST_STORE_RETRY_MS 1000
/* node: reader slots of dead processes are looked for this often. */
#define TRUST_STORE_READER_CHECK_MS 60000
/* node: damaged records kept to be looked at, 600 bytes each; further ones are only counted. */
#define TRUST_STORE_DAMAGED_MAX 4096
/* node: records whose ids share their first 8 bytes and their author and seq: making a pair costs
 * 2^32 hashes, making nine more than anyone has. */
#define TRUST_STORE_COLLISIONS_MAX 8
/* node: keys and values of other state: quarantine cells, breaker snapshots, counters. */
#define TRUST_STATE_KEY_SIZE_MAX 64
#define TRUST_STATE_VALUE_SIZE_MAX 4096
/* node: verify jobs queued or ended and not yet polled: 32 records each, 17 KiB a job. */
#define TRUST_VERIFY_JOBS_MAX 64
/* node: operators that one store remembers: each is a change of key that nobody confirmed. */
#define TRUST_OPERATORS_MAX 16
/* node: a log line, and lines a second of one kind; kinds beyond the table share one allowance. */
#define TRUST_LOG_LINE_SIZE 512
#define TRUST_LOG_LINES_A_SECOND 10
#define TRUST_LOG_KINDS_MAX 64

/* --- local API: node/api/ --- */
/* A body but an import's: 64 records in hex are 66 KB, 256 outcomes less. */
#define TRUST_API_BODY_SIZE_MAX 1048576
/* A body on the agents' socket: 256 outcomes of 700 bytes. Every connection has room for one, so
 * nobody's body has to wait for another's: 32 MiB of one user, 64 of all. */
#define TRUST_API_AGENT_BODY_SIZE_MAX 262144
/* A body but an import's is whole within this: both ends are on one machine. */
#define TRUST_API_BODY_S 10
/* Read and thrown away of a refused body, so that its sender still gets the answer. */
#define TRUST_API_DISCARD_SIZE_MAX 67108864
/* A request target: a subject of 200 bytes, each escaped, and a query. */
#define TRUST_API_TARGET_SIZE 2048
#define TRUST_API_SEGMENTS_MAX 8
#define TRUST_API_PARAMS_MAX 8
/* Nesting of a document: the API's own need 3. jansson's parser recurses. */
#define TRUST_API_DEPTH_MAX 16
/* Connections of each socket, 20 KB each: every agent keeps one. */
#define TRUST_API_AGENTS_MAX 256
#define TRUST_API_OPERATORS_MAX 64
/* Connections of one user on the agents' socket: half, so that there is always room for another. */
#define TRUST_API_AGENTS_OF_USER_MAX 128
/* Connections above the bounds for the moment that those who make room need to go. */
#define TRUST_API_SPARE 16
/* A new connection's first head, and any head behind its target, is whole within this: programs do
 * not type. */
#define TRUST_API_HEAD_S 5
/* For so long after connections had to make room the health says so. */
#define TRUST_API_CROWDED_MS 600000
/* Memory of one connection for its request's head. */
#define TRUST_API_HEAD_SIZE_MAX 16384
/* A connection without a request for this long is closed, and one whose answer takes longer:
 * clients connect anew. */
#define TRUST_API_IDLE_S 60
/* Requests that wait for something: a publish, an import, a stream of events. */
#define TRUST_API_HELD_MAX 64
/* Rows of one list. */
#define TRUST_API_ROWS_MAX 1000
/* Pet names and mutes: 400 bytes each, and a file of 600 KB that a person could still read. */
#define TRUST_NAMES_MAX 4096
/* How long a ping is waited for: two round trips around the world, and a busy peer. */
#define TRUST_API_PING_MS 5000
/* Records of one publish. */
#define TRUST_API_RECORDS_MAX 64
/* Leases that are given back when their connection ends: 10 KiB. A few agents probe at a time, for
 * a minute at most. */
#define TRUST_API_LEASES_KEPT 256
/* What one connection may tell of manifests: a guard tells of 16 servers when it starts, and of one
 * when it is started anew. Connections that meet in the table share a place: 12 KiB. */
#define TRUST_API_TELLS_BURST 64
#define TRUST_API_TELLS_A_SECOND 1
#define TRUST_API_TELLERS_MAX 512
/* Tools of one server that are counted. */
#define TRUST_SIGHT_TOOLS_MAX 65535
/* A wall clock this far ahead of what was believed and the time since is in doubt: records are
 * dropped for their age 30 days after their end and more, so a smaller leap alone drops few. */
#define TRUST_CLOCK_LEAP_MS 1209600000
/* A node that runs this long with a clock in doubt believes it: who sets a clock wrong notices
 * within a day. */
#define TRUST_CLOCK_CONFIRM_MS 86400000

/* --- breaker: shield/ --- */
/* An opening's length at most: open_max's own bound; a snapshot that says more is no snapshot. */
#define TRUST_BREAKER_OPEN_MS_MAX 86400000
/* A remaining or spent time in a snapshot: what 47 bits hold, four thousand years, so that no time
 * that follows from it leaves the 48 bits of a lease's end. */
#define TRUST_BREAKER_TIME_MS_MAX 0x7fffffffffff
/* Agents told apart by a shared cell: users or connections of one host; 5 KiB a server that was
 * called. With more, the one silent longest makes room. */
#define TRUST_SHARED_AGENTS_MAX 16
/* An agent that was refused a shared lease comes back within this, or waits no longer. */
#define TRUST_SHARED_ASK_MS 10000
/* Agents that got garbage within this of each other agree; who was silent for longer has no say. An
 * hour: agents pause longer than a breaker's window, and a pause must not leave a liar alone. */
#define TRUST_SHARED_GARBAGE_MS 3600000
/* A replay: leases under a name at a time, a name's length, repeats of one event, the last time
 * (three thousand years); 330 KiB in all. */
#define TRUST_REPLAY_LEASES_MAX 4096
#define TRUST_REPLAY_NAME_SIZE_MAX 64
#define TRUST_REPLAY_REPEAT_MAX 1000000
#define TRUST_REPLAY_T_MS_MAX 100000000000000
/* A line of an event list: every member at its longest takes a tenth of it. */
#define TRUST_REPLAY_LINE_SIZE_MAX 4096

/* --- selection: shield/select.h --- */
/* Candidates that are sorted in 1 KiB of stack; more take the 50 KiB of a full selection. */
#define TRUST_SELECT_SMALL 32
/* A primary's first start is waited for this long: people notice longer ones, npx needs this. */
#define TRUST_SELECT_START_WAIT_MS 2000
/* When something will change soon, but nobody can say when: a probe in flight, a start. */
#define TRUST_SELECT_SOON_MS 1000
/* A vetted fallback has answered something this recently. */
#define TRUST_VETTED_ACTIVE_MS 600000

/* --- board: trust/board.h --- */
/* A live writer beats at least once a second: without two beats it is taken for gone. */
#define TRUST_BOARD_STALE_MS 2000
/* Least time between two attempts to open an abandoned board again: one open and one fstat each. */
#define TRUST_BOARD_RETRY_MS 100

/* --- quarantine: shield/quarantine.h --- */
/* Longest term of a quarantine: by then somebody has looked, or should. */
#define TRUST_QUARANTINE_TERM_MS_MAX 2592000000
/* The rules of our own quarantine at most one server in this many an hour, and at least one: a
 * scanner that goes wrong must not take an agent's tools away. */
#define TRUST_QUARANTINE_CAP_DIVISOR 10
/* A server that nobody named is in use if it answered a call within this. */
#define TRUST_QUARANTINE_IN_USE_MS 2592000000
/* Views of one server (a version of it, and what a client can do) of which the manifest is kept,
 * and agents that are counted for each: 550 bytes a server that was told of. */
#define TRUST_SIGHTS_MAX 4
#define TRUST_SIGHT_AGENTS_MAX 8
/* A change that was told stands so long against agents that say otherwise: as long as suspicion. */
#define TRUST_SIGHT_STANDS_MS 86400000

/* ---- score ---- */

/* Keys that a packed edge can name: 22 bits, beside the 10 of a strength; twice what an engine
 * interns at most. */
#define TRUST_PACKED_KEYS_MAX 4194304
/* Keys of a path from the operator to a rater: a hop keeps at most .7, so behind 39 of them less
 * than 1e-6 is left, which counts as nothing. */
#define TRUST_PATH_KEYS_MAX 40
/* Partial paths of one search for the three strongest; 20 KiB. The weakest are forgotten. */
#define TRUST_PATH_NODES_MAX 512
/* Groups, and places in them, within which latencies are compared: more than the engine's groups
 * have; 192 KiB. */
#define TRUST_OWN_GROUPS_MAX 1024
#define TRUST_OWN_MEMBERS_MAX 8192
/* Own garbage that counts at most, and its half-life: from that bound a cap is at .5 again within
 * 26 hours, as a first quarantine ends within 24. A server that is left out gets no calls that
 * could speak for it. */
#define TRUST_OWN_GARBAGE_MAX 20
#define TRUST_OWN_GARBAGE_HALF_LIFE_MS 21600000
/* Failures wait so long before they are charged: the breakers' default window. */
#define TRUST_UPLINK_WINDOW_MS 30000
/* Unrelated families of servers that are asked about the uplink in one window; 4 KiB of stack. */
#define TRUST_UPLINK_KIN_MAX 256

/* --- the API's shielding resources: node/ --- */
/* Agents are told apart by user while two users called within this time of each other. */
#define TRUST_AGENTS_USERS_MS 600000
/* What an agent calls itself. */
#define TRUST_AGENT_NAME_SIZE_MAX 64
/* Nonces of loosening orders that are out at a time, and how long one is good for: a person types a
 * passphrase meanwhile. */
#define TRUST_NONCES_MAX 16
#define TRUST_NONCE_MS 60000
/* Why the operator gave an order, for the log. */
#define TRUST_REASON_SIZE_MAX 200
/* Seconds that an order on a breaker may hold: a year. */
#define TRUST_ORDER_S_MAX 31536000
/* Outcomes of one request, 40 KB while they are checked, and how long a call can have taken: a day.
 */
#define TRUST_OUTCOMES_MAX 256
#define TRUST_OUTCOME_LATENCY_MS_MAX 86400000
/* Candidates of one selection by the API, and servers that it leaves out. */
#define TRUST_API_CANDIDATES_MAX 64
/* Events kept for those who resume, 0.5 MB, and the JSON of one: a subject, two keys, numbers. */
#define TRUST_EVENTS_MAX 1024
#define TRUST_EVENT_SIZE_MAX 512
/* Readers of events on each socket: every one costs a connection and 1 KB. */
#define TRUST_EVENTS_READERS_MAX 16
/* Silence on a stream of events: only a write tells that its reader is gone. */
#define TRUST_EVENTS_BEAT_MS 15000

/* --- the MCP wire: tools/wire/ --- */
/* Objects and arrays open within each other in one JSON text: one bit each of a 64-bit word. */
#define TRUST_WIRE_DEPTH_MAX 64
/* A message without its newline, and an event: the largest tool results seen are pictures of 1 to
 * 2 MB in base64. */
#define TRUST_WIRE_MESSAGE_SIZE_MAX 4194304
/* Free bytes that a framing buffer offers to each read at least, and what it keeps once it has been
 * emptied: a pipe holds as much. */
#define TRUST_WIRE_ROOM_SIZE 65536
/* Changes to one message on its way through: an id, a token, a name and two members of _meta take
 * twelve; 1 KiB of stack. */
#define TRUST_WIRE_EDITS_MAX 32
/* The id of an event, which is sent back to resume a stream, and its name; held in the parser. */
#define TRUST_WIRE_EVENT_ID_SIZE_MAX 1024
#define TRUST_WIRE_EVENT_NAME_SIZE_MAX 64

/* --- client: client/request.h --- */
/* An answer of the local API: a thousand servers with their flags take a tenth of it. It is kept in
 * memory only as far as it came. */
#define TRUST_REPLY_SIZE_MAX 67108864
/* A path of the local API with its query: two subjects of 200 bytes, all escaped, and a key. */
#define TRUST_REQUEST_PATH_SIZE_MAX 2048
/* A streamed request ends after this long without a byte either way. */
#define TRUST_REQUEST_SILENCE_S 60
/* Until a node takes a connection: its queue is full for moments at most. */
#define TRUST_REQUEST_CONNECT_MS 2000
/* The head of an answer, with those of interim answers before it: the node's have some 200 bytes.
 */
#define TRUST_REPLY_HEAD_SIZE_MAX 16384
/* What is read or written at once; on the stack while a request is under way. */
#define TRUST_REQUEST_PIECE_SIZE 16384

/* --- client: trust/client.h --- */
/* Servers that one agent remembers: twice the candidates of the longest selection, so that none of
 * them makes room for another; 1.2 MB, touched as far as used. Breakers of single tools: two a
 * server on average; 1.8 MB. */
#define TRUST_CLIENT_SERVERS_MAX 2048
#define TRUST_CLIENT_TOOLS_MAX 4096
/* Groups kept of those that the node told of: an agent calls few; 6 KB each. */
#define TRUST_CLIENT_LEARNED_MAX 16
/* Least time between two looks at whether a file has changed. */
#define TRUST_CLIENT_LOOK_MS 1000
/* What the node told of a group, or that it does not show a server, is believed this long. */
#define TRUST_CLIENT_ASK_AGAIN_MS 30000
/* An outstanding attempt at a server whose every breaker is open is given up after this. */
#define TRUST_CLIENT_ATTEMPT_MS 60000
/* Outcomes on their way to the node, 450 bytes each, and of one request: as many as it takes. */
#define TRUST_CLIENT_QUEUE_MAX 1024
#define TRUST_CLIENT_BATCH_MAX 256
/* Older outcomes say nothing of now: two windows. */
#define TRUST_CLIENT_REPORT_AGE_MS 60000
/* A call that took longer than a day is told as one of a day. */
#define TRUST_CLIENT_LATENCY_MS_MAX 86400000
/* Outcomes gather for this long, so that a burst is one request; doubled while nobody listens. */
#define TRUST_CLIENT_GATHER_MS 20
#define TRUST_CLIENT_RETRY_MS_MAX 2000
/* A node that is busy answers a batch within this, or the batch is given up. */
#define TRUST_CLIENT_POST_MS 1000
/* Manifests that the node is still to be told of: a group of 16 for clients of four kinds; and as
 * many that it was told last, 36 KB, touched as far as used. While nothing else waits the node is
 * looked for this often. */
#define TRUST_CLIENT_MANIFESTS_MAX 64
#define TRUST_CLIENT_MANIFEST_RETRY_MS 5000

/* --- configurations of MCP clients: what `repute scan` reads --- */
/* A file: the largest known, which keeps a client's history too, grows to a few MiB. Depth and
 * number of its values: what the parser may recurse and allocate, 100 MB for the worst file. */
#define TRUST_SCAN_FILE_SIZE_MAX 4194304
#define TRUST_SCAN_DEPTH_MAX 64
#define TRUST_SCAN_VALUES_MAX 262144
/* Servers of one file: a client with a tenth of them is unusable. */
#define TRUST_SCAN_SERVERS_MAX 1024
/* Words of one command line, and programs that only start the next one. */
#define TRUST_SCAN_WORDS_MAX 256
#define TRUST_SCAN_WRAPPERS_MAX 8

/* --- the guard's router: tools/guard/ --- */
/* Requests of one client without an answer: all slots of an id but the guard's own. Clients have a
 * handful; 1 KB each, touched as far as used. */
#define TRUST_GUARD_CALLS_MAX 1023
/* Their bytes, kept to send them again. */
#define TRUST_GUARD_HELD_SIZE_MAX 67108864
/* Requests of backends that the client has not answered, and the size of their ids. */
#define TRUST_GUARD_ASKED_MAX 256
#define TRUST_GUARD_RAW_ID_SIZE_MAX 1024
/* Calls whose outcome is unknown, 40 bytes each, and how long the same call is not made again. */
#define TRUST_GUARD_RECALL_MAX 4096
#define TRUST_GUARD_RECALL_MS 300000
/* Members in the arguments of such a call, 32 bytes each while they are put in order: with more
 * they are compared as they were written. */
#define TRUST_GUARD_RECALL_MEMBERS_MAX 65536
/* Tasks and half-answered requests of which it is remembered which backend has them; 40 bytes each,
 * and the oldest is forgotten. */
#define TRUST_GUARD_STICKY_MAX 256
/* What a modern server may want to know for one call of a legacy client at once, and how often:
 * clients of the modern era give up at ten. */
#define TRUST_GUARD_INPUTS_MAX 16
#define TRUST_GUARD_ROUNDS_MAX 16
/* Least time between two notices of the same kind to the client, and between two looks at the lists
 * of one backend. */
#define TRUST_GUARD_NOTICE_MS 1000
/* It doubles for a backend that does not come to rest, up to this: with the largest manifest a look
 * takes a second. */
#define TRUST_GUARD_RELEARN_MS_MAX 30000
/* The longest wait before a stream of notifications that a server ended is opened again. */
#define TRUST_GUARD_LISTEN_MS_MAX 60000
/* Pages of one list of a backend: a list that never ends does. */
#define TRUST_GUARD_PAGES_MAX 64
/* Resources that a client wants to hear of, their URIs, and the name of a log level. */
#define TRUST_GUARD_SUBSCRIPTIONS_MAX 256
#define TRUST_GUARD_URI_SIZE_MAX 4096
#define TRUST_GUARD_LEVEL_SIZE_MAX 64

/* --- the guard's HTTP backends: tools/guard/ --- */
/* Messages under way to one server and streams of it: each may be a connection of its own. */
#define TRUST_GUARD_CONNECTIONS_MAX 128
/* Those that wait for one besides: twice what a client may ask at once, for what is said between.
 */
#define TRUST_GUARD_EXCHANGES_MAX 2048
/* Bytes of its answers that are held at once, before the client takes them. */
#define TRUST_GUARD_ANSWERS_SIZE_MAX 33554432
/* Bytes of a stream that are read ahead: what libcurl hands over at once. */
#define TRUST_GUARD_PIECE_SIZE_MAX 65536
/* What a server calls a session; real ones are UUIDs or tokens of some hundred bytes. And the name
 * of a version: all so far are dates. */
#define TRUST_GUARD_SESSION_ID_SIZE_MAX 1024
#define TRUST_GUARD_HTTP_VERSION_SIZE_MAX 32
/* A header with its name: tokens of 8 KiB have been seen, and a URI in base64 fits. */
#define TRUST_GUARD_HEADER_SIZE_MAX 16384
/* All headers of one answer, and what comes behind its body: as libcurl's bound of a head, which it
 * has for nothing behind. */
#define TRUST_GUARD_HEADERS_SIZE_MAX 307200
/* Redirects of one message, and attempts in a row to resume its stream. */
#define TRUST_GUARD_REDIRECTS_MAX 3
#define TRUST_GUARD_RESUMES_MAX 5
/* The longest wait that a server's Retry-After is believed. */
#define TRUST_GUARD_RETRY_AFTER_MS_MAX 3600000

/* --- the guard's HTTP face: tools/guard/ --- */
/* Sessions of clients at a time, the ending ones included: each may run every server of the group.
 * An agent has one. */
#define TRUST_GUARD_SESSIONS_MAX 32
/* A session of which no request is under way and no stream is open ends after this; when there is
 * no room for another one, the one that has rested longest, after this. Its client begins anew. */
#define TRUST_GUARD_SESSION_IDLE_MS 1800000
#define TRUST_GUARD_SESSION_REST_MS 60000
/* Connections: one a request or stream that is under way. Memory of each for a head, in which a
 * header of TRUST_GUARD_HEADER_SIZE_MAX fits. */
#define TRUST_GUARD_FACE_CONNECTIONS_MAX 256
#define TRUST_GUARD_FACE_HEAD_SIZE_MAX 32768
/* A connection without a request, or whose client neither sends nor takes what it is to, for this
 * long is closed. */
#define TRUST_GUARD_FACE_IDLE_S 60
/* A body that is on its way in for longer makes room for another connection: on one host the
 * longest takes milliseconds. */
#define TRUST_GUARD_FACE_BODY_MS 2000
/* Bodies of requests that are on their way in, of all connections; and what is read and thrown away
 * of one that was refused, so that its sender still gets the answer. */
#define TRUST_GUARD_BODIES_SIZE_MAX 67108864
#define TRUST_GUARD_DISCARD_SIZE_MAX 16777216
/* What waits for one client to take it: two of the longest messages; and of all streams: whose has
 * the most of it is cut. */
#define TRUST_GUARD_STREAM_SIZE_MAX 8650752
#define TRUST_GUARD_STREAMS_SIZE_MAX 67108864
/* What waits of one legacy session before its servers are read no more. */
#define TRUST_GUARD_STREAM_SLOW_SIZE 262144
/* What servers say to a legacy client while it has no stream open for it. */
#define TRUST_GUARD_BACKLOG_SIZE_MAX 262144
/* Silence on a stream: whoever stands between may close what says nothing. */
#define TRUST_GUARD_BEAT_MS 15000
/* Mcp-Param headers of one request, and annotated properties of one tool that are compared with
 * them; a tool has one or two. */
#define TRUST_GUARD_PARAM_HEADERS_MAX 32
#define TRUST_GUARD_PARAM_PROPERTIES_MAX 256
/* Origins that may be listed. */
#define TRUST_GUARD_ORIGINS_MAX 16

/* --- what agents ask over MCP: tools/mcp/ --- */
/* Outcomes that are known to have been told, 16 bytes each: an agent that got no answer tells it
 * again within seconds. */
#define TRUST_MCP_TOLD_MAX 4096
/* Resources watched for one client, 250 bytes and their URI each, and bytes of the id of a stream.
 * How often the board is looked at, and how often the node is asked to show what stands not there.
 */
#define TRUST_MCP_WATCH_MAX 256
#define TRUST_MCP_STREAM_ID_SIZE_MAX 1024
#define TRUST_MCP_POLL_MS 1000
#define TRUST_MCP_SHOW_MS 30000
/* Within which the node answers, or is away; the client waits meanwhile. */
#define TRUST_MCP_ASK_MS 1000
/* At the end, for a client that takes what is left for it. */
#define TRUST_MCP_DRAIN_MS 2000
/* As the command line reads it. */
#define TRUST_MCP_CONFIG_SIZE_MAX 1048576

/* --- what servers offer, and their pins: tools/guard/ --- */
/* All that a server says of itself, in memory once a backend; and tools, prompts or resource
 * templates of one server: the largest known has some hundred tools of 1 KB. */
#define TRUST_MANIFEST_SIZE_MAX 8388608
#define TRUST_MANIFEST_ITEMS_MAX 1024
/* Levels of a tool's input schema that are compared, and pairs of schemas on the way: 80 bytes
 * each. Beyond either the comparison is undecided. */
#define TRUST_COVER_DEPTH_MAX 16
#define TRUST_COVER_PAIRS_MAX 4096
/* Bytes of schemas that are looked at for one server: nine hundred tools of 2 KB, in 130 ms; texts
 * made to be slow take a second. Beyond it the rest is undecided. */
#define TRUST_COVER_WORK_MAX 67108864
/* An output schema: its bytes, its parts of 200 bytes each and its properties while it is made
 * ready, and the parts of all tools of one server that are kept. Beyond them answers are not
 * checked. */
#define TRUST_CONFORM_SCHEMA_SIZE_MAX 262144
#define TRUST_CONFORM_NODES_MAX 1024
#define TRUST_CONFORM_PROPERTIES_MAX 4096
#define TRUST_CONFORM_SERVER_NODES_MAX 16384
/* Bytes of one answer that are looked at, a part again for each level that it lies in: 50 ms. */
#define TRUST_CONFORM_WORK_MAX 16777216
/* Pins of a group: a server counts once for each version and each set of capabilities that clients
 * offer; the one not seen for longest makes room. Tools of one, those included that it no longer
 * has. */
#define TRUST_PINS_ENTRIES_MAX 256
#define TRUST_PINS_TOOLS_MAX 1024
/* Their file, which is read whole: a thousand times the usual one. */
#define TRUST_PINS_FILE_SIZE_MAX 67108864
/* Arguments of one call that goes through a map: as many as are compared with each other. */
#define TRUST_MAP_ARGUMENTS_MAX 256

#endif
