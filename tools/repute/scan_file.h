/* One configuration of a client: its state and its servers, as rows of the scan's document. */
#ifndef REPUTE_SCAN_FILE_H
#define REPUTE_SCAN_FILE_H

#include <jansson.h>

#include "repute/clients.h"

/*
 * Reads the file and appends a row to files and one for each of its servers to servers. A file that
 * cannot be read, or not whole, is a row that says why; so is one that is not there, if is_named: a
 * place where a client only might keep a file is then left out. TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error scan_file_read(json_t *files, json_t *servers,
                                               const struct clients_place *place, bool is_named);

#endif
