// A bar chart of sign-ups per week, as plain SVG.

const BAR_WIDTH = 28
const GAP = 14
const HEIGHT = 150

export function SignUpsChart({ signUps }: { signUps: readonly number[] }) {
  const most = Math.max(...signUps)
  const width = signUps.length * (BAR_WIDTH + GAP) - GAP
  return (
    <svg
      className="chart"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={`Sign-ups per week, from ${signUps[0]} twelve weeks ago to ${signUps.at(-1)} this week`}
    >
      {signUps.map((count, week) => {
        const height = (count / most) * HEIGHT
        return (
          <rect
            // Weeks never change places.
            key={week}
            className={week === signUps.length - 1 ? 'bar bar-now' : 'bar'}
            x={week * (BAR_WIDTH + GAP)}
            y={HEIGHT - height}
            width={BAR_WIDTH}
            height={height}
            rx="5"
          />
        )
      })}
    </svg>
  )
}
