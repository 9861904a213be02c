// Brightline's name and mark.

export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect className="brand-tile" width="32" height="32" rx="9" />
        <path className="brand-line" d="M7 21.5 13 15l4.5 4L25 10.5" />
      </svg>
      Brightline
    </span>
  )
}
