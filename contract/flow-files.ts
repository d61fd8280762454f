import { z } from "zod";
import { FlowName } from "./flows.ts";
import { Uuid } from "./pagination.ts";

/** The most characters of a file that is imported. A flow has at most `flowLimits.bytes`; more is read to say what is too much. */
export const longestFlowFile = 6 * 1024 * 1024;

/** What a flow needs around it, so that somebody who receives the file knows what to set up. */
const Requires = z.object({
  /** Names of secrets of the workspace. */
  secrets: z.array(z.string()),
  /** Custom fields of contacts, as paths such as `custom.plan`. */
  fields: z.array(z.string()),
  /** Other flows that are started or left. `name` is null where there is no such flow. */
  flows: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  tags: z.array(z.string()),
});

/**
 * A flow as a file. Nodes and edges stand as they are stored, with whatever other tools wrote into them, and keys stand in
 * one order, so that two exports of the same flow are the same text.
 */
export const FlowFile = z.object({
  sluice: z.literal("flow"),
  version: z.literal(1),
  name: z.string(),
  nodes: z.array(z.unknown()),
  edges: z.array(z.unknown()),
  settings: z.record(z.string(), z.unknown()),
  /** The names of its folder and of those above it, the outermost first. */
  folder: z.array(z.string()).optional(),
  requires: Requires,
});
export type FlowFile = z.infer<typeof FlowFile>;

/**
 * A flow in the spelling in which it was imported. Steps and connections that were changed since, and new ones, stand in the
 * form of Sluice.
 */
export const ImportedFlowFile = z.looseObject(FlowFile.pick({ name: true, nodes: true, edges: true, settings: true }).shape);
export type ImportedFlowFile = z.infer<typeof ImportedFlowFile>;

export const FlowExportQuery = z.strictObject({
  /** What is exported: the draft (what is live, where there is none), what is live, or a version. */
  of: z.union([Uuid, z.enum(["draft", "live"])]).default("draft"),
  as: z.enum(["sluice", "imported"]).default("sluice"),
});

export const FlowImport = z.strictObject({
  /** The file as text, or the JSON that it holds. */
  file: z.union([z.string().max(longestFlowFile), z.record(z.string(), z.unknown())]),
  /** Without a name it is the one of the file, with a number where another flow has it. */
  name: FlowName.optional(),
  /** Without a folder it is the one that the file names, where there is one. */
  folderId: Uuid.nullish(),
});
export type FlowImport = z.infer<typeof FlowImport>;

/**
 * What became of one thing of an imported flow.
 * - understood: it means the same here as it is.
 * - changed: it is spelled otherwise here and does the same. `from` and `to` are the spellings, where there are single ones.
 * - without_effect: it is kept, and nothing here reads it.
 * - choice: somebody has to decide. Some of these keep the flow from being published.
 */
export const importLineKinds = ["choice", "changed", "without_effect", "understood"] as const;
export const ImportLine = z.object({
  kind: z.enum(importLineKinds),
  message: z.string(),
  /** The step it is about, and what the step is called; of a connection, the step it leaves. */
  nodeId: z.string().optional(),
  step: z.string().optional(),
  edgeId: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});
export type ImportLine = z.infer<typeof ImportLine>;

export const ImportReport = z.object({ lines: z.array(ImportLine) });
export const FlowImported = z.object({ id: Uuid, name: z.string(), ...ImportReport.shape });
export type FlowImported = z.infer<typeof FlowImported>;
