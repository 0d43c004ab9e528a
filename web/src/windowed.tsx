// Many rows of one height in a box that scrolls; only those that are seen are in the page.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import "./windowed.css";

export const rowHeight = 20;
const spareRows = 20;

interface WindowedProps {
  label: string;
  count: number;
  row: (index: number) => ComponentChildren;
  /// How many rows were put before the others since the beginning: what is looked at stays where it is.
  prepended?: number;
  /// Stay at the end when rows come behind it, for who looks at the end.
  followsEnd?: boolean;
  /// The row to be brought into view whenever this changes.
  target?: { index: number } | null;
}

function isAtEnd(box: HTMLElement): boolean {
  return box.scrollTop + box.clientHeight >= box.scrollHeight - rowHeight;
}

export function Windowed({ label, count, row, prepended = 0, followsEnd = false, target = null }: WindowedProps) {
  const box = useRef<HTMLDivElement>(null);
  const wasAtEnd = useRef(followsEnd);
  const before = useRef(prepended);
  const [first, setFirst] = useState(0);
  const [visibleRows, setVisibleRows] = useState(60);

  function look(): void {
    const place = box.current!;
    wasAtEnd.current = isAtEnd(place);
    setFirst(Math.floor(place.scrollTop / rowHeight));
    setVisibleRows(Math.ceil(place.clientHeight / rowHeight));
  }
  useLayoutEffect(() => {
    const place = box.current!;
    if (prepended !== before.current) place.scrollTop += (prepended - before.current) * rowHeight;
    else if (followsEnd && wasAtEnd.current) place.scrollTop = place.scrollHeight;
    before.current = prepended;
    look();
  }, [count, prepended]);
  useLayoutEffect(() => {
    if (target === null) return;
    box.current!.scrollTop = Math.max(0, target.index * rowHeight - box.current!.clientHeight / 2);
    look();
  }, [target]);

  const from = Math.max(0, Math.min(first, count) - spareRows);
  const to = Math.min(count, first + visibleRows + spareRows);
  return (
    <div ref={box} class="windowed" role="region" aria-label={label} tabIndex={0} onScroll={look}>
      <div class="windowed-all" style={{ height: `${count * rowHeight}px` }}>
        <div class="windowed-seen" style={{ transform: `translateY(${from * rowHeight}px)` }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, index) => row(from + index))}
        </div>
      </div>
    </div>
  );
}
