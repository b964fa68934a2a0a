// The official SDK, version 1.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema }
    from "@modelcontextprotocol/sdk/types.js";

import { drive } from "./drive.mjs";

const SCHEMAS = {
    "sampling/createMessage": CreateMessageRequestSchema,
    "elicitation/create": ElicitRequestSchema,
    "roots/list": ListRootsRequestSchema,
};

await drive({
    Client,
    StdioClientTransport,
    answer: (client, method, handler) => client.setRequestHandler(SCHEMAS[method], handler),
    invoke: (client, { method, params }, options) => (method === "callTool"
        ? client.callTool(params, undefined, options)
        : method === "ping" ? client.ping(options) : client[method](params ?? undefined, options)),
});
