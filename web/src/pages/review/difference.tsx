// The changes of a request or a run, line by line: a window over all rows, so that ten thousand lines cost no more than
// fifty. What people say of a line stands below it.

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { attempt } from "../../notices";
import { mayWrite } from "../../session";
import { plural, visible } from "../../text";
import { Windowed } from "../../windowed";
import { CommentField, DraftBox, ResolvedBox, ThreadBox } from "./comment_boxes";
import type { Draft } from "./draft_review";
import { keyOf, nameOf, type Place, placeOf, placesOfLine, rowsOfText, type Thread } from "./places";
import { BlockRow, FileRow, LineRow, NoteRow } from "./row_views";
import { type Block, type FileDifference, type Row, rowsOf } from "./rows";

export interface Compared {
  head: string;
  files: FileDifference[];
}

/// Gets one file with more of its lines.
export type LoadFile = (path: string) => Promise<Compared>;

/// The files of a difference; of those that were cut, more on request.
function useFiles(shown: Compared, loadFile: LoadFile) {
  const [whole, setWhole] = useState<ReadonlyMap<string, FileDifference>>(new Map());
  const files = useMemo(() => shown.files.map((file) => whole.get(file.path) ?? file), [shown, whole]);
  const load = (path: string) =>
    attempt(async () => {
      const one = await loadFile(path);
      if (one.head !== shown.head) throw new Error("It has changed meanwhile. Load the page anew.");
      const file = one.files[0];
      if (file !== undefined) setWhole((before) => new Map(before).set(path, file));
    });
  return { files, load };
}

/// A box below a line, with what is in it.
interface Box extends Block {
  label: string;
  content: ComponentChildren;
}

/// What is said of the lines of a request.
export interface Talk {
  request: number;
  threads: readonly Thread[];
  draft: Draft;
  onChange: () => void;
}

interface DifferenceProps {
  of: Compared;
  loadFile: LoadFile;
  /// Of a run alone nobody talks.
  talk?: Talk;
}

function threadBox(request: number, thread: Thread, place: Place, onChange: () => void): Box {
  const label = `Thread on ${visible(nameOf(place))}`;
  if (thread.resolved_at !== null) return { key: thread.id, rows: 2, label, content: <ResolvedBox thread={thread} /> };
  const text = [thread.text, ...thread.replies.map((reply) => `\n${reply.text}`)].join("\n");
  const content = <ThreadBox request={request} thread={thread} onChange={onChange} />;
  return { key: thread.id, rows: rowsOfText(text, 3), label, content };
}

/// What stands below the lines: threads, then comments that wait, then the field in which one is written.
function useBoxes({ of, talk }: DifferenceProps) {
  const [writing, setWriting] = useState<Place | null>(null);
  const comments = talk?.draft.state.value.comments;
  const boxes = useMemo(() => {
    const found = new Map<string, Box[]>();
    if (talk === undefined) return found;
    const { request, threads, draft, onChange } = talk;
    const add = (place: Place, box: Box) => found.set(keyOf(place), [...(found.get(keyOf(place)) ?? []), box]);
    for (const thread of threads) {
      const place = placeOf(thread);
      if (place !== null) add(place, threadBox(request, thread, place, onChange));
    }
    comments?.forEach((comment, index) => {
      const content = <DraftBox comment={comment} onRemove={() => draft.remove(comment)} />;
      const label = `Your comment on ${visible(nameOf(comment))}`;
      add(comment, { key: `draft ${index}`, rows: rowsOfText(comment.text, 3), label, content });
    });
    if (writing !== null) {
      const keep = (text: string) => {
        draft.add({ ...writing, text, head: of.head });
        setWriting(null);
      };
      const content = <CommentField key={keyOf(writing)} place={writing} onAdd={keep} onClose={() => setWriting(null)} />;
      add(writing, { key: `new ${keyOf(writing)}`, rows: 9, label: "A new comment", content });
    }
    return found;
  }, [of, talk?.threads, comments, writing]);
  return { boxes, write: talk !== undefined && mayWrite.value ? setWriting : null };
}

function summary(files: readonly FileDifference[]): string {
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const deleted = files.reduce((sum, file) => sum + file.deleted, 0);
  return `${plural(files.length, "file")}, +${added} −${deleted} lines`;
}

function GoTo({ files, onGo }: { files: readonly FileDifference[]; onGo: (path: string) => void }) {
  return (
    <label class="inline">
      Go to
      <select value="" onChange={(event) => onGo(event.currentTarget.value)}>
        <option value="">a file</option>
        {files.map((file) => (
          <option key={file.path} value={file.path}>
            {visible(file.path)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface RowActions {
  load: (path: string) => void;
  choose: (path: string, isOpen: boolean) => void;
  /// Nothing where nobody may.
  write: ((place: Place) => void) | null;
}

function rowView(row: Row, index: number, { load, choose, write }: RowActions): ComponentChildren {
  switch (row.kind) {
    case "line": {
      const place = placesOfLine(row.file, row.line)[0];
      const comments =
        write !== null && place !== undefined ? { on: nameOf(place), onComment: () => write(place) } : undefined;
      return <LineRow key={index} line={row.line} comments={comments} />;
    }
    case "hunk":
      return <div key={index} class="hunk">{visible(row.text)}</div>;
    case "note": {
      const { loads } = row;
      return <NoteRow key={index} text={row.text} onLoad={loads === null ? null : () => load(loads)} />;
    }
    case "block": {
      const { key, rows, label, content } = row.block as Box;
      return <BlockRow key={key} label={label} rows={rows}>{content}</BlockRow>;
    }
    case "spare":
      return <div key={index} />;
    case "file":
      return (
        <FileRow key={index} file={row.file} isOpen={row.isOpen} onToggle={() => choose(row.file.path, !row.isOpen)} />
      );
  }
}

export function Difference(props: DifferenceProps) {
  const { files, load } = useFiles(props.of, props.loadFile);
  const { boxes, write } = useBoxes(props);
  const [choices, setChoices] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [target, setTarget] = useState<{ index: number } | null>(null);
  const rows = useMemo(() => rowsOf(files, (path) => choices.get(path), boxes), [files, choices, boxes]);
  const chooseAll = (isOpen: boolean) => setChoices(new Map(files.map((file) => [file.path, isOpen])));
  const choose = (path: string, isOpen: boolean) => setChoices((before) => new Map(before).set(path, isOpen));
  const goTo = (path: string) =>
    setTarget({ index: rows.findIndex((row) => row.kind === "file" && row.file.path === path) });
  const actions: RowActions = { load: (path) => void load(path), choose, write };
  return (
    <section>
      <h2>Changes</h2>
      <div class="toolbar">
        <span>{summary(files)}</span>
        <button type="button" onClick={() => chooseAll(true)}>
          Open all
        </button>
        <button type="button" onClick={() => chooseAll(false)}>
          Fold all
        </button>
        {files.length > 1 && <GoTo files={files} onGo={goTo} />}
      </div>
      <Windowed
        label="Changes line by line"
        count={rows.length}
        target={target}
        row={(index) => rowView(rows[index]!, index, actions)}
      />
    </section>
  );
}
