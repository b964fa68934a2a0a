/* See advice.h. The first line that fits counts, so what is special stands above what is general.
 */
#include "node/advice.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct line {
    const char *part; /* NULL: any */
    enum trust_error error;
    const char *text;
} lines[] = {
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
    {"home", TRUST_NO_FILE, "give --home a directory"},
    {"backup", TRUST_NO_FOUND, "give --restore the path of a backup"},
    {"backup", TRUST_NO_FILE, "give --restore the path of a backup"},
    {"backup", TRUST_FAIL_CORRUPT, "give --restore another backup; the store is as it was"},
    {"backup", TRUST_NO_NETWORK, "set `network` to the backup's"},
    {"backup", TRUST_NO_VERSION, "use the newer program that made this backup"},
    {"api", TRUST_NO_CONFLICT, "move away what stands in the place of the socket"},
    {NULL, TRUST_NO_ROOM, "make room on the disk, then start it again"},
    {NULL, TRUST_NO_PERMISSION, "give the home and its files to the user that runs the node"},
    {NULL, TRUST_NO_FILE,
     "check that what the part reads is a regular file, readable by nobody else"},
    {NULL, TRUST_FAIL_MEMORY, "give the process more memory"},
    {NULL, TRUST_FAIL_IO, "check the disk, then start it again"},
};

const char *advice_for(const char *part, enum trust_error error)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        bool fits = lines[i].part == NULL || strcmp(lines[i].part, part) == 0;
        if (fits && lines[i].error == error)
            return lines[i].text;
    }
    return "report it with this line of the log";
}
