// Which cards of a long column are in the page: those that are seen, and a few around them.

export const cardHeight = 112;
const around = 3;
/// Seven columns stay below 150 cards, however high the window is.
export const mostCards = 20;

export interface Range {
  first: number;
  end: number;
}

export function visibleRange(scrolled: number, height: number, count: number): Range {
  const top = Math.floor(Math.max(0, scrolled) / cardHeight);
  const seen = Math.ceil(height / cardHeight) + 1;
  const first = Math.max(0, Math.min(top - around, count - 1));
  const end = Math.min(count, top + seen + around, first + mostCards);
  return { first, end: Math.max(first, end) };
}

/// Where to scroll so that this card is seen; where it is already, nothing moves.
export function scrollFor(index: number, scrolled: number, height: number): number {
  const top = index * cardHeight;
  if (top < scrolled) return top;
  if (top + cardHeight > scrolled + height) return top + cardHeight - height;
  return scrolled;
}
