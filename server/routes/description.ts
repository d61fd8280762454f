import { createHash } from "node:crypto";
import type { Response } from "express";
import type { Route } from "#contract/route.ts";
import { routes } from "#contract/routes.ts";
import { describeApi } from "../docs/openapi.ts";
import { renderDocs } from "../docs/page.ts";
import type { Handlers } from "../http/handler.ts";

const table: Record<string, Route> = routes;

export const descriptionRoutes = {
  openapi: async ({ resources, res }) => {
    const { openapi, tag } = describeOnce(resources.publicUrl);
    keepUntilChanged(res, tag);
    // As text that is kept: writing half a megabyte of JSON anew takes milliseconds, and anybody may ask.
    res.type("json").send(openapi);
    return undefined;
  },

  docs: async ({ resources, res }) => {
    const { docs, tag } = describeOnce(resources.publicUrl);
    keepUntilChanged(res, tag);
    res.type("html").send(docs);
    return undefined;
  },
} satisfies Pick<Handlers, "openapi" | "docs">;

/** They hold nothing of a workspace. A client may therefore keep them, and asks each time whether they have changed. */
function keepUntilChanged(res: Response, tag: string): void {
  res.set({ "Cache-Control": "no-cache", ETag: tag });
}

interface Description {
  openapi: Buffer;
  /** A weak ETag, because it names the content in whatever encoding it is sent. */
  tag: string;
  docs: string;
}

const made = new Map<string, Description>();

/**
 * Both descriptions are made once per address. They take 150 ms to make and are open to everybody, so making them for
 * each request would let strangers keep the server busy.
 */
function describeOnce(publicUrl: string): Description {
  let description = made.get(publicUrl);
  if (!description) {
    const openapi = Buffer.from(JSON.stringify(describeApi(table, publicUrl)));
    const docs = renderDocs(table, publicUrl);
    const tag = `W/"${createHash("sha256").update(openapi).update(docs).digest("base64url")}"`;
    description = { openapi, docs, tag };
    made.set(publicUrl, description);
  }
  return description;
}
