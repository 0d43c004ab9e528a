// What is around every page: navigation, whether the connection stands, the switch that turns everything off, notices.

import { useEffect, useRef } from "preact/hooks";
import { openDialogs } from "./dialog";
import { connect, connection } from "./events";
import { HaltBanner, HaltSwitch } from "./halt";
import { logOut } from "./login";
import { LoginBanner } from "./login_banner";
import { NoticeList } from "./notice_list";
import { forgetProblems } from "./notices";
import { type Page, pages } from "./pages";
import { RepositoryChoice } from "./repositories";
import { href, route } from "./router";
import { useWaiting, waitingCount } from "./waiting";

function NotFound() {
  return (
    <p class="empty">
      There is no such page. <a href={href("")}>To the start</a>
    </p>
  );
}

const nowhere: Page = { name: "?", title: "Not found", component: NotFound };

function currentPage(): Page {
  return pages.find((page) => page.name === route.value.page) ?? nowhere;
}

function Navigation({ current }: { current: Page }) {
  return (
    <nav aria-label="Pages">
      {pages
        .filter((page) => page.label !== undefined)
        .map((page) => (
          <a key={page.name} href={href(page.name)} aria-current={page === current ? "page" : undefined}>
            {page.label}
            {page.name === "" && waitingCount.value > 0 && (
              <>
                {" "}
                <span class="badge">{waitingCount.value}</span>
              </>
            )}
          </a>
        ))}
    </nav>
  );
}

function ConnectionState() {
  const now = connection.value;
  if (now.state === "live") return <span class="connection live">live</span>;
  if (now.state === "connecting") return <span class="connection">connecting …</span>;
  return (
    <button type="button" class="connection lost" onClick={connect}>
      no connection; again in {now.seconds} s
    </button>
  );
}

function Header({ current }: { current: Page }) {
  return (
    <header>
      <a class="skip" href="#main" onClick={skipToMain}>
        To the content
      </a>
      <strong class="brand">git changeling</strong>
      <RepositoryChoice />
      <Navigation current={current} />
      <span class="tools">
        <ConnectionState />
        <HaltSwitch />
        <button type="button" onClick={() => void logOut()}>
          Log out
        </button>
      </span>
    </header>
  );
}

/// The fragment is the page's address, so it cannot be that of a place in the page, too.
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

export function Shell() {
  useWaiting();
  const page = currentPage();
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      main.current?.focus();
      forgetProblems();
    }
    isFirst.current = false;
    // On a phone the navigation is wider than the window.
    document.querySelector("header nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [page]);
  useEffect(() => {
    const count = waitingCount.value === 0 ? "" : `(${waitingCount.value}) `;
    document.title = `${count}${page.title} · git changeling`;
  }, [page, waitingCount.value]);
  const Content = page.component;
  return (
    <>
      <Header current={page} />
      <HaltBanner />
      <LoginBanner />
      <main id="main" ref={main} tabIndex={-1} key={page.name}>
        <h1>{page.title}</h1>
        <Content />
      </main>
      {openDialogs.value === 0 && <NoticeList />}
    </>
  );
}
