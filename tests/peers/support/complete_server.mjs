// A server on the official SDK that has everything the conformance suite asks a server for, by the
// names it asks for: without it most scenarios fail for want of a tool.
//
// usage: complete_server.mjs [http]    Streamable HTTP on a port of 127.0.0.1, which it prints, else
// stdio
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

import { McpServer, ResourceTemplate } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport }
    from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { completable } from "@modelcontextprotocol/sdk/server/completable.js";
import { CreateMessageResultSchema, ElicitResultSchema, ListToolsRequestSchema,
    SubscribeRequestSchema, UnsubscribeRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";

const IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5Er"
    + "kJggg==";
const SOUND = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const SCHEMA = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: {
        address: {
            type: "object",
            properties: { street: { type: "string" }, city: { type: "string" } },
        },
    },
    properties: { name: { type: "string" }, address: { $ref: "#/$defs/address" } },
    additionalProperties: false,
};

const words = (text) => ({ content: [{ type: "text", text }] });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const image = { type: "image", data: IMAGE, mimeType: "image/png" };

function elicit(extra, message, requestedSchema) {
    return extra.sendRequest({ method: "elicitation/create", params: { message, requestedSchema } },
        ElicitResultSchema);
}

function addContents(server) {
    const add = (name, handler) => server.registerTool(name, { description: name }, handler);
    add("test_simple_text", async () => words("This is a simple text response for testing."));
    add("test_image_content", async () => ({ content: [image] }));
    add("test_audio_content", async () => ({
        content: [{ type: "audio", data: SOUND, mimeType: "audio/wav" }],
    }));
    add("test_embedded_resource", async () => ({
        content: [{
            type: "resource",
            resource: {
                uri: "test://embedded-resource", mimeType: "text/plain",
                text: "This is an embedded resource content.",
            },
        }],
    }));
    add("test_multiple_content_types", async () => ({
        content: [
            { type: "text", text: "Multiple content types test:" }, image,
            {
                type: "resource",
                resource: {
                    uri: "test://mixed-content-resource", mimeType: "application/json",
                    text: '{"test":"data","value":123}',
                },
            },
        ],
    }));
    add("test_error_handling", async () => {
        throw new Error("This tool intentionally returns an error for testing");
    });
    add("json_schema_2020_12_tool", async () => words("done"));
}

function addTalk(server) {
    server.registerTool("test_tool_with_logging", { description: "logs" }, async (extra) => {
        for (const data of ["Tool execution started", "Tool processing data",
            "Tool execution completed"]) {
            await extra.sendNotification({
                method: "notifications/message", params: { level: "info", data },
            });
            await pause(50);
        }
        return words("Tool with logging executed successfully");
    });
    server.registerTool("test_tool_with_progress", { description: "progresses" }, async (extra) => {
        const progressToken = extra._meta?.progressToken ?? 0;
        for (const progress of [0, 50, 100]) {
            await extra.sendNotification({
                method: "notifications/progress", params: { progressToken, progress, total: 100 },
            });
            await pause(50);
        }
        return words(String(progressToken));
    });
    server.registerTool("test_reconnection", { description: "closes its stream" },
        async (extra) => {
            extra.closeSSEStream?.();
            await pause(100);
            return words("Reconnection test completed successfully.");
        });
}

function addQuestions(server) {
    server.registerTool("test_sampling", {
        description: "samples", inputSchema: { prompt: z.string() },
    }, async ({ prompt }, extra) => {
        const messages = [{ role: "user", content: { type: "text", text: prompt } }];
        const { content } = await extra.sendRequest(
            { method: "sampling/createMessage", params: { messages, maxTokens: 100 } },
            CreateMessageResultSchema);
        return words(`LLM response: ${content.text}`);
    });
    server.registerTool("test_elicitation", {
        description: "elicits", inputSchema: { message: z.string() },
    }, async ({ message }, extra) => {
        const { action, content } = await elicit(extra, message, {
            type: "object",
            properties: {
                username: { type: "string", description: "User's response" },
                email: { type: "string", description: "User's email address" },
            },
            required: ["username", "email"],
        });
        return words(`User response: action=${action}, content=${JSON.stringify(content)}`);
    });
    const add = (name, properties) => server.registerTool(name, { description: name },
        async (extra) => {
            const { action, content } = await elicit(extra, "Please fill in",
                { type: "object", properties, required: [] });
            return words(`Elicitation completed: action=${action}, `
                + `content=${JSON.stringify(content)}`);
        });
    add("test_elicitation_sep1034_defaults", {
        name: { type: "string", default: "John Doe" },
        age: { type: "integer", default: 30 },
        score: { type: "number", default: 95.5 },
        status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
        verified: { type: "boolean", default: true },
    });
    const options = ["option1", "option2", "option3"];
    const titled = [1, 2, 3].map((n) => ({ const: `value${n}`, title: `Option ${n}` }));
    add("test_elicitation_sep1330_enums", {
        untitledSingle: { type: "string", enum: options },
        titledSingle: { type: "string", oneOf: titled },
        legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"],
            enumNames: ["One", "Two", "Three"] },
        untitledMulti: { type: "array", items: { type: "string", enum: options } },
        titledMulti: { type: "array", items: { anyOf: titled } },
    });
}

