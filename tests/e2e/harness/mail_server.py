"""A mail server on loopback that keeps what it gets: aiosmtpd, the SMTP server of the Python project."""

import asyncio
import email
import email.policy
import threading

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class MailServer:
    """`messages` are what arrived, parsed; `envelopes` whom each came from and went to. With a user it takes nothing
    from anybody else."""

    def __init__(self, *, user=None, password=None):
        self.messages = []
        self.envelopes = []
        self._login = LoginPassword(user.encode(), password.encode()) if user else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self):
        self._thread.start()
        listening = self._loop.create_server(self._session, host="127.0.0.1", port=0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _session(self):
        return SMTP(self, hostname="mail.test", auth_required=self._login is not None, auth_require_tls=False,
                    authenticator=self._authenticate)

    def _authenticate(self, server, session, envelope, mechanism, data):
        return AuthResult(success=data == self._login, handled=False)

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"
