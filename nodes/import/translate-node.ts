import type { ImportLine } from "#contract/flow-files.ts";
import { FlowNode } from "#contract/flows.ts";
import { findDefinition } from "../definitions.ts";
import { isRecord } from "../graph/checked-node.ts";
import { cameInAs, originalOf } from "./came-in-as.ts";
import { freeId, ofEdges, ofNodes } from "./free-id.ts";
import { type Raw, readRaw } from "./raw-values.ts";
import { besideSettings, type RawStep, readStep } from "./read-step.ts";
import { ignored, placeholder, type ToldStep, tellSwitch, translateActions } from "./translate-actions.ts";
import { changed, type Note, type Surroundings, type TranslatedStep, undecided } from "./translation.ts";
import { isDecisive, readSwitch, undecidedRest } from "./undecided.ts";

/** A step in the words of Sluice: one node, or several in a row where it did several things. */
export interface TranslatedNode {
  id: string;
  nodes: readonly Raw[];
  /** Between the nodes. */
  edges: readonly Raw[];
  /** The step by which contacts leave, and its node. */
  last: TranslatedStep & {
    id: string;
    /** Where it comes from, contacts leave it by one exit, whatever it is called. */
    isOneWay: boolean;
  };
  notes: readonly ImportLine[];
}

/** `id` is the one by which connections know the step. */
export function translateNode(raw: Raw, id: string, around: Surroundings): TranslatedNode {
  const step = readStep(raw);
  const translated = isOurs(raw, step) ? undefined : translateActions(step.actions, around);
  return translated ? inARow(raw, id, step, translated, around) : asItIs(raw, id, step);
}

/** Whether a step stands as Sluice writes it, finished or not. */
function isOurs({ type }: Raw, { isFramed, data }: RawStep): boolean {
  const definition = isFramed || typeof type !== "string" ? undefined : findDefinition(type);
  if (!definition) return false;
  const { config } = data;
  if (definition.config.safeParse(config ?? {}).success) return true;
  return isRecord(config) && Object.keys(definition.defaults as object).every((key) => Object.hasOwn(config, key));
}

/** A step that needs no translation or has none. What cannot be stored as it is is mended. */
function asItIs(raw: Raw, id: string, step: RawStep): TranslatedNode {
  const [{ type, settings }] = step.actions;
  const definition = step.isFramed ? undefined : findDefinition(type);
  const { off: _off, ...others } = besideSettings(step.data);
  const whole = ofWhole(raw, type, definition ? others : {});
  const status = checksStatus(step.data);
  const { isOff } = whole;
  const held = heldBy([...whole.notes, ...status]);
  const told = definition
    ? [understood(definition.label), ...ignored(originalOf(raw) ? Object.keys(others) : whole.unread)]
    : [placeholder(type)];
  const isOurOff = isOff === (step.data.off === true);
  const fits = isOurOff && held.length === 0 && !step.isFramed && FlowNode.safeParse({ data: {}, ...raw }).success;
  const beside = { ...others, ...(isOff && { off: true }) };
  const node = fits ? raw : mend(raw, id, { type: type.slice(0, 100) || "unknown", beside, held, config: settings });
  const last = { id, type: String(node.type), config: settings, isOneWay: false };
  return { id, nodes: [node], edges: [], last, notes: at(id, [...told, ...whole.notes, ...status]) };
}

const spacing = 140;

function inARow(
  raw: Raw,
  id: string,
  step: RawStep,
  translated: NonNullable<ReturnType<typeof translateActions>>,
  around: Surroundings,
): TranslatedNode {
  const { steps, read } = translated;
  const ids = steps.map((_, index) => (index === 0 ? id : freeId(`${id}_${index + 1}`, around.taken.nodes, ofNodes)));
  const given = Object.entries(besideSettings(step.data)).filter(([key]) => key !== "off" && (!read.has(key) || steps.length > 1));
  const whole = ofWhole(raw, steps[0].type, step.around);
  const offs = steps.map(({ isOff }) => (isOff || whole.isOff ? { off: true } : {}));
  const beside = { ...Object.fromEntries(given), ...offs[0] };
  const status = checksStatus(step.data);
  const [first, ...others] = steps;
  const position = isPosition(raw.position) ? raw.position : { x: 0, y: 0 };
  const parts = others.map((part, index): Raw => {
    const place = { x: position.x, y: position.y + (index + 1) * spacing };
    const data = { ...offs[index + 1], ...asUndecided(heldBy(part.notes)), config: part.config, [cameInAs]: { partOf: id } };
    return { id: ids[index + 1], type: part.type, position: place, data };
  });
  const edges = ids.slice(1).map((target, index): Raw => {
    const edgeId = freeId(`${ids[index]}-${target}`, around.taken.edges, ofEdges);
    return { id: edgeId, source: ids[index], target, data: { [cameInAs]: { partOf: id } } };
  });
  const several =
    others.length > 0 ? [changed(`It did ${steps.length} things. Here these are ${steps.length} steps, one after the other.`)] : [];
  const notes = steps.flatMap((part: ToldStep, index) => at(ids[index] as string, part.notes));
  const last = steps.at(-1) as ToldStep;
  return {
    id,
    nodes: [
      mend(raw, id, { type: first.type, beside, held: heldBy([...whole.notes, ...first.notes, ...status]), config: first.config }),
      ...parts,
    ],
    edges,
    last: { ...last, id: ids.at(-1) as string, isOneWay: last.type !== "condition" && last.type !== "split" },
    notes: [...at(id, [...several, ...whole.notes]), ...notes, ...at(id, status)],
  };
}

