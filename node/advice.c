/* See advice.h. The first line that fits counts, so what is special stands above what is general.
 */
#include "node/advice.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define MEND_IGNORED                                                                               \
    "mend the line of `ignored` that the log names, or take it out: its flag counts then"

#define MEND_PEERS                                                                                 \
    "mend the line of `peers` that the log names, or move it away and add the peers again"
#define MEND_NAMES                                                                                 \
    "mend the line of `names` that the log names, or move it away: names and mutes are gone then"

struct line {
    const char *part; /* NULL: any */
    enum trust_error error;
    const char *text;
};

static const struct line reasons[] = {
    {"link", TRUST_NO_CONFLICT, "the address is in use"},
    {"link", TRUST_NO_FOUND, "the address is none of this machine's"},
    {"link", TRUST_NO_PERMISSION, "the system does not let this user listen on the port"},
};

static const struct line lines[] = {
    {"node.key", TRUST_NO_FILE,
     "make node.key a regular file of the user that runs the node, mode 0600"},
    {"node.key", TRUST_NO_SYNTAX,
     "put node.key back from a copy; or move it away, and tell the peers the new key"},
    {"operator.pub", TRUST_NO_FILE, "make keys/operator.pub a regular file"},
    {"operator.pub", TRUST_NO_KEY, "put the rpt1... line of `repute key show` into it"},
    {"operator.pub", TRUST_NO_SIZE, "put the rpt1... line of `repute key show` into it"},
    {"store", TRUST_NO_FILE,
     "make store/check.key the store's own again, mode 0600; or reputed --restore a backup"},
    {"store", TRUST_NO_VERSION, "start the newer program that wrote this store"},
    {"store", TRUST_NO_NETWORK, "set `network` to the store's, or give --home another directory"},
    {"store", TRUST_FAIL_CORRUPT, "check the disk, then reputed --restore a backup"},
    {"operators", TRUST_NO_CONFLICT,
     "name the new one first: put its rpt1... line into keys/operator.pub"},
    {"operators", TRUST_NO_ROOM,
     "start it once with --new-operator: it forgets all operators but the present one"},
    {"operators", TRUST_FAIL_CORRUPT, "check the disk, then reputed --restore a backup"},
    {"home", TRUST_NO_FILE, "give --home a directory"},
    {"backup", TRUST_NO_FOUND, "give --restore the path of a backup"},
    {"backup", TRUST_NO_FILE, "give --restore the path of a backup"},
    {"backup", TRUST_FAIL_CORRUPT, "give --restore another backup; the store is as it was"},
    {"backup", TRUST_NO_NETWORK, "set `network` to the backup's"},
    {"backup", TRUST_NO_VERSION, "use the newer program that made this backup"},
    {"link", TRUST_NO_CONFLICT,
     "choose another link.listen in reputed.yaml, or stop the program that listens there"},
    {"link", TRUST_NO_FOUND, "set link.listen to an address of this machine"},
    {"link", TRUST_NO_PERMISSION, "set link.listen to a port of 1024 or above"},
    {"peers", TRUST_NO_FILE, "make `peers` a regular file of the user that runs the node, 0600"},
    {"peers", TRUST_NO_SYNTAX, MEND_PEERS},
    {"peers", TRUST_NO_VERSION, MEND_PEERS},
    {"peers", TRUST_NO_SIZE, MEND_PEERS},
    {"peers", TRUST_NO_ROOM, MEND_PEERS},
    {"names", TRUST_NO_SYNTAX, MEND_NAMES},
    {"names", TRUST_NO_KEY, MEND_NAMES},
    {"names", TRUST_NO_RANGE, MEND_NAMES},
    {"names", TRUST_NO_CONFLICT, MEND_NAMES},
    {"names", TRUST_NO_SIZE, MEND_NAMES},
    {"names", TRUST_NO_ROOM, MEND_NAMES},
    {"names", TRUST_NO_FILE, "make `names` a regular file of the user that runs the node"},
    {"ignored", TRUST_NO_SYNTAX, MEND_IGNORED},
    {"ignored", TRUST_NO_KEY, MEND_IGNORED},
    {"ignored", TRUST_NO_RANGE, MEND_IGNORED},
    {"ignored", TRUST_NO_SUBJECT, MEND_IGNORED},
    {"ignored", TRUST_NO_CONFLICT, MEND_IGNORED},
    {"ignored", TRUST_NO_ROOM, "take lines out of `ignored`: it has more than fit"},
    {"ignored", TRUST_NO_SIZE, "take lines out of `ignored`: it has more than fit"},
    {"api", TRUST_NO_CONFLICT, "move away what stands in the place of the socket"},
    {NULL, TRUST_NO_ROOM, "make room on the disk, then start it again"},
    {NULL, TRUST_NO_PERMISSION, "give the home and its files to the user that runs the node"},
    {NULL, TRUST_NO_FILE,
     "check that what the part reads is a regular file, readable by nobody else"},
    {NULL, TRUST_FAIL_MEMORY, "give the process more memory"},
    {NULL, TRUST_FAIL_IO, "check the disk, then start it again"},
};

static const char *find(const struct line *from, size_t count, const char *part,
                        enum trust_error error)
{
    for (size_t i = 0; i < count; i++) {
        bool fits = from[i].part == NULL || strcmp(from[i].part, part) == 0;
        if (fits && from[i].error == error)
            return from[i].text;
    }
    return NULL;
}

const char *advice_for(const char *part, enum trust_error error)
{
    const char *text = find(lines, sizeof lines / sizeof lines[0], part, error);
    return text == NULL ? "report it with this line of the log" : text;
}

const char *advice_reason(const char *part, enum trust_error error)
{
    const char *text = find(reasons, sizeof reasons / sizeof reasons[0], part, error);
    return text == NULL ? trust_error_text(error) : text;
}
