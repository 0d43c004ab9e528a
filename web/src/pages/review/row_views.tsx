// How each kind of row of a difference is shown.

import { visible } from "../../text";
import { type DifferenceLine, type FileDifference, remarksOn, titleOf } from "./rows";

const signs: Record<DifferenceLine["kind"], string> = { context: " ", added: "+", deleted: "-" };

export function LineRow({ line }: { line: DifferenceLine }) {
  return (
    <div class={`difference-line ${line.kind === "context" ? "" : line.kind}`}>
      <span class="number">{line.old ?? ""}</span>
      <span class="number">{line.new ?? ""}</span>
      <span>{` ${signs[line.kind]} ${visible(line.text)}${line.cut ? " … (cut)" : ""}`}</span>
    </div>
  );
}

export function FileRow({ file, isOpen, onToggle }: { file: FileDifference; isOpen: boolean; onToggle: () => void }) {
  return (
    <div class="difference-file">
      <button type="button" aria-expanded={isOpen} onClick={onToggle}>
        {isOpen ? "▾" : "▸"} {visible(titleOf(file))}
      </button>{" "}
      <span>
        +{file.added} −{file.deleted} {remarksOn(file)}
      </span>
    </div>
  );
}

interface NoteRowProps {
  text: string;
  onLoad: (() => void) | null;
}

export function NoteRow({ text, onLoad }: NoteRowProps) {
  return (
    <div class="difference-file">
      <span>{text}</span>{" "}
      {onLoad !== null && (
        <button type="button" onClick={onLoad}>
          Load more of this file
        </button>
      )}
    </div>
  );
}
