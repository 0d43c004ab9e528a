"""Tables inside pages that people write: the closed lists of words of the program (`lists` of `__dump-cli`).

A table stands between `<!-- list NAME: made by scripts/generate-docs -->` and `<!-- end of list -->`; everything else of
the page is left alone.
"""

import re

MARKED = re.compile(r"(?P<begin><!-- list (?P<name>[\w-]+): made by scripts/generate-docs -->\n).*?(?P<end><!-- end of list -->)",
                    re.DOTALL)

# What the columns of a list are called.
HEADS = {"records": ("path", "holds"), "outcomes": ("outcome", "means", "success"), "steps": ("step", "what comes"),
         "triggers": ("trigger", "means"), "protected": ("path", "is"), "sources": ("source", "tasks"), "places": ("place", "is"),
         "channels": ("channel", "a notification goes to"),
         "launchers": ("launcher", "drives", "always takes messages", "at the terminal", "can be deployed"),
         "webhook_sources": ("source", "is"), "delivery_outcomes": ("outcome", "means")}


def pages_with_lists(folder):
    """The pages that have such a table, sorted."""
    return sorted(page for page in folder.rglob("*.md") if MARKED.search(page.read_text()))


def write(root, text):
    """The page with its tables as the program knows them. A list that the program does not have is a KeyError."""
    return MARKED.sub(lambda found: found["begin"] + table(found["name"], root.lists[found["name"]]) + found["end"], text)


def table(name, rows):
    heads = HEADS[name]
    lines = [heads, ("---",) * len(heads)] + [_cells(row) for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cells(row):
    """The word, what it means, and the other facts in the order in which the program tells them."""
    others = [value for key, value in row.items() if key not in ("word", "help", "unattended")]
    return (f"`{row['word']}`", row["help"].replace("|", "\\|"), *("yes" if value else "no" for value in others))
