/** What is dragged from the library to the canvas. */
export const DRAGGED = 'application/x-promptpilot-block'
