"""Who may ask the service what, over real sockets."""

import json
import stat

import pytest
from harness.service import Service, read_answer


@pytest.fixture
def service(sandbox, repository):
    return Service(sandbox, repository.path)


def log_in(service, code, **headers):
    return service.ask("POST", "/login", {"X-Changeling": "1", "Content-Type": "application/json", **headers},
                       {"code": code})


def code_of(service):
    return service.login_url.partition("#")[2]


def cookie_of(answer):
    return answer.headers["set-cookie"].partition(";")[0]


def headers_of_page(login):
    """What the dashboard sends with a write."""
    return {"Cookie": cookie_of(login), "X-Changeling": login.json()["page_word"], "Content-Type": "application/json"}


@pytest.mark.parametrize("headers, host, expected", [
    ({}, None, 401),
    ({"Authorization": "Bearer nonsense"}, None, 401),
    ({"Cookie": "changeling=nonsense"}, None, 401),
    ({}, "evil.example", 421),
    ({"Origin": "http://evil.example"}, None, 403),
    ({"Origin": "null"}, None, 403),
], ids=str)
def test_no_login_no_answer_also_on_loopback(service, headers, host, expected):
    for path in ("/api/v1/status", "/api/v1/tasks", "/api/v1/sessions", "/api/v1/events", "/", "/elsewhere"):
        answer = service.ask("GET", path, headers, host=host)
        assert answer.status == expected, path
        assert answer.json()["detail"]
        assert not any(name.startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"])
def test_a_foreign_name_is_refused_with_the_right_token_too(service, host):
    """What a browser sends after a foreign name was bound to loopback."""
    answer = service.ask("GET", "/api/v1/status", {"Authorization": f"Bearer {service.token}"}, host=host)
    assert answer.status == 421
    assert service.ask("GET", "/healthz", host=host).status == 421


def test_the_link_logs_in_once(service):
    answer = log_in(service, code_of(service), Origin=service.url)
    assert answer.status == 200
    attributes = answer.headers["set-cookie"].split("; ")
    assert attributes[0].startswith(f"changeling_{service.port}=")
    assert {"HttpOnly", "SameSite=Strict"} < set(attributes) and "Secure" not in attributes
    assert service.ask("GET", "/api/v1/status", {"Cookie": cookie_of(answer)}).status == 200
    assert log_in(service, code_of(service)).status == 401


def test_the_login_page_runs_our_own_scripts_alone(service):
    page = service.ask("GET", "/login")
    assert page.status == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert b"<script>" not in page.body and b"style=" not in page.body
    for path, kind in (("/login.js", "text/javascript"), ("/login.css", "text/css")):
        assert service.ask("GET", path).headers["content-type"].startswith(kind)


def test_a_token_in_a_query_is_none(service):
    for name in ("token", "access_token", "code"):
        assert service.ask("GET", f"/api/v1/status?{name}={service.token}").status == 401


def test_a_form_of_another_page_can_write_nothing(service):
    sound = headers_of_page(log_in(service, code_of(service)))
    assert service.ask("POST", "/api/v1/sessions", sound, {}).status == 201
    for change, expected in (({"Content-Type": "text/plain"}, 415),
                             ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
                             ({"X-Changeling": ""}, 403),
                             ({"X-Changeling": "1"}, 403),
                             ({"Origin": "http://evil.example"}, 403),
                             ({"Origin": "http://127.0.0.1:1"}, 403)):
        assert service.ask("POST", "/api/v1/sessions", {**sound, **change}, {}).status == expected
    assert service.ask("OPTIONS", "/api/v1/sessions", {"Origin": "http://evil.example",
                                                      "Access-Control-Request-Method": "POST"}).status == 405


def test_a_viewer_reads_and_is_revoked(service):
    invited = service.write("POST", "/api/v1/sessions", {"role": "viewer"}).json()
    viewer = headers_of_page(log_in(service, invited["code"]))
    assert service.ask("GET", "/api/v1/status", viewer).status == 200
    assert service.ask("POST", "/api/v1/tasks", viewer, {"title": "x"}).status == 403
    assert service.ask("GET", "/api/v1/sessions", viewer).status == 403
    [session] = service.get("/api/v1/sessions").json()["sessions"]
    assert session["role"] == "viewer"
    assert service.write("DELETE", f"/api/v1/sessions/{session['id']}", {}).status == 200
    assert service.ask("GET", "/api/v1/status", viewer).status == 401


def test_failed_logins_are_limited_and_lock_nobody_out(service):
    answers = [log_in(service, "nonsense") for _ in range(12)]
    assert [answer.status for answer in answers[:10]] == [401] * 10
    assert answers[-1].status == 429 and int(answers[-1].headers["retry-after"]) in range(1, 8)
    assert log_in(service, code_of(service)).status == 200


def test_a_viewer_can_log_out(service):
    invited = service.write("POST", "/api/v1/sessions", {"role": "viewer"}).json()
    viewer = headers_of_page(log_in(service, invited["code"]))
    assert service.ask("POST", "/logout", viewer, {}).status == 200
    assert service.ask("GET", "/api/v1/status", viewer).status == 401


def test_secrets_lie_in_files_of_the_owner(sandbox, repository):
    with_port = Service(sandbox, repository.path)
    port = with_port.port
    with_port.stop().ok()
    first = Service(sandbox, repository.path, listen=f"127.0.0.1:{port}")
    cookie = cookie_of(log_in(first, code_of(first)))
    folder = sandbox.home / ".local/state/git-changeling/serve"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (folder / "token", folder / f"sessions-{port}.json"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (folder / "token").read_text().strip() == first.token
    assert cookie.partition("=")[2] not in (folder / f"sessions-{port}.json").read_text()

    first.process.kill()
    first.process.finish()
    second = Service(sandbox, repository.path, listen=f"127.0.0.1:{port}")
    assert second.token == first.token
    assert second.ask("GET", "/api/v1/status", {"Cookie": cookie}).status == 200


def test_a_token_that_others_can_read_is_refused(sandbox, repository):
    Service(sandbox, repository.path).stop().ok()
    token = sandbox.home / ".local/state/git-changeling/serve/token"
    token.chmod(0o644)
    refused = repository.changeling("serve", "--listen", "127.0.0.1:0").expect(128)
    assert "mode 0644" in refused.err and f"rm {token}" in refused.err


def test_a_new_link_is_to_be_had_on_the_machine(repository, service):
    link = repository.changeling("serve", "login", "--listen", f"127.0.0.1:{service.port}").ok().out.strip()
    assert link.startswith(service.url + "/login#")
    assert log_in(service, link.partition("#")[2]).status == 200
    nobody = repository.changeling("serve", "login", "--listen", "unix:/nowhere/at/all").expect(128)
    assert "no server answers" in nobody.err


def test_other_machines_need_to_be_allowed(sandbox, repository):
    refused = repository.changeling("serve", "--listen", "0.0.0.0:0").expect(128)
    assert "other machines reach http://0.0.0.0:0" in refused.err and "--allow-remote" in refused.err
    service = Service(sandbox, repository.path, "--allow-remote", listen="0.0.0.0:0")
    assert "without TLS" in service.process.wait_for_line("warning: other machines reach")
    assert service.ask("GET", "/healthz").status == 200


def test_names_of_the_settings_are_known_and_proxies_trusted(sandbox, repository):
    repository.git("config", "--add", "changeling.serveHost", "board.example.org")
    repository.git("config", "--add", "changeling.serveTrustedProxy", "unix")
    path = sandbox.root / "serve.sock"
    service = Service(sandbox, repository.path, listen=f"unix:{path}")
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "board.example.org"}
    answer = log_in(service, code_of(service), Origin="https://board.example.org", **forwarded)
    assert answer.status == 200
    assert "Secure" in answer.headers["set-cookie"].split("; ")
    assert service.ask("GET", "/healthz", host="board.example.org").status == 200
    assert service.ask("GET", "/healthz", {"X-Forwarded-Host": "evil.example"}).status == 421


def test_a_proxy_that_nobody_trusts_says_nothing(service):
    answer = log_in(service, code_of(service), **{"X-Forwarded-Proto": "https"})
    assert "Secure" not in answer.headers["set-cookie"].split("; ")


def test_a_websocket_of_another_version_is_426(service):
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    answer = service.get("/api/v1/events", **upgrade, **{"Sec-WebSocket-Version": "8"})
    assert (answer.status, answer.headers["sec-websocket-version"]) == (426, "13")
    assert service.ask("GET", "/api/v1/events", {**upgrade, "Sec-WebSocket-Version": "13"}).status == 401


def test_errors_are_those_of_the_command_line(repository, sandbox):
    refused = repository.changeling("--json", "serve", "--listen", "0.0.0.0:0").expect(128)
    assert refused.error["kind"] == "refused"
    assert repository.changeling("--json", "serve", "--drain", "soon").expect(129).error["kind"] == "usage"


def test_text_of_others_shows_as_text(service, repository):
    repository.changeling("task", "add", "<script>alert(1)</script>\x1b[31m\u202e").ok()
    answer = service.get("/api/v1/status")
    assert answer.headers["content-type"].startswith("application/json")
    assert b"\x1b" not in answer.body
    with service.connect() as connection:
        connection.sendall(f"GET /<script>\x01 HTTP/1.1\r\nHost: {service.host}\r\n\r\n".encode())
        refused = read_answer(connection)
    assert refused.status == 400 and json.loads(refused.body)["kind"] == "invalid"
