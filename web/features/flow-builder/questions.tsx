import { ConfirmDialog } from "#ui/confirm-dialog.tsx";
import { isolated, plural } from "#ui/format.ts";
import type { BuilderActions } from "./actions.ts";
import type { DraftServer } from "./draft/autosave.ts";
import { contentOf, type DraftContent } from "./draft/content.ts";
import type { DraftStore } from "./draft/draft-store.ts";
import { connect } from "./operations/change-graph.ts";
import { edgeAt } from "./operations/exits.ts";
import { lineNote, putLineNote } from "./operations/line-note.ts";
import { mayMoveTo } from "./operations/move.ts";
import { partOf } from "./operations/part.ts";
import { placesOf } from "./operations/places.ts";
import { entriesOf, leadingTo, reachableFrom } from "./operations/reach.ts";
import { cutOff, removeSteps, removeWithBranches, waysOut } from "./operations/remove.ts";
import { mayReplace, replaceStep } from "./operations/replace.ts";
import { LineNoteDialog } from "./outline/line-note-dialog.tsx";
import { PlaceDialog } from "./outline/place-dialog.tsx";
import { RemoveDialog } from "./outline/remove-dialog.tsx";
import { ReplaceDialog } from "./outline/replace-dialog.tsx";
import { nameIn, namesIn, stepName } from "./outline/step-name.ts";
import { Palette } from "./palette/palette.tsx";
import { PublishDialog } from "./publish/publish-dialog.tsx";
import type { Question } from "./question.ts";
import { sayDone } from "./tell.ts";

interface QuestionsProps {
  question: Question | null;
  store: DraftStore;
  server: DraftServer;
  content: DraftContent;
  problems: Parameters<typeof PublishDialog>[0]["problems"];
  onAnswered: () => void;
  actions: BuilderActions;
}

export function Questions({ question, store, server, content, problems, onAnswered, actions }: QuestionsProps) {
  if (question === null) return null;
  const { edit, select } = store.getState();
  const answer = (label: string, recipe: (draft: DraftContent) => void) => {
    onAnswered();
    const isDone = edit(label, recipe);
    if (isDone) sayDone(label);
    return isDone;
  };
  switch (question.what) {
    case "type":
      return <Palette onChoose={(type) => actions.addType(type, question.places)} onClose={onAnswered} />;
    case "replacement": {
      const { nodeId } = question;
      const now = content.nodes.find(({ id }) => id === nodeId);
      const may = (type: string) => now !== undefined && mayReplace(now, type);
      const label = `Replace “${nameIn(content, nodeId)}” with`;
      return <Palette label={label} may={may} onChoose={(type) => actions.replaceBy(nodeId, type)} onClose={onAnswered} />;
    }
    case "losses": {
      const { nodeId, type } = question;
      const replace = () => {
        if (answer(`replace “${nameIn(content, nodeId)}”`, (draft) => replaceStep(draft, nodeId, type))) select(nodeId);
      };
      return <ReplaceDialog {...{ content, nodeId, type }} onReplace={replace} onClose={onAnswered} />;
    }
    case "line_note": {
      const edge = content.edges.find(({ id }) => id === question.edgeId);
      if (!edge) return null;
      const line = `From “${nameIn(content, edge.source)}” to “${nameIn(content, edge.target)}”`;
      const keep = (text: string) => void answer("a note on a line", (draft) => putLineNote(draft, edge.id, text));
      return <LineNoteDialog line={line} note={lineNote(edge) ?? ""} onKeep={keep} onClose={onAnswered} />;
    }
    case "end": {
      const { places, node } = question;
      const addEnd = (draft: DraftContent) => {
        draft.nodes.push(node);
        for (const place of places) connect(draft, place, node.id);
      };
      const ended = { nodes: [...content.nodes], edges: [...content.edges] };
      addEnd(ended as DraftContent);
      const entries = entriesOf(content);
      const left = reachableFrom(content, entries).size + 1 - reachableFrom(ended, entries).size;
      return (
        <ConfirmDialog
          open
          title={left > 0 ? `End here? ${plural(left, "step")} below will not be connected any more.` : "End here?"}
          confirmLabel="End here"
          tone="primary"
          onConfirm={() => answer(`add “${stepName(node)}”`, addEnd) && select(node.id)}
          onClose={onAnswered}
        />
      );
    }
    case "place": {
      const names = namesIn(content, question.ids);
      const part = partOf(content, question.ids);
      const choices = part ? placesOf(content).filter(({ place }) => mayMoveTo(content, part, [place])) : [];
      return (
        <PlaceDialog
          label={`Move ${names}`}
          choices={choices.map(({ place, label, isOnly }) => ({
            id: `${place.source} ${place.exit}`,
            label: `After “${nameIn(content, place.source)}”`,
            ...(!isOnly && { detail: label }),
            value: place,
          }))}
          onChoose={(place) => {
            onAnswered();
            actions.moveTo(question.ids, [place]);
          }}
          onClose={onAnswered}
        />
      );
    }
    case "target": {
      const { place } = question;
      const before = edgeAt(content, place)?.target;
      const earlier = leadingTo(content, place.source);
      return (
        <PlaceDialog
          label="Continue at"
          choices={content.nodes
            .filter(({ type, id }) => type !== "start" && id !== place.source && id !== before)
            .map((node) => ({
              id: node.id,
              label: stepName(node),
              ...(earlier.has(node.id) && { detail: "goes back" }),
              value: node.id,
            }))}
          onChoose={(target) => {
            onAnswered();
            actions.connect(place, target);
          }}
          onClose={onAnswered}
        />
      );
    }
    case "way": {
      const { ids } = question;
      const names = namesIn(content, ids);
      const ways = [...new Map(waysOut(content, ids).map((way) => [way.target, way])).values()];
      return (
        <RemoveDialog
          names={names}
          choices={[
            ...ways.map(({ label, target }) => ({ label: `Go on as “${isolated(label)}”: at “${nameIn(content, target)}”`, keep: target })),
            { label: "End there", keep: null },
          ].map((choice) => ({ ...choice, left: cutOff(content, ids, choice.keep).length }))}
          onChoose={(keep, withBranches) =>
            answer(`delete ${names}`, (draft) => (withBranches ? removeWithBranches : removeSteps)(draft, ids, keep))
          }
          onClose={onAnswered}
        />
      );
    }
    case "publish": {
      const { flowId, revision, live, liveChanged } = store.getState();
      const takeOver = async () => {
        const now = await server.read();
        const { revision: next, isDraft, live: mark, liveChanged: changed, problems: found } = now;
        store.getState().accept({ revision: next, isDraft, live: mark, liveChanged: changed, problems: found, saved: contentOf(now) });
        // The button that was pressed has nothing to publish any more, and would let the focus fall to the page.
        const { active, reveal, content: published } = store.getState();
        const row = active ?? published.nodes[0]?.id;
        if (row !== undefined) reveal(row);
      };
      return (
        <PublishDialog
          {...{ flowId, revision, live, liveChanged, problems }}
          nodes={content.nodes}
          onClose={onAnswered}
          onPublished={() => {
            onAnswered();
            void takeOver();
          }}
          onShowProblem={(id) => {
            onAnswered();
            select(id);
          }}
        />
      );
    }
  }
}
