import { Component, type ComponentChildren, type JSX } from "preact";

interface IsolatedProps {
  /** Stands in place of children that cannot be rendered. */
  readonly fallback: JSX.Element;
  readonly children: ComponentChildren;
}

/**
 * Keeps an error in its children from the rest of the page: one bad item of a list takes nothing else away. Children
 * of a later rendering are tried again.
 */
export class Isolated extends Component<IsolatedProps, { failed: ComponentChildren }> {
  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failed: this.props.children });
  }

  override render() {
    const { children, fallback } = this.props;
    return this.state.failed === children ? fallback : children;
  }
}
