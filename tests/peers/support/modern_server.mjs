// A server on the official SDK, version 2. It speaks the newest era of MCP and, unless its first
// argument is `only`, the one before as well.
import { McpServer, acceptedContent, inputRequired } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

const read = { readOnlyHint: true };
const words = (text) => ({ content: [{ type: "text", text }] });

function addTools(server) {
    server.registerTool("get-env", { description: "Whose environment", annotations: read },
        async () => words(JSON.stringify(process.env)));
    server.registerTool("sum", {
        description: "Adds", annotations: read,
        inputSchema: z.object({ a: z.number(), b: z.number() }),
        outputSchema: z.object({ sum: z.number() }),
    }, async ({ a, b }) => ({
        ...words(String(a + b)), structuredContent: { sum: a + b },
    }));
    server.registerTool("slow", {
        description: "Takes its time", annotations: read,
        inputSchema: z.object({ steps: z.number() }),
    }, async ({ steps }, { mcpReq }) => {
        for (let progress = 1; progress <= steps; progress += 1) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            const progressToken = mcpReq._meta?.progressToken;
            if (progressToken !== undefined) {
                await mcpReq.notify({
                    method: "notifications/progress",
                    params: { progressToken, progress, total: steps },
                });
            }
        }
        return words(`after ${steps} steps`);
    });
    const name = z.object({ name: z.string() });
    server.registerTool("ask", { description: "Asks for a name" }, async ({ mcpReq }) => {
        const given = acceptedContent(mcpReq.inputResponses, "who", name);
        if (given) {
            return words(`hello ${given.name}`);
        }
        return mcpReq.inputResponses ? words("hello nobody") : inputRequired({
            inputRequests: {
                who: inputRequired.elicit({ message: "Which name?", requestedSchema: name }),
            },
        });
    });
    server.registerTool("fail", { description: "Fails" }, async () => {
        throw new Error("on purpose");
    });
}

serveStdio(() => {
    const server = new McpServer({ name: "modern", version: "2" }, {
        capabilities: { tools: {}, prompts: {}, resources: {} }, instructions: "Be modern.",
    });
    addTools(server);
    server.registerPrompt("greet", {
        description: "Greets", argsSchema: z.object({ whom: z.string() }),
    }, async ({ whom }) => ({
        messages: [{ role: "user", content: { type: "text", text: `Greet ${whom}.` } }],
    }));
    server.registerResource("note", "note://one", { mimeType: "text/plain" },
        async ({ href }) => ({ contents: [{ uri: href, mimeType: "text/plain", text: "one" }] }));
    return server;
}, { legacy: process.argv[2] === "only" ? "reject" : "serve" });
