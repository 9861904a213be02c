// The mark of GitHub, from its Octicons (MIT), coordinates rounded to what 48 pixels can show.
export const mark = (
  <svg viewBox="0 0 48 48" width="32" height="32">
    <path
      fill="currentColor"
      d="M24 0a24 24 0 0 0-7 47q1 0 1-1v-5q-6 1-8-3-1-2-2-3-1-2 0-1 2 0 3 2 2 4 7 2 0-2 2-3-11-1-11-12 0-4 2-7-1-3 0-6 3 0 7 3 6-2 12 0 4-3 7-3 1 3 0 6 2 3 2 7 0 11-11 12 2 2 2 4v7q0 1 1 1a24 24 0 0 0-7-47"
    />
  </svg>
)
