// Control styles.
export const CONTROL_STYLES = ''
