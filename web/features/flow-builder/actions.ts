import { plural } from "#ui/format.ts";
import { say } from "#ui/say.tsx";
import type { DraftStore } from "./draft/draft-store.ts";
import { foldedSteps } from "./fold/folded-steps.ts";
import { connect, newNode } from "./operations/change-graph.ts";
import { continueAt } from "./operations/continue-at.ts";
import { edgeAt, exitsOf, type Place, shownExits } from "./operations/exits.ts";
import { insertNode } from "./operations/insert.ts";
import { duplicateSteps, moveSteps } from "./operations/move.ts";
import { inOrder, partOf } from "./operations/part.ts";
import { pastePart } from "./operations/paste.ts";
import { blockOf, branchOf, entriesOf, leadingTo } from "./operations/reach.ts";
import { healsAlone, removeSteps } from "./operations/remove.ts";
import { lossesOf, replaceStep } from "./operations/replace.ts";
import { switchSteps } from "./operations/switch-off.ts";
import { exitRowKey } from "./outline/outline-rows.ts";
import { nameIn, namesIn, stepName } from "./outline/step-name.ts";
import type { Question } from "./question.ts";
import { sayDone, tell } from "./tell.ts";

/** What can be done with the steps of a flow, from the outline, the canvas, the bar of a selection, or by a key. */
export interface BuilderActions {
  /** Adds the start of a flow that has none, before the step that could be its first. */
  begin(): void;
  /** Asks for a type and adds a step there. Null: the ways part, so there is no single place. */
  add(places: readonly Place[] | null): void;
  /** Adds a step of a type. Null: as above. */
  addType(type: string, places: readonly Place[] | null): void;
  /** Shows the settings of a step. `quietly`: the focus stays where it is. */
  open(nodeId: string, how?: "quietly"): void;
  /** Puts the settings away. The focus goes back to their step. */
  close(): void;
  remove(ids: readonly string[]): void;
  /** Asks for another type for a step. */
  replace(nodeId: string): void;
  /** Makes a step one of another type. What would be lost is told before. */
  replaceBy(nodeId: string, type: string): void;
  /** Asks for a note on the line that leaves a place, or a step that has one way on. */
  annotate(at: Place | string): void;
  /** Puts the steps of a branch out of sight, for this person. */
  fold(place: Place): void;
  unfold(place: Place): void;
  /** Folds all branches of a step; where all of them are folded, they are unfolded. */
  foldStep(nodeId: string): void;
  duplicate(ids: readonly string[]): void;
  /** Asks for a place. A single step takes its branches along up to where they meet; `whole`: all that it alone leads to. */
  move(ids: readonly string[], whole?: boolean): void;
  moveTo(ids: readonly string[], places: readonly Place[]): void;
  copyTo(ids: readonly string[], places: readonly Place[]): void;
  /** Asks for the step at which contacts go on. */
  continueAt(place: Place): void;
  /** Contacts pass steps that are off, and nothing of them happens. Where all are off, they are switched on. */
  switchOff(ids: readonly string[]): void;
  connect(place: Place, target: string): void;
}

