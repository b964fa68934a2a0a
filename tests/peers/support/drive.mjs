// A client of an SDK whose every step is a line on standard input. What happens to it is written as
// a line on standard output. The test that starts it decides and asserts; this only passes on.
//
// in:  {n, method, params, timeout, progress}    calls the client's method; progress: report it
//      {cancel: n}                               aborts that call
//      {answers: {method: result}}               what the server's requests are answered from now on
//      {notify: method, params}                  sends a notification
//      {close: true}
// out: {connected: {...}} first, then
//      {n, result} or {n, error: {code, message, data}}, {n, progress: {...}}
//      {request: method, params}, {aborted: method}      a request of the server; it was cancelled
//      {notification: method, params}, {problem: text}, {closed: true}
import { createInterface } from "node:readline";

function say(line) {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

// A request without an answer waits, as an operator who thinks does, until the server gives up.
function answerer(answers) {
    return async (request, extra) => {
        const { method, params } = request;
        say({ request: method, params });
        if (method in answers) {
            return answers[method];
        }
        const signal = extra.signal ?? extra.mcpReq?.signal;
        return new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
                say({ aborted: method });
                reject(new Error("cancelled"));
            });
        });
    };
}

function problem(error) {
    const { code, message, data } = error;
    return { code, message, data };
}

// sdk: {Client, StdioClientTransport, answer(client, method, handler), invoke(client, line, options)}
export async function drive(sdk) {
    const { command, args, env, capabilities, options } = JSON.parse(process.argv[2]);
    const answers = {};
    const aborts = new Map();
    const client = new sdk.Client({ name: "test", version: "1" }, { capabilities, ...options });
    client.fallbackNotificationHandler = async ({ method, params }) => {
        say({ notification: method, params });
    };
    client.onclose = () => say({ closed: true });
    client.onerror = (error) => say({ problem: String(error.message ?? error) });
    const handler = answerer(answers);
    for (const [capability, method] of [["sampling", "sampling/createMessage"],
        ["elicitation", "elicitation/create"], ["roots", "roots/list"]]) {
        if (capabilities[capability]) {
            sdk.answer(client, method, handler);
        }
    }
    const transport = new sdk.StdioClientTransport({ command, args, env, stderr: "inherit" });
    await client.connect(transport);
    say({
        connected: {
            pid: transport.pid, server: client.getServerVersion(),
            capabilities: client.getServerCapabilities(), instructions: client.getInstructions(),
            era: client.getProtocolEra?.(),
        },
    });

    async function call(line) {
        const abort = new AbortController();
        aborts.set(line.n, abort);
        const callOptions = { signal: abort.signal, timeout: line.timeout ?? 20000 };
        if (line.progress) {
            callOptions.onprogress = (progress) => say({ n: line.n, progress });
        }
        try {
            say({ n: line.n, result: await sdk.invoke(client, line, callOptions) });
        } catch (error) {
            say({ n: line.n, error: problem(error) });
        }
        aborts.delete(line.n);
    }

    for await (const text of createInterface({ input: process.stdin })) {
        const line = JSON.parse(text);
        if (line.close) {
            break;
        } else if (line.cancel) {
            aborts.get(line.cancel)?.abort("the user changed their mind");
        } else if (line.answers) {
            Object.assign(answers, line.answers);
        } else if (line.notify) {
            await client.notification({ method: line.notify, params: line.params });
        } else {
            call(line);
        }
    }
    await client.close();
    process.stdin.destroy();
}
