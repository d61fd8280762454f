import { Box, Flex, Text, VisuallyHidden } from "@chakra-ui/react";
import { CircleAlert, CornerDownRight, Ellipsis, Plus, TriangleAlert } from "lucide-react";
import { type MouseEvent, memo, useId } from "react";
import type { FlowProblem } from "#contract/flows.ts";
import { describeNode, nodeTypeLabel } from "#nodes/describe-node.tsx";
import { Button } from "#ui/button.tsx";
import { plural } from "#ui/format.ts";
import { IconButton } from "#ui/icon-button.tsx";
import { ActionMenu } from "#ui/menu.tsx";
import type { BuilderActions } from "../actions.ts";
import { isSame } from "../draft/content.ts";
import type { DraftStore } from "../draft/draft-store.ts";
import { placesAfter } from "../operations/places.ts";
import { ExitRow } from "./exit-row.tsx";
import { NoteLine } from "./note-line.tsx";
import type { OutlineRow } from "./outline-rows.ts";
import { stepMenu } from "./step-menu.ts";

interface RowProps {
  row: OutlineRow;
  /** The name of the step at which the branch goes on. */
  goesOnAt: string | undefined;
  problems: readonly FlowProblem[];
  isActive: boolean;
  isSelected: boolean;
  isMarked: boolean;
  disabled: boolean;
  store: DraftStore;
  actions: BuilderActions;
  onClick: (event: MouseEvent, row: OutlineRow) => void;
}

/** A row of the outline. It is drawn again only when something of it has changed: there may be hundreds. */
export const Row = memo(
  function Row(props: RowProps) {
    const { row, goesOnAt, isActive, disabled, store, actions, onClick } = props;
    const common = {
      role: "treeitem",
      "data-row": row.key,
      "aria-level": row.level,
      "aria-posinset": row.position,
      "aria-setsize": row.siblings,
      tabIndex: isActive ? 0 : -1,
      onFocus: () => store.getState().active !== row.key && store.getState().focus(row.key),
      onClick: (event: MouseEvent) => onClick(event, row),
      align: "center",
      gap: "2",
      ps: `calc(var(--chakra-spacing-3) + ${(row.level - 1) * 14}px)`,
      pe: "2",
      minH: "9",
      rounded: "md",
      mx: "2",
    } as const;
    switch (row.kind) {
      case "step":
        return <StepRow {...props} row={row} common={common} />;
      case "loose":
        return (
          <Flex {...common} aria-label="Not connected: nothing leads to these steps">
            <Text textStyle="sm" color="fg.muted">
              Not connected: nothing leads to these steps
            </Text>
          </Flex>
        );
      case "exit":
        return (
          <ExitRow
            row={row}
            problems={props.problems}
            common={common}
            onFold={(isFolded) => (isFolded ? actions.fold : actions.unfold)(row.place)}
          >
            {!disabled && <AddButton onClick={() => actions.add([row.place])} />}
          </ExitRow>
        );
      case "goes_on": {
        const words = `Goes on at “${goesOnAt ?? row.target}”`;
        return (
          <Flex {...common} aria-label={words} color="fg.muted">
            <CornerDownRight aria-hidden size={14} style={{ flexShrink: 0 }} />
            <Button size="xs" tone="ghost" tabIndex={-1} minW="0" title={words} onClick={() => store.getState().reveal(row.target)}>
              <Text as="span" truncate>
                {words}
              </Text>
            </Button>
            {!disabled && <AddButton onClick={() => actions.add([row.place])} />}
          </Flex>
        );
      }
      case "ends":
        return (
          <Flex {...common} color="fg.muted">
            <Text textStyle="sm">Ends here</Text>
            {!disabled && (
              <>
                <Button size="xs" icon={Plus} tabIndex={-1} onClick={() => actions.add([row.place])}>
                  Add step
                </Button>
                <Button size="xs" tone="ghost" tabIndex={-1} onClick={() => actions.continueAt(row.place)}>
                  Continue at…
                </Button>
              </>
            )}
          </Flex>
        );
    }
  },
  ({ row, store, actions, onClick, ...before }, { row: next, store: nextStore, actions: nextActions, onClick: nextClick, ...after }) =>
    store === nextStore && actions === nextActions && onClick === nextClick && sameRow(row, next) && isSame(before, after),
);

