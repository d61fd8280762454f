import { FlowEdge } from "#contract/flows.ts";
import type { NodeExit } from "#contract/node-definition.ts";
import { findDefinition } from "../definitions.ts";
import { isRecord } from "../graph/checked-node.ts";
import { cameInAs } from "./came-in-as.ts";
import { foldKey, type Raw, readRaw } from "./raw-values.ts";
import type { TranslatedNode } from "./translate-node.ts";
import { changed, type Note } from "./translation.ts";

/** A connection in the words of Sluice. Where none of the exits of its step is meant for sure, it stays as it is. */
export function translateEdge(raw: Raw, id: string, nodes: ReadonlyMap<string, TranslatedNode>): { edge: Raw; notes: Note[] } {
  const from = nodes.get(String(raw.source));
  const given = givenExit(raw);
  const exit = from && chooseExit(from.last, given);
  const notes =
    exit !== undefined && given !== undefined && exit !== given ? [changed("The exit is called otherwise here.", given, exit)] : [];
  const edge: Raw = {
    ...raw,
    id,
    source: from?.last.id ?? String(raw.source),
    target: String(raw.target),
    ...(exit !== undefined && exit !== raw.sourceHandle && { sourceHandle: exit }),
  };
  const isUnchanged = ["id", "source", "target", "sourceHandle"].every((key) => edge[key] === raw[key]);
  if (isUnchanged && FlowEdge.safeParse(raw).success) return { edge: raw, notes };
  const handle = FlowEdge.shape.sourceHandle.safeParse(edge.sourceHandle).success ? {} : { sourceHandle: given?.slice(0, 100) ?? null };
  return { edge: { ...edge, ...handle, data: { ...(isRecord(raw.data) ? raw.data : {}), [cameInAs]: raw } }, notes };
}

/** The exit that a connection names, by whatever key. */
function givenExit(raw: Raw): string | undefined {
  const beside = readRaw(raw).text("sourcehandle", "sourceport", "branchid", "branch");
  return beside ?? (isRecord(raw.data) ? readRaw(raw.data).text("branchid", "branch", "sourcehandle") : undefined);
}

const failing = ["error", "failed", "failure", "fail", "onerror", "false"];

/** The exit of a step that a name means, undefined where that is not sure. A branch is never guessed. */
function chooseExit(
  { type, config, exits: aliases = {}, isOneWay }: TranslatedNode["last"],
  given: string | undefined,
): string | undefined {
  const { exits, jumps } = exitsOf(type, config, isOneWay);
  if (given !== undefined) {
    if (exits.some(({ handle }) => handle === given)) return given;
    const alias =
      Object.keys(aliases).find((name) => name === given) ?? Object.keys(aliases).find((name) => foldKey(name) === foldKey(given));
    if (alias !== undefined) return aliases[alias];
  }
  const drawn = exits.filter(({ handle, aside }) => !aside && !Object.hasOwn(jumps, handle));
  const usual = drawn.filter(({ optional }) => !optional);
  if (usual.length > 1 ? !isOneWay : given === undefined) return undefined;
  const failed = drawn.find(({ handle }) => handle === "failed" || handle === "error");
  return failed && given !== undefined && failing.includes(foldKey(given)) ? failed.handle : usual[0]?.handle;
}

/** The exits of a step. Settings that are not right yet are left out of account where they do not make the exits. */
function exitsOf(type: string, config: Raw, isOneWay: boolean): { exits: readonly NodeExit[]; jumps: object } {
  const definition = findDefinition(type);
  const parsed = definition?.config.safeParse(config);
  if (definition && parsed && !parsed.success && isOneWay) {
    const defaults: Raw = { ...(definition.defaults as object) };
    const bad = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
    const mended = Object.fromEntries(Object.entries(config).filter(([key]) => !bad.has(key)));
    const again = definition.config.safeParse({ ...defaults, ...mended });
    if (again.success) return { exits: definition.exits(again.data), jumps: definition.jumps?.(again.data) ?? {} };
  }
  return parsed?.success && definition
    ? { exits: definition.exits(parsed.data), jumps: definition.jumps?.(parsed.data) ?? {} }
    : { exits: [], jumps: {} };
}
