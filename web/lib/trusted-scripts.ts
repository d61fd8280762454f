import { z } from "zod";

// This module is loaded before all others of the app, because they use schemas while they are loaded.

// Zod would compile its parsers with `new Function`, which our content security policy forbids.
z.config({ jitless: true });

/** The part of Trusted Types that is used here. TypeScript's library does not know them yet, nor do all browsers. */
interface TrustedTypes {
  createPolicy(
    name: "default",
    rules: {
      createHTML(html: string, type: string, sink: string): string | null;
      createScriptURL(url: string): string | null;
    },
  ): unknown;
}

/**
 * The browser turns no text into a part of the page and no address into a script, whoever hands it over. There are three
 * exceptions. The preview of an e-mail is the document of a frame, which is sandboxed and runs no script. The reader of
 * Excel workbooks unpacks a larger one in a worker of its own making, by an address that only this page can have made.
 * Flows are laid out by a worker that is a file of the build.
 */
const ours = [`blob:${location.origin}/`, `${location.origin}/assets/layout.worker-`];
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy("default", {
  createHTML: (html, _, sink) => (sink === "HTMLIFrameElement srcdoc" ? html : null),
  createScriptURL: (url) => (ours.some((beginning) => url.startsWith(beginning)) ? url : null),
});
