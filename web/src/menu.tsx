// A menu at what it belongs to: arrows, Escape, and back to where the focus was.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface MenuItem {
  label: string;
  action: () => void;
  kind?: "danger";
}

export interface MenuGroup {
  title: string;
  items: readonly MenuItem[];
}

interface MenuProps {
  label: string;
  anchor: Element;
  groups: readonly MenuGroup[];
  onClose: () => void;
}

const margin = 8;

/// Below its anchor, and inside the window whatever the anchor.
function placeAt(menu: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - menu.offsetWidth - margin);
  const top = Math.min(at.bottom, innerHeight - menu.offsetHeight - margin);
  menu.style.left = `${Math.max(margin, left)}px`;
  menu.style.top = `${Math.max(margin, top)}px`;
}

function itemsIn(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

function step(menu: HTMLElement, key: string): void {
  const items = itemsIn(menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const wanted: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  const index = wanted[key];
  if (index !== undefined) items[(index + items.length) % items.length]?.focus();
}

/// The first item after the focused one that begins with this letter.
function jump(menu: HTMLElement, letter: string): void {
  const items = itemsIn(menu);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const turned = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  turned.find((item) => item.textContent?.toLowerCase().startsWith(letter.toLowerCase()))?.focus();
}

export function Menu({ label, anchor, groups, onClose }: MenuProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    placeAt(place.current!, anchor);
    itemsIn(place.current!)[0]?.focus();
    return () => before?.focus();
  }, []);
  useEffect(() => {
    const outside = (event: Event) => place.current?.contains(event.target as Node) || onClose();
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      return onClose();
    }
    if (event.key.length === 1 && event.key !== " ") jump(place.current!, event.key);
    if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") event.preventDefault();
    step(place.current!, event.key);
  }
  return (
    <div ref={place} class="menu" role="menu" aria-label={label} onKeyDown={onKeyDown}>
      {groups.map((group) => (
        <div key={group.title} role="group" aria-label={group.title}>
          <span class="menu-title" aria-hidden="true">
            {group.title}
          </span>
          {group.items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={item.kind}
              onClick={() => {
                onClose();
                item.action();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
