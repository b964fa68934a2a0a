// The client that the conformance suite starts with the address of its server: it does what the
// scenario asks for, on the official SDK. With GUARD, words of a command, it does so through that.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport }
    from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const SCENARIOS = {
    initialize: async () => {},
    tools_call: (client) => client.callTool({ name: "add_numbers", arguments: { a: 5, b: 3 } }),
    "elicitation-sep1034-client-defaults":
        (client) => client.callTool({ name: "test_client_elicitation_defaults", arguments: {} }),
    "sse-retry": (client) => client.callTool({ name: "test_reconnection", arguments: {} }),
};

const url = process.argv[process.argv.length - 1];
const home = mkdtempSync(join(tmpdir(), "rpt"));
let transport = new StreamableHTTPClientTransport(new URL(url));
if (process.env.GUARD) {
    writeFileSync(join(home, "reputed.yaml"), "groups:\n  work:\n    primary: "
        + `{ subject: "${url}", url: "${url}", trust_hints: true }\n`);
    const [command, ...args] = JSON.parse(process.env.GUARD);
    transport = new StdioClientTransport({
        command, args, env: { REPUTE_HOME: home }, stderr: "inherit",
    });
}
const client = new Client({ name: "test", version: "1" },
    { capabilities: { elicitation: { form: { applyDefaults: true } } } });
client.setRequestHandler(ElicitRequestSchema, async () => ({ action: "accept", content: {} }));
await client.connect(transport);
await client.listTools();
await SCENARIOS[process.env.MCP_CONFORMANCE_SCENARIO](client);
await client.close();
rmSync(home, { recursive: true });