export function createActions(store: DraftStore, ask: (question: Question | null) => void): BuilderActions {
  const { edit: change, select, reveal, mark } = store.getState();
  const edit: typeof change = (...given) => {
    const isDone = change(...given);
    if (isDone) sayDone(given[0]);
    return isDone;
  };
  const content = () => store.getState().content;
  const showMade = (made: readonly string[]) => {
    if (made[0] === undefined) return;
    mark(made.length > 1 ? made : []);
    reveal(made[0]);
  };
  return {
    begin: () => {
      const start = newNode("start");
      // The button that was pressed goes away, so the focus goes where the keys are.
      const isDone = edit("add the start", (draft) => {
        const first = entriesOf(draft)[0] ?? draft.nodes[0]?.id;
        draft.nodes.unshift(start);
        if (first !== undefined) connect(draft, { source: start.id, exit: "next" }, first);
      });
      if (isDone) reveal(start.id);
    },
    add: (places) => (places ? ask({ what: "type", places }) : tell(noPlace)),
    addType: (type, places) => {
      const node = newNode(type);
      if (!places) return tell(noPlace);
      const follows = places[0] && edgeAt(content(), places[0]);
      if (follows && exitsOf(node).length === 0) return ask({ what: "end", places, node });
      ask(null);
      if (edit(`add “${stepName(node)}”`, (draft) => void insertNode(draft, places, node))) select(node.id);
    },
    open: select,
    close: () => {
      const { selected } = store.getState();
      select(null);
      if (selected !== null) reveal(selected);
    },
    remove: (given) => {
      const ids = inOrder(content(), given);
      if (ids.length === 0) return;
      if (healsAlone(content(), ids)) edit(`delete ${namesIn(content(), ids)}`, (graph) => removeSteps(graph, ids));
      else ask({ what: "way", ids });
    },
    replace: (nodeId) => ask({ what: "replacement", nodeId }),
    replaceBy: (nodeId, type) => {
      const { settings, ways, readers } = lossesOf(content(), nodeId, type);
      if (settings.length + ways.length + readers.length > 0) return ask({ what: "losses", nodeId, type });
      ask(null);
      if (edit(`replace “${nameIn(content(), nodeId)}”`, (draft) => replaceStep(draft, nodeId, type))) select(nodeId);
    },
    annotate: (at) => {
      const node = content().nodes.find(({ id }) => id === at);
      const ways = node ? shownExits(node, content().edges).map(({ handle }) => ({ source: node.id, exit: handle })) : [];
      const [place] = typeof at === "string" ? (ways.length === 1 ? ways : []) : [at];
      const line = place && edgeAt(content(), place);
      if (line) ask({ what: "line_note", edgeId: line.id });
      else tell(ways.length > 1 ? "Several lines leave here. Choose one of the branches." : "No line leaves here.");
    },
    fold: (place) => {
      const row = exitRowKey(place);
      if (foldedSteps(content(), [row]).size === 0) return tell("Another way leads to these steps, so they stay in sight.");
      store.getState().fold(row);
      // What had the focus may be out of sight now.
      reveal(row);
    },
    unfold: (place) => {
      const row = exitRowKey(place);
      store.getState().unfold(row);
      reveal(row);
    },
    foldStep: (nodeId) => {
      const node = content().nodes.find(({ id }) => id === nodeId);
      const exits = node ? shownExits(node, content().edges) : [];
      const rows = [
        ...foldedSteps(
          content(),
          exits.map(({ handle }) => exitRowKey({ source: nodeId, exit: handle })),
        ).keys(),
      ];
      if (rows.length === 0) return tell("There is no branch here that could be folded.");
      const { folded, fold, unfold } = store.getState();
      const isFolded = rows.every((row) => folded.includes(row));
      for (const row of rows) (isFolded ? unfold : fold)(row);
      say(`${isFolded ? "Unfolded" : "Folded"} ${plural(rows.length, "branch", "branches")}`);
      reveal(nodeId);
    },
    duplicate: (given) => {
      const ids = inOrder(content(), given);
      let made: readonly string[] = [];
      const isDone = edit(`duplicate ${namesIn(content(), ids)}`, (graph) => {
        made = duplicateSteps(graph, ids);
      });
      if (isDone) showMade(made);
    },
    move: (given, whole = false) => {
      const [only] = given;
      const ids = given.length === 1 && only !== undefined ? (whole ? branchOf : blockOf)(content(), only) : given;
      const moved = inOrder(content(), ids);
      if (moved.length > 0) ask({ what: "place", ids: moved });
    },
    moveTo: (ids, places) => {
      if (edit(`move ${namesIn(content(), ids)}`, (draft) => moveSteps(draft, ids, places))) reveal(ids[0] as string);
    },
    copyTo: (ids, places) => {
      const part = partOf(content(), ids);
      let made: readonly string[] = [];
      const isDone = edit(`copy ${namesIn(content(), ids)}`, (draft) => {
        if (part) made = pastePart(draft, part, places).ids;
      });
      if (isDone) showMade(made);
    },
    continueAt: (place) => ask({ what: "target", place }),
    switchOff: (given) => {
      const ids = inOrder(content(), given);
      const isOff = ids.every((id) => content().nodes.find((node) => node.id === id)?.data.off === true);
      const verb = isOff ? "switch on" : "switch off";
      const put = isOff ? edit : change;
      if (!put(`${verb} ${namesIn(content(), ids)}`, (draft) => switchSteps(draft, ids))) return;
      if (!isOff) tell(`Switched off ${namesIn(content(), ids)}`, "Contacts pass by, once this is published.");
    },
    connect: (place, target) => {
      const before = edgeAt(content(), place)?.target;
      const goesBack = leadingTo(content(), place.source).has(target);
      const name = nameIn(content(), target);
      const label = `continue at “${name}”`;
      if (!change(label, (draft) => continueAt(draft, place, target))) return;
      if (goesBack) tell(`Goes back to “${name}”`, "By a “Go to”, which ends after some rounds.");
      else if (before !== undefined) tell(`Continues at “${name}”`, `It does not lead to “${nameIn(content(), before)}” any more.`);
      else sayDone(label);
    },
  };
}

const noPlace = "The ways of this step do not meet again. Choose one of them and add there.";
