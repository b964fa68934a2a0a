/* The requests about resources: their lists, reading one, and being told when it changes. */
#ifndef MCP_RESOURCES_H
#define MCP_RESOURCES_H

#include "mcp/request.h"

void resources_list(const struct request *request);
void resources_templates(const struct request *request);
void resources_read(const struct request *request);

/* Legacy. */
void resources_subscribe(const struct request *request);
void resources_unsubscribe(const struct request *request);

/* subscriptions/listen, modern: answered when it ends. */
void resources_listen(const struct request *request);

#endif