function addResources(server) {
    const add = (name, uri, mimeType, contents) => server.registerResource(name, uri,
        { description: name, mimeType }, async () => ({ contents: [{ uri, mimeType, ...contents }] }));
    add("static-text", "test://static-text", "text/plain",
        { text: "This is the content of the static text resource." });
    add("static-binary", "test://static-binary", "image/png", { blob: IMAGE });
    add("watched", "test://watched-resource", "text/plain", { text: "Watched resource content" });
    server.registerResource("template",
        new ResourceTemplate("test://template/{id}/data", { list: undefined }),
        { description: "template", mimeType: "application/json" },
        async (uri, { id }) => ({
            contents: [{ uri: uri.href, mimeType: "application/json", text: JSON.stringify(
                { id, templateTest: true, data: `Data for ID: ${id}` }) }],
        }));
    server.server.setRequestHandler(SubscribeRequestSchema, async () => ({}));
    server.server.setRequestHandler(UnsubscribeRequestSchema, async () => ({}));
}

function addPrompts(server) {
    const say = (...contents) => ({
        messages: contents.map((content) => ({
            role: "user", content: typeof content === "string" ? { type: "text", text: content }
                : content,
        })),
    });
    const add = (name, argsSchema, handler) => server.registerPrompt(name,
        { description: name, ...(argsSchema && { argsSchema }) }, handler);
    add("test_simple_prompt", null, async () => say("This is a simple prompt for testing."));
    const pick = () => completable(z.string(), (value) => ["paris", "park", "party"]
        .filter((word) => word.startsWith(value)));
    add("test_prompt_with_arguments", { arg1: pick(), arg2: z.string() },
        async ({ arg1, arg2 }) => say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`));
    add("test_prompt_with_embedded_resource", { resourceUri: z.string() },
        async ({ resourceUri: uri }) => say({
            type: "resource",
            resource: { uri, mimeType: "text/plain", text: "Embedded resource content." },
        }, "Please process the embedded resource above."));
    add("test_prompt_with_image", null, async () => say(image, "Please analyze the image above."));
}

function makeServer() {
    const server = new McpServer({ name: "complete", version: "1.0.0" }, {
        capabilities: {
            tools: { listChanged: true }, resources: { subscribe: true, listChanged: true },
            prompts: { listChanged: true }, logging: {}, completions: {},
        },
    });
    for (const add of [addContents, addTalk, addQuestions, addResources, addPrompts]) {
        add(server);
    }
    // The SDK makes schemas of its own; this one is to arrive as it is written.
    const list = server.server._requestHandlers.get("tools/list");
    server.server.setRequestHandler(ListToolsRequestSchema, async (request, extra) => {
        const result = await list(request, extra);
        for (const tool of result.tools) {
            if (tool.name === "json_schema_2020_12_tool") {
                tool.inputSchema = SCHEMA;
            }
        }
        return result;
    });
    return server;
}

// What a client may ask for again after its stream was closed.
class Events {
    events = [];

    async storeEvent(stream, message) {
        this.events.push({ stream, message });
        return String(this.events.length - 1);
    }

    async replayEventsAfter(last, { send }) {
        const { stream } = this.events[Number(last)];
        for (let id = Number(last) + 1; id < this.events.length; id += 1) {
            if (this.events[id].stream === stream) {
                await send(String(id), this.events[id].message);
            }
        }
        return stream;
    }
}

function serveHttp() {
    const sessions = new Map();
    const http = createServer(async (request, response) => {
        let transport = sessions.get(request.headers["mcp-session-id"]);
        if (!transport) {
            const { port } = http.address();
            transport = new StreamableHTTPServerTransport({
                sessionIdGenerator: randomUUID, eventStore: new Events(), retryInterval: 200,
                enableDnsRebindingProtection: true,
                allowedHosts: [`127.0.0.1:${port}`, `localhost:${port}`],
                allowedOrigins: [`http://127.0.0.1:${port}`, `http://localhost:${port}`],
                onsessioninitialized: (id) => sessions.set(id, transport),
            });
            await makeServer().connect(transport);
        }
        await transport.handleRequest(request, response);
    });
    http.listen(0, "127.0.0.1", () => process.stdout.write(`${http.address().port}\n`));
}

if (process.argv[2] === "http") {
    serveHttp();
} else {
    await makeServer().connect(new StdioServerTransport());
}
