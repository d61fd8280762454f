import type { Request, Response } from "express";
import { z } from "zod";
import { InboundRefused } from "#channels/provider-server.ts";
import { ChannelName } from "#contract/messages.ts";
import type { Route } from "#contract/route.ts";
import type { ProviderDirectory } from "../compose/provider-directory.ts";
import { signalOf } from "./client-gone.ts";
import { ApiError, unauthenticated } from "./errors.ts";
import type { AnyHandler, MountOptions } from "./mounted-route.ts";
import { parseRequest } from "./parse-request.ts";
import { readRawBody } from "./raw-body.ts";
import { checkResponse } from "./response-check.ts";

/** The account that the path names. Only its own secret can have signed the request. */
const Account = z.object({ workspaceId: z.string().regex(/^[\w-]{1,64}$/), channel: ChannelName });

/**
 * One call that a provider makes to us. It carries no session and comes from no page of ours, so neither cookies nor
 * origins are looked at. The provider's inbound half verifies the raw bytes before anything is parsed, and the
 * workspace is the one whose account verified them. Every failure gets the same answer, so that a stranger learns
 * neither which accounts there are nor what was wrong with a signature.
 */
export async function answerSigned(
  route: Route,
  handler: AnyHandler,
  { resources, checkResponses, rates }: MountOptions,
  req: Request,
  res: Response,
): Promise<void> {
  const body = await readRawBody(req, res, route.bodyLimit);
  const account = Account.safeParse(req.params).data;
  const request = { url: `${resources.publicUrl}${req.originalUrl}`, headers: req.headers, body };
  const inbound = account && (await readInbound(resources.providers, account, request));
  if (!inbound) throw unauthenticated("The signature of this request is not valid.");
  res.locals.workspaceId = inbound.workspaceId;
  // Only verified accounts are counted, so that nobody can fill the table with invented ones.
  // What people wrote is never refused for its number: it may be the word that stops everything.
  if (inbound.events.every(({ kind }) => kind !== "received")) {
    await rates?.count(res, route.rate, { account: `${inbound.workspaceId}/${inbound.channel}`, address: res.locals.clientAddress });
  }

  const parsed = parseRequest(route, req, undefined);
  const answer = await handler({ ...parsed, inbound, resources, req, res, signal: signalOf(res) });
  if (res.headersSent) return;
  if (checkResponses) checkResponse(route, answer);
  res.status(route.status);
  if (answer === undefined) res.end();
  else res.json(answer);
}

/** @throws ApiError call_not_ours for a call that is signed and not meant for this account */
async function readInbound(...[providers, account, request]: [ProviderDirectory, ...Parameters<ProviderDirectory["readInbound"]>]) {
  try {
    return await providers.readInbound(account, request);
  } catch (error) {
    if (error instanceof InboundRefused) throw new ApiError("call_not_ours", error.message);
    throw error;
  }
}
