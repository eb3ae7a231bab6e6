import { useEffect, useRef } from "preact/hooks";

/** Asks for confirmation before an action that cannot be undone. */
export const ConfirmDialog = (props: {
  title: string;
  text: string;
  yes: string;
  no: string;
  onYes: () => void;
  onClose: () => void;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="card stack" aria-labelledby="ask" onClose={props.onClose}>
      <h2 id="ask">{props.title}</h2>
      <p>{props.text}</p>
      <div class="row">
        <button class="button" type="button" onClick={() => dialog.current?.close()}>
          {props.no}
        </button>
        <button class="button quiet" type="button" onClick={props.onYes}>
          {props.yes}
        </button>
      </div>
    </dialog>
  );
};
