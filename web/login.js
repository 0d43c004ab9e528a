"use strict";

// The code stands in the fragment of the link, which no browser sends to a server; it is taken out of the
// address at once, so that it stays in no history. A fragment that begins with a slash is a page of the dashboard,
// whose address answers with this page while there is no login.
const state = document.getElementById("state");

function goOn() {
  if (location.pathname.endsWith("/login")) location.replace("./");
  else location.reload();
}

async function logIn(code) {
  state.textContent = "Logging in …";
  const answer = await fetch("login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Changeling": "1" },
    body: JSON.stringify({ code }),
  });
  if (answer.ok) {
    localStorage.setItem("changeling-page-word", (await answer.json()).page_word);
    sessionStorage.removeItem("changeling-tried");
    state.textContent = "You are logged in.";
    goOn();
    return;
  }
  const problem = await answer.json();
  state.textContent = problem.hint ? `${problem.detail}; ${problem.hint}` : problem.detail;
}

function tryToLogIn(code) {
  logIn(code).catch(() => {
    state.textContent = "The server does not answer. Is it running?";
  });
}

// Whoever comes by a link of another site, such as in a mail, is shown this page although they are logged in: the cookie
// is sent only with what our own pages ask. So they ask, and go on; once, lest it goes round in circles.
async function goOnIfLoggedIn() {
  if (location.pathname.endsWith("/login") || sessionStorage.getItem("changeling-tried") !== null) return;
  sessionStorage.setItem("changeling-tried", "1");
  const answer = await fetch("api/v1/halt");
  if (answer.status !== 401) goOn();
}

const fragment = location.hash.slice(1);
if (fragment !== "" && !fragment.startsWith("/")) {
  history.replaceState(null, "", location.pathname);
  tryToLogIn(fragment);
} else {
  goOnIfLoggedIn().catch(() => {});
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  tryToLogIn(document.getElementById("code").value.trim());
});
