import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";

export const roles = ["viewer", "editor", "admin", "owner"] as const;
export type Role = (typeof roles)[number];
/** Whether `role` includes everything that `least` may do. */
export const roleCovers = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least);

export const scopes = [
  "contacts:read",
  "contacts:write",
  "flows:read",
  "flows:write",
  "flows:send",
  "executions:read",
  "messages:read",
  "secrets:use",
  "admin",
] as const;
export type Scope = (typeof scopes)[number];

export const passwordRule = z.string().min(12, "At least 12 characters").max(128, "At most 128 characters");

export const User = z.object({ id: Uuid, name: z.string(), email: z.string() });
export type User = z.infer<typeof User>;

/**
 * What happens to a message that may or may not have left: `hold` leaves it to a person, `resend` sends it once more.
 */
export const doubtRules = ["hold", "resend"] as const;
export type DoubtRule = (typeof doubtRules)[number];

export const Workspace = z.object({
  id: z.string(),
  name: z.string(),
  timeZone: z.string(),
  country: z.string(),
  /** For how many seconds a send can be undone; nothing leaves before that. 0 starts it at once. */
  undoSeconds: z.number().int(),
  emailInDoubt: z.enum(doubtRules),
  smsInDoubt: z.enum(doubtRules),
  /** Where the business is reached by post; every marketing e-mail ends with it. Null: nobody has entered it. */
  postalAddress: z.string().nullable(),
  /** What answers HELP. Null: the usual words. Empty: nobody is answered. */
  helpText: z.string().nullable(),
  /** The countries (ISO 3166) to which SMS go. To all others none are sent. */
  smsCountries: z.array(z.string()),
  /** Messages leave to a few addresses only. */
  sandbox: z.boolean(),
  isDemo: z.boolean(),
  /** Which sends wait for an approval, as `ApprovalRules` say; absent where none do. */
  approval: z.object({ above: z.number().nullable(), editors: z.boolean(), allFlows: z.boolean().optional() }).optional(),
  role: z.enum(roles),
});
export type Workspace = z.infer<typeof Workspace>;

/**
 * How people sign in: with passwords that this instance stores, or at a Supabase project. The project's key is public.
 */
export const SignInWay = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("password") }),
  z.object({ kind: z.literal("supabase"), url: z.url(), publishableKey: z.string() }),
]);
export type SignInWay = z.infer<typeof SignInWay>;

/**
 * The first data that the browser needs: whether the instance has an owner, who is signed in, and the person's
 * workspaces.
 */
export const SessionState = z.object({
  claimed: z.boolean(),
  signIn: SignInWay.default({ kind: "password" }),
  user: User.nullable(),
  workspaces: z.array(Workspace),
  /** Whether the person is an admin of the instance. */
  instanceAdmin: z.boolean().default(false),
  mayCreateWorkspaces: z.boolean().default(false),
});
export type SessionState = z.infer<typeof SessionState>;

/** What an address may lead to. */
export const placeKinds = ["contact", "flow", "send", "execution", "message"] as const;
export type PlaceKind = (typeof placeKinds)[number];
/** The one of the person's own workspaces that has it; null where none has, whether or not it is anywhere else. */
export const Whereabouts = z.object({ workspaceId: z.string().nullable() });

export const SignIn = z.strictObject({ email: z.string().trim().max(254), password: z.string().max(128) });
export const Claim = z.strictObject({
  token: z.string().min(20).max(200),
  name: requiredText(100),
  email: z.email().max(254),
  password: passwordRule,
});
export const ClaimSignedIn = z.strictObject({ token: z.string().min(20).max(200) });
export const ChangePassword = z.strictObject({ currentPassword: z.string().max(128), newPassword: passwordRule });

export const UsePasswordReset = z.strictObject({ token: z.string().min(20).max(200), password: passwordRule });
/** `link` is shown once. Only the hash of its token is stored. */
export const PasswordResetLink = z.object({ link: z.string(), expiresAt: Timestamp });

export const SignedInSession = z.object({
  id: Uuid,
  current: z.boolean(),
  userAgent: z.string().nullable(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
});

/** How many numbers another country would make usable, and how many it would read as other numbers than now. */
export const NumbersToReread = z.object({ unreadable: z.number().int(), otherwise: z.number().int() });
export type NumbersToReread = z.infer<typeof NumbersToReread>;

export const Member = z.object({ userId: Uuid, name: z.string(), email: z.string(), role: z.enum(roles), joinedAt: Timestamp });
export type Member = z.infer<typeof Member>;

export const invitableRoles = ["admin", "editor", "viewer"] as const;
export const Invitation = z.object({
  id: Uuid,
  email: z.string(),
  role: z.enum(invitableRoles),
  createdAt: Timestamp,
  expiresAt: Timestamp,
});
export type Invitation = z.infer<typeof Invitation>;
export const InvitationInput = z.strictObject({ email: z.email().max(254), role: z.enum(invitableRoles) });
/** `link` is shown once. Only the hash of its token is stored. */
export const NewInvitation = z.object({ invitation: Invitation, link: z.string() });
export const InvitationPreview = z.object({
  workspaceName: z.string(),
  email: z.string(),
  role: z.enum(invitableRoles),
  hasAccount: z.boolean(),
});
export const AcceptInvitation = z.strictObject({
  token: z.string().min(20).max(200),
  name: requiredText(100).optional(),
  password: passwordRule.optional(),
});

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
  expiresAt: Timestamp,
});
export type ApiKey = z.infer<typeof ApiKey>;
/** What a member gave out, and would end with their role or their membership; and what of theirs would go on without them. */
export const Grants = z.object({
  apiKeys: z.array(z.object({ id: z.string(), name: z.string() })),
  invitations: z.array(z.object({ id: Uuid, email: z.string(), role: z.enum(invitableRoles) })),
  /** Sends that they or their keys made and that are not over, the newest first, where they could not make them any more. Nobody but who stops one ends it. */
  sends: z.array(z.object({ id: Uuid, flowName: z.string(), startAt: Timestamp.nullable() })),
});
export type Grants = z.infer<typeof Grants>;
export const ApiKeyInput = z.strictObject({
  name: requiredText(100),
  scopes: z.array(z.enum(scopes)).min(1),
  expiresInDays: z.number().int().min(1).max(730).default(365),
});
/** `key` is shown once. */
export const NewApiKey = z.object({ apiKey: ApiKey, key: z.string() });
