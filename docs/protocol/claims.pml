/* The protocol of claims over several machines, for spin. README.md says how to read and run it.
 *
 * Two clones share one remote, with a worker in each, or both in one; in clone 1 a person adds a task besides.
 * What is one atomic step here is one in the program as well: a compare-and-swap of a reference (of a clone, or by an
 * unforced push of the remote's), or a fetch with the merge after it, which only the own clone can see.
 */
#ifndef LIVENESS
#define LIVENESS 0 /* 1 when the search is for endless runs: safety needs fewer states. */
#endif
#ifndef FAULTS
#define FAULTS 1 /* Crashes, cut connections, early expiries, tasks given back, offline claims: so many together. */
#endif
#ifndef SHARED
#define SHARED 0 /* 1: both workers work in clone 0, and clone 1 is only the person's. */
#endif
#define WORKERS 2
#define clone_of(w) ((w) * !SHARED)
#define PERSON 1 /* The clone in which a person adds a task. */
#define NONE 7

/* Ways to spoil the protocol, one of which -DMUTATION= chooses: each breaks a property, or that would be unguarded. */
#ifndef MUTATION
#define MUTATION 0
#endif
#define mutated(kind) (MUTATION == kind)
#define NO_FENCE 1            /* Nothing is checked before the code branch is pushed, */
#define FENCE_WITHOUT_FETCH 2 /* or only the clone's own state. */
#define TOKEN_STAYS 3         /* Whoever takes an expired lease over gets the same token. */
#define PUSH_FORCES 4         /* A push replaces what the remote has. */
#define MERGE_PREFERS_LOCAL 5 /* An unpublished change wins over a published claim. */
#define FETCH_OVERWRITES 6    /* The fetch replaces the clone's state ("+" in the refspec). */
#define CLAIM_BEFORE_PUSH 7   /* The worker begins before its push was accepted. */
#define NAME_IS_IDENTITY 8    /* A claim by somebody of the same name is taken for the own one. */
#define COMPLETE_UNCHECKED 9  /* A completion does not look at the token. */
#define OFFLINE_UNCOUNTED 10  /* An offline claim does not count in last_token. */
#define NEVER_EXPIRES 11      /* The lease of a dead worker stays for ever. */
#define NO_SECOND_TRY 12      /* A refused push is not tried again by the person. */
#define WINDOW 13             /* Not a mistake but what is not guaranteed: see push_branch(). */

/* ---- Records: the part of a task's record that is merged as one, in the bits of a number.
 * last_token counts the claims. The token is that of the lease. The owner stands for the commit of the claim: the
 * program compares commits, never names. Renewed stands for expires_at: a renewal changes nothing else. */
#define record(status, last_token, token, owner, renewed) \
  ((status) | (last_token) << 2 | (token) << 6 | (owner) << 10 | (renewed) << 12)
#define status(r) ((r) & 3)
#define last_token(r) (((r) >> 2) & 15)
#define token(r) (((r) >> 6) & 15)
#define owner(r) (((r) >> 10) & 3)
#define absent 0 /* The statuses; a task that is done needs nothing else. */
#define ready 1
#define in_flight 2
#define done 3
#define has_lease(r, k) (status(r) == in_flight && token(r) == (k))
/* Tokens of offline claims are from a range of their own, and no two workers draw the same one. */
#define offline_token(w) (8 + (w))
#define is_offline(r) (status(r) == in_flight && token(r) >= 8)

typedef Tree { short task[2] };
Tree remote;          /* What the remote's reference holds. */
Tree state[2];        /* What the reference of each clone holds, */
Tree base[2];         /* the newest published state it contains, which is the base of the next merge, */
bool newest[2];       /* and whether its tracking reference still is the remote's: only then a push is accepted. */

byte task[WORKERS] = NONE; /* What each worker believes to hold, */
byte token_of[WORKERS];    /* with this token. */
bool was_newest[WORKERS];  /* Whether the token was the published one at some time after the work. */
byte killed = NONE;        /* The worker that dies at its next step. */
byte faults = FAULTS;
byte late_task = NONE;     /* A claim of this task is on its way to the remote, its sender was cut off, */
short late;                /* and this is the record. */

mtype = { accepted, refused, no_answer };
hidden mtype answer;           /* What became of a push, as far as the one who pushed can know. */
hidden short next, new, old;   /* Hidden variables hold nothing from one step to the next. */

#define is_published(w) has_lease(remote.task[task[w]], token_of[w])
#define holds(tree, w) has_lease(tree.task[task[w]], token_of[w])
#define believes(w, t, k) (task[w] == t && token_of[w] == k)
#define somebody_believes(t, k) (believes(0, t, k) || believes(1, t, k))
#define has_unpublished(c) (state[c].task[0] != base[c].task[0] || state[c].task[1] != base[c].task[1])
#define all_done(tree) (tree.task[0] == done && tree.task[1] == done)

