/** Where links of messages lead: to a page, to the picture that tells of an open, and by a short code. */
export const trackingPaths = { click: "/l/", open: "/o/", short: "/s/" } as const;
export const shortCodeLength = 12;

const picture = /<img src="[^"]{0,300}\/o\/[\w-]{40,4000}"[^>]{0,100}>/g;
const clickInMarkup = /(\/l\/[\w-]{40,4000})(?=["'\s>])/g;
const clickInText = /(\/l\/)[\w-]{40,4000}/g;

/** An e-mail for a member to look at: it loads no picture that tells of an open, and its links are followed without being counted. */
export const withoutCounting = (html: string): string => html.replace(picture, "").replace(clickInMarkup, "$1?look");

/** A link of a plain text that leads through an instance. Its group is the token, into which the address that the author wrote is sealed. */
export const clickLinks = /\bhttps?:\/\/[\w.:[\]-]{1,255}\/l\/([\w-]{40,4000})/g;

/** A text for a member to read: what is sealed into a link says nothing to anybody. */
export const withoutTokens = (text: string): string => text.replace(clickInText, "$1…");
