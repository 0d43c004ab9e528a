// A question before the page, over the browser's own dialog: focus stays inside, Escape closes it.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { NoticeList } from "./notice_list";

/// As long as there is one, notices stand in it: what lies outside can be neither read well nor clicked.
export const openDialogs = signal(0);

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // The browser tells of the end of one that is gone already only when the next one may be there.
  const isGone = useRef(false);
  const close = () => isGone.current || onClose();
  useEffect(() => {
    const dialog = place.current!;
    dialog.showModal();
    openDialogs.value += 1;
    return () => {
      openDialogs.value -= 1;
      isGone.current = true;
      dialog.close();
    };
  }, []);
  return (
    <dialog ref={place} aria-labelledby={heading} onCancel={close} onClose={close}>
      <h2 id={heading}>{title}</h2>
      {children}
      <NoticeList />
    </dialog>
  );
}