/* ---- What must hold of everything that is published. */
inline publish_record(t) {
  old = remote.task[t];
  assert(status(old) == absent || status(new) != absent);          /* No task is lost. */
  assert(status(old) != done || status(new) == done);              /* Done is done. */
  assert(last_token(new) >= last_token(old) || status(new) == done); /* Tokens grow, and */
  assert(status(new) != in_flight || has_lease(old, token(new)) || /* what was taken away never comes back. */
         last_token(new) > last_token(old) && (is_offline(new) || token(new) == last_token(new)));
  remote.task[t] = new
}

inline note_newest(w) { was_newest[w] = was_newest[w] || (task[w] != NONE && is_published(w)) }
inline note_publication() {
  late_task = NONE; late = 0; /* Its compare-and-swap can no longer succeed. */
  newest[0] = false; newest[1] = false;
  note_newest(0); note_newest(1)
}

/* ---- What the program does. README.md names the place of each in the code. */
inline merge(c, t) {
  old = state[c].task[t];
  if
  :: remote.task[t] == base[c].task[t] && !mutated(FETCH_OVERWRITES) -> skip
  :: else ->
     if
     :: state[c].task[t] == base[c].task[t] || mutated(FETCH_OVERWRITES) || (!mutated(MERGE_PREFERS_LOCAL) &&
        (last_token(remote.task[t]) > last_token(base[c].task[t]) || status(remote.task[t]) == done ||
         status(state[c].task[t]) == in_flight)) -> state[c].task[t] = remote.task[t]
     :: else -> /* The latest writer, by clocks that may be wrong: either. */
        if :: !mutated(MERGE_PREFERS_LOCAL) -> state[c].task[t] = remote.task[t] :: skip fi
     fi
  fi;
  assert(status(old) == absent || status(state[c].task[t]) != absent); /* No task is lost here either. */
  base[c].task[t] = remote.task[t]
}
inline fetch(c) { merge(c, 0); merge(c, 1); newest[c] = true }

/* The remote accepts the clone's state, in which task t (NONE: no task) is `next`. */
inline move_remote(c, t) {
  d_step {
    new = (t == 0 -> next : state[c].task[0]); publish_record(0);
    new = (t == 1 -> next : state[c].task[1]); publish_record(1);
    note_publication();
    /* What was pushed contains the clone's state, which so becomes the base even when the answer is lost. */
    base[c].task[0] = state[c].task[0]; base[c].task[1] = state[c].task[1]
  }
}
inline push(c, t) {
  if
  :: newest[c] || mutated(PUSH_FORCES) ->
     move_remote(c, t);
     if
     :: answer = accepted; newest[c] = true;
        if :: t != NONE -> state[c].task[t] = next; base[c].task[t] = next :: else fi
     :: faults > 0 -> faults--; answer = no_answer
     fi
  :: !newest[c] && !mutated(PUSH_FORCES) -> answer = refused
  :: faults > 0 -> faults--; answer = no_answer; /* The push does not arrive, or later. */
     if :: newest[c] && t != NONE && status(next) == in_flight -> late_task = t; late = next :: skip fi
  fi
}
/* A lease expires when its holder is gone, or by a wrong clock. */
#define is_expired(t, r) (status(r) == in_flight && !mutated(NEVER_EXPIRES) && \
                          (faults > 0 || !somebody_believes(t, token(r))))
#define is_claimable(t, r) (status(r) == ready || is_expired(t, r))

inline expire(t, r) { faults = faults - (status(r) == in_flight && somebody_believes(t, token(r))) }

inline begin_work(w, t, k) {
  assert(!somebody_believes(t, k)); /* No token is given to two workers. */
  task[w] = t; token_of[w] = k
}
inline stop_work(w) { task[w] = NONE; token_of[w] = 0; was_newest[w] = false }
/* Decided on a state that was fetched before. Leaves the worker with a task, or without, or in doubt (tried). */
inline claim(w, c, t) {
  is_claimable(t, state[c].task[t]) ->
  expire(t, state[c].task[t]);
  tried_token = last_token(state[c].task[t]) + !(mutated(TOKEN_STAYS) && status(state[c].task[t]) == in_flight);
  next = record(in_flight, tried_token, tried_token, w, 0);
  push(c, t);
  if
  :: answer == accepted || mutated(CLAIM_BEFORE_PUSH) -> begin_work(w, t, tried_token); tried_token = 0
  :: else -> if :: answer == refused -> tried_token = 0 :: else -> tried = t fi
  fi
}
/* After a push without an answer: is it in what the remote has now? */
inline look_for_claim(w, c) {
  fetch(c);
  if
  :: has_lease(base[c].task[tried], tried_token) && (owner(base[c].task[tried]) == w || mutated(NAME_IS_IDENTITY)) ->
     begin_work(w, tried, tried_token)
  :: else
  fi;
  tried = NONE; tried_token = 0
}
/* Nobody else knows of it until the clone is synced. */
inline claim_offline(w, c, t) {
  faults > 0 && is_claimable(t, state[c].task[t]) -> faults--;
  state[c].task[t] =
    record(in_flight, last_token(state[c].task[t]) + !mutated(OFFLINE_UNCOUNTED), offline_token(w), w, 0);
  begin_work(w, t, offline_token(w))
}

