/**
 * A document that lives nowhere: nothing in it runs, and nothing is fetched for it. The browser lets this one sink have a text
 * (web/lib/trusted-scripts.ts); what is shown is built anew from what the editor knows.
 */
export const parseHtml = (html: string): Document => new DOMParser().parseFromString(html, "text/html");
