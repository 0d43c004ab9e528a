// How each kind of row of a difference is shown.

import type { ComponentChildren } from "preact";
import { visible } from "../../text";
import { rowHeight } from "../../windowed";
import { type DifferenceLine, type FileDifference, remarksOn, titleOf } from "./rows";

const signs: Record<DifferenceLine["kind"], string> = { context: " ", added: "+", deleted: "-" };

interface LineRowProps {
  line: DifferenceLine;
  /// What a comment on the line would be on, and what begins one; undefined where nobody may write.
  comments?: { on: string; onComment: () => void } | undefined;
}

export function LineRow({ line, comments }: LineRowProps) {
  return (
    <div class={`difference-line ${line.kind === "context" ? "" : line.kind}`} onClick={comments?.onComment}>
      {comments !== undefined && (
        <button
          type="button"
          class="add-comment"
          aria-label={`Comment on ${visible(comments.on)}`}
          onClick={(event) => {
            event.stopPropagation();
            comments.onComment();
          }}
        >
          +
        </button>
      )}
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

interface BlockRowProps {
  label: string;
  rows: number;
  children: ComponentChildren;
}

/// Higher than a row: it lies over the spare rows below, and stays in sight when long lines are scrolled.
export function BlockRow({ label, rows, children }: BlockRowProps) {
  return (
    <div class="block-row">
      <div class="block" role="group" aria-label={label} tabIndex={0} style={{ height: `${rows * rowHeight}px` }}>
        {children}
      </div>
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
