import { Box, Flex } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Workflow } from "lucide-react";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import type { FlowTemplate } from "#contract/flows.ts";
import { EmptyState } from "#ui/empty-state.tsx";
import { lazyLater } from "#ui/lazy-later.ts";
import { Page } from "#ui/page.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { useLastShown } from "#ui/use-last-shown.ts";
import { liveFlowsQuery } from "#web/entities/flows/flow-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { LazyCanvas } from "#web/features/flow-builder/canvas/lazy-canvas.tsx";
import { FlowList } from "#web/features/flows/flow-list.tsx";
import { isShelf } from "#web/features/flows/flow-order.ts";
import { NewFlowButton } from "#web/features/flows/new-flow-button.tsx";
import { useFavourite } from "#web/features/flows/use-favourite.ts";
import { useFlowActions } from "#web/features/flows/use-flow-actions.tsx";
import { usePastedFlow } from "#web/features/flows/use-pasted-flow.ts";

const ImportFlowDialog = lazyLater(async () => (await import("#web/features/flows/import-flow-dialog.tsx")).ImportFlowDialog);
const TemplateChoice = lazyLater(async () => (await import("#web/features/flows/template-choice.tsx")).TemplateChoice);
const TemplateDialog = lazyLater(async () => (await import("#web/features/flows/template-dialog.tsx")).TemplateDialog);

const drawTemplate = (template: FlowTemplate) => <LazyCanvas label={template.name} graph={template} embedded whole />;

export function FlowsPage() {
  const { q, folder } = useSearch({ from: "/member/flows" });
  const { can } = useSession();
  const navigate = useNavigate();
  const flows = useQuery(liveFlowsQuery);
  const edit = (flow: { id: string }) => void navigate({ to: "/flows/$flowId", params: { flowId: flow.id }, search: { tab: "edit" } });
  const actions = useFlowActions({ onOpen: edit });
  const favourite = useFavourite();
  const [choosing, setChoosing] = useState<object | null>(null);
  const templateDialog = useLastShown(choosing);
  /** What was pasted; empty where a file is to be chosen. Each opening begins anew. */
  const [importing, setImporting] = useState<{ text: string } | null>(null);
  const importDialog = useLastShown(importing);
  const importPasted = useCallback((text: string) => setImporting({ text }), []);
  const mayEdit = can("editor");
  usePastedFlow(mayEdit ? importPasted : undefined);
  const newFlow = { onMade: edit, onTemplate: () => setChoosing({}), onImport: () => importPasted("") };
  const isEmpty = flows.data?.items.length === 0;
  const addButton = useRef<HTMLButtonElement>(null);
  const wasEmpty = useRef(false);
  // The button that added the first flow is gone with the empty page.
  useEffect(() => {
    if (wasEmpty.current && isEmpty === false && document.activeElement === document.body) addButton.current?.focus();
    wasEmpty.current = isEmpty;
  }, [isEmpty]);
  return (
    <Page
      title="Flows"
      count={flows.data?.items.length}
      scroll={false}
      actions={mayEdit && flows.data && !isEmpty && <NewFlowButton ref={addButton} {...newFlow} />}
    >
      <FlowList
        search={q ?? ""}
        folder={folder}
        onFilter={(next) => void navigate({ to: "/flows", search: { q: next.search || undefined, folder: next.folder }, replace: true })}
        onOpen={(flow) => void navigate({ to: "/flows/$flowId", params: { flowId: flow.id } })}
        canEdit={mayEdit}
        menuItems={(flow) => [favourite(flow), ...(mayEdit ? actions.items(flow) : [])]}
        whenEmpty={
          mayEdit ? (
            <Box px={{ base: "4", md: "6" }} pb="8" maxW="64rem" mx="auto">
              <EmptyState icon={Workflow} title="No flows yet">
                Begin with one of these. It becomes a draft, to change as you like; nobody gets it before you publish it.
              </EmptyState>
              <Flex justify="center" mt="-8" mb="8">
                <NewFlowButton {...newFlow} />
              </Flex>
              <Box mt="-6">
                <Suspense fallback={<SkeletonRows rows={6} rowHeight="14" columns={["30%", "60%"]} label="Loading the templates" />}>
                  <TemplateChoice drawing={drawTemplate} onMade={edit} />
                </Suspense>
              </Box>
            </Box>
          ) : (
            <EmptyState icon={Workflow} title="No flows yet">
              Editors of this workspace can add flows.
            </EmptyState>
          )
        }
      />
      {actions.dialogs}
      {templateDialog.shown && (
        <Suspense>
          <TemplateDialog
            key={templateDialog.opening}
            open={choosing !== null}
            onClose={() => setChoosing(null)}
            drawing={drawTemplate}
            onMade={edit}
          />
        </Suspense>
      )}
      {importDialog.shown && (
        <Suspense>
          <ImportFlowDialog
            key={importDialog.opening}
            open={importing !== null}
            onClose={() => setImporting(null)}
            pasted={importDialog.shown.text}
            folderId={folder === undefined || isShelf(folder) ? undefined : folder}
            onImported={(flow) => {
              setImporting(null);
              void navigate({ to: "/flows/$flowId", params: { flowId: flow.id }, search: { tab: "edit", report: "1" } });
            }}
          />
        </Suspense>
      )}
    </Page>
  );
}
