// The changes of a request or a run, line by line: a window over all rows, so that ten thousand lines cost no more than fifty.

import { useMemo, useState } from "preact/hooks";
import { attempt } from "../../notices";
import { plural, visible } from "../../text";
import { Windowed } from "../../windowed";
import { FileRow, LineRow, NoteRow } from "./row_views";
import { type FileDifference, rowsOf } from "./rows";

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

export function Difference({ of, loadFile }: { of: Compared; loadFile: LoadFile }) {
  const { files, load } = useFiles(of, loadFile);
  const [choices, setChoices] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [target, setTarget] = useState<{ index: number } | null>(null);
  const rows = useMemo(() => rowsOf(files, (path) => choices.get(path)), [files, choices]);
  const chooseAll = (isOpen: boolean) => setChoices(new Map(files.map((file) => [file.path, isOpen])));
  const choose = (path: string, isOpen: boolean) => setChoices((before) => new Map(before).set(path, isOpen));
  const goTo = (path: string) =>
    setTarget({ index: rows.findIndex((row) => row.kind === "file" && row.file.path === path) });

  function render(index: number) {
    const row = rows[index]!;
    if (row.kind === "line") return <LineRow key={index} line={row.line} />;
    if (row.kind === "hunk") return <div key={index} class="hunk">{visible(row.text)}</div>;
    if (row.kind === "note") {
      const { loads } = row;
      return <NoteRow key={index} text={row.text} onLoad={loads === null ? null : () => void load(loads)} />;
    }
    const { file, isOpen } = row;
    return <FileRow key={index} file={file} isOpen={isOpen} onToggle={() => choose(file.path, !isOpen)} />;
  }
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
      <Windowed label="Changes line by line" count={rows.length} target={target} row={render} />
    </section>
  );
}
