// Asks Brightline's backend for a connect token: the function that the widget calls, and calls again when a token is refused.

export function createConnectTokenSource(path: string): () => Promise<string> {
  return async () => {
    const response = await fetch(path)
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    const answer: unknown = await response.json()
    const token = typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : null
    if (typeof token !== 'string') throw new TypeError(`${path} gave no token`)
    return token
  }
}
