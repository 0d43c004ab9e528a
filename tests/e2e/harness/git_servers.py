"""Servers that real git talks to, on loopback and on ports that the kernel chooses: ssh, and HTTP with passwords."""

import getpass
import os
import pathlib
import socket
import socketserver
import subprocess
import threading


def listening_socket():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


class SshServer:
    """A private sshd with its own keys: every connection is one `sshd -i`, so that no port has to be guessed.

    `command` is the GIT_SSH_COMMAND of somebody who may log in; `stranger_command` of somebody who may not.
    """

    def __init__(self, sandbox):
        self.folder = sandbox.root / "sshd"
        self.folder.mkdir(mode=0o700)
        for name in ("host_key", "user_key", "stranger_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True,
                           stdin=subprocess.DEVNULL)
        sandbox.write(self.folder / "authorized_keys", (self.folder / "user_key.pub").read_text())
        configuration = sandbox.write(self.folder / "sshd_config", "\n".join([
            f"HostKey {self.folder}/host_key",
            f"AuthorizedKeysFile {self.folder}/authorized_keys",
            "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
            "PermitRootLogin yes", "PidFile none", "PrintMotd no",
            # The account's own settings of git stay out of the test.
            "SetEnv GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1", ""]))
        if os.geteuid() == 0:
            # sshd insists on this empty folder when it starts as root.
            pathlib.Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        log = self.folder / "log"
        arguments = ["/usr/sbin/sshd", "-i", "-f", str(configuration), "-E", str(log)]

        class Connection(socketserver.BaseRequestHandler):
            def handle(self):
                with subprocess.Popen(arguments, stdin=self.request, stdout=self.request,
                                      stderr=subprocess.DEVNULL) as process:
                    self.server.processes.append(process)

        class Listener(socketserver.ThreadingTCPServer):
            processes = []
            daemon_threads = True

        self._server = Listener(("127.0.0.1", 0), Connection)
        self._server.processes = []
        self.port = self._server.server_address[1]
        sandbox.write(self.folder / "known_hosts",
                      f"[127.0.0.1]:{self.port} {(self.folder / 'host_key.pub').read_text()}")
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def _command(self, key):
        return (f"ssh -F /dev/null -p {self.port} -i {self.folder}/{key} -o IdentitiesOnly=yes -o BatchMode=yes"
                f" -o UserKnownHostsFile={self.folder}/known_hosts -o GlobalKnownHostsFile=/dev/null")

    @property
    def command(self):
        return self._command("user_key")

    @property
    def stranger_command(self):
        return self._command("stranger_key")

    def url(self, repository):
        return f"ssh://{getpass.getuser()}@127.0.0.1{repository.path}"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for process in self._server.processes:
            process.kill()
            process.wait()


class HttpServer:
    """lighttpd in front of `git http-backend`, for the bare repositories below `folder`.

    With `password` everybody must log in as "ada" with it. The listening socket is made here and handed over, so
    that the server answers (or keeps waiting) from the first moment on.
    """

    user = "ada"

    def __init__(self, sandbox, folder, password=None):
        own = sandbox.root / "lighttpd"
        (own / "uploads").mkdir(parents=True)
        self._folder = folder
        listener = listening_socket()
        self.port = listener.getsockname()[1]
        exec_path = subprocess.run(["git", "--exec-path"], check=True, capture_output=True, text=True).stdout.strip()
        lines = [
            'server.modules = ("mod_alias", "mod_setenv", "mod_auth", "mod_authn_file", "mod_cgi")',
            f'server.document-root = "{own}/uploads"',
            'server.bind = "127.0.0.1"',
            f"server.port = {self.port}",
            'server.systemd-socket-activation = "enable"',
            f'server.errorlog = "{own}/log"',
            f'server.upload-dirs = ("{own}/uploads")',
            f'alias.url = ("/git" => "{exec_path}/git-http-backend")',
            '$HTTP["url"] =~ "^/git" {',
            f'  setenv.set-environment = ("GIT_PROJECT_ROOT" => "{folder}", "GIT_HTTP_EXPORT_ALL" => "1",',
            '    "GIT_CONFIG_GLOBAL" => "/dev/null", "GIT_CONFIG_NOSYSTEM" => "1",',
            '    "GIT_CONFIG_COUNT" => "1", "GIT_CONFIG_KEY_0" => "http.receivepack", "GIT_CONFIG_VALUE_0" => "true")',
            '  cgi.assign = ("" => "")',
            "}",
        ]
        if password is not None:
            users = sandbox.write(own / "users", f"{self.user}:{password}\n")
            lines += ['auth.backend = "plain"', f'auth.backend.plain.userfile = "{users}"',
                      'auth.require = ("/git" => ("method" => "basic", "realm" => "git", "require" => "valid-user"))']
        configuration = sandbox.write(own / "lighttpd.conf", "\n".join(lines) + "\n")
        # The protocol of systemd: descriptor 3 is the socket, LISTEN_PID says who may take it.
        script = 'exec 3<&"$1"; export LISTEN_FDS=1 LISTEN_PID=$$; exec /usr/sbin/lighttpd -D -f "$2"'
        with open(own / "output", "w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                ["bash", "-c", script, "lighttpd", str(listener.fileno()), str(configuration)],
                pass_fds=[listener.fileno()], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env=sandbox.environment)
        listener.close()

    def url(self, repository, port=None):
        """`port` is that of a proxy in front."""
        return f"http://127.0.0.1:{port or self.port}/git/{repository.path.relative_to(self._folder)}"

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
