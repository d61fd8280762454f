import { MessageCircleReply } from "lucide-react";
import type { z } from "zod";
import type { NodeForm } from "../node-form.tsx";
import { durationWords } from "../words/duration-words.ts";
import type { waitForReply } from "./definition.ts";

const channelWords = { any: "a reply", sms: "a reply by SMS", email: "a reply by e-mail" } as const;

const summary = ({ channel, limitSeconds }: z.output<(typeof waitForReply)["config"]>): string =>
  `Wait for ${channelWords[channel]}, at most ${durationWords(limitSeconds)}`;

export const waitForReplyForm: NodeForm<typeof waitForReply> = { Icon: MessageCircleReply, summary };
