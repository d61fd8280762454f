import { Box, Flex, Grid, Heading, Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { MessagesSquare, Pencil, Play } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Contact } from "#contract/contacts.ts";
import { Button } from "#ui/button.tsx";
import { useNarrow } from "#ui/data-table/use-narrow.ts";
import { lazyLater } from "#ui/lazy-later.ts";
import { OnceOpened } from "#ui/once-opened.tsx";
import { Page } from "#ui/page.tsx";
import { SkeletonRows } from "#ui/skeleton-rows.tsx";
import { TabBar } from "#ui/tab-bar.tsx";
import { contactQuery } from "#web/entities/contacts/contact-queries.ts";
import { useSession } from "#web/entities/session/use-session.ts";
import { Plan } from "#web/features/contact-page/plan.tsx";
import { Timeline } from "#web/features/contact-page/timeline.tsx";
import { ContactConsent } from "#web/features/contacts/contact-consent.tsx";
import { Facts, Metadata, Section } from "#web/features/contacts/contact-facts.tsx";
import { ContactHistory } from "#web/features/contacts/contact-history.tsx";
import { MissingContact } from "#web/features/contacts/missing-contact.tsx";
import { readChoice } from "#web/lib/read-choice.ts";

const SendFlowDialog = lazyLater(async () => (await import("#web/features/send-flow/send-flow-dialog.tsx")).SendFlowDialog);
const ContactFormPanel = lazyLater(async () => (await import("#web/features/contacts/contact-form-panel.tsx")).ContactFormPanel);

const ProofTab = lazy(async () => ({ default: (await import("./proof-tab.tsx")).ProofTab }));

const panelId = "contact-panel";
const tabs = ["timeline", "flows", "proof", "details"] as const;

const labels = { timeline: "Time line", flows: "Flows", proof: "Proof", details: "Details and consent" };

/** Everything about one contact: who they are, what they allow, where they stand, what follows, and what happened. */
export function ContactPage() {
  const { contactId } = useParams({ from: "/member/contacts/$contactId" });
  const { can } = useSession();
  const contact = useQuery(contactQuery(contactId));
  const mayEdit = can("editor");
  const [sending, setSending] = useState<Contact | null>(null);
  const [editing, setEditing] = useState<Contact | null>(null);
  const { data } = contact;
  if (!data) {
    return (
      <Page title="Contact" parent={<Link to="/contacts">Contacts</Link>}>
        {contact.isPending ? (
          <SkeletonRows label="Loading the contact" />
        ) : (
          <Box p="6">
            <MissingContact contactId={contactId} mayRestore={mayEdit} error={contact.error} onRetry={() => void contact.refetch()} />
          </Box>
        )}
      </Page>
    );
  }
  return (
    <>
      <Known contact={data} {...(mayEdit && { onSend: () => setSending(data), onEdit: () => setEditing(data) })} />
      <OnceOpened open={sending !== null}>
        <SendFlowDialog
          audience={sending && { selection: { type: "ids", ids: [sending.id] }, total: 1, names: [sending.displayName], words: null }}
          launchedFrom="Contact page"
          onClose={() => setSending(null)}
        />
      </OnceOpened>
      <OnceOpened open={editing !== null}>
        <ContactFormPanel target={editing} onClose={() => setEditing(null)} />
      </OnceOpened>
    </>
  );
}

interface KnownProps {
  contact: Contact;
  /** Absent for those who may only read. */
  onSend?: () => void;
  onEdit?: () => void;
}

function Known({ contact, onSend, onEdit }: KnownProps) {
  const navigate = useNavigate();
  const isNarrow = useNarrow();
  const { workspace } = useSession();
  const chosen = readChoice(useSearch({ from: "/member/contacts/$contactId" }).tab, tabs).value ?? "timeline";
  const tab = chosen === "details" && !isNarrow ? "timeline" : chosen;
  const details = (
    <Stack gap="6">
      <Facts contact={contact} />
      <Section title="Consent">
        <ContactConsent contact={contact} />
      </Section>
      <Metadata metadata={contact.metadata} />
    </Stack>
  );
  return (
    <Page
      title={contact.displayName}
      parent={<Link to="/contacts">Contacts</Link>}
      scroll={false}
      actions={
        <>
          <Button icon={MessagesSquare} onClick={() => void navigate({ to: "/inbox", search: { contact: contact.id } })}>
            Conversation
          </Button>
          {onEdit && (
            <Button icon={Pencil} onClick={onEdit}>
              Edit
            </Button>
          )}
          {onSend && (
            <Button tone="primary" icon={Play} onClick={onSend}>
              Send Flow
            </Button>
          )}
        </>
      }
      tabs={
        <TabBar
          label="About this contact"
          panelId={panelId}
          value={tab}
          onChange={(next) =>
            void navigate({
              to: "/contacts/$contactId",
              params: { contactId: contact.id },
              search: next === "timeline" ? {} : { tab: next },
              replace: true,
            })
          }
          tabs={[
            { value: "timeline", label: labels.timeline },
            { value: "flows", label: labels.flows },
            { value: "proof", label: labels.proof },
            ...(isNarrow ? [{ value: "details" as const, label: labels.details }] : []),
          ]}
        />
      }
    >
      <Grid templateColumns={{ base: "1fr", lg: "minmax(0, 1fr) 24rem" }} flex="1" minH="0" overflowY={{ base: "auto", lg: "hidden" }}>
        <Box id={panelId} role="tabpanel" aria-label={labels[tab]} px={{ base: "4", md: "6" }} py="5" minW="0" overflowY={{ lg: "auto" }}>
          {tab === "flows" ? (
            <ContactHistory contactId={contact.id} />
          ) : tab === "proof" ? (
            <Suspense fallback={<SkeletonRows rows={6} columns={["30%", "25%", "20%"]} label="Loading the record of messages" />}>
              <ProofTab of={{ kind: "contact", id: contact.id }} zone={workspace.timeZone} />
            </Suspense>
          ) : tab === "details" ? (
            details
          ) : (
            <Flex direction="column" gap="6" maxW="48rem">
              <Plan contact={{ id: contact.id, name: contact.displayName }} />
              <Box>
                <Heading as="h2" textStyle="label" color="fg.muted" mb="2">
                  What happened
                </Heading>
                <Timeline contactId={contact.id} />
              </Box>
            </Flex>
          )}
        </Box>
        {!isNarrow && (
          <Box
            as="aside"
            aria-label="Details"
            px={{ base: "4", md: "6" }}
            py="5"
            borderStartWidth={{ lg: "1px" }}
            borderTopWidth={{ base: "1px", lg: "0" }}
            overflowY={{ lg: "auto" }}
          >
            {details}
          </Box>
        )}
      </Grid>
    </Page>
  );
}
