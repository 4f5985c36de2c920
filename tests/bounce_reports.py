"""Reports as mail servers write them (RFC 3464): after the first example of that standard, and after what Postfix, Exim
and Exchange send, which differ in headers, order, case and blank lines."""


def rfc_example(to: str) -> bytes:
    """Appendix E.1, from before anybody wrote a status in earnest."""
    return f"""Date: Thu, 7 Jul 1994 17:16:05 -0400
From: Mail Delivery Subsystem <MAILER-DAEMON@CS.UTK.EDU>
Message-Id: <199407072116.RAA14128@CS.UTK.EDU>
Subject: Returned mail: Cannot send message for 5 days
To: <{to}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
      boundary="RAA14128.773615765/CS.UTK.EDU"

--RAA14128.773615765/CS.UTK.EDU

The original message was received at Sat, 2 Jul 1994 17:10:28 -0400

   ----- The following addresses had delivery problems -----
<louisl@larry.slip.umd.edu>  (unrecoverable error)

--RAA14128.773615765/CS.UTK.EDU
content-type: message/delivery-status

Reporting-MTA: dns; cs.utk.edu

Original-Recipient: rfc822;louisl@larry.slip.umd.edu
Final-Recipient: rfc822;louisl@larry.slip.umd.edu
Action: failed
Status: 4.0.0
Diagnostic-Code: smtp; 426 connection timed out
Last-Attempt-Date: Thu, 7 Jul 1994 17:15:49 -0400

--RAA14128.773615765/CS.UTK.EDU
content-type: message/rfc822

[original message goes here]

--RAA14128.773615765/CS.UTK.EDU--
""".encode()


def postfix(to: str, *, action: str = "failed", envelope_id: str = "") -> bytes:
    """With the headers that its local delivery puts on top."""
    asked = f"Original-Envelope-Id: {envelope_id}\n" if envelope_id else ""
    return f"""Return-Path: <>
X-Original-To: {to}
Delivered-To: portal@mail.example.org
Received: by mail.example.org (Postfix)
\tid 4Zx1Y23rJPz2xG; Mon, 23 Nov 2026 12:03:07 +0000 (UTC)
Date: Mon, 23 Nov 2026 12:03:07 +0000 (UTC)
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Zx1Y23n4Fz2xF.1795435387/mail.example.org"
Content-Transfer-Encoding: 8bit
Message-Id: <20261123120307.4Zx1Y23rJPz2xG@mail.example.org>

This is a MIME-encapsulated message.

--4Zx1Y23n4Fz2xF.1795435387/mail.example.org
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host mail.example.org.

<koordinator@arendal.example>: host mx.arendal.example[192.0.2.7] said: 550 5.1.1
    <koordinator@arendal.example>: Recipient address rejected: Ukjent bruker æøå
    (in reply to RCPT TO command)

--4Zx1Y23n4Fz2xF.1795435387/mail.example.org
Content-Description: Delivery report
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; mail.example.org
{asked}X-Postfix-Queue-ID: 4Zx1Y23n4Fz2xF
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Mon, 23 Nov 2026 12:03:05 +0000 (UTC)

Final-Recipient: rfc822; koordinator@arendal.example
Original-Recipient: rfc822;koordinator@arendal.example
Action: {action}
Status: 5.1.1
Remote-MTA: dns; mx.arendal.example
Diagnostic-Code: smtp; 550 5.1.1 <koordinator@arendal.example>: Recipient
    address rejected: Ukjent bruker æøå

--4Zx1Y23n4Fz2xF.1795435387/mail.example.org
Content-Description: Undelivered Message Headers
Content-Type: message/global-headers
Content-Transfer-Encoding: 8bit

Return-Path: <{to}>
Subject: Nytt i portalen

--4Zx1Y23n4Fz2xF.1795435387/mail.example.org--
""".encode()


def exim(to: str) -> bytes:
    """The action stands first, and the boundary without quotes."""
    return f"""Return-path: <>
Envelope-to: {to.upper()}
Delivery-date: Mon, 23 Nov 2026 13:17:30 +0100
Received: from Debian-exim by mail.example.org with local (Exim 4.96)
\tid 1vNabc-000000008Kl-2Abc
\tfor {to};
\tMon, 23 Nov 2026 13:17:30 +0100
X-Failed-Recipients: koordinator@arendal.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.example.org>
To: undisclosed-recipients:;
References: <mail.0f8fad5b@example.org>
Content-Type: multipart/report; report-type=delivery-status; boundary=1795435387-eximdsn-1667487833
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1vNabc-000000008Kl-2Abc@mail.example.org>
Date: Mon, 23 Nov 2026 13:17:30 +0100

--1795435387-eximdsn-1667487833
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1795435387-eximdsn-1667487833
Content-type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Action: failed
Final-Recipient: rfc822;koordinator@arendal.example
Status: 5.0.0
Remote-MTA: dns; mx.arendal.example
Diagnostic-Code: smtp; 554 5.7.1 rejected

--1795435387-eximdsn-1667487833
Content-type: message/rfc822

Return-path: <{to}>
Subject: x

text

--1795435387-eximdsn-1667487833--
""".encode()


def exchange(to: str) -> bytes:
    """With lines that end as on the wire, nested alternatives, and its own fields."""
    return f"""From: <postmaster@arendal.example>
To: <{to}>
Date: Mon, 23 Nov 2026 12:05:00 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_000_AM0PR01MB0001eurprd01prod_"
Content-Language: nb-NO
Message-ID: <AM0PR01MB0001@AM0PR01MB0001.eurprd01.prod.outlook.example>
In-Reply-To: <mail.0f8fad5b@example.org>
Subject: Kan ikke leveres: Nytt i portalen
Auto-Submitted: auto-replied
MIME-Version: 1.0

--_000_AM0PR01MB0001eurprd01prod_
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="_111_AM0PR01MB0001eurprd01prod_"

--_111_AM0PR01MB0001eurprd01prod_
Content-Type: text/plain; charset="us-ascii"

Meldingen kunne ikke leveres.

--_111_AM0PR01MB0001eurprd01prod_--

--_000_AM0PR01MB0001eurprd01prod_
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.outlook.example
Received-From-MTA: dns;mail.example.org
Arrival-Date: Mon, 23 Nov 2026 12:04:58 +0000

Final-Recipient: rfc822;koordinator@arendal.example
Action: Failed
Status: 5.2.2
Diagnostic-Code: smtp;554 5.2.2 mailbox full
X-Display-Name: Koordinerende enhet

--_000_AM0PR01MB0001eurprd01prod_
Content-Type: message/rfc822

Subject: Nytt i portalen

--_000_AM0PR01MB0001eurprd01prod_--
""".replace("\n", "\r\n").encode()


def absence(to: str) -> bytes:
    """An answer that a person's mailbox gives by itself."""
    return f"""Return-Path: <>
To: {to}
From: Unit <koordinator@arendal.example>
Subject: Automatisk svar: Nytt i portalen
Auto-Submitted: auto-replied (vacation)
Content-Type: text/plain

Jeg har ferie. Action: failed
""".encode()


REPORTS = {"RFC 3464": rfc_example, "Postfix": postfix, "Exim": exim, "Exchange": exchange}