inline renew(w, c) {
  if :: holds(state[c], w) -> state[c].task[task[w]] = state[c].task[task[w]] | record(0, 0, 0, 0, 1) :: else fi
}
inline release(w, c) {
  if :: holds(state[c], w) -> state[c].task[task[w]] = record(ready, last_token(state[c].task[task[w]]), 0, 0, 0)
  :: else fi;
  stop_work(w)
}

/* Ends when the worker's token is the published one, or when the worker has lost its task. */
inline fence(w, c) {
  do
  :: atomic {
       note_newest(w);
       if :: !mutated(NO_FENCE) && !mutated(FENCE_WITHOUT_FETCH) -> fetch(c) :: else fi;
       if
       :: mutated(NO_FENCE) || holds(state[c], w) && (holds(base[c], w) || mutated(FENCE_WITHOUT_FETCH)) -> break
       :: !mutated(NO_FENCE) && !holds(state[c], w) -> stop_work(w); works = false; break
       :: else
       fi
     };
     atomic { push(c, NONE) } /* An offline claim, which no published one has overruled. */
  od
}

/* The code branch and the pull request. Nothing ties them to the state, so time may pass between fence and push. */
inline push_branch(w) {
  assert(was_newest[w]);
  assert(!mutated(WINDOW) || is_published(w)); was_newest[w] = false
}

inline complete(w, c) {
  do
  :: atomic { fetch(c) };
     atomic {
       if
       :: holds(state[c], w) || mutated(COMPLETE_UNCHECKED) ->
          assert(!newest[c] || is_published(w)); /* Only the newest token completes. */
          next = done; push(c, task[w]);
          if :: answer == accepted -> stop_work(w); break :: else fi
       :: else -> stop_work(w); break /* Lost, or done already by a push without an answer. */
       fi
     }
  od
}
/* One round; whoever has something left to publish comes again. */
inline sync_state(c) {
  atomic { fetch(c) };
  atomic { if :: has_unpublished(c) -> push(c, NONE) :: else fi }
}

/* ---- Who does it. */
proctype worker(byte w) {
  byte tried = NONE, tried_token;
  bool works;
again:
  {
    do
    :: atomic { !all_done(base[clone_of(w)]) -> fetch(clone_of(w)) };
       atomic {
         if
         :: claim(w, clone_of(w), 0)
         :: claim(w, clone_of(w), 1)
         :: claim_offline(w, clone_of(w), 0)
         :: !is_claimable(0, state[clone_of(w)].task[0]) && !is_claimable(1, state[clone_of(w)].task[1]) ->
            if :: has_unpublished(clone_of(w)) -> push(clone_of(w), NONE) :: else fi
         fi;
         works = (task[w] != NONE)
       };
       if :: atomic { tried != NONE -> look_for_claim(w, clone_of(w)); works = (task[w] != NONE) } :: tried == NONE fi;
       if
       :: atomic {
            works ->
            if :: renew(w, clone_of(w)) :: faults > 0 -> faults--; release(w, clone_of(w)); works = false :: skip fi
          }
       :: !works
       fi;
       if :: works -> fence(w, clone_of(w)) :: else fi;
       if :: works -> atomic { push_branch(w) }; complete(w, clone_of(w)) :: else fi;
       works = false
    :: all_done(base[clone_of(w)]) -> break
    od
  } unless {
    /* Dies at any step, and is started again without a memory. */
    atomic { killed == w -> killed = NONE; stop_work(w); tried = NONE; tried_token = 0; works = false; goto again }
  }
}

proctype person() {
  state[PERSON].task[1] = ready;
  do
  :: has_unpublished(PERSON) -> sync_state(PERSON); if :: mutated(NO_SECOND_TRY) -> break :: else fi
  :: else -> break
  od
}
proctype trouble() {
end:
  do
  :: atomic { faults > 0 && killed == NONE -> faults--; if :: killed = 0 :: killed = 1 fi }
  :: atomic { late_task != NONE -> d_step { new = late; publish_record(late_task); note_publication() } }
  :: atomic { LIVENESS && killed == NONE && late_task == NONE -> break } /* Nobody has to die. */
  od
}

init {
  atomic {
    remote.task[0] = ready;
    state[0].task[0] = ready; base[0].task[0] = ready; newest[0] = true;
    state[1].task[0] = ready; base[1].task[0] = ready; newest[1] = true;
    run worker(0); run worker(1); run person(); run trouble()
  }
}

ltl completed { <> all_done(remote) }
