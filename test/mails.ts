/** Mails as they come into a mailbox. */

interface DeliveryReportMail {
  /** The Message-ID of the mail that it is about, as it came back. */
  messageId: string;
  recipient: string;
  original?: string | undefined;
  action?: string;
  status?: string;
  diagnostic?: string;
  /** Headers of the mail that came back, besides its Message-ID. */
  returned?: string;
  /** The type of the part that comes back. */
  returnedAs?: "message/rfc822" | "text/rfc822-headers";
  from?: string;
}

/** A delivery report (RFC 3464) as Postfix writes it. */
export const deliveryReportMail = ({
  messageId,
  recipient,
  original,
  action = "failed",
  status = "5.1.1",
  diagnostic = `smtp; 550 5.1.1 <${recipient}>: Recipient address rejected: User unknown`,
  returned = "",
  returnedAs = "message/rfc822",
  from = "MAILER-DAEMON@mx.example.net",
}: DeliveryReportMail): string => `Return-Path: <>
From: Mail Delivery System <${from}>
To: hello@salon.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-Id: <${Math.random().toString(36).slice(2)}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="b/mx.example.net"

This is a MIME-encapsulated message.

--b/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 30 Nov 2026 06:00:00 +0000 (UTC)

Final-Recipient: rfc822; ${recipient}
${original ? `Original-Recipient: rfc822;${original}\n` : ""}Action: ${action}
Status: ${status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: ${diagnostic}

--b/mx.example.net
Content-Description: Undelivered Message
Content-Type: ${returnedAs}

${returned}Message-ID: ${messageId}
From: Salon <hello@salon.example>
To: ${recipient}
Subject: Hi
${returnedAs === "message/rfc822" ? "\nHello\n" : ""}
--b/mx.example.net--
`;

/** A feedback report (RFC 5965). */
export const feedbackReportMail = ({ messageId, type = "abuse" }: { messageId: string; type?: string }): string => `From: <fbl@isp.example>
To: <hello@salon.example>
Subject: FW: Hi
Message-Id: <${Math.random().toString(36).slice(2)}@isp.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part"

--part
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--part
Content-Type: message/feedback-report

Feedback-Type: ${type}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <hello@salon.example>

--part
Content-Type: message/rfc822

From: <hello@salon.example>
Message-ID: ${messageId}
Subject: Hi

Hello
--part--
`;

interface PlainMail {
  from: string;
  text: string;
  subject?: string;
  /** More headers, each with its line break. */
  headers?: string;
  messageId?: string | null;
  date?: Date;
}

/** A mail that a person wrote, or a program for one. */
export const plainMail = ({
  from,
  text,
  subject = "Re: Hi",
  headers = "",
  messageId = `<${Math.random().toString(36).slice(2)}@mail.example>`,
  date = new Date(),
}: PlainMail): string => `From: ${from}
To: Salon <hello@salon.example>
Subject: ${subject}
Date: ${date.toUTCString()}
${messageId === null ? "" : `Message-ID: ${messageId}\n`}${headers}MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

${text}
`;
