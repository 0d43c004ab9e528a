"""`report --since`: what happened, what waits, what it cost, as Markdown, as a page and as JSON."""

import html.parser
import time

from test_run_history import add_runs, stamp


class Page(html.parser.HTMLParser):
    """What stands in a page: tags by name, links, and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.text, self.attributes = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.text.append(data)


def history(repository):
    """Runs of two changelings, one of them gone by now."""
    repository.add_command("sprite", "echo more >> README.md", "--daily-budget", "2")
    repository.changeling("run", "sprite").ok()
    add_runs(repository, [
        {"id": "paid0001", "days_ago": 1, "outcome": "no-changes", "cost_usd": 3.5, "duration_ms": 60000, "pull_request": None},
        {"id": "fail0001", "days_ago": 1, "outcome": "failed", "cost_usd": 0.25, "pull_request": None,
         "error": "</td><script>alert(1)</script> | **no**\n# power"},
        {"id": "troll001", "days_ago": 2, "changeling": "troll", "outcome": "opened-pr", "cost_usd": 1,
         "pull_request": {"number": 7, "url": "https://forge.example.org/pull/7", "state": "open"}},
        {"id": "older001", "days_ago": 40, "outcome": "failed", "cost_usd": 100}])


def test_what_happened_waits_and_cost_is_reported(repository):
    history(repository)
    repository.git("config", "changeling.dailyBudget", "3")
    repository.write(".changelings.toml", '[changelings.stranger]\nrun = "true"\n')
    report = repository.changeling("report", "--since", "7d", "--json").ok().json
    assert report["total"]["runs"] == 4
    assert report["total"]["outcomes"] == {"opened-pr": 2, "no-changes": 1, "failed": 1}
    assert report["total"]["cost_usd"] == 4.75 and report["total"]["untold"] == 1
    assert [one["name"] for one in report["changelings"]] == ["sprite", "troll"]
    assert report["changelings"][0]["dearest_day_usd"] == 3.75 and report["changelings"][0]["daily_cap_usd"] == 2
    assert len(report["days"]) == 8 and sum(day["runs"] for day in report["days"]) == 4
    assert report["caps_usd"] == {"day": 3, "month": None}
    assert [run["id"] for run in report["failures"]] == ["fail0001"]
    assert len(report["results"]) == 2
    waiting = {(one["kind"], one["changeling"]) for one in report["waiting"]}
    assert waiting == {("approval", "stranger"), ("review", "sprite")}
    text = repository.changeling("report", "--since", "7d").ok().out
    assert "4 runs: opened-pr 2, no-changes 1, failed 1. Cost: $4.75 and more; allowed are $3.00 a day." in text
    assert "(over the cap)" in text and "git changeling trust stranger" in text
    assert "<script>" not in text and "\n# power" not in text


def test_a_period_and_names_narrow_it(repository):
    history(repository)
    assert repository.changeling("report", "--since", "60d", "--until", "30d", "--json").ok().json["total"]["cost_usd"] == 100
    one = repository.changeling("report", "--since", "7d", "troll", "--json").ok().json
    assert [part["name"] for part in one["changelings"]] == ["troll"] and one["waiting"] == []
    both = repository.changeling("report", "--since", "7d", "troll", "sprite", "--json").ok().json
    assert both["total"]["runs"] == 4
    assert repository.changeling("report", "--since", stamp(0)[:10], "--until", stamp(-1)[:10]).ok()


def test_a_page_is_one_file_without_scripts(repository):
    history(repository)
    text = repository.changeling("report", "--html").ok().out
    page = Page(text)
    assert not {"script", "img", "link", "iframe", "object", "embed"} & set(page.tags)
    assert not {"src", "onload", "onclick", "onerror"} & set(page.attributes)
    assert page.links == ["https://forge.example.org/pull/7"]
    assert page.tags.count("svg") == 2 and "rect" in page.tags
    assert "</td><script>alert(1)</script>" in "".join(page.text)


def test_what_makes_no_sense_is_refused_with_what_to_type(repository):
    history(repository)
    turned = repository.changeling("report", "--since", "1d", "--until", "2d")
    assert turned.code == 129 and "--since 7d" in turned.err
    assert repository.changeling("report", "--since", "800d").code == 129
    assert repository.changeling("report", "--since", "yesterday-ish").code == 129
    unknown = repository.changeling("report", "--since", "7d", "sprit")
    assert unknown.code == 128 and "sprite" in unknown.err
    assert repository.changeling("report", "--html", "--json").code == 129


def test_nothing_is_a_report_too(repository):
    text = repository.changeling("report", "--since", "1d").ok().out
    assert "Nothing ran." in text and "Nothing waits for you." in text


def test_what_is_to_be_typed_is_said_once(repository):
    repository.add_command("nightly", "true", "--schedule", "0 3 * * *")
    waiting, = repository.changeling("report", "--since", "1d", "--json").ok().json["waiting"]
    assert (waiting["kind"], waiting["settle"]) == ("schedule", "git changeling schedule install")
    assert waiting["text"] == "no timer starts anything on this machine yet"
