// The official SDK, version 2.
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { drive } from "./drive.mjs";

await drive({
    Client,
    StdioClientTransport,
    answer: (client, method, handler) => client.setRequestHandler(method, handler),
    invoke: (client, { method, params }, options) => (
        method === "ping" ? client.ping(options) : client[method](params ?? undefined, options)),
});
