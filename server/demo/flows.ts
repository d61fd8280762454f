import { type Box, type DrawnFlow, drawFlow } from "../templates/draw-flow.ts";

const start: Box = { id: "start", type: "start", label: "Start", config: {} };
const hello = '{{ firstname | default: "there" }}';
const minute = { mode: "duration", amount: 1, unit: "minutes" };

/**
 * The flow of the founding document's drawing. It has five steps and ends within a minute, so that a newcomer sees it
 * end.
 */
const welcome = drawFlow(
  "Welcome Flow",
  [
    start,
    {
      id: "sms",
      type: "send_sms",
      label: "Welcome SMS",
      config: { text: `Hi ${hello}, welcome! We have just sent you the details by e-mail.`, onError: "continue" },
    },
    { id: "wait", type: "delay", label: "Wait 1 minute", config: minute },
    {
      id: "email",
      type: "send_email",
      label: "Welcome e-mail",
      config: {
        subject: `Welcome, ${hello}`,
        text: `Hello ${hello},\n\nthank you for joining us. Your account is ready; just reply to this message if you have a question.\n\nThe team`,
        onError: "continue",
      },
    },
    { id: "end", type: "end", label: "Welcomed", config: { result: "reached" } },
  ],
  ["start→sms", "sms.sent→wait", "wait→email", "email.sent→end"],
);

const followUp = drawFlow(
  "Follow-up Sequence",
  [
    start,
    {
      id: "status",
      type: "condition",
      label: "Already a customer?",
      config: {
        branches: [
          { id: "customer", label: "Customer", match: "all", tests: [{ field: "lead_status", operator: "is", value: "Customer" }] },
        ],
      },
    },
    {
      id: "thanks",
      type: "send_email",
      label: "Thank-you e-mail",
      column: -1,
      config: {
        subject: `How are you getting on, ${hello}?`,
        text: `Hello ${hello},\n\nhow do you like it so far? A short answer helps us a lot.\n\nThe team`,
      },
    },
    {
      id: "question",
      type: "send_sms",
      label: "Question by SMS",
      column: 1,
      config: { text: `Hi ${hello}, did you have a chance to look at our offer? Just reply to this message.`, onError: "continue" },
    },
    { id: "wait", type: "delay", label: "Wait 2 days", column: 1, config: { mode: "duration", amount: 2, unit: "days" } },
    {
      id: "reminder",
      type: "send_email",
      label: "Reminder e-mail",
      column: 1,
      config: {
        subject: `Still interested, ${hello}?`,
        text: `Hello ${hello},\n\nour offer stands. Shall we call you in {{ contact.metadata.city | default: "your city" }}?\n\nThe team`,
      },
    },
    { id: "end", type: "end", label: "Followed up", config: { result: "neutral" } },
  ],
  [
    "start→status",
    "status.customer→thanks",
    "status.otherwise→question",
    "question.sent→wait",
    "wait→reminder",
    "thanks.sent→end",
    "reminder.sent→end",
  ],
);

const appointment = drawFlow(
  "Appointment Reminder",
  [
    start,
    {
      id: "confirm",
      type: "send_email",
      label: "Confirmation",
      config: {
        subject: "Your appointment",
        text: `Hello ${hello},\n\nyour appointment {{ trigger.appointment | default: "tomorrow" }} is confirmed.\n\nThe team`,
        onError: "continue",
      },
    },
    { id: "morning", type: "delay", label: "Until 9:00, their time", config: { mode: "until_time", time: "09:00", zone: "contact" } },
    {
      id: "remind",
      type: "send_sms",
      label: "Reminder SMS",
      config: { text: `Hi ${hello}, we look forward to seeing you. Reply if you cannot come.`, onError: "continue" },
    },
    { id: "end", type: "end", label: "Reminded", config: { result: "reached" } },
  ],
  ["start→confirm", "confirm.sent→morning", "morning→remind", "remind.sent→end"],
);

export const demoFlows: readonly DrawnFlow[] = [welcome, followUp, appointment];
