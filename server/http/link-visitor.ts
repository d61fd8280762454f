import type { Request } from "express";

/**
 * What programs that follow links without a person call themselves: search engines, the previews of chats, mail gateways, libraries.
 * Written in small letters; a part of the name is enough. Looked through in November 2026. Many gateways say nothing of themselves, so a
 * click is a hint and no proof. Programs that load pictures for a person who reads are not among them.
 */
const programs = [
  ...[
    "bot/",
    "bot-",
    "bot (",
    "robot",
    "crawl",
    "spider",
    "slurp",
    "facebookexternalhit",
    "facebookcatalog",
    "whatsapp/",
    "skypeuripreview",
    "bingpreview",
  ],
  ...["linkpreview", "link preview", "embedly", "pinterest/", "vkshare", "google-safety", "google-read-aloud", "protocol discovery"],
  ...["barracuda", "mimecast", "proofpoint", "messagelabs", "symantec", "trend micro", "trendmicro", "fireeye", "cloudmark", "sophos"],
  ...["fortiguard", "zscaler", "virustotal", "urlscan", "checkpoint", "safelinks", "scanner", "headlesschrome", "phantomjs"],
  ...["curl/", "wget/", "python-requests", "python-urllib", "aiohttp", "httpx/", "go-http-client", "okhttp", "java/", "libwww-perl"],
  ...["apache-httpclient", "node-fetch", "undici", "axios/", "ruby", "guzzlehttp", "postmanruntime", "uptime", "pingdom"],
];

/** Who follows a link, as far as it says: `nobody` is a look ahead, or a member who looks at the message in the product. */
export function visitorOf(req: Request): "person" | "program" | "nobody" {
  if (req.method === "HEAD" || "look" in req.query || isLookAhead(req)) return "nobody";
  const name = (req.get("user-agent") ?? "").toLowerCase();
  return name === "" || programs.some((one) => name.includes(one)) ? "program" : "person";
}

/** Browsers say when they load a page that nobody has asked for yet. */
const isLookAhead = (req: Request): boolean =>
  [req.get("sec-purpose"), req.get("purpose"), req.get("x-purpose"), req.get("x-moz")].some((value) =>
    /prefetch|prerender|preview/i.test(value ?? ""),
  );
