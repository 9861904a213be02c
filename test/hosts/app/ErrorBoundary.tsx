// The boundary that a host has above its widgets: shows what was thrown, and tries again when asked.
import { Component, type ReactNode } from 'react'

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly thrown: string }> {
  override state = { thrown: '' }

  static getDerivedStateFromError(error: unknown) {
    return { thrown: String(error) }
  }

  override render() {
    const { thrown } = this.state
    if (thrown === '') return this.props.children
    return (
      <div role="alert">
        <p>{thrown}</p>
        <button type="button" onClick={() => this.setState({ thrown: '' })}>
          Try again
        </button>
      </div>
    )
  }
}