/** A step that is the same object has not changed. */
const sameRow = (before: OutlineRow, after: OutlineRow): boolean =>
  before.kind === "step" && after.kind === "step"
    ? before.node === after.node && isSame({ ...before, node: null }, { ...after, node: null })
    : isSame(before, after);

const AddButton = ({ onClick }: { onClick: () => void }) => (
  <IconButton size="xs" tooltip="title" icon={Plus} label="Add a step here" tabIndex={-1} onClick={onClick} />
);

function StepRow({
  row: { node, from, ways, lineNote },
  problems,
  isSelected,
  isMarked,
  disabled,
  store,
  actions,
  common,
}: RowProps & { row: Extract<OutlineRow, { kind: "step" }>; common: object }) {
  const look = describeNode(node);
  const note = node.data.note?.trim();
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.filter(({ severity }) => severity === "warning").length;
  const type = nodeTypeLabel(node.type);
  const hint = problems.every(({ severity }) => severity === "hint") ? problems[0]?.message : undefined;
  const id = useId();
  const isLit = isSelected || isMarked;
  return (
    <Flex
      {...common}
      aria-labelledby={id}
      aria-selected={isLit}
      bg={isLit ? "bg.emphasized" : undefined}
      _hover={{ bg: isLit ? "bg.emphasized" : "bg.subtle" }}
      cursor="pointer"
      userSelect="none"
    >
      <look.Icon aria-hidden size={16} style={{ flexShrink: 0 }} />
      <Box id={id} as="span" flex="1" minW="0" py={note || lineNote ? "1" : undefined}>
        <Flex as="span" align="center" gap="2" minW="0">
          <Text
            as="span"
            fontWeight="medium"
            truncate
            flexShrink={0}
            maxW="50%"
            dir="auto"
            {...(node.data.off && { textDecoration: "line-through", color: "fg.muted" })}
          >
            {look.label}
          </Text>
          {node.data.off && (
            <Text as="span" color="fg.muted" textStyle="xs" flexShrink={0}>
              Off
            </Text>
          )}
          <Text as="span" color="fg.muted" textStyle="sm" truncate flex="1" minW="0" dir="auto">
            {look.summary}
          </Text>
          {from > 1 && (
            <Text as="span" color="fg.muted" textStyle="xs" flexShrink={0}>
              from {from} steps
            </Text>
          )}
          {hint !== undefined && (
            <Text as="span" textStyle="xs" color="fg.muted" flexShrink={0}>
              {hint}
            </Text>
          )}
        </Flex>
        {note && <NoteLine note={note} />}
        {lineNote !== undefined && <NoteLine note={lineNote} onLine />}
        {/* Its icon says it to the eye. It comes behind what is seen, which a name has to hold in one piece. */}
        {type !== look.label && type !== look.summary && <VisuallyHidden>{`, ${type}`}</VisuallyHidden>}
        {errors > 0 && <VisuallyHidden>{`, ${plural(errors, "problem")}`}</VisuallyHidden>}
        {warnings > 0 && <VisuallyHidden>{`, ${plural(warnings, "warning")}`}</VisuallyHidden>}
      </Box>
      {problems.length > 0 && hint === undefined && (
        <Box color={errors > 0 ? "fg.error" : "fg.warning"} title={problems.map(({ message }) => message).join("\n")} flexShrink={0}>
          {errors > 0 ? <CircleAlert aria-hidden size={16} /> : <TriangleAlert aria-hidden size={16} />}
        </Box>
      )}
      {!disabled && (
        <Flex flexShrink={0} onClick={(event) => event.stopPropagation()}>
          {ways > 0 && <AddButton onClick={() => actions.add(placesAfter(store.getState().content, [node.id]))} />}
          {node.type !== "start" && (
            <ActionMenu
              trigger={<IconButton size="xs" tooltip="title" icon={Ellipsis} label={`Actions for ${look.label}`} tabIndex={-1} />}
              items={stepMenu(node, actions, ways)}
            />
          )}
        </Flex>
      )}
    </Flex>
  );
}
