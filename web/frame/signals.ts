import { useSyncExternalStore } from 'react'
import type { Signal } from '../signal.ts'

/** The value of a signal, on screen. */
export const useSignal = <T>(signal: Signal<T>): T => useSyncExternalStore(signal.listen, signal.get)
