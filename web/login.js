"use strict";

// The code stands in the fragment of the link, which no browser sends to a server; it is taken out of the
// address at once, so that it stays in no history.
const state = document.getElementById("state");

async function logIn(code) {
  state.textContent = "Logging in …";
  const answer = await fetch("login", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Changeling": "1" },
    body: JSON.stringify({ code }),
  });
  if (answer.ok) {
    state.textContent = "You are logged in.";
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

const fragment = location.hash.slice(1);
if (fragment !== "") {
  history.replaceState(null, "", location.pathname);
  tryToLogIn(fragment);
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  tryToLogIn(document.getElementById("code").value.trim());
});
