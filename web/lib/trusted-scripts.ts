import { z } from "zod";

// This module is loaded before all others of the app, because they use schemas while they are loaded.

// Zod would compile its parsers with `new Function`, which our content security policy forbids.
z.config({ jitless: true });

/** The part of Trusted Types that is used here. TypeScript's library does not know them yet, nor do all browsers. */
interface TrustedTypes {
  createPolicy(
    name: "default",
    rules: {
      createHTML(html: string, type?: string, sink?: string): string | null;
      createScriptURL(url: string): string | null;
    },
  ): unknown;
}

/**
 * The browser turns no text into a part of the page and no address into a script, whoever hands it over. There are four
 * exceptions. A text may be read into a document that lives nowhere, where nothing runs and nothing is fetched: the editor of
 * e-mails reads them so, and what is pasted into it (under the one other name that the policy lets a library take). The preview of an e-mail is the document of a frame, which is sandboxed and runs no script. The reader of
 * Excel workbooks unpacks a larger one in a worker of its own making, by an address that only this page can have made.
 * Flows are laid out by a worker that is a file of the build.
 */
const ours = [`blob:${location.origin}/`, `${location.origin}/assets/layout.worker-`];
/** The document of a sandboxed frame, and a document without a page. */
const inert = ["HTMLIFrameElement srcdoc", "DOMParser parseFromString"];
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy("default", {
  createHTML: (html, _, sink) => {
    // Nobody asks for it by hand. The editor then takes a name of its own, which is good for what is pasted only.
    if (sink === undefined) throw new TypeError("This policy is for the browser's own questions");
    return inert.includes(sink) ? html : null;
  },
  createScriptURL: (url) => (ours.some((beginning) => url.startsWith(beginning)) ? url : null),
});
