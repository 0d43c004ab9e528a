// A bar for each value and a line for what they may come to. It says no more than the text beside it: a picture for who
// sees it, with one sentence for who does not.

import { placeBars } from "./bars";

interface BarChartProps {
  /// The sentence.
  label: string;
  bars: readonly { label: string; value: number }[];
  /// 0 for none.
  cap: number;
  height?: number;
}

const width = 300;

export function BarChart({ label, bars, cap, height = 80 }: BarChartProps) {
  const places = placeBars(bars.map(({ value }) => value), cap, width, height);
  return (
    <svg class="bars" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {places.bars.map((bar, index) => (
        <rect key={index} class={bar.isOver ? "over" : undefined} x={bar.x} y={bar.y} width={bar.width} height={bar.height}>
          <title>{bars[index]!.label}</title>
        </rect>
      ))}
      <line class="ground" x1={0} x2={width} y1={height} y2={height} />
      {places.capY !== null && <line class="cap" x1={0} x2={width} y1={places.capY} y2={places.capY} />}
    </svg>
  );
}
