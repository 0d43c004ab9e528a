"""Next and previous times against croniter, which Debian packages: somebody else's reading of cron expressions.

Where croniter reads an expression in another way, crontab(5) decides, and the generator below does not write such
expressions (nothing is thrown away afterwards):

- "If both fields are restricted (ie, aren't *), the command will be run when either field matches": Debian's cron
  looks at the first character, so that `*/2` is unrestricted, while croniter looks at the values, for which `*/2` is
  restricted and `1-31` is not. So when both day fields say something, neither starts with * nor names every day.
- croniter wants `L5` for the last Friday, and neither `L` nor `#` works in it beside the other day field.
- croniter's get_prev leaves out every 29 February. So only its get_next is asked, also about previous times: from just
  before one it must lead to it, and from it to the next time.
- It has a rule of its own for clocks that are changed, so these zones change none; the property tests in
  tests/unit/schedule look at those that do.
"""

import datetime
import random
import subprocess
import zoneinfo

import croniter

from harness.program import program_under_test

SEED = 20261121
CASES = 10_000
# Without a change of their clocks from 2022 on.
ZONES = ["UTC", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Marquesas", "America/Phoenix"]
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
WEEKDAYS = "sun mon tue wed thu fri sat".split()


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_in(self, number):
        return self.random.randrange(number) == 0

    def item(self, low, high, star):
        """One part of a list."""
        first, last = sorted(self.random.randint(low, high) for _ in range(2))
        step = self.random.randint(1, max(1, (high - low) // 2))
        forms = [f"{first}", f"{first}", f"{first}-{last}", f"{first}-{last}/{step}"] + ([f"*/{step}"] if star else [])
        return self.random.choice(forms)

    def field(self, low, high, *, star=True):
        if star and self.one_in(3):
            return "*"
        return ",".join(self.item(low, high, star) for _ in range(self.random.choice([1, 1, 1, 2, 3])))

    def expression(self):
        """As we write it, and as croniter does."""
        minute, hour = self.field(0, 59), self.field(0, 23)
        month = self.field(1, 12)
        if self.one_in(6):
            month = self.random.choice(MONTHS)
        days = self.random.randrange(8)
        date = weekday = theirs = "*"
        if days == 0:
            date = self.random.choice(["L", "15,L", "1-3,L"])
        elif days == 1:
            day = self.random.randint(0, 6)
            weekday, theirs = f"{day}L", f"L{day}"
        elif days == 2:
            weekday = theirs = f"{self.random.randint(0, 6)}#{self.random.randint(1, 4)}"
        elif days in (3, 4):
            # Below the 29th, so that every month has one of them; not all of the month's.
            date = f"{self.random.randint(1, 28)}," + self.field(3, 31, star=False)
        elif days == 5:
            weekday = theirs = self.random.choice([*WEEKDAYS, "mon-fri", "1-5", "0,6", "5-7", "7", "*/2", "*/3"])
        elif days == 6:
            date = f"{self.random.randint(1, 28)}," + self.field(3, 31, star=False)
            weekday = theirs = self.random.choice([*WEEKDAYS, "mon-fri", "1-5", "0,6", "5-7", "7", "2-6/2"])
        return (f"{minute} {hour} {date} {month} {weekday}", f"{minute} {hour} {date} {month} {theirs}")

    def moment(self):
        start = datetime.datetime(2022, 1, 1, tzinfo=datetime.timezone.utc)
        # Any second of fourteen years.
        return start + datetime.timedelta(minutes=self.random.randrange(14 * 365 * 1440),
                                          seconds=self.random.randrange(60))


def next_of(expression, zone, moment):
    """croniter's next time after a moment in UTC. It works on the local clock, which these zones never change."""
    local = croniter.croniter(expression, moment.astimezone(zone).replace(tzinfo=None)).get_next(datetime.datetime)
    return local.replace(tzinfo=zone).astimezone(datetime.timezone.utc)


def test_ten_thousand_expressions_have_the_same_times_as_another_implementation_gives():
    generator = Generator(SEED)
    cases = []
    for _ in range(CASES):
        ours, theirs = generator.expression()
        cases.append((ours, theirs, generator.random.choice(ZONES), generator.moment()))
    questions = [f"{ours}\t{zone}\t{moment:{TIME_FORMAT}}" for ours, _, zone, moment in cases]
    driver = program_under_test().parent / "tests" / "cron_driver"
    done = subprocess.run([driver], input="\n".join(questions) + "\n", capture_output=True, text=True, check=True,
                          timeout=60)
    answers = done.stdout.splitlines()
    assert len(answers) == CASES
    different = []
    for (ours, theirs, zone_name, moment), answer in zip(cases, answers):
        following, previous = (
            datetime.datetime.strptime(word, TIME_FORMAT.replace("Z", ".000Z")).replace(tzinfo=datetime.timezone.utc)
            for word in answer.split("\t"))
        zone = zoneinfo.ZoneInfo(zone_name)
        expected = next_of(theirs, zone, moment)
        around = [next_of(theirs, zone, previous - datetime.timedelta(seconds=1)), next_of(theirs, zone, previous)]
        if following != expected or previous > moment or around != [previous, expected]:
            different.append(f"{ours} in {zone_name} around {moment}\n  ours   {previous} {following}\n"
                             f"  theirs {expected}; from the previous {around[0]} {around[1]}")
    print(f"seed {SEED}: {CASES} cases, {len(set(questions))} of them distinct, {len(different)} disagree")
    assert not different, "\n".join([f"seed {SEED}: {len(different)} disagree", *different[:20]])