/** Writes a step anew, and how it came in beside it. */
function mend(
  raw: Raw,
  id: string,
  { type, beside, held, config }: { type: string; beside: Raw; held: readonly string[]; config: Raw },
): Raw {
  const { id: givenId, type: givenType, data: givenData, position, ...others } = raw;
  const isPlaced = position === undefined || isPosition(position);
  const original = {
    ...(givenId !== id && { id: givenId }),
    ...("type" in raw && { type: givenType }),
    ...("data" in raw && { data: givenData }),
    ...(!isPlaced && { position }),
  };
  const place = position === undefined ? {} : { position: isPlaced ? position : { x: 0, y: 0 } };
  return { ...others, id, type, ...place, data: { ...beside, ...wordsOf(raw), ...asUndecided(held), config, [cameInAs]: original } };
}

/** The name, the note and the data key of a step, as far as they can be stored as such. */
function wordsOf({ data }: Raw): Raw {
  const given = isRecord(data) ? data : {};
  const reader = readRaw(given);
  const [label, note] = [reader.text("label"), reader.text("note", "notes")];
  return {
    ...(label !== undefined && { label: label.slice(0, 200).toWellFormed() }),
    ...(note !== undefined && { note: note.slice(0, 2000).toWellFormed() }),
    ...(typeof given.key === "string" && given.key.length <= 40 && { key: given.key }),
  };
}

/**
 * What a node says of all that it does, by itself and by what its data hold `around` that: whether it is switched off, and what
 * nobody understands. A step that was imported before is as it stands, whatever it still keeps of how it came in.
 */
function ofWhole(raw: Raw, type: string, around: Raw): { isOff: boolean; notes: readonly Note[]; unread: readonly string[] } {
  if (originalOf(raw)) return { isOff: isRecord(raw.data) && raw.data.off === true, notes: [], unread: [] };
  const { data: _data, ...own } = raw;
  const beside = readRaw(around);
  const switches = [tellSwitch(type, readSwitch(readRaw(own))), tellSwitch(type, readSwitch(beside))];
  const unread = beside.unread();
  const decisive = unread.filter(isDecisive);
  const [off, ...others] = switches.flatMap(({ notes }) => notes);
  return {
    isOff: switches.some(({ isOff }) => isOff) || (isRecord(raw.data) && raw.data.off === true),
    notes: [...(off ? [off] : []), ...others.filter(({ message }) => message !== off?.message), ...undecidedRest("It", decisive)],
    unread: unread.filter((key) => !decisive.includes(key)),
  };
}

const heldBy = (notes: readonly Note[]): string[] => notes.flatMap(({ holds, message }) => (holds ? [message] : []));
const asUndecided = (held: readonly string[]): Raw => (held.length === 0 ? {} : { undecided: held });

const at = (nodeId: string, notes: readonly Note[]): ImportLine[] => notes.map(({ holds: _holds, ...line }) => ({ ...line, nodeId }));
const understood = (label: string): Note => ({ kind: "understood", message: `It is “${label}”.` });

/** Only contacts with some lead statuses were let through. No step does that by itself here. */
function checksStatus(data: Raw): Note[] {
  const check = readRaw(data).record("leadstatuscheck");
  if (check?.enabled !== true) return [];
  const names = readRaw(check).list("allowedstatuses")?.map(String).join(", ") ?? "";
  return [
    undecided(
      `Only contacts with ${names === "" ? "some lead statuses" : `the lead status ${names}`} passed this step. Put a condition before it.`,
    ),
  ];
}

const isPosition = (value: unknown): value is { x: number; y: number } =>
  isRecord(value) && typeof value.x === "number" && typeof value.y === "number";
