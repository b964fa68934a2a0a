// Loaded before a script of this folder: what the script imports by name is found among the packages
// of the folder that PACKAGES names, since the script itself does not stand beside them.
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const here = new URL(".", import.meta.url).href;
const packages = pathToFileURL(`${process.env.PACKAGES}/package.json`).href;

registerHooks({
    resolve(name, context, next) {
        const isOurs = context.parentURL?.startsWith(here);
        const isBare = !/^(\.|\/|[a-z]+:)/.test(name);
        return next(name, isOurs && isBare ? { ...context, parentURL: packages } : context);
    },
});
