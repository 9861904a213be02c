// Control script.
export const CONTROL_SCRIPT = ''
